/**
 * What a hostile server of the catalogue is. Each is one row: a name, where the specification asks for it, and how it
 * behaves on one connection. All of them end by themselves: a connection is dropped after its life, a flood waits for the
 * reader, and the process that holds them (host.ts) has a life of its own.
 */
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import type { NameResolver } from '../../lib/net/resolve.ts';

export const KINDS = ['transport', 'tls', 'http', 'protocol', 'honeypot', 'dns'] as const;
export type Kind = (typeof KINDS)[number];

export interface HostileServer {
  readonly name: string;
  readonly kind: Kind;
  /** Section and words of the specification: E is evidence-and-alerts.md, P is probes.md. */
  readonly spec: string;
  readonly serve: (talk: Talk) => void;
  /** TLS from the first byte; made when the server is started, once. */
  readonly tls?: () => TlsOptions;
  /** Keeps its side open when we close ours. */
  readonly halfOpen?: true;
  /** Probes for which this truly is an open door of exactly their protocol. */
  readonly opens?: readonly string[];
  /** Probes that may recognise their protocol here, though it is no open door. Everybody, where it lies in a protocol. */
  readonly speaks?: readonly string[] | 'anybody';
  /** Names lead here, as this resolver has it. */
  readonly resolver?: (address: string) => NameResolver;
  /** Costs its own process so much, or waits so long for something else than the peer, that a quick run sends few probes. */
  readonly slow?: true;
}

/** One connection from the server's side. Whatever is said after the end of it is dropped. */
export interface Talk {
  readonly socket: Duplex;
  /** Connections before this one. */
  readonly nth: number;
  readonly say: (bytes: Uint8Array | string) => void;
  /** Each chunk that arrives. Without it what arrives is read and forgotten. */
  readonly hear: (listen: (chunk: Buffer) => void) => void;
  /** Once, with the first bytes that arrive. */
  readonly asked: (answer: (chunk: Buffer) => void) => void;
  /** Says one more every so many milliseconds, for as long as the connection lives. */
  readonly drip: (ms: number, next: (nth: number) => Uint8Array | string) => void;
  /** Says it again and again, as fast as the peer reads. */
  readonly flood: (next: (nth: number) => Uint8Array | string) => void;
  readonly after: (ms: number, act: () => void) => void;
  /** FIN. */
  readonly end: () => void;
  /** RST, where the transport has one. */
  readonly reset: () => void;
}

/** Longer than the longest visit. */
const LIFE_MS = 25_000;

export function talkOver(socket: Duplex, nth: number): Talk {
  const timers = new Set<NodeJS.Timeout>();
  const alive = (): boolean => socket.writable && !socket.destroyed;
  const say = (bytes: Uint8Array | string): boolean =>
    alive() && socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  const after = (ms: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };
  socket
    .on('error', () => undefined)
    .on('close', () => {
      for (const timer of timers) clearTimeout(timer);
    });
  socket.resume();
  after(LIFE_MS, () => socket.destroy());
  return {
    socket,
    nth,
    say: (bytes) => void say(bytes),
    hear: (listen) => void socket.on('data', listen),
    asked: (answer) => void socket.once('data', answer),
    drip(ms, next) {
      let count = 0;
      const drop = (): void => {
        if (!alive()) return;
        say(next(count++));
        after(ms, drop);
      };
      drop();
    },
    flood(next) {
      let count = 0;
      const pour = (): void => {
        // A turn of the loop in between, so that one flood does not drown the servers beside it.
        for (let i = 0; i < 16 && alive(); i++) if (!say(next(count++))) return void socket.once('drain', pour);
        if (alive()) setImmediate(pour);
      };
      pour();
    },
    after,
    end: () => void socket.end(),
    reset() {
      if ('resetAndDestroy' in socket && typeof socket.resetAndDestroy === 'function') socket.resetAndDestroy();
      else socket.destroy();
    },
  };
}

export const text = (s: string): Buffer => Buffer.from(s, 'latin1');

/** Fills in what rows of one table share. */
export function table(
  kind: Kind,
  spec: string,
  rows: readonly (Partial<HostileServer> & Pick<HostileServer, 'name' | 'serve'>)[],
): readonly HostileServer[] {
  return rows.map((row) => ({ kind, spec, ...row }));
}
