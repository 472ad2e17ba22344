/**
 * What the ledger is told of alarms about ajar itself (evidence-and-alerts.md section 1.2, Q2 and Q6): raised, grown, over, and
 * acknowledged by somebody. Lines are what the note of told problems becomes beside what it was, and go into the same
 * transaction: each alarm is on record once, whoever died after telling it. Pure, but for `ackAlarm`.
 */
import { AjarError } from '../model/errors.ts';
import { MAX_ACTOR } from '../model/handling.ts';
import type { Json, LedgerLine } from '../model/ledger.ts';
import type { Records } from '../model/store.ts';
import { printable } from '../model/text.ts';
import { type Entry, type Memory, memoryOf } from './guard-memory.ts';

/** Key of the note that holds what was told. */
const ALARMS_NOTE = 'guard/told';
const MAX_KEY = 200;
const MAX_ATTEMPTS = 5;

function alarmLines(before: Memory, after: Memory, runId: string, now: Date): readonly LedgerLine[] {
  const recordedAt = now.toISOString();
  const raised = Object.values(after).flatMap((entry) => {
    const was = before[entry.key];
    const known = new Set(was?.affected);
    const subjects = (entry.affected ?? []).filter((one) => !known.has(one));
    // Told again of the same ones it is the same alarm; beyond those that it names it may be others.
    const isNews = was === undefined || (was.toldAt !== entry.toldAt && (subjects.length > 0 || (entry.more ?? 0) > 0));
    if (!isNews) return [];
    return [lineOf(entry, { runId, observedAt: entry.toldAt, recordedAt }, raisedBody(entry, subjects))];
  });
  const over = Object.values(before).flatMap((entry) =>
    after[entry.key] !== undefined || entry.once === true
      ? []
      : [lineOf(entry, { runId, observedAt: recordedAt, recordedAt }, { event: 'cleared', since: entry.since })],
  );
  return [...raised, ...over];
}

function raisedBody(entry: Entry, subjects: readonly string[]): LedgerLine['body'] {
  const { severity, subject, detail, since, more, by, deafens, once } = entry;
  return {
    ...{ event: 'alarmed', severity, text: subject, detail, since, subjects },
    ...(more === undefined || more === 0 ? {} : { more }),
    ...(by === undefined ? {} : { by }),
    ...(deafens === undefined ? {} : { deafens }),
    ...(once === undefined ? {} : { once }),
  };
}

function lineOf(
  { key, check }: Pick<Entry, 'key' | 'check'>,
  when: Pick<LedgerLine, 'runId' | 'observedAt' | 'recordedAt'>,
  body: LedgerLine['body'],
): LedgerLine {
  return { kind: 'gap', subject: printable(key, MAX_KEY), ...when, body: { of: 'guard', check, ...body } };
}

/** What is on record as told. */
export interface Written {
  readonly memory: Memory;
  readonly version: string | undefined;
}

export async function readTold(records: Records): Promise<Written> {
  const note = await records.read(ALARMS_NOTE);
  return { memory: memoryOf(note?.value), version: note?.version };
}

/** What is on record then: what was told, and what somebody acknowledged meanwhile. */
export async function writeTold(
  told: Memory,
  read: Written,
  records: Records,
  runId: string,
  now: Date,
): Promise<Memory> {
  let written = read;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const memory = withAcks(told, written.memory);
    const lines = alarmLines(written.memory, memory, runId, now);
    const saved = await records.save(ALARMS_NOTE, { value: plain(memory), version: written.version, lines });
    if (saved === 'saved') return memory;
    written = await readTold(records);
  }
  throw new AjarError('conflict', `somebody else wrote what was told, ${MAX_ATTEMPTS} times in a row`, {
    cure: 'nothing is lost; the next pass writes it',
  });
}

/** Of the same alarm, as it was told last. */
function withAcks(told: Memory, written: Memory): Memory {
  return Object.fromEntries(
    Object.entries(told).map(([key, entry]) => {
      const { acked, since } = written[key] ?? {};
      return [
        key,
        acked === undefined || since !== entry.since || acked.at < entry.toldAt ? entry : { ...entry, acked },
      ];
    }),
  );
}

/** Those that last, by key. */
export async function openAlarms(records: Records): Promise<readonly Entry[]> {
  return Object.values((await readTold(records)).memory)
    .filter(({ once }) => once !== true)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Somebody has seen it. `changed`: false where somebody had said so before. Throws `bad-input` where there is no such alarm. */
export async function ackAlarm(
  records: Records,
  key: string,
  actor: { readonly by: string; readonly runId: string },
  now: Date,
): Promise<{ readonly changed: boolean; readonly alarm: Entry }> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { memory, version } = await readTold(records);
    const alarm = memory[key];
    if (alarm === undefined || alarm.once === true)
      throw new AjarError('bad-input', `${printable(key, MAX_KEY)}: no such alarm lasts`, {
        cure: 'ajar alarms lists those that do',
      });
    if (alarm.acked !== undefined) return { changed: false, alarm };
    const [at, by] = [now.toISOString(), printable(actor.by, MAX_ACTOR)];
    const acked: Entry = { ...alarm, acked: { by, at } };
    const body = { kind: 'ack', by, alarm: printable(key, MAX_KEY), since: alarm.since, text: alarm.subject };
    const line: LedgerLine = {
      ...{ kind: 'act', runId: actor.runId, subject: printable(key, MAX_KEY), observedAt: at, recordedAt: at },
      body,
    };
    const value = plain({ ...memory, [key]: acked });
    const outcome = await records.save(ALARMS_NOTE, { value, version, lines: [line] });
    if (outcome === 'saved') return { changed: true, alarm: acked };
  }
  throw new AjarError('conflict', `${printable(key, MAX_KEY)}: guard wrote at the same time, ${MAX_ATTEMPTS} times`, {
    cure: 'nothing was recorded; say it again',
  });
}

/** As a store keeps it. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
