/** Ledgers that are sealed hour by hour into memory, as a clock of their own runs. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { EvidenceStore, Signer } from '../../lib/model/evidence.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { fingerprintOf } from '../../lib/pipeline/checkpoint.ts';
import { seal, type SealRun } from '../../lib/pipeline/seal.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { aLine } from './builders.ts';

export interface MemoryEvidence extends EvidenceStore {
  readonly files: Map<string, Buffer>;
}

export function memoryEvidence(files: Iterable<readonly [string, Buffer]> = []): MemoryEvidence {
  const held = new Map(files);
  return {
    place: 'memory',
    files: held,
    names: (folder) => {
      const below = [...held.keys()].filter((name) => name.startsWith(folder)).map((name) => name.slice(folder.length));
      return Promise.resolve([...new Set(below.map((name) => name.replace(/\/.*/, '/')))].toSorted());
    },
    async *read(name) {
      const body = held.get(name);
      if (body === undefined) throw new Error(`${name} is not there`);
      // In pieces, as files and buckets give them.
      for (let from = 0; from < body.length; from += 4_096) yield body.subarray(from, from + 4_096);
    },
    put: (name, _, body) => {
      if (held.has(name)) return Promise.resolve('there');
      held.set(name, Buffer.from(body));
      return Promise.resolve('put');
    },
  };
}

/** Signs the same bytes the same way each time, so that what is sealed twice can be compared byte for byte. */
export function testSigner(): Signer & { readonly keys: ReadonlyMap<string, KeyObject> } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const fingerprint = fingerprintOf(publicKey);
  const signatures = new Map<string, Buffer>();
  return {
    fingerprint,
    publicKey,
    keys: new Map([[fingerprint, publicKey]]),
    sign(bytes) {
      const text = Buffer.from(bytes).toString('utf8');
      const made = signatures.get(text) ?? sign('sha256', bytes, privateKey);
      signatures.set(text, made);
      return Promise.resolve(made);
    },
  };
}

export const START = Date.parse('2026-12-04T09:30:00.000Z');
export const minutesIn = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();

/** Lines recorded at these minutes after 09:30, in this order. */
export async function ledgerOf(minutes: readonly number[]): Promise<StateStore> {
  const store = memoryStore({ sinks: [] });
  await store.append(
    minutes.map((m, i) =>
      aLine({ subject: `line ${i + 1} ü \u2028`, observedAt: minutesIn(m), recordedAt: minutesIn(m) }),
    ),
  );
  return store;
}

export function sealAt(
  minute: number,
  store: StateStore,
  evidence: EvidenceStore,
  signer: Signer,
  more: Partial<SealRun> = {},
): ReturnType<typeof seal> {
  const now = () => new Date(START + minute * 60_000);
  return seal({ store, evidence, signer: () => Promise.resolve(signer), shard: 'main', now, ...more });
}
