/** TCP connect to a pinned address: the guard's last word, exact deadline, no second resolution, no happy eyeballs. */
import { Socket } from 'node:net';
import { PeerError } from '../model/errors.ts';
import { Ending } from './ending.ts';
import { peerError } from './errors.ts';
import { type AddressPolicy, checkAddress, mayAskTestNet, parseCanonical, TEST_NET } from './guard.ts';
import type { PinnedAddress } from './resolve.ts';

export interface DialOptions {
  readonly address: PinnedAddress;
  readonly port: number;
  readonly policy: AddressPolicy;
  readonly connectMs: number;
  readonly ending: Ending;
  readonly localAddress?: string;
}

export async function dial(options: DialOptions): Promise<Socket> {
  const { address, port, policy } = options;
  const verdict = checkAddress(address.address, port, policy);
  if (!verdict.allowed)
    throw new PeerError('connect', 'forbidden', `${address.address} is ${verdict.reason} (${verdict.range})`);
  return connect(address.address, options);
}

/** Who answers for everybody sits close by. */
const TEST_NET_MS = 1_000;

/**
 * Whether the address that belongs to nobody answers (probes.md section 1, rule 12). The only way past the guard's list of
 * reserved blocks: it goes to that one address, sends no byte, and is refused where `only` does not hold it.
 */
export async function dialTestNet(only: readonly string[], port: number, localAddress?: string): Promise<boolean> {
  if (!mayAskTestNet(only)) throw new PeerError('connect', 'forbidden', `${TEST_NET} is outside of --only`);
  const ending = new Ending(); // the wait is short enough to need no other end
  const from = localAddress === undefined ? {} : { localAddress };
  try {
    const socket = await connect(TEST_NET, { port, connectMs: TEST_NET_MS, ending, ...from });
    socket.end().destroySoon();
    return true;
  } catch (error) {
    // Connected, and to another address: somebody answered in its place all the same.
    if (error instanceof PeerError) return error.reason === 'forbidden';
    throw error;
  }
}

async function connect(
  address: string,
  { port, connectMs, ending, localAddress }: Omit<DialOptions, 'address' | 'policy'>,
): Promise<Socket> {
  ending.throwIfOver();
  const socket = new Socket(); // no options object: it costs 20 % on the hot path (performance.md section 5)
  // Stays for good: an error between two owners of a socket must find a listener, or it ends the process.
  socket.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    const began = turn();
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      ending.off(fail);
      socket.off('error', onError).off('connect', onConnect).off('close', onClose);
      finish();
    };
    const fail = (error: PeerError): void => {
      settle(() => {
        socket.destroy();
        reject(error);
      });
    };
    const onError = (error: Error): void => fail(connectError(error, turn() === began));
    const onClose = (): void => fail(new PeerError('connect', 'closed', 'closed while connecting'));
    const onConnect = (): void => {
      if (isPinned(socket, address)) return settle(() => resolve(socket));
      const remote = socket.remoteAddress ?? 'nobody';
      fail(new PeerError('connect', 'forbidden', `connected to ${remote} instead of the pinned address`));
    };
    const timer = setTimeout(
      () => fail(new PeerError('connect', 'timeout', `no answer within ${connectMs} ms`)),
      connectMs,
    );
    ending.on(fail);
    socket.on('error', onError).on('connect', onConnect).on('close', onClose);
    socket.connect({
      host: address,
      port,
      autoSelectFamily: false,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
  });
}

/** Which turn of the event loop this is, counted while somebody asks: one immediate for all that connect in it. */
function turn(): number {
  nextTurn ??= setImmediate(() => {
    turns += 1;
    nextTurn = undefined;
  });
  return turns;
}
let turns = 0;
let nextTurn: NodeJS.Immediate | undefined;

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
