/** What must hold of a simulated history at any moment: what the store says of incidents, against the reference and the truth. */
import type { Incident } from '../../../lib/model/incident.ts';
import { T0 } from '../readings.ts';
import type { Fact, Reference, Seen } from './reference.ts';
import { ENDPOINTS, isWorse, SOURCES, TRACKED, type Tracked, type Which, type World } from './world.ts';

interface Span {
  readonly incident: Incident;
  readonly from: number;
  readonly to: number;
}

/** I1 and I2: every loss that was shown lies in an incident, and in one alone. */
export function covered(which: Which, incidents: readonly Incident[], reference: Reference): readonly string[] {
  const mine = incidents.filter((each) => each.endpointId === ENDPOINTS[which] && isWindow(each));
  return TRACKED.flatMap((protection) => {
    const spans = mine.filter((each) => each.protection === protection).map(spanOf);
    return reference.losses(which, protection).flatMap((loss) => uncovered(loss, protection, spans));
  });
}

function uncovered({ seen, source }: Fact, protection: Tracked, spans: readonly Span[]): readonly string[] {
  const what = `${ENDPOINTS[seen.which]} ${protection}, as ${source} saw it at ${seen.at} (${seen.id})`;
  const around = spans.filter(({ from, to }) => from <= seen.at && seen.at <= to);
  if (around.length === 0) return [`I1: no incident of ${what}`];
  const inside = spans.filter(({ from, to }) => from < seen.at && seen.at < to);
  return inside.length > 1 ? [`I2: ${inside.length} incidents of ${what}`] : [];
}

/** I4, I10 and I12: of one incident as it was committed. */
export function sound(incident: Incident, reference: Reference, world: World): readonly string[] {
  if (!isWindow(incident)) return [];
  const which = ENDPOINTS.indexOf(incident.endpointId as (typeof ENDPOINTS)[number]) as Which;
  const protection = incident.protection as Tracked;
  const wrong = [
    ...inOrder(incident),
    ...began(incident, which, protection, reference, world),
    ...ended(incident, which, protection, reference, world),
    ...accepted(incident, which, reference),
  ];
  return wrong.map((why) => `${why}: ${incident.endpointId} ${protection} #${incident.openSeq} ${spanText(incident)}`);
}

function inOrder({ start, closed, lastBadAt }: Incident): readonly string[] {
  const { lower = start.upper, upper } = start;
  const isInverted =
    lower > upper ||
    (closed !== undefined && (closed.lower > closed.upper || upper > closed.upper || lastBadAt > closed.upper));
  return isInverted ? ['I10: an inverted window'] : [];
}

/** Something went then, or stood so when it was first looked at. */
function began(
  { start, origin }: Incident,
  which: Which,
  protection: Tracked,
  reference: Reference,
  world: World,
): readonly string[] {
  if (origin === 'no-longer-allowed') return [];
  const [lower, upper] = [start.lower === undefined ? undefined : secondsOf(start.lower), secondsOf(start.upper)];
  const sees = SOURCES.some((source) => {
    if (lower === undefined) return world.wasLow(which, protection, source, Number.NEGATIVE_INFINITY, upper);
    const turns = world.turns(which, protection, source);
    return turns.some(({ at, was, is }) => lower <= at && at <= upper && isWorse(is, was));
  });
  if (sees) return [];
  // Its visit began before the API said that it was gone, and was over after that.
  const all = reference.of(which);
  const isStraggler =
    lower !== undefined &&
    all.some((seen) => seen.ended && seen.at === lower) &&
    all.some((seen) => seen.at === upper && seen.began <= lower);
  return isStraggler ? [] : [`I10: nothing was lost between ${lower ?? 'ever'} and ${upper}`];
}

function ended(
  { start, closed }: Incident,
  which: Which,
  protection: Tracked,
  reference: Reference,
  world: World,
): readonly string[] {
  if (closed === undefined) return [];
  const [from, lower, to] = [secondsOf(start.upper), secondsOf(closed.lower), secondsOf(closed.upper)];
  const last = new Map<string, Fact>();
  for (const loss of reference.losses(which, protection)) {
    // What another saw in the instant that ended it is of the next.
    if (loss.seen.at >= from && loss.seen.at < to) last.set(loss.source, loss);
  }
  const mayAccept = protection === 'network' || protection === 'tls';
  const isKept = ({ seen }: Fact): boolean => !mayAccept || seen.allowed.length === 0;
  const open = [...last.values()].filter((loss) => isKept(loss) && !reference.isOver(loss, protection, to));
  const early = open.map(
    ({ source, seen }) => `I4: closed (${closed.cause}) though ${source} saw it bad at ${seen.at} last`,
  );
  if (closed.cause === 'accepted') return early;
  const isBetter = SOURCES.some((source) =>
    world.turns(which, protection, source).some(({ at, was, is }) => lower <= at && at <= to && isWorse(was, is)),
  );
  // Or an entry accepted what one vantage saw of it, and another saw the rest repaired.
  const isAccepted =
    mayAccept && reference.of(which).some(({ allowed, at }) => allowed.length > 0 && lower <= at && at <= to);
  return isBetter || isAccepted
    ? early
    : [...early, `I10: nothing came back between ${lower} and ${to} (${closed.cause})`];
}

/** What is accepted was seen under an entry that it was not lost under; and that strangers are let in never is. */
function accepted({ start, closed, protection }: Incident, which: Which, reference: Reference): readonly string[] {
  if (closed?.cause !== 'accepted') return [];
  if (protection !== 'network' && protection !== 'tls') return [`I12: ${protection} was accepted`];
  const [from, to] = [secondsOf(start.upper), secondsOf(closed.upper)];
  const low = reference
    .facts(which, protection)
    .filter(({ seen, standing }) => seen.at >= from && seen.at < to && (standing === 'off' || standing === 'partial'));
  const isNew = reference
    .of(which)
    .some(({ at, allowed }) => at === to && low.some(({ seen }) => allowed.some((id) => !isUnder(seen, id))));
  return isNew ? [] : ['I12: accepted without an entry that came later'];
}

function isUnder({ allowed, isDisputed }: Seen, id: string): boolean {
  return !isDisputed && allowed.includes(id);
}

/** What came late showed that there was none, or that it was part of another. */
function isWindow({ closed }: Incident): boolean {
  return closed?.cause !== 'merged' && closed?.cause !== 'withdrawn';
}

function spanOf(incident: Incident): Span {
  const { start, closed } = incident;
  const to = closed === undefined ? Number.POSITIVE_INFINITY : secondsOf(closed.upper);
  return { incident, from: secondsOf(start.upper), to };
}

function secondsOf(at: string): number {
  return (Date.parse(at) - T0) / 1_000;
}

function spanText({ start, closed }: Incident): string {
  const from = `${start.lower === undefined ? '' : secondsOf(start.lower)}..${secondsOf(start.upper)}`;
  return closed === undefined ? from : `${from} to ${secondsOf(closed.lower)}..${secondsOf(closed.upper)}`;
}
