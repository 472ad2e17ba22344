/**
 * The allowlist: does the newest load, which one is in force, and what of it ends soon (evidence-and-alerts.md section 4.2).
 * A list that does not load leaves the last good one in force: what was taken back still stands, so that is critical. Each
 * ending is told once for each of its stages; the owner is named, who decides. Each list that comes into force, and each
 * that is refused, is one line of the ledger.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import * as z from 'zod/mini';
import { type Ending, endingsOf } from '../assess/expiry.ts';
import type { Allowance, Allowlist } from '../model/allowlist.ts';
import { AjarError } from '../model/errors.ts';
import type { Problem } from '../model/health.ts';
import type { Json, LedgerLine } from '../model/ledger.ts';
import { printable } from '../model/text.ts';
import { formatProblem, type Problem as Mistake } from '../model/yaml.ts';
import type { Check, Notes } from './guard.ts';
import { counted, detailOf } from './guard-words.ts';

export interface AllowlistWatch {
  readonly read: () => Promise<{
    readonly allowlist: Allowlist;
    /** Why the newest does not load. */
    readonly problems: readonly Mistake[];
    /** Why it cannot be read. */
    readonly unreadable?: string;
  }>;
  /** Where it lies. */
  readonly place: string;
  readonly notes: Notes;
  readonly record: (lines: readonly LedgerLine[]) => Promise<void>;
}

const NOTE = 'guard/allowlist';
/** For so long an ending is said under the same key: whoever could not be told is told later. */
const TELLING_MS = 24 * 60 * 60_000;
/** Named in one line of the ledger; the others are counted. */
const MAX_NAMED = 50;
const MAX_SAID = 5;

const noteDocument = z.object({
  digest: z.string(),
  /** By id, of what it says. */
  entries: z.record(z.string(), z.string()),
  /** By id, its last ending that was told, and since when. */
  told: z.record(z.string(), z.object({ key: z.string(), since: z.string() })),
  refused: z.optional(z.string()),
});
type Note = z.infer<typeof noteDocument>;

export function allowlistCheck({ read, place, notes, record }: AllowlistWatch): Check {
  return {
    name: 'allowlist',
    async look(now) {
      const { allowlist, problems: mistakes, unreadable } = await read();
      // Then this check could not look, and takes back nothing of what it found.
      if (unreadable !== undefined) {
        throw new AjarError(
          'store-unavailable',
          `${place}: ${unreadable}. The last list that is known is in force, or none`,
        );
      }
      const before = noteOf(await notes.read(NOTE));
      const refused = mistakes.length === 0 ? undefined : mistakes.map(formatProblem).join('\n');
      const endings = endingsOf(allowlist, now);
      const note = noteAfter(before, allowlist, refused, endings, now);
      const lines = [
        ...(before?.digest === allowlist.digest ? [] : [loadedLine(before, allowlist, place, now)]),
        ...(refused === undefined || note.refused === before?.refused
          ? []
          : [refusedLine(mistakes, allowlist, place, now)]),
      ];
      if (lines.length > 0) await record(lines);
      if (JSON.stringify(note) !== JSON.stringify(before))
        await notes.save(NOTE, JSON.parse(JSON.stringify(note)) as Json);
      return {
        problems: [
          ...(refused === undefined ? [] : [invalidProblem(place, refused)]),
          ...endingProblems(endings, note, now),
        ],
      };
    },
  };
}

/** `undefined` where it is none of ours: then everything is new. */
function noteOf(note: unknown): Note | undefined {
  const { success, data } = z.safeParse(noteDocument, note);
  return success ? data : undefined;
}

function noteAfter(
  before: Note | undefined,
  allowlist: Allowlist,
  refused: string | undefined,
  endings: readonly Ending[],
  now: Date,
): Note {
  const told = endings.map(({ entry: { id }, key }) => {
    const was = before?.told[id];
    return [id, was?.key === key ? was : { key, since: now.toISOString() }] as const;
  });
  return {
    digest: allowlist.digest,
    entries: Object.fromEntries(allowlist.entries.map((entry) => [entry.id, fingerprint(entry)])),
    told: Object.fromEntries(told),
    ...(refused === undefined ? {} : { refused: hash(refused) }),
  };
}

function fingerprint(entry: Allowance): string {
  return hash(JSON.stringify(entry));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Those that reach a stage together are one problem, told once. */
function endingProblems(endings: readonly Ending[], { told }: Note, now: Date): readonly Problem[] {
  const fresh = endings.flatMap((ending) => {
    const since = told[ending.entry.id]?.since ?? now.toISOString();
    return now.getTime() - Date.parse(since) < TELLING_MS ? [{ ...ending, since }] : [];
  });
  const groups = Map.groupBy(fresh, ({ stage, since }) => `${since}/${stage}`);
  return [...groups].map(([key, these]) => ({
    key: `allowlist/ends/${key}`,
    severity: 'warning',
    subject: subjectOf(these),
    detail: detailOf(these.map(({ entry, stage }) => ({ name: entry.id, weight: -stage, text: detail(entry, stage) }))),
    once: true,
  }));
}

function subjectOf(endings: readonly Ending[]): string {
  const [first] = endings;
  if (first !== undefined && endings.length === 1) return first.message;
  const named = counted(endings.length, 'allowance');
  if (first?.stage === 0) return `${named} have expired`;
  return `${named} expire within ${counted(first?.stage ?? 0, 'day')}`;
}

function detail({ owner, expires, ticket, reason }: Allowance, stage: Ending['stage']): string {
  const what = stage === 0 ? 'what it covered alerts' : 'then what it covers alerts';
  return `${printable(owner, 128)} decides; until the end of ${expires}, ${what}; ${printable(ticket, 60)}: ${printable(reason, 120)}`;
}

function invalidProblem(place: string, refused: string): Problem {
  return {
    key: 'allowlist/invalid',
    severity: 'critical',
    subject: 'the allowlist does not load: the last good one stays in force',
    detail: printable(
      `${place}. What was approved since is not in force, what was taken back still is. ${refused.split('\n').slice(0, MAX_SAID).join('; ')}`,
      1_000,
    ),
  };
}

function loadedLine(before: Note | undefined, { entries, digest }: Allowlist, place: string, now: Date): LedgerLine {
  const was = before?.entries ?? {};
  const is = new Set(entries.map(({ id }) => id));
  const added = entries.filter(({ id }) => was[id] === undefined);
  const changed = entries.filter((entry) => was[entry.id] !== undefined && was[entry.id] !== fingerprint(entry));
  const removed = Object.keys(was).filter((id) => !is.has(id));
  return lineOf(place, now, {
    event: 'loaded',
    digest,
    ...(before === undefined ? {} : { before: before.digest }),
    entries: entries.length,
    counts: { added: added.length, changed: changed.length, removed: removed.length },
    added: added.slice(0, MAX_NAMED).map(approvalOf),
    changed: changed.slice(0, MAX_NAMED).map(approvalOf),
    removed: removed.slice(0, MAX_NAMED),
  });
}

/** Who approved what, until when: the exception that an auditor asks for. */
function approvalOf({ id, owner, author, approvedBy, approvedOn, expires, ticket, ...entry }: Allowance): Json {
  const second = entry.permit.breakGlass?.secondApprover;
  return {
    ...{ id, owner, ...(author === undefined ? {} : { author }), approvedBy },
    ...(second === undefined ? {} : { second }),
    ...{ approvedOn, expires, ticket, reason: printable(entry.reason, MAX_REASON) },
    scope: printable(canonicalize(entry.match) ?? '', MAX_WRITTEN),
    permits: printable(canonicalize(entry.permit) ?? '', MAX_WRITTEN),
  };
}
const MAX_REASON = 200;
/** Of fifty entries, well within what a line may hold. */
const MAX_WRITTEN = 600;

function refusedLine(mistakes: readonly Mistake[], { digest }: Allowlist, place: string, now: Date): LedgerLine {
  const said = mistakes.slice(0, MAX_SAID).map((mistake) => printable(formatProblem(mistake), 400));
  return lineOf(place, now, { event: 'refused', problems: mistakes.length, said, inForce: digest });
}

function lineOf(place: string, now: Date, body: LedgerLine['body']): LedgerLine {
  const at = now.toISOString();
  return { kind: 'allowlist', runId: 'guard', subject: place, observedAt: at, recordedAt: at, body };
}
