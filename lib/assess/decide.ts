/**
 * The fold every reading goes through: state and reading in, the next state and everything owed out, to be
 * committed in one conditional write. Pure. The same set of readings gives the same incidents in any order, with
 * any repeats; `unknown` opens nothing and closes nothing; recovery needs a positive observation.
 */
import type { Allowlist } from '../model/allowlist.ts';
import type { Incident, Notice, Transition } from '../model/incident.ts';
import type { LedgerLine } from '../model/ledger.ts';
import type { Posture } from '../model/posture.ts';
import type { Reading } from '../model/reading.ts';
import { inOrder } from '../model/revisit.ts';
import { isSame } from '../model/same.ts';
import { type EndpointState, type FoldState, PAGED_SCHEMA, type Sample, STATE_SCHEMA } from '../model/state.ts';
import { type Change, nameWindows } from './windows.ts';
import { inheriting } from './copies.ts';
import { EMPTY_FOLD, type Folded, foldSamples } from './fold.ts';
import { judge, judgeSilence, redeclared } from './judge.ts';
import { asNoted } from './once-more.ts';
import { gapLine, lateLine, noticesOf, probeLine, transitionLine } from './owed.ts';
import { contextOf, sampleOf } from './sample.ts';
import { closingSilence } from './silence.ts';
import { unvisitedLines } from './unvisited.ts';
import { together, withReading } from './views.ts';

/** A reading may come this late and still be folded in its right place (queues shuffle within 10 minutes). */
export const LATE_HORIZON_MS = 10 * 60_000;
/** Samples kept whole; older ones are folded into `base` for good. */
export const MAX_RECENT = 32;

export interface Decision {
  readonly state: EndpointState;
  /** False where the reading was a repeat: nothing is owed and nothing need be written. */
  readonly changed: boolean;
  readonly transitions: readonly Transition[];
  readonly lines: readonly LedgerLine[];
  readonly notices: readonly Notice[];
  /** New or changed. */
  readonly incidents: readonly Incident[];
}

export function decide(before: EndpointState | undefined, told: Reading, allowlist: Allowlist, now: Date): Decision {
  if (before?.recent.some((s) => s.id === told.id) === true) return unchanged(before);
  const reading = before !== undefined && isTooLate(before, told) ? whatLasts(before, told) : told;
  const posture = inheriting(judge(reading), reading);
  if (before !== undefined && isTooLate(before, reading)) {
    return { ...unchanged(before), changed: true, lines: [lateLine(reading, posture, now)] };
  }
  const latest = latestOf(before, reading, posture);
  const base = before?.base ?? EMPTY_FOLD;
  const sample = asNoted(sampleOf(reading, posture, allowlist, now), before?.recent ?? []);
  const shown = reading.unvisited === true ? { ...sample, context: contextOf(latest.posture) } : sample;
  const { samples, folded } = foldIn(base, before?.recent ?? [], shown);
  const named = nameWindows(before, reading.endpoint.id, folded, allowlist, now);
  const seen = withReading(before, reading);
  const merged = together(before, latest.posture, seen.views, folded.fold.silence);
  const settled = inheriting(merged?.posture ?? settle(latest.posture, folded.fold, samples), reading);
  const gap = gapOf(before, settled, latest.at);
  const state: EndpointState = {
    ...paged(before, reading),
    endpoint: latest.endpoint,
    version: before?.version ?? 0,
    posture: settled,
    lastReadingAt: latest.at,
    ...lastConclusive(
      before?.lastConclusiveAt,
      conclusiveAt(posture, reading.at),
      merged === undefined ? conclusiveAt(settled, latest.at) : merged.conclusiveAt,
    ),
    ...compact(base, samples, folded),
    incidents: named.incidents,
    openSeq: named.openSeq,
    ...(gap.since === undefined ? {} : { gapSince: gap.since }),
    noticeSeq: before?.noticeSeq ?? {},
    ...(before?.told === undefined ? {} : { told: before.told }),
    ...seen,
    ...(merged === undefined ? {} : { views: merged.views }),
  };
  const unseen = unvisitedLines(before, shown, reading, now);
  const decision = owed(before, state, reading, named.changes, gap.transitions, allowlist, now);
  // Of a late visit what it saw is evidence, whatever it brings besides.
  const late = reading === told ? [] : [lateLine(told, inheriting(judge(told), told), now)];
  const lines = [...decision.lines, ...unseen, ...late];
  return lines.length === decision.lines.length ? decision : { ...decision, lines };
}

/** Older than what is folded for good: where it would stand nobody can tell any more. */
function isTooLate({ base }: EndpointState, { at }: Reading): boolean {
  return base.upTo !== undefined && at <= base.upTo;
}

/**
 * What a late visit saw is over. What it brings of the configuration holds until something newer is read of it: as of the newest
 * reading, since the clock of who judges may be wrong, and one that is ahead would make all that follows too late.
 */
function whatLasts(before: EndpointState, reading: Reading): Reading {
  const { declaredAt } = reading.endpoint;
  const newest = before.recent.at(-1)?.at;
  if (declaredAt === undefined || newest === undefined || !isReadLater(reading, before)) return reading;
  return { ...reading, at: newest, began: declaredAt, observations: [], unvisited: true };
}

/** Endpoint and posture as they are told now, and when it was last visited. */
function latestOf(
  before: EndpointState | undefined,
  reading: Reading,
  posture: Posture,
): { readonly endpoint: EndpointState['endpoint']; readonly posture: Posture; readonly at: string } {
  if (before === undefined) return { endpoint: reading.endpoint, posture, at: reading.at };
  const shown = newestDeclared(before, reading);
  const isNewest = reading.unvisited !== true && reading.at >= before.lastReadingAt;
  const endpoint = isNewest || isReadLater(reading, before) ? shown.endpoint : before.endpoint;
  if (isNewest) return { endpoint, posture: shown === reading ? posture : judge(shown), at: reading.at };
  const seen = isReadLater(reading, before) ? redeclared(before.posture, reading, posture.declared) : before.posture;
  return { endpoint, posture: seen, at: before.lastReadingAt };
}

function owed(
  before: EndpointState | undefined,
  state: EndpointState,
  reading: Reading,
  changes: readonly Change[],
  gaps: readonly Transition[],
  allowlist: Allowlist,
  now: Date,
): Decision {
  const transitions = [
    ...changes.map((c) => transitionOf(c, before, reading)),
    ...verdictChange(before, state),
    ...gaps,
  ];
  const { notices, ...told } = noticesOf(state, changes, reading.vantage, now);
  const lines = [
    ...(transitions.length > 0 ? [probeLine(reading, state.posture, allowlist, now)] : []),
    ...changes.map((c) => transitionLine(c, reading, allowlist, now)),
    ...gaps.map((g) => gapLine(g, reading, state.posture, now)),
  ];
  return {
    state: { ...state, ...told },
    changed: true,
    transitions,
    lines,
    notices,
    incidents: toStore(before, state, changes),
  };
}

/**
 * The reading with what was read of the configuration last, whichever visit brings it. What is superseded, or was only
 * remembered, is no fact of it; where both are of one moment and one is unread, it stays unread.
 */
function newestDeclared(before: EndpointState, reading: Reading): Reading {
  const [known, told] = [before.endpoint, reading.endpoint];
  if (known.declaredAt === undefined || told.declaredAt === undefined || told.declaredAt > known.declaredAt)
    return reading;
  if (told.declaredAt < known.declaredAt) return { ...reading, endpoint: known };
  if (reading.remembered !== true) return reading;
  const both = Object.entries(told.declared).filter(([name]) => name in known.declared);
  return { ...reading, endpoint: { ...told, declared: Object.fromEntries(both) } };
}

function isReadLater({ endpoint, remembered }: Reading, before: EndpointState): boolean {
  const [told, known] = [endpoint.declaredAt, before.endpoint.declaredAt];
  return remembered !== true && told !== undefined && (known === undefined || told > known);
}

/** The newest reading's posture, where it was silence in the light of the silences around it. */
function settle(posture: Posture, fold: FoldState, samples: readonly Sample[]): Posture {
  const last = samples.at(-1);
  return posture.silent && last !== undefined ? judgeSilence(posture, closingSilence(fold.silence, last)) : posture;
}

function paged(before: EndpointState | undefined, reading: Reading): Pick<EndpointState, 'schema' | 'page'> {
  const page = reading.page ?? before?.page;
  return page === undefined ? { schema: STATE_SCHEMA } : { schema: PAGED_SCHEMA, page };
}

function unchanged(state: EndpointState): Decision {
  return { state, changed: false, transitions: [], lines: [], notices: [], incidents: [] };
}

/**
 * The fold of `recent` on its base, kept as long as that array lives: what it holds never changes. A reading that comes
 * in order is then one step and not as many as there are samples. A state read from a store is folded anew.
 */
const heads = new WeakMap<readonly Sample[], Folded>();

/** What all its samples fold to. */
export function foldOf({ base, recent }: EndpointState): FoldState {
  return (heads.get(recent) ?? foldSamples(base, recent)).fold;
}

function foldIn(
  base: FoldState,
  recent: readonly Sample[],
  sample: Sample,
): { samples: readonly Sample[]; folded: Folded } {
  const last = recent.at(-1);
  const head = heads.get(recent);
  if (head !== undefined && last !== undefined && inOrder(last, sample) < 0) {
    const { fold, closed } = foldSamples(head.fold, [sample]);
    return { samples: [...recent, sample], folded: { fold, closed: [...head.closed, ...closed] } };
  }
  const samples = [...recent, sample].toSorted(inOrder);
  return { samples, folded: foldSamples(base, samples) };
}

/** Folds into `base` what is older than the horizon, or more than we keep. */
function compact(
  base: FoldState,
  samples: readonly Sample[],
  { fold, closed }: Folded,
): { base: FoldState; recent: readonly Sample[] } {
  const newest = Date.parse(samples.at(-1)?.at ?? '');
  const young = samples.findIndex((s) => newest - Date.parse(s.at) <= LATE_HORIZON_MS);
  const cut = Math.max(young, samples.length - MAX_RECENT, 0);
  const old = foldSamples(base, samples.slice(0, cut));
  const recent = samples.slice(cut);
  heads.set(recent, { fold, closed: closed.slice(old.closed.length) });
  return { base: old.fold, recent };
}

function conclusiveAt({ verdict }: Posture, at: string): string | undefined {
  return verdict.confirmed && verdict.name !== 'unknown' ? at : undefined;
}

function lastConclusive(...instants: readonly (string | undefined)[]): { lastConclusiveAt?: string } {
  const latest = instants.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
  return latest === undefined ? {} : { lastConclusiveAt: latest };
}

/** A gap begins with the first newest reading that concludes nothing and ends with the first that does. */
function gapOf(
  before: EndpointState | undefined,
  posture: Posture,
  at: string,
): { since?: string; transitions: readonly Transition[] } {
  const since = before?.gapSince;
  if (!posture.verdict.confirmed) {
    return since === undefined ? { since: at, transitions: [{ kind: 'gap-opened', at }] } : { since, transitions: [] };
  }
  return { transitions: since === undefined ? [] : [{ kind: 'gap-closed', at, from: since }] };
}

function transitionOf({ kind, incident }: Change, before: EndpointState | undefined, reading: Reading): Transition {
  const known = before?.incidents.find(({ id }) => id === incident.id);
  const from = kind === 'opened' ? incident.from : (known ?? incident).to;
  return {
    kind,
    at: reading.at,
    incidentId: incident.id,
    protection: incident.protection,
    ...(from === undefined ? {} : { from }),
    to: kind === 'opened' || kind === 'worsened' ? incident.to : (incident.closed?.cause ?? 'fixed'),
  };
}

function verdictChange(before: EndpointState | undefined, state: EndpointState): readonly Transition[] {
  const [from, to] = [before?.posture.verdict.name, state.posture.verdict.name];
  if (from === to) return [];
  return [{ kind: 'verdict', at: state.lastReadingAt, ...(from === undefined ? {} : { from }), to }];
}

/** Every incident that is new or differs from what was stored, once, in its last version; some changes are told to nobody. */
function toStore(
  before: EndpointState | undefined,
  state: EndpointState,
  changes: readonly Change[],
): readonly Incident[] {
  const stored = new Map(before?.incidents.map((i) => [i.id, i]));
  const last = new Map([...changes.map((c) => c.incident), ...state.incidents].map((i) => [i.id, i]));
  return [...last.values()].filter((i) => !isSame(stored.get(i.id), i));
}
