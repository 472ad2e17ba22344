/**
 * A byte stream to a stranger: every wait has a deadline, every read a size, and closing says goodbye with FIN.
 * Reading stops at the socket when the buffer is full, so a flood stays in the peer's hands.
 */
import type { Socket } from 'node:net';
import { PeerError } from '../model/errors.ts';
import type { TlsFacts } from '../model/observation.ts';
import type { Channel } from '../model/probe.ts';
import { peerError } from './errors.ts';
import type { Limits } from './limits.ts';
import { upgrade } from './tls.ts';

export interface ChannelOptions {
  readonly host: string;
  readonly limits: Limits;
  readonly firstByteMs: number;
  /** Counts sent bytes over the whole visit; throws when there are too many. */
  readonly onSent: (bytes: number) => void;
}

export interface SocketChannel extends Channel {
  /** Ends every pending call with this error and drops the socket: the visit is over. */
  abort(error: PeerError): void;
}

export function socketChannel(
  connected: Socket,
  facts: TlsFacts | undefined,
  { host, limits, firstByteMs, onSent }: ChannelOptions,
): SocketChannel {
  let socket = connected;
  let tls = facts;
  let pending: Buffer[] = [];
  let held = 0;
  let taken = 0;
  let isFresh = true; // no byte yet since we last wrote
  let ended: PeerError | undefined;
  let wake: (() => void) | undefined;

  const onData = (chunk: Buffer): void => {
    pending.push(chunk);
    held += chunk.length;
    isFresh = false;
    if (held >= limits.maxReplyBytes) socket.pause();
    wake?.();
  };
  const end = (error: PeerError): void => {
    ended ??= error;
    wake?.();
  };
  const onEnd = (): void => end(new PeerError('protocol', 'closed', 'the server closed the connection'));
  const onError = (error: Error): void => end(peerError(error, 'protocol'));
  const attach = (): void => {
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
  };
  const detach = (): void => {
    socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
  };

  /** Until more arrived, the stream ended, or the deadline of this wait passed. */
  const more = async (): Promise<void> => {
    if (ended !== undefined) throw ended;
    const ms = isFresh ? firstByteMs : limits.idleGapMs;
    const before = held;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = undefined;
    if (held > before) return;
    throw ended ?? new PeerError('protocol', 'timeout', `nothing within ${ms} ms`);
  };
  const joined = (): Buffer => {
    const [first, ...rest] = pending;
    const all = first === undefined ? Buffer.alloc(0) : rest.length === 0 ? first : Buffer.concat(pending);
    pending = [all];
    return all;
  };
  const take = (count: number): Buffer => {
    const all = joined();
    pending = [all.subarray(count)];
    held -= count;
    taken += count;
    if (held < limits.maxReplyBytes && socket.isPaused() && ended === undefined) socket.resume();
    return all.subarray(0, count);
  };
  const tooMuch = (limit: number): PeerError => new PeerError('protocol', 'limit', `more than ${limit} bytes`);

  attach();
  return {
    get encrypted() {
      return tls !== undefined;
    },
    get tls() {
      return tls;
    },
    // Node does not show the CertificateRequest message; the refusal that follows it is what we see.
    clientCertRequested: false,
    get bytesRead() {
      return taken + held;
    },
    get buffered() {
      return held;
    },
    async write(bytes) {
      if (ended !== undefined) throw ended;
      onSent(Buffer.byteLength(bytes));
      isFresh = true;
      await new Promise<void>((resolve, reject) => {
        const given = setTimeout(
          () => reject(new PeerError('protocol', 'timeout', 'the server does not read')),
          limits.firstByteMs,
        );
        socket.write(bytes, (error) => {
          clearTimeout(given);
          if (error === undefined || error === null) resolve();
          else reject(ended ?? peerError(error, 'protocol'));
        });
      });
    },
    async readExactly(count) {
      if (count > limits.maxReplyBytes) throw tooMuch(limits.maxReplyBytes);
      while (held < count) await more();
      return take(count);
    },
    async readUntil(mark, limit) {
      const cap = Math.min(limit, limits.maxReplyBytes);
      for (;;) {
        const at = joined().indexOf(mark);
        if (at !== -1 && at + mark.length <= cap) return take(at + mark.length);
        if (at !== -1 || held >= cap) throw tooMuch(cap);
        await more();
      }
    },
    async readSome(limit) {
      while (held === 0) await more();
      return take(Math.min(held, limit));
    },
    async startTls(options = {}) {
      if (held > 0) throw new PeerError('tls', 'malformed', 'bytes arrived before the handshake');
      if (ended !== undefined) throw ended;
      detach();
      try {
        const upgraded = await upgrade(socket, host, options.alpn ?? [], limits.firstByteMs);
        socket = upgraded.socket;
        tls = upgraded.facts;
      } catch (error) {
        end(peerError(error, 'tls'));
        throw error;
      }
      isFresh = true;
      attach();
      return tls;
    },
    async close() {
      await sayGoodbye(socket, limits.closeMs);
    },
    abort(error) {
      end(error);
      socket.destroy();
    },
  };
}

/** Drains what the peer still sends, so that our close is a FIN and leaves no error line in its log. */
async function sayGoodbye(socket: Socket, closeMs: number): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), closeMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.on('error', () => undefined); // the visit is over: a reset now changes nothing we learned
    socket.removeAllListeners('data');
    socket.on('data', () => undefined).resume();
    socket.end();
  });
}
