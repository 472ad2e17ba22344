/**
 * Gives folded windows their names. An incident keeps its id for as long as its window overlaps the one it was
 * named for, so a late reading may move bounds or split a window but never re-opens or repeats an incident. Of two
 * that a late reading joins, one goes on; the other is stored as merged, so that no two ever overlap.
 */
import { v5 as uuidv5 } from 'uuid';
import type { Allowlist } from '../model/allowlist.ts';
import type { Incident, NoticeKind, TransitionKind, WindowEnd } from '../model/incident.ts';
import { compareLevels, type ProtectionName } from '../model/protection.ts';
import type { EndpointState, Window } from '../model/state.ts';
import { atLeast } from '../model/verdict.ts';
import { type Folded, windowsOf } from './fold.ts';
import { scoreOf } from './severity.ts';

/** Namespace of every ajar incident id; never change it. */
const INCIDENT_NAMESPACE = 'b0a1a4ab-3c1c-5d0e-9a55-12042019a1a5';

export interface Change {
  /** `merged` and `withdrawn` are told to nobody: it was over, as far as anybody was told. */
  readonly kind: Exclude<TransitionKind, 'gap-opened' | 'gap-closed' | 'verdict'>;
  readonly incident: Incident;
  /** Told under another kind, or to nobody. Absent: as what it is. */
  readonly tell?: NoticeKind | 'nobody';
}

export interface Named {
  readonly incidents: readonly Incident[];
  readonly openSeq: EndpointState['openSeq'];
  readonly changes: readonly Change[];
}

export function nameWindows(
  before: EndpointState | undefined,
  endpointId: string,
  folded: Folded,
  allowlist: Allowlist,
  now: Date,
): Named {
  const final = new Set(folded.closed);
  const windows = windowsOf(folded).toSorted(byStart);
  const unmoved = sameSpans(windows, before?.incidents ?? []);
  const unmatched = new Set(before?.incidents);
  for (const incident of unmoved.values()) unmatched.delete(incident);
  const openSeq: Partial<Record<ProtectionName, number>> = { ...before?.openSeq };
  const incidents: Incident[] = [];
  const changes: Change[] = [];
  for (const window of windows) {
    const same = [...unmatched].filter((i) => i.protection === window.protection && overlaps(i, window));
    // A late reading may join two windows: the incident still open goes on.
    const known = unmoved.get(window) ?? same.find((i) => i.status === 'open') ?? same[0];
    if (known !== undefined) unmatched.delete(known);
    const seq = known?.openSeq ?? (openSeq[window.protection] ?? 0) + 1;
    openSeq[window.protection] = Math.max(seq, openSeq[window.protection] ?? 0);
    const named = incidentOf(window, endpointId, seq, known, allowlist);
    const isFlapping = !final.has(window) && flaps(named, folded.fold.upTo);
    const found = changesOf(known, isFlapping ? { ...named, flapping: true } : named);
    const incident = alerted(isFlapping ? { ...named, flapping: true } : named, known, found, now);
    incidents.push(incident);
    changes.push(...found.map((change) => ({ ...change, incident: { ...change.incident, ...ladderOf(incident) } })));
  }
  return {
    incidents,
    openSeq,
    changes: [...changes, ...[...unmatched].flatMap((i) => leftOver(i, windows, before?.base.upTo))],
  };
}

/**
 * Incidents whose windows are as they were, before anything that moved takes a name: two may begin in one instant, one of them
 * over in it, and each would pass for the other.
 */
function sameSpans(windows: readonly Window[], incidents: readonly Incident[]): ReadonlyMap<Window, Incident> {
  const found = new Map<Window, Incident>();
  for (const incident of incidents) {
    const { protection, start, closed } = incident;
    const isSame = (w: Window): boolean =>
      w.protection === protection && w.startUpper === start.upper && w.closed?.upper === closed?.upper;
    const window = windows.find((w) => isSame(w) && !found.has(w));
    if (window !== undefined) found.set(window, incident);
  }
  return found;
}

function byStart(a: Window, b: Window): number {
  return a.startUpper === b.startUpper ? 0 : a.startUpper < b.startUpper ? -1 : 1;
}

/**
 * Both run from their first bad look to their first good one, which is no longer theirs. The look that accepts is: it
 * saw what it accepted.
 */
function overlaps({ start, closed }: Incident, window: Window): boolean {
  return (
    start.upper === window.startUpper || (isBefore(start.upper, window.closed) && isBefore(window.startUpper, closed))
  );
}

function isBefore(at: string, end: WindowEnd | undefined): boolean {
  return end === undefined || at < end.upper || (at === end.upper && end.cause === 'accepted');
}

function incidentOf(
  window: Window,
  endpointId: string,
  openSeq: number,
  known: Incident | undefined,
  allowlist: Allowlist,
): Incident {
  const { score, severity, reasons } = scoreOf(window.protection, window.basis, window.to, window.worst);
  const { closed } = window;
  return {
    id: known?.id ?? uuidv5(`${endpointId}|${window.protection}|${openSeq}`, INCIDENT_NAMESPACE),
    endpointId,
    protection: window.protection,
    openSeq,
    origin: window.origin,
    basis: window.basis,
    ...(window.from === undefined ? {} : { from: window.from }),
    to: window.to,
    verdict: window.worst.verdict.name,
    severity,
    score,
    reasons,
    start: { ...(window.startLower === undefined ? {} : { lower: window.startLower }), upper: window.startUpper },
    detectedAt: known?.detectedAt ?? window.detectedAt,
    lastBadAt: window.lastBadAt,
    ...(window.reopened === undefined ? {} : { reopened: window.reopened }),
    ...(closed === undefined ? {} : { closed }),
    status: closed === undefined ? 'open' : closed.cause === 'accepted' ? 'accepted' : 'closed',
    allowances: window.allowances,
    ...(window.lapsed === undefined ? {} : { lapsed: window.lapsed }),
    ...wasAccepted(window, known, allowlist),
    ...(window.glass === undefined ? {} : { glass: window.glass }),
    ...judgedBy(known, allowlist),
    ...(window.worst.data === undefined ? {} : { data: window.worst.data }),
    ...(known?.attribution === undefined ? {} : { attribution: known.attribution }),
    ...(known?.handling === undefined ? {} : { handling: known.handling }),
    ...ladderOf(known),
    evidence: window.evidence,
  };
}

/** Told when it opens: what somebody had accepted, why, and until when. An entry that was taken out says no more. */
function wasAccepted(
  { lapsed }: Window,
  known: Incident | undefined,
  { entries }: Allowlist,
): Pick<Incident, 'wasAccepted'> {
  if (known?.wasAccepted !== undefined) return { wasAccepted: known.wasAccepted };
  if (lapsed === undefined || known !== undefined) return {};
  const past = entries.filter(({ id }) => lapsed.includes(id)).slice(0, MAX_PAST);
  if (past.length === 0) return {};
  return { wasAccepted: past.map(({ id, expires, reason, ticket }) => ({ id, until: expires, reason, ticket })) };
}
const MAX_PAST = 3;

function judgedBy(known: Incident | undefined, { digest }: Allowlist): Pick<Incident, 'allowlist'> {
  if (known === undefined) return { allowlist: digest };
  return known.allowlist === undefined ? {} : { allowlist: known.allowlist };
}

/** More than so many reopenings within an hour: evidence-and-alerts.md section 3.5. */
const MAX_FLAPS = 3;
const HOUR_MS = 60 * 60_000;

function flaps({ reopened: again }: Incident, upTo: string | undefined): boolean {
  if (again === undefined || upTo === undefined) return false;
  const recent = again.last.filter((at) => Date.parse(upTo) - Date.parse(at) < HOUR_MS);
  return recent.length > MAX_FLAPS;
}

/** What somebody is alerted of starts the ladder of reminders anew; the first alert is where it starts anyhow. */
function alerted(incident: Incident, known: Incident | undefined, changes: readonly Change[], now: Date): Incident {
  const isAlert = changes.some(({ kind, tell }) => ['opened', 'worsened', 'flapping'].includes(tell ?? kind));
  return known === undefined || !isAlert ? incident : { ...incident, ladder: { since: now.toISOString() } };
}

function ladderOf(incident: Incident | undefined): Pick<Incident, 'ladder'> {
  return incident?.ladder === undefined ? {} : { ladder: incident.ladder };
}

function changesOf(known: Incident | undefined, incident: Incident): readonly Change[] {
  const ending: Change[] = incident.status === 'open' ? [] : [ended(incident)];
  if (known === undefined) return [{ kind: 'opened', incident: reopened(incident) }, ...ending];
  if (known.status !== 'open' && incident.status === 'open')
    return [{ kind: 'opened', incident, ...openingOf(known, incident) }];
  if (known.status !== 'open') {
    // It stayed shut: the end that nobody was told of is one.
    const isSettled = known.flapping === true && incident.flapping !== true;
    return isSettled ? [{ kind: 'settled', incident, tell: 'closed' }] : [];
  }
  return [
    ...(isWorse(known, incident) ? [{ kind: 'worsened' as const, incident: reopened(incident) }] : []),
    ...ending,
  ];
}

function ended(incident: Incident): Change {
  if (incident.status === 'accepted') return { kind: 'accepted', incident };
  return { kind: 'closed', incident, ...(incident.flapping === true ? { tell: 'nobody' as const } : {}) };
}

/** One that flaps is told of once, and then only where it is worse than it was. */
function openingOf(known: Incident, incident: Incident): Pick<Change, 'tell'> {
  if (incident.flapping !== true) return {};
  if (isWorse(known, incident)) return { tell: 'worsened' };
  return { tell: known.flapping === true ? 'nobody' : 'flapping' };
}

/** The message that something opened describes it open, also when the same decision learns of its end. */
function reopened(incident: Incident): Incident {
  const { closed, ...open } = incident;
  return closed === undefined ? incident : { ...open, status: 'open' };
}

function isWorse(known: Incident, incident: Incident): boolean {
  const graver = known.severity !== incident.severity && atLeast(incident.severity, known.severity);
  const isUncovered = known.glass?.isOver === false && incident.glass?.isOver === true;
  return graver || isUncovered || compareLevels(incident.to, known.to) < 0 || holdsMore(known, incident);
}

/** A class of data, or a ransom note, that nobody was told of. What is harmless or not recognised is no news. */
function holdsMore({ data: known }: Incident, { data }: Incident): boolean {
  if (data === undefined) return false;
  if (data.ransomMarkers > 0 && (known?.ransomMarkers ?? 0) === 0) return true;
  const told = new Set(known?.classes.map((hit) => hit.class));
  return data.classes.some(
    (hit) => !told.has(hit.class) && hit.class !== 'operational' && hit.class !== 'unclassified',
  );
}

/**
 * An incident that no window is named for any more: a late reading joined it to another, or took away what it rested
 * on, as a silence that was none. One that has left the state with its window, closed, stays as stored.
 */
function leftOver(incident: Incident, windows: readonly Window[], upTo: string | undefined): readonly Change[] {
  const { closed, lastBadAt, start } = incident;
  if (closed === undefined) {
    const upper = start.upper > lastBadAt ? start.upper : lastBadAt;
    const end: WindowEnd = { lower: lastBadAt, upper, cause: 'withdrawn' };
    return [{ kind: 'closed', incident: { ...incident, status: 'closed', closed: end } }];
  }
  const mine = windows.filter((w) => w.protection === incident.protection);
  // Unless it was reopened after all, and goes on in a window that was named for another.
  const isReopened = mine.some(
    (w) => w.startUpper === start.upper && (w.reopened?.count ?? 0) > (incident.reopened?.count ?? 0),
  );
  if (upTo !== undefined && closed.upper <= upTo && !isReopened) return [];
  const isPart = mine.some((w) => overlaps(incident, w));
  const cause = isPart ? 'merged' : 'withdrawn';
  return [{ kind: cause, incident: { ...incident, status: 'closed', closed: { ...closed, cause } } }];
}
