/**
 * What the fuzzer feeds a probe: recordings of that protocol, bent. Structure-aware by its corpus, not by a grammar: a bent
 * recording gets past the first check of a parser, random bytes rarely do. fast-check makes and shrinks the bends, so a
 * failing case prints its seed and replays; Jazzer.js would need a native add-on that cannot be built from npm alone.
 */
import fc from 'fast-check';
import type { HttpReply } from '../../lib/model/probe.ts';
import type { Probe } from '../../lib/model/probe.ts';
import { recordings, siteRecordings } from '../support/recordings.ts';
import type { ScriptConnection } from '../support/script-access.ts';

/** Numbers that lengths and counts are set to. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

interface Bend {
  readonly kind: 'flip' | 'cut' | 'insert' | 'repeat' | 'extreme' | 'drop';
  /** Where, as a share of the length. */
  readonly at: number;
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly extreme: number;
}

const bend: fc.Arbitrary<Bend> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat', 'extreme', 'drop'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  size: fc.integer({ min: 1, max: 64 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  extreme: fc.constantFrom(...EXTREMES),
});

function bent(bytes: Buffer, { kind, at, size, bytes: other, extreme }: Bend): Buffer {
  const index = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, index), bytes.subarray(index)];
  switch (kind) {
    case 'flip': {
      const copy = Buffer.from(bytes);
      if (index < copy.length) copy[index] = (copy[index] ?? 0) ^ (other[0] ?? 1);
      return copy;
    }
    case 'cut':
      return before;
    case 'insert':
      return Buffer.concat([before, other, after]);
    case 'repeat':
      return Buffer.concat([before, ...Array.from({ length: size }, () => after.subarray(0, size)), after]);
    case 'extreme': {
      const copy = Buffer.from(bytes);
      if (index + 4 > copy.length) return copy;
      if (size % 2 === 0) copy.writeUInt32BE(extreme, index);
      else copy.writeUInt32LE(extreme, index);
      return copy;
    }
    case 'drop':
      return Buffer.concat([before, after.subarray(size)]);
  }
}

export interface StreamInput {
  readonly connections: readonly ScriptConnection[];
}

/** Connections of a peer: recorded ones, each with a few bends in one of its replies, or plain noise. */
export function streamInput(probe: Probe): fc.Arbitrary<StreamInput> {
  const corpus = recordings(probe.id).map(({ connection }) => connection);
  const noise = fc
    .array(fc.uint8Array({ maxLength: 80 }), { minLength: 1, maxLength: 4 })
    .map((replies): ScriptConnection => ({ replies: replies.map((reply) => Buffer.from(reply)), transport: 'either' }));
  if (corpus.length === 0)
    return fc.array(noise, { minLength: 1, maxLength: 4 }).map((connections) => ({ connections }));
  const recorded = fc
    .record({
      base: fc.constantFrom(...corpus),
      bends: fc.array(fc.tuple(fc.nat({ max: 7 }), bend), { maxLength: 4 }),
      transport: fc.constantFrom('plain', 'tls', 'either', 'as recorded'),
      end: fc.constantFrom('closed', 'reset', 'timeout'),
    })
    .map(({ base, bends, transport, end }): ScriptConnection => {
      const replies: Buffer[] = base.replies.map((reply) => Buffer.from(reply));
      for (const [which, one] of bends) {
        const n = which % replies.length;
        replies[n] = bent(replies[n] ?? Buffer.alloc(0), one);
      }
      return { ...base, replies, end, ...(transport === 'as recorded' ? {} : { transport }) };
    });
  return fc
    .array(fc.oneof({ weight: 9, arbitrary: recorded }, { weight: 1, arbitrary: noise }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((connections) => ({ connections }));
}

export type Page = Omit<HttpReply, 'scheme'>;
export interface SiteInput {
  readonly tls: boolean;
  readonly port?: number | undefined;
  /** The reply to the nth request. */
  readonly pages: readonly Page[];
}

/** A site whose nth answer is a recorded page, bent, in the recorded order or any other. */
export function siteInput(probe: Probe): fc.Arbitrary<SiteInput> {
  const sites = siteRecordings(probe.id);
  const pages = sites.flatMap(({ replies }) => replies);
  if (pages.length === 0) throw new Error(`${probe.id} has no recording to bend`);
  const page = fc.record({
    base: fc.constantFrom(...pages),
    bends: fc.array(bend, { maxLength: 3 }),
    status: fc.option(fc.constantFrom(200, 204, 302, 400, 401, 403, 404, 500, 503), { freq: 9 }),
    truncated: fc.boolean(),
  });
  const made = page.map(({ base, bends, status, truncated }): Page => {
    const body = bends.reduce<Buffer>((bytes, one) => bent(bytes, one), base.body);
    return { ...base, body, truncated, status: status ?? base.status };
  });
  const inOrder = fc.tuple(fc.constantFrom(...sites), fc.nat({ max: 5 }), made).map(([site, at, odd]) => {
    const replies = [...site.replies];
    replies[at % Math.max(1, replies.length)] = odd;
    return { pages: replies, port: site.port };
  });
  const mixed = fc.record({
    pages: fc.array(made, { minLength: 1, maxLength: 6 }),
    port: fc.constantFrom(...sites.map(({ port }) => port)),
  });
  return fc.record({ tls: fc.boolean(), site: fc.oneof(inOrder, mixed) }).map(({ tls, site }) => ({ tls, ...site }));
}
