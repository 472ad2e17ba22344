/**
 * One visit to one address: hands a probe its channels and requests, counts connections and bytes, keeps one
 * connection in flight per address, and ends everything when the visit's deadline passes or the run is cancelled.
 */
import { PeerError } from '../model/errors.ts';
import type { HttpRequest, OpenOptions, ProbeAccess } from '../model/probe.ts';
import { onAbort } from './abort.ts';
import { type SocketChannel, socketChannel } from './channel.ts';
import { dial } from './dial.ts';
import { Ending } from './ending.ts';
import { isTooOld } from './errors.ts';
import type { AddressPolicy } from './guard.ts';
import { ask } from './http.ts';
import { type Limits, LIMITS } from './limits.ts';
import type { Pacer } from './pacer.ts';
import { canonicalName, type PinnedAddress } from './resolve.ts';
import { type Link, upgrade } from './tls.ts';

export { type Pacer, pacer } from './pacer.ts';

export interface VisitOptions {
  readonly host: string;
  readonly port: number;
  readonly address: PinnedAddress;
  readonly maxConnections: number;
  /** Counts from when no other visit is at this address. */
  readonly deadlineMs: number;
  readonly policy: AddressPolicy;
  readonly pacer: Pacer;
  readonly signal: AbortSignal;
  readonly userAgent: string;
  readonly localAddress?: string;
  readonly limits?: Limits;
  /** Asked before each connection, as late as can be; throws the PeerError to end with where it must not be made. */
  readonly permit?: () => Promise<void>;
}

export interface VisitStats {
  readonly connections: number;
  /** Without TLS; requests by HTTP included. */
  readonly bytesSent: number;
  readonly bytesRead: number;
  /** Whether any connection was established. */
  readonly connected: boolean;
  /** A TLS handshake from the first byte ended because the server knows only versions before 1.2. */
  readonly oldTls: boolean;
  /** A TLS handshake from the first byte succeeded. */
  readonly tlsFirst: boolean;
}

export interface Visit {
  readonly access: ProbeAccess;
  stats(): VisitStats;
  /** Closes what the probe left open. Always to be called: another visit may be waiting for this address. */
  close(): Promise<void>;
}

const VISIT_OVER = new PeerError('protocol', 'cancelled', 'the visit is over');

export function openVisit(options: VisitOptions): Visit {
  const { port, address, policy, limits = LIMITS } = options;
  const host = canonicalName(options.host) ?? options.host; // SNI and Host without the trailing dot, in ASCII
  const ending = new Ending();
  const channels = new Set<SocketChannel>();
  const stats = { connections: 0, bytesSent: 0, bytesRead: 0, connected: false, oldTls: false, tlsFirst: false };
  let entered: Promise<void> | undefined;
  let leave: (() => void) | undefined;
  let deadline: NodeJS.Timeout | undefined;

  const end = (error: PeerError): void => {
    clearTimeout(deadline);
    followNoMore();
    ending.end(error);
    for (const channel of channels) channel.abort(error);
    leave?.();
  };
  const onCancel = (): void => end(new PeerError('protocol', 'cancelled', 'the run was stopped'));
  const onDeadline = (): void =>
    end(new PeerError('protocol', 'timeout', `visit deadline of ${options.deadlineMs} ms`));
  const followNoMore = onAbort(options.signal, onCancel);
  if (options.signal.aborted) onCancel();

  /** Waiting for another visit to leave is no fault of this peer: the clock starts after it. */
  const enter = async (): Promise<void> => {
    leave = await options.pacer.enter(address.address, ending);
    deadline = setTimeout(onDeadline, options.deadlineMs);
  };
  const closeAll = async (): Promise<void> => {
    if (channels.size === 0) return;
    await Promise.all([...channels].map((channel) => channel.close()));
    channels.clear();
  };
  const count = (bytes: number): void => {
    stats.bytesSent += bytes;
  };
  const onSent = (bytes: number): void => {
    count(bytes);
    if (stats.bytesSent > limits.maxSentBytes)
      throw new PeerError('protocol', 'limit', `a probe may send ${limits.maxSentBytes} bytes a visit`);
  };
  const onReceived = (bytes: number): void => {
    stats.bytesRead += bytes;
  };
  const connect = async (tls: boolean, alpn: readonly string[]): Promise<Link> => {
    ending.throwIfOver();
    if (++stats.connections > options.maxConnections) {
      throw new PeerError('connect', 'limit', `a probe may open ${options.maxConnections} connections a visit`);
    }
    entered ??= enter();
    await entered;
    await closeAll(); // one in flight
    await options.pacer.turn(address.address, ending);
    await options.permit?.();
    const { localAddress } = options;
    const socket = await dial({
      address,
      port,
      policy,
      connectMs: limits.connectMs,
      ending,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    stats.connected = true;
    if (!tls) return { socket, facts: undefined, clientCertRequested: false };
    try {
      const link = await upgrade(socket, { host, alpn, timeoutMs: limits.firstByteMs, ending });
      stats.tlsFirst = true;
      return link;
    } catch (error) {
      stats.oldTls ||= isTooOld(error);
      throw error;
    }
  };
  const open = async ({ tls = false, alpn = [], firstByteMs = limits.firstByteMs }: OpenOptions = {}) => {
    const link = await connect(tls, alpn);
    const channel = socketChannel(link, { host, limits, firstByteMs, onSent, onReceived, ending });
    channels.add(channel);
    if (ending.reason !== undefined) channel.abort(ending.reason);
    return channel;
  };
  const request = (asked: HttpRequest) =>
    ask(asked, {
      host,
      port,
      limits,
      userAgent: options.userAgent,
      connect: (scheme) => connect(scheme === 'https', ['http/1.1']),
      // Counted only: long host names times the connections allowed may pass what stream probes may send.
      onSent: count,
      onReceived,
      ending,
    });
  return {
    access: { open, request },
    stats: () => ({ ...stats }),
    async close() {
      await closeAll();
      end(VISIT_OVER);
    },
  };
}
