/**
 * One visit to one address: hands a probe its channels and requests, counts connections and bytes, keeps one
 * connection in flight per address, and ends everything when the visit's deadline passes or the run is cancelled.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PeerError } from '../model/errors.ts';
import type { OpenOptions, ProbeAccess } from '../model/probe.ts';
import { type SocketChannel, socketChannel } from './channel.ts';
import { dial } from './dial.ts';
import type { AddressPolicy } from './guard.ts';
import { type Connect, get } from './http.ts';
import { type Limits, LIMITS } from './limits.ts';
import type { PinnedAddress } from './resolve.ts';
import { upgrade } from './tls.ts';

/** Spaces connections to one address, over a whole run. */
export interface Pacer {
  /** Resolves when this address may be connected to. */
  turn(address: string): Promise<void>;
}

export const SPACING_MS = 250;

export function pacer(spacingMs: number = SPACING_MS): Pacer {
  const next = new Map<string, number>();
  return {
    async turn(address) {
      const now = performance.now();
      const at = Math.max(now, next.get(address) ?? 0);
      if (next.size > 10_000) for (const [key, time] of next) if (time < now) next.delete(key);
      next.set(address, at + spacingMs);
      if (at > now) await sleep(at - now);
    },
  };
}

export interface VisitOptions {
  readonly host: string;
  readonly port: number;
  readonly address: PinnedAddress;
  readonly maxConnections: number;
  readonly deadlineMs: number;
  readonly policy: AddressPolicy;
  readonly pacer: Pacer;
  readonly signal: AbortSignal;
  readonly userAgent: string;
  readonly localAddress?: string;
  readonly limits?: Limits;
}

export interface Visit {
  readonly access: ProbeAccess;
  stats(): { readonly connections: number; readonly bytesSent: number };
  /** Closes what the probe left open. */
  close(): Promise<void>;
}

export function openVisit(options: VisitOptions): Visit {
  const { host, port, address, policy, limits = LIMITS } = options;
  const ending = new AbortController();
  const channels = new Set<SocketChannel>();
  let connections = 0;
  let bytesSent = 0;
  const end = (error: PeerError): void => {
    if (ending.signal.aborted) return;
    ending.abort(error);
    for (const channel of channels) channel.abort(error);
  };
  const deadline = setTimeout(
    () => end(new PeerError('protocol', 'timeout', `visit deadline of ${options.deadlineMs} ms`)),
    options.deadlineMs,
  );
  const onCancel = (): void => end(new PeerError('protocol', 'cancelled', 'the run was stopped'));
  if (options.signal.aborted) onCancel();
  options.signal.addEventListener('abort', onCancel, { once: true });

  const onSent = (bytes: number): void => {
    bytesSent += bytes;
    if (bytesSent > limits.maxSentBytes)
      throw new PeerError('protocol', 'limit', `a probe may send ${limits.maxSentBytes} bytes a visit`);
  };
  const socket = async () => {
    if (++connections > options.maxConnections) {
      throw new PeerError('connect', 'limit', `a probe may open ${options.maxConnections} connections a visit`);
    }
    await options.pacer.turn(address.address);
    ending.signal.throwIfAborted();
    const { localAddress } = options;
    return dial({
      address,
      port,
      policy,
      connectMs: limits.connectMs,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
  };
  const connect: Connect = async (scheme) => {
    const plain = await socket();
    return scheme === 'http'
      ? { socket: plain, facts: undefined }
      : upgrade(plain, host, ['http/1.1'], limits.firstByteMs);
  };
  const open = async ({ tls = false, alpn = [], firstByteMs = limits.firstByteMs }: OpenOptions = {}) => {
    const plain = await socket();
    const upgraded = tls ? await upgrade(plain, host, alpn, limits.firstByteMs) : undefined;
    const channel = socketChannel(upgraded?.socket ?? plain, upgraded?.facts, { host, limits, firstByteMs, onSent });
    channels.add(channel);
    if (ending.signal.aborted) channel.abort(ending.signal.reason as PeerError);
    return channel;
  };
  return {
    access: {
      signal: ending.signal,
      open,
      get: (asked) => get(asked, { host, port, limits, connect, userAgent: options.userAgent, signal: ending.signal }),
    },
    stats: () => ({ connections, bytesSent }),
    async close() {
      await Promise.all([...channels].map((channel) => channel.close()));
      clearTimeout(deadline);
      options.signal.removeEventListener('abort', onCancel);
    },
  };
}
