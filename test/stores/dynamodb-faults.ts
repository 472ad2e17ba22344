/** A client whose calls can be lost on the way there or on the way back, inside or outside of the SDK's own tries. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface Call {
  /** `TransactWriteItemsCommand` */
  readonly name: string;
  readonly input: unknown;
}

/**
 * `before`: never arrives. `late`: arrives after what the fault does meanwhile. `after`: is done, and the answer is lost; then what the callback of the fault does happens
 * before the caller hears of it. `retried`: as `after`, where only the SDK's own next try sees it.
 */
export interface Fault {
  readonly when: (call: Call) => boolean;
  readonly lost: 'before' | 'late' | 'after' | 'retried';
  readonly error?: Error;
  readonly meanwhile?: () => Promise<void>;
  /** How often; once where it is not said. */
  times?: number;
}

export interface Faulty {
  readonly client: DynamoDBClient;
  readonly calls: Call[];
  fault: Fault | undefined;
}

export function reset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

export function answered(status: number, name: string): Error {
  return Object.assign(new Error(`${name}: so it says`), { name, $metadata: { httpStatusCode: status } });
}

export function faulty(client: DynamoDBClient): Faulty {
  const self: Faulty = { client, calls: [], fault: undefined };
  const take = (call: Call, lost: readonly Fault['lost'][]): Fault | undefined => {
    const { fault } = self;
    if (fault === undefined || !lost.includes(fault.lost) || !fault.when(call)) return undefined;
    const left = (fault.times ?? 1) - 1;
    if (left === 0) self.fault = undefined;
    else fault.times = left;
    return fault;
  };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const call = { name: String(context.commandName), input: args.input };
      self.calls.push(call);
      const fault = take(call, ['before', 'late', 'after']);
      if (fault?.lost === 'before') throw fault.error ?? reset();
      if (fault?.lost === 'late') await fault.meanwhile?.();
      const answer = await next(args);
      if (fault === undefined || fault.lost === 'late') return answer;
      await fault.meanwhile?.();
      throw fault.error ?? reset();
    },
    { step: 'initialize', name: 'faultOutside', priority: 'high' },
  );
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      const fault = take({ name: String(context.commandName), input: args.input }, ['retried']);
      if (fault === undefined) return answer;
      throw fault.error ?? reset();
    },
    { step: 'deserialize', name: 'faultInside', priority: 'high' },
  );
  return self;
}
