/** TCP connect to a pinned address: the guard's last word, exact deadline, no second resolution, no happy eyeballs. */
import { Socket } from 'node:net';
import { PeerError } from '../model/errors.ts';
import { peerError } from './errors.ts';
import { type AddressPolicy, checkAddress, parseCanonical } from './guard.ts';
import type { PinnedAddress } from './resolve.ts';

export interface DialOptions {
  readonly address: PinnedAddress;
  readonly port: number;
  readonly policy: AddressPolicy;
  readonly connectMs: number;
  /** Aborted with the PeerError to end with. */
  readonly signal: AbortSignal;
  readonly localAddress?: string;
}

export async function dial(options: DialOptions): Promise<Socket> {
  const { address, port, policy, connectMs, signal, localAddress } = options;
  const verdict = checkAddress(address.address, port, policy);
  if (!verdict.allowed)
    throw new PeerError('connect', 'forbidden', `${address.address} is ${verdict.reason} (${verdict.range})`);
  signal.throwIfAborted();
  const socket = new Socket(); // no options object: it costs 20 % on the hot path (performance.md section 5)
  // Stays for good: an error between two owners of a socket must find a listener, or it ends the process.
  socket.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    let sameTurn = true;
    const turn = setImmediate(() => {
      sameTurn = false;
    });
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      clearImmediate(turn);
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('connect', onConnect).off('close', onClose);
      finish();
    };
    const fail = (error: PeerError): void => {
      settle(() => {
        socket.destroy();
        reject(error);
      });
    };
    const onError = (error: Error): void => fail(connectError(error, sameTurn));
    const onClose = (): void => fail(new PeerError('connect', 'closed', 'closed while connecting'));
    const onAbort = (): void => fail(peerError(signal.reason, 'connect'));
    const onConnect = (): void => {
      if (isPinned(socket, address.address)) return settle(() => resolve(socket));
      const remote = socket.remoteAddress ?? 'nobody';
      fail(new PeerError('connect', 'forbidden', `connected to ${remote} instead of the pinned address`));
    };
    const timer = setTimeout(
      () => fail(new PeerError('connect', 'timeout', `no answer within ${connectMs} ms`)),
      connectMs,
    );
    signal.addEventListener('abort', onAbort);
    socket.on('error', onError).on('connect', onConnect).on('close', onClose);
    socket.connect({
      host: address.address,
      port,
      autoSelectFamily: false,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
  });
}

/**
 * "No route" counts as closed only when the network says so. Said before a packet can have left, it is our own
 * routing table speaking, as where a vantage has no IPv6, and tells nothing of the peer.
 */
export function connectError(error: Error, sameTurn: boolean): PeerError {
  const mapped = peerError(error, 'connect');
  if (mapped.reason !== 'unroutable' || !sameTurn) return mapped;
  return new PeerError('connect', 'fault', `this vantage has no route there: ${mapped.message}`, error);
}

function isPinned(socket: Socket, address: string): boolean {
  if (socket.remoteAddress === address) return true;
  const remote = parseCanonical(socket.remoteAddress ?? '');
  return remote !== undefined && remote.toNormalizedString() === parseCanonical(address)?.toNormalizedString();
}
