import { describe, expect, it } from 'vitest';
import type { Collector } from '../../lib/aws/collector.ts';
import { awsEndpoint } from '../../lib/aws/endpoint.ts';
import { NETWORK_SERVICE, sweepPlace } from '../../lib/aws/sweep.ts';
import { awsError, EMPTY_NETWORK, PLACE } from '../support/aws.ts';

class Client {
  static made = 0;
  static destroyed = 0;
  constructor(_config: unknown) {
    Client.made++;
  }
  destroy(): void {
    Client.destroyed++;
  }
}

function collector(service: string, collect: Collector['collect']): Collector {
  return {
    service,
    scope: 'regional',
    actions: [],
    cost: { empty: 1, each: 0 },
    collect,
    exists: async () => undefined,
  };
}
const door = (service: string, name: string) =>
  awsEndpoint({ place: PLACE, service }, { name, host: 'h', port: 1, engine: 'redis', declared: {} });

async function sweep(collectors: readonly Collector[], signal = new AbortController().signal) {
  const calls: string[] = [];
  const reports = await sweepPlace(PLACE, {
    collectors,
    client: (make) => new make({} as never),
    readNetwork: async (cell) => {
      await cell.ask('ec2:DescribeSubnets', async () => Promise.reject(awsError('UnauthorizedOperation')));
      return EMPTY_NETWORK;
    },
    now: () => new Date('2026-11-25T00:00:00.000Z'),
    signal,
    onCall: (action) => calls.push(action),
  });
  return { reports, calls, by: (service: string) => reports.find((r) => r.service === service) };
}
const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND x'), { code: 'ENOTFOUND' });

describe('a sweep of one place', () => {
  it('keeps a failing service to itself', async () => {
    const { by } = await sweep([
      collector('a', async (cell) => {
        await cell.ask('a:List', async () => Promise.reject(awsError('AccessDenied')));
        return [];
      }),
      collector('b', async () => [door('b', 'one')]),
      collector('c', async () => Promise.reject(new RangeError('bug'))),
    ]);
    expect([by('a')?.status, by('b')?.status, by('c')?.status]).toEqual(['denied', 'complete', 'failed']);
    expect(by('b')?.endpoints).toHaveLength(1);
    expect(by('c')?.gaps[0]).toMatchObject({ code: 'fault', detail: 'c: RangeError: bug' });
  });

  it('says how much a service watches over that is no endpoint', async () => {
    const { by } = await sweep([
      collector('a', async (cell) => {
        cell.watch(2);
        cell.watch(1);
        return [];
      }),
      collector('b', async () => []),
    ]);
    expect([by('a')?.watched, by('b')?.watched]).toEqual([3, undefined]);
  });

  it('has at most two calls of one service in flight, and counts all', async () => {
    let [now, most] = [0, 0];
    const { by } = await sweep([
      collector('a', async (cell) => {
        const call = async () => {
          most = Math.max(most, ++now);
          await new Promise((resolve) => setTimeout(resolve, 2));
          now--;
        };
        await Promise.all(Array.from({ length: 9 }, () => cell.ask('a:Get', call)));
        return [];
      }),
    ]);
    expect([most, by('a')?.calls]).toEqual([2, 9]);
  });

  it('makes one client per service and destroys it', async () => {
    Client.made = Client.destroyed = 0;
    const twice = collector('a', async (cell) => {
      expect(cell.client(Client)).toBe(cell.client(Client));
      return [];
    });
    await sweep([twice, { ...twice, service: 'b' }]);
    expect([Client.made, Client.destroyed]).toEqual([2, 2]);
  });

  it('puts what of the network was not read in a cell of its own', async () => {
    const { by, calls } = await sweep([
      collector('a', async (cell) => {
        await Promise.all([cell.network(), cell.network()]);
        return [door('a', 'one')];
      }),
    ]);
    expect([by('a')?.status, by(NETWORK_SERVICE)?.status, calls]).toEqual([
      'complete',
      'denied',
      ['ec2:DescribeSubnets'],
    ]);
  });

  it('calls a service that resolves nowhere not offered, where another answered', async () => {
    const nowhere = collector('a', async (cell) => {
      await cell.ask('a:List', async () => Promise.reject(notFound));
      return [];
    });
    const { by } = await sweep([nowhere, collector('b', async () => [])]);
    expect([by('a')?.status, by('a')?.gaps]).toEqual(['not-offered', []]);
    expect((await sweep([nowhere])).by('a')?.status).toBe('failed');
  });

  it('does not count a page that came twice as two endpoints', async () => {
    const { by } = await sweep([collector('a', async () => [door('a', 'one'), door('a', 'one')])]);
    expect(by('a')?.endpoints).toHaveLength(1);
  });

  it('asks nothing more once it is cancelled, and calls that no answer', async () => {
    const stop = new AbortController();
    stop.abort();
    const asking = collector('a', async (cell) => {
      await cell.ask('a:List', async () => 'never');
      return [];
    });
    const { by, calls } = await sweep([asking], stop.signal);
    expect([by('a')?.status, by('a')?.gaps[0]?.code, calls]).toEqual(['failed', 'cancelled', []]);
  });
});
