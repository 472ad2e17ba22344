/** Looks up what is known of the endpoint that a reading's own is a copy of, copies of copies included. */
import { dataKnownOf, inheritedFrom, sourcesOf } from '../assess/copies.ts';
import type { Inherited, Reading } from '../model/reading.ts';
import type { StateStore } from '../model/store.ts';

/** States read for one reading: a chain of copies may be a circle, and tags are written by people. */
const MAX_READ = 8;

/** The nearest source of which data is known; else the nearest that is known at all. */
export async function withSource(reading: Reading, store: Pick<StateStore, 'read'>): Promise<Reading> {
  const queue = [...sourcesOf(reading.endpoint)];
  const seen = new Set([reading.endpoint.id]);
  let nearest: Inherited | undefined;
  for (let next = queue.shift(); next !== undefined && seen.size <= MAX_READ; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const state = await store.read(next);
    if (state === undefined) continue;
    const data = dataKnownOf(state);
    if (data !== undefined) return { ...reading, inherited: inheritedFrom(state, data, next) };
    nearest ??= inheritedFrom(state, undefined, next);
    queue.push(...sourcesOf(state.endpoint));
  }
  return nearest === undefined ? reading : { ...reading, inherited: nearest };
}
