import { PeerError, type PeerReason } from '../../lib/model/errors.ts';
import type { TlsFacts } from '../../lib/model/observation.ts';
import type { Channel, HttpReply, HttpRequest, OpenOptions, ProbeAccess } from '../../lib/model/probe.ts';

/**
 * A peer written as a script: for each connection in turn, what it sends after each of our writes.
 * The first element is what it says before we speak. The last word is how it ends.
 */
export interface ScriptConnection {
  /** Whether this peer speaks TLS from the first byte, plaintext, or either. */
  readonly transport?: 'plain' | 'tls' | 'either';
  readonly replies: readonly Uint8Array[];
  /** After the last reply: close, reset, or stay silent (our deadline then fires). */
  readonly end?: 'closed' | 'reset' | 'timeout';
  /** Outcome of STARTTLS on this connection. */
  readonly startTls?: TlsFacts | PeerReason;
  readonly clientCertRequested?: boolean;
}

export interface Script {
  readonly connections?: readonly (ScriptConnection | PeerReason)[];
  readonly http?: (request: HttpRequest) => Omit<HttpReply, 'scheme'> | PeerReason;
}

export interface ScriptAccess extends ProbeAccess {
  /** Everything the probe wrote, one entry a write, `connection:hex`. */
  readonly written: string[];
  readonly requested: HttpRequest[];
  readonly opened: number;
}

export const PLAIN_TLS: TlsFacts = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };

export function scriptAccess(script: Script): ScriptAccess {
  const written: string[] = [];
  const requested: HttpRequest[] = [];
  let opened = 0;
  return {
    written,
    requested,
    get opened() {
      return opened;
    },
    async open(options: OpenOptions = {}) {
      const connection = script.connections?.[opened++] ?? 'refused';
      if (typeof connection === 'string') throw new PeerError('connect', connection, `scripted ${connection}`);
      return scriptChannel(connection, options.tls === true, (bytes) => written.push(`${opened}:${bytes}`));
    },
    async request(request) {
      requested.push(request);
      const reply = script.http?.(request) ?? 'refused';
      if (typeof reply === 'string') throw new PeerError('connect', reply, `scripted ${reply}`);
      return { ...reply, scheme: request.scheme };
    },
  };
}

function scriptChannel(connection: ScriptConnection, tls: boolean, log: (hex: string) => void): Channel {
  const transport = connection.transport ?? 'plain';
  if (tls && transport === 'plain') throw new PeerError('tls', 'plaintext', 'scripted plaintext server');
  const queue = [...connection.replies];
  let pending = Buffer.from(queue.shift() ?? []);
  let read = 0;
  let facts: TlsFacts | undefined = tls ? PLAIN_TLS : undefined;
  const dead = !tls && transport === 'tls';
  const need = (count: number): void => {
    if (dead) throw new PeerError('protocol', 'reset', 'scripted TLS-only server');
    if (pending.length >= count) return;
    throw new PeerError('protocol', connection.end ?? 'closed', `scripted ${connection.end ?? 'closed'}`);
  };
  const take = (count: number): Buffer => {
    const head = pending.subarray(0, count);
    pending = pending.subarray(count);
    read += count;
    return head;
  };
  return {
    get encrypted() {
      return facts !== undefined;
    },
    get tls() {
      return facts;
    },
    clientCertRequested: connection.clientCertRequested ?? false,
    get bytesRead() {
      return read;
    },
    get buffered() {
      return dead ? 0 : pending.length;
    },
    async write(bytes) {
      log(Buffer.from(bytes as Uint8Array).toString('hex'));
      pending = Buffer.concat([pending, queue.shift() ?? Buffer.alloc(0)]);
    },
    async readExactly(count) {
      need(count);
      return take(count);
    },
    async readUntil(mark, limit) {
      const at = dead ? -1 : pending.indexOf(mark);
      if (at === -1) {
        need(limit + 1);
        throw new PeerError('protocol', 'limit', `no ${JSON.stringify(mark)} within ${limit} bytes`);
      }
      if (at + mark.length > limit) throw new PeerError('protocol', 'limit', `mark beyond ${limit} bytes`);
      return take(at + mark.length);
    },
    async readSome(limit) {
      need(1);
      return take(Math.min(limit, pending.length));
    },
    async startTls() {
      if (pending.length > 0) throw new PeerError('tls', 'fault', 'bytes buffered before STARTTLS');
      const outcome = connection.startTls ?? PLAIN_TLS;
      if (typeof outcome === 'string') throw new PeerError('tls', outcome, `scripted ${outcome}`);
      facts = outcome;
      return outcome;
    },
    async close() {},
  };
}
