/**
 * A byte stream to a stranger: every wait has a deadline, every reply a size, and closing says goodbye with FIN.
 * Reading stops at the socket when the buffer is full, so a flood stays in the peer's hands.
 */
import { PeerError } from '../model/errors.ts';
import type { Channel } from '../model/probe.ts';
import type { Ending } from './ending.ts';
import { peerError } from './errors.ts';
import { sayGoodbye } from './goodbye.ts';
import { inbox } from './inbox.ts';
import type { Limits } from './limits.ts';
import { type Link, upgrade } from './tls.ts';

export interface ChannelOptions {
  readonly host: string;
  readonly limits: Limits;
  readonly firstByteMs: number;
  /** Counts sent bytes over the whole visit; throws when there are too many. */
  readonly onSent: (bytes: number) => void;
  readonly onReceived: (bytes: number) => void;
  readonly ending: Ending;
}

export interface SocketChannel extends Channel {
  /** Ends every pending call with this error and drops the socket: the visit is over. */
  abort(error: PeerError): void;
}

/** One for all: every visit ends so, and a stack trace each would cost as much as the connection's own bookkeeping. */
const CLOSED_BY_US = new PeerError('protocol', 'closed', 'we closed the connection');

export function socketChannel(connected: Link, options: ChannelOptions): SocketChannel {
  const { limits, firstByteMs, ending } = options;
  const { maxReplyBytes } = limits;
  const arrived = inbox();
  let link = connected;
  let total = 0;
  let reply = 0; // bytes since we last wrote
  let ended: PeerError | undefined;
  let closing: Promise<void> | undefined;
  let wake: (() => void) | undefined;

  const onData = (chunk: Buffer): void => {
    total += chunk.length;
    reply += chunk.length;
    options.onReceived(chunk.length);
    if (closing !== undefined) {
      if (reply > maxReplyBytes) link.socket.destroy(); // drained enough of what nobody will read
      return;
    }
    arrived.push(chunk);
    if (arrived.held >= maxReplyBytes) link.socket.pause();
    wake?.();
  };
  const end = (error: PeerError): void => {
    ended ??= error;
    wake?.();
  };
  const onEnd = (): void => {
    if (ended === undefined) end(new PeerError('protocol', 'closed', 'the server closed the connection'));
  };
  const onError = (error: Error): void =>
    end(peerError(error, 'protocol', { certificateAsked: link.clientCertRequested }));
  const attach = (): void => {
    const { socket } = link;
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
    // It may have ended before we listened: a handshake and its refusal can come in one segment.
    if (socket.errored !== null) onError(socket.errored);
    else if (socket.destroyed) onEnd();
  };
  const detach = (): void => {
    link.socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
  };

  /** Until more arrived, the stream ended, or the deadline of this wait passed. */
  const more = async (): Promise<void> => {
    if (ended !== undefined) throw ended;
    if (reply >= maxReplyBytes) throw tooMuch(maxReplyBytes);
    const ms = reply === 0 ? firstByteMs : limits.idleGapMs;
    const before = arrived.held;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = undefined;
    if (arrived.held > before) return;
    throw ended ?? new PeerError('protocol', 'timeout', `nothing within ${ms} ms`);
  };
  const take = (count: number): Buffer => {
    const head = arrived.take(count);
    const { socket } = link;
    if (arrived.held < maxReplyBytes && socket.isPaused() && ended === undefined) socket.resume();
    return head;
  };

  attach();
  return {
    get encrypted() {
      return link.facts !== undefined;
    },
    get tls() {
      return link.facts;
    },
    get clientCertRequested() {
      return link.clientCertRequested;
    },
    get bytesRead() {
      return total;
    },
    get buffered() {
      return arrived.held;
    },
    async write(bytes) {
      if (ended !== undefined) throw ended;
      options.onSent(Buffer.byteLength(bytes));
      reply = 0;
      await new Promise<void>((resolve, reject) => {
        const given = setTimeout(
          () => reject(new PeerError('protocol', 'timeout', 'the server does not read')),
          limits.firstByteMs,
        );
        link.socket.write(bytes, (error) => {
          clearTimeout(given);
          if (error === undefined || error === null) resolve();
          else reject(ended ?? peerError(error, 'protocol'));
        });
      });
    },
    async readExactly(count) {
      if (count > maxReplyBytes) throw tooMuch(maxReplyBytes);
      while (arrived.held < count) await more();
      return take(count);
    },
    async readUntil(mark, limit) {
      const cap = Math.min(limit, maxReplyBytes);
      let searched = 0;
      for (;;) {
        const at = arrived.indexOf(mark, Math.max(0, searched - mark.length));
        if (at !== -1 && at + mark.length <= cap) return take(at + mark.length);
        if (at !== -1 || arrived.held >= cap) throw tooMuch(cap);
        searched = arrived.held;
        await more();
      }
    },
    async readSome(limit) {
      while (arrived.held === 0) await more();
      return take(Math.min(arrived.held, limit));
    },
    async startTls({ alpn = [], framing } = {}) {
      if (arrived.held > 0) throw new PeerError('tls', 'malformed', 'bytes arrived before the handshake');
      if (ended !== undefined) throw ended;
      detach();
      try {
        const upgraded = await upgrade(link.socket, {
          host: options.host,
          alpn,
          framing,
          timeoutMs: limits.firstByteMs,
          ending,
        });
        link = upgraded;
        reply = 0;
        attach();
        return upgraded.facts;
      } catch (error) {
        const failed = peerError(error, 'tls');
        end(failed);
        throw failed;
      }
    },
    close() {
      closing ??= partWays();
      return closing;
    },
    abort(error) {
      end(error);
      link.socket.destroy();
    },
  };

  async function partWays(): Promise<void> {
    end(CLOSED_BY_US);
    reply = 0;
    link.socket.resume();
    await sayGoodbye(link.socket, limits.closeMs);
  }
}

function tooMuch(limit: number): PeerError {
  return new PeerError('protocol', 'limit', `more than ${limit} bytes`);
}
