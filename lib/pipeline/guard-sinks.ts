/**
 * The sinks of a deployed ajar: does the newest `sinks.yaml` load, and can notify use each of them? What does not load leaves the
 * last good one in force, and so does a file that is gone: whoever wants no sinks any more says so by an empty list. What is in
 * force is written down for those that commit and deliver (model/sinks-in-force.ts). Whether a secret can be read only notify
 * knows, which tries every minute: it writes down what became of it, and that it tried.
 */
import { isDeepStrictEqual } from 'node:util';
import { AjarError } from '../model/errors.ts';
import type { Problem } from '../model/health.ts';
import type { Json, LedgerLine } from '../model/ledger.ts';
import { sinkId } from '../model/sink-entry.ts';
import { MAX_SINKS_BYTES, sinksFile } from '../model/sink-file.ts';
import {
  MAX_REMOVED,
  SINKS_NOTE,
  type SinksInForce,
  sinksInForceOf,
  type SinksTried,
  sinksTriedOf,
  TRIED_NOTE,
} from '../model/sinks-in-force.ts';
import type { Records } from '../model/store.ts';
import { printable } from '../model/text.ts';
import { formatProblem, parseYaml } from '../model/yaml.ts';
import type { Check, Notes } from './guard.ts';
import { ageText, counted, detailOf } from './guard-words.ts';

export interface SinksWatch {
  /** Its text; `undefined` where there is none. Rejects where that is not known. */
  readonly read: () => Promise<string | undefined>;
  /** Where it lies. */
  readonly place: string;
  readonly notes: Notes;
  /** Where it is written down which are in force, and the ledger told of it. */
  readonly records: Records;
}

/** notify tries every minute. */
const UNTRIED_MS = 5 * 60_000;
const MAX_SAID = 5;

export function sinksCheck({ read, place, notes, records }: SinksWatch): Check {
  return {
    name: 'sinks',
    async look(now) {
      const note = await records.read(SINKS_NOTE);
      const before = sinksInForceOf(note?.value);
      const found = entriesIn(await read(), place, before);
      const is = 'entries' in found ? after(before, found.entries, now) : before;
      if (is !== undefined && is !== before) {
        const lines = changeLines(before, is, place);
        const value = JSON.parse(JSON.stringify(is)) as Json;
        if ((await records.save(SINKS_NOTE, { value, version: note?.version, lines })) === 'conflict')
          throw new AjarError('conflict', `${place}: somebody else wrote which sinks are in force`, {
            cure: 'it is read again a minute later',
          });
      }
      const tried = is === undefined || is.entries.length === 0 ? [] : triedProblems(is, await triedOf(notes), now);
      const refused = 'refused' in found ? [invalidProblem(found.refused)] : [];
      return { problems: [...refused, ...tried], counts: { SinksInvalid: refused.length } };
    },
  };
}

async function triedOf(notes: Notes): Promise<SinksTried | undefined> {
  return sinksTriedOf(await notes.read(TRIED_NOTE));
}

type Found = Pick<SinksInForce, 'entries'> | { readonly refused: string };

function entriesIn(text: string | undefined, place: string, before: SinksInForce | undefined): Found {
  if (text === undefined) {
    // Nobody put one there.
    if (before === undefined || before.entries.length === 0) return { entries: [] };
    return { refused: `${place}: it is gone; to take out all sinks put one there whose list is empty` };
  }
  const parsed = parseYaml(text, place, sinksFile, MAX_SINKS_BYTES);
  if (parsed.ok) return { entries: parsed.value.sinks };
  return { refused: parsed.problems.slice(0, MAX_SAID).map(formatProblem).join('; ') };
}

/** The same object where nothing changed. What is taken out is remembered until it comes back. */
function after(
  before: SinksInForce | undefined,
  entries: SinksInForce['entries'],
  now: Date,
): SinksInForce | undefined {
  if (before === undefined && entries.length === 0) return undefined;
  const plain = JSON.parse(JSON.stringify(entries)) as SinksInForce['entries'];
  if (before !== undefined && isDeepStrictEqual(before.entries, plain)) return before;
  const ids = new Set(entries.map(sinkId));
  const at = now.toISOString();
  const gone = (before?.entries ?? []).map((entry) => ({ id: sinkId(entry), at }));
  const removed = [...(before?.removed ?? []), ...gone].filter(({ id }) => !ids.has(id)).slice(-MAX_REMOVED);
  return { version: 1, entries: plain, removed, at };
}

/** Who is told no more, who is new and who is told otherwise: whoever takes a sink out silences it. */
function changeLines(before: SinksInForce | undefined, is: SinksInForce, place: string): readonly LedgerLine[] {
  const [was, now] = [(before?.entries ?? []).map(sinkId), is.entries.map(sinkId)];
  const removed = was.filter((id) => !now.includes(id));
  const added = now.filter((id) => !was.includes(id));
  const changed = is.entries
    .filter((entry) => (before?.entries ?? []).some((e) => sinkId(e) === sinkId(entry) && !isDeepStrictEqual(e, entry)))
    .map(sinkId);
  if (removed.length + added.length + changed.length === 0) return [];
  const when = { runId: 'guard', subject: place, observedAt: is.at, recordedAt: is.at };
  return [{ kind: 'run', ...when, body: { event: 'sinks', removed, added, changed } }];
}

function invalidProblem(refused: string): Problem {
  return {
    key: 'sinks/invalid',
    severity: 'critical',
    subject: 'sinks.yaml does not load: the last good one stays in force',
    detail: printable(refused, 1_000),
  };
}

function triedProblems({ entries, at }: SinksInForce, tried: SinksTried | undefined, now: Date): readonly Problem[] {
  const since = Date.parse(tried === undefined || tried.at < at ? at : tried.at);
  const ageMs = now.getTime() - since;
  const untried: Problem = {
    key: 'sinks/untried',
    severity: 'critical',
    subject: 'nobody tries whether the sinks can be used',
    detail: `notify did so ${ageText(ageMs)} ago, and should every minute: see its log`,
  };
  const ids = new Set(entries.map(sinkId));
  const faults = Object.entries(tried?.faults ?? {}).filter(([id]) => ids.has(id));
  const unusable: Problem = {
    key: 'sinks/unusable',
    severity: 'critical',
    subject: `${counted(faults.length, 'sink')} cannot be used`,
    detail: `What they are owed waits; the topics are told as ever. ${detailOf(faults.map(([name, text]) => ({ name, weight: 0, text })))}`,
    affected: faults.map(([id]) => id).toSorted(),
  };
  return [...(ageMs > UNTRIED_MS ? [untried] : []), ...(faults.length > 0 ? [unusable] : [])];
}
