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
import { type EndpointState, type FoldState, type Sample, STATE_SCHEMA } from '../model/state.ts';
import { type Change, nameWindows } from './windows.ts';
import { EMPTY_FOLD, foldSamples } from './fold.ts';
import { judge } from './judge.ts';
import { gapLine, lateLine, noticesOf, probeLine, transitionLine } from './owed.ts';
import { sampleOf } from './sample.ts';

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

export function decide(before: EndpointState | undefined, reading: Reading, allowlist: Allowlist, now: Date): Decision {
  if (before?.recent.some((s) => s.id === reading.id) === true) return unchanged(before);
  const posture = judge(reading);
  if (before?.base.upTo !== undefined && reading.at <= before.base.upTo) {
    return { ...unchanged(before), changed: true, lines: [lateLine(reading, posture, now)] };
  }
  const sample = sampleOf(reading, posture, allowlist, now);
  const samples = sorted([...(before?.recent ?? []), sample]);
  const base = before?.base ?? EMPTY_FOLD;
  const folded = foldSamples(base, samples);
  const named = nameWindows(before, reading.endpoint.id, folded);
  const newest = before === undefined || reading.at >= before.lastReadingAt;
  const gap = gapOf(before, reading, posture, newest);
  const state: EndpointState = {
    schema: STATE_SCHEMA,
    endpoint: newest ? reading.endpoint : before.endpoint,
    version: before?.version ?? 0,
    posture: newest ? posture : before.posture,
    lastReadingAt: newest ? reading.at : before.lastReadingAt,
    ...conclusiveAt(before, reading, posture),
    ...compact(base, samples),
    incidents: named.incidents,
    openSeq: named.openSeq,
    ...(gap.since === undefined ? {} : { gapSince: gap.since }),
    noticeSeq: before?.noticeSeq ?? {},
  };
  return owed(before, state, reading, named.changes, gap.transitions, allowlist, now);
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
  const transitions = [...changes.map((c) => transitionOf(c, reading)), ...verdictChange(before, state), ...gaps];
  const { notices, noticeSeq } = noticesOf(state, changes, reading.vantage, now);
  const lines = [
    ...(transitions.length > 0 || before === undefined ? [probeLine(reading, state.posture, allowlist, now)] : []),
    ...changes.map((c) => transitionLine(c, reading, allowlist, now)),
    ...gaps.map((g) => gapLine(g, reading, state.posture, now)),
  ];
  const incidents = changes.map((c) => c.incident);
  const touched = touchedSilently(before, state, incidents);
  return {
    state: { ...state, noticeSeq },
    changed: true,
    transitions,
    lines,
    notices,
    incidents: [...incidents, ...touched],
  };
}

function unchanged(state: EndpointState): Decision {
  return { state, changed: false, transitions: [], lines: [], notices: [], incidents: [] };
}

function sorted(samples: readonly Sample[]): readonly Sample[] {
  return samples.toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
}

/** Folds into `base` what is older than the horizon, or more than we keep. */
function compact(base: FoldState, samples: readonly Sample[]): { base: FoldState; recent: readonly Sample[] } {
  const newest = Date.parse(samples.at(-1)?.at ?? '');
  const young = samples.findIndex((s) => newest - Date.parse(s.at) <= LATE_HORIZON_MS);
  const cut = Math.max(young, samples.length - MAX_RECENT, 0);
  if (cut === 0) return { base, recent: samples };
  return { base: foldSamples(base, samples.slice(0, cut)).fold, recent: samples.slice(cut) };
}

function conclusiveAt(
  before: EndpointState | undefined,
  reading: Reading,
  posture: Posture,
): { lastConclusiveAt?: string } {
  const earlier = before?.lastConclusiveAt;
  const here = posture.verdict.confirmed && posture.verdict.name !== 'unknown' ? reading.at : undefined;
  const latest = [earlier, here]
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);
  return latest === undefined ? {} : { lastConclusiveAt: latest };
}

/** A gap begins with the first reading that concludes nothing and ends with the first that does. */
function gapOf(
  before: EndpointState | undefined,
  reading: Reading,
  posture: Posture,
  newest: boolean,
): { since?: string; transitions: readonly Transition[] } {
  const since = before?.gapSince;
  if (!newest) return { ...(since === undefined ? {} : { since }), transitions: [] };
  if (!posture.verdict.confirmed) {
    return since === undefined
      ? { since: reading.at, transitions: [{ kind: 'gap-opened', at: reading.at }] }
      : { since, transitions: [] };
  }
  return { transitions: since === undefined ? [] : [{ kind: 'gap-closed', at: reading.at, from: since }] };
}

function transitionOf({ kind, incident }: Change, reading: Reading): Transition {
  const from = kind === 'opened' ? incident.from : incident.to;
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

/** Incidents whose bounds moved without a transition: stored, but nobody is told. */
function touchedSilently(
  before: EndpointState | undefined,
  state: EndpointState,
  told: readonly Incident[],
): readonly Incident[] {
  const known = new Map(before?.incidents.map((i) => [i.id, JSON.stringify(i)]));
  return state.incidents.filter((i) => !told.some((t) => t.id === i.id) && known.get(i.id) !== JSON.stringify(i));
}
