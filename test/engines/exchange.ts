import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** PEM of the authority to trust; its presence means TLS. */
  readonly authority?: Buffer;
}

export interface Ask {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** Content type of the body; JSON unless it says otherwise. */
  readonly type?: string;
  /** `user:password`. Only the bench's own seeding uses it. */
  readonly account?: string;
}

export interface Reply {
  readonly status: number;
  readonly reason: string;
  /** As on the wire: order, case and repetition kept. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** One HTTP exchange on a fresh connection. Not the prober's client: this one talks only to our own bench. */
export function exchange(target: Target, ask: Ask): Promise<Reply> {
  const { host, port, authority } = target;
  const headers = {
    accept: 'application/json',
    ...(ask.body === undefined ? {} : { 'content-type': ask.type ?? 'application/json' }),
  };
  const options = {
    host,
    port,
    headers,
    method: ask.method,
    path: ask.path,
    agent: false,
    timeout: 10_000,
    ...(ask.account === undefined ? {} : { auth: ask.account }),
  };
  return new Promise((resolve, reject) => {
    const onReply = (message: IncomingMessage) => void collect(message).then(resolve, reject);
    const request: ClientRequest =
      authority === undefined ? plainRequest(options, onReply) : tlsRequest({ ...options, ca: authority }, onReply);
    request.once('error', reject);
    request.once('timeout', () => request.destroy(new Error(`${host}:${port} did not answer ${ask.path}`)));
    request.end(ask.body);
  });
}

async function collect(message: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const headers = pairs(message.rawHeaders);
  return {
    status: message.statusCode ?? 0,
    reason: message.statusMessage ?? '',
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function pairs(flat: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return result;
}
