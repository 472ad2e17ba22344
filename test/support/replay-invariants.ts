/**
 * What must hold of any replayed history, by the script alone: a loss that lasted is one incident and at least one page, no
 * page is without a loss, nothing recovers that did not, every window holds the instants that it is about, and no incident and
 * no page comes twice.
 */
import type { Incident, Notice } from '../../lib/model/incident.ts';
import { compareLevels, type KnownLevel, type ProtectionName } from '../../lib/model/protection.ts';
import { durationMs, type ReplayFile } from '../../lib/model/replay.ts';
import { endpointIdOf } from '../../lib/runtime/replay/inventory.ts';
import { allowlistOf, heardOf } from '../../lib/runtime/replay/replay.ts';
import type { Heard } from '../../lib/runtime/replay/outcome.ts';
import { playDeployed } from '../../lib/runtime/replay/deployment.ts';
import { openStage } from '../../lib/runtime/replay/stage.ts';
import { levelsOf, turnsOf } from '../../lib/runtime/replay/truth.ts';

/** A closed door is visited every five minutes, and what is planned, queued, visited and told takes its time. */
const DETECTED_MS = 6.5 * 60_000;
/** After a fault: messages that piled up, refusals that back off, cells that are read again. */
const AFTER_FAULT_MS = 6 * 60_000;
/** From an event on the bus to the message: looks at 0 and 30 s, and what one of them takes. */
const TOLD_MS = 90_000;
const HEARD_MS = 120_000;
/** What nobody reports is on the list with the next sweep of its cell that is answered. */
const LISTED_MS = 6 * 60_000;

/** Later than any moment, and more than any history owes. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';
const MAX_OWED = 100_000;

export interface Examined {
  readonly file: ReplayFile;
  readonly violations: readonly string[];
  readonly incidents: readonly Incident[];
  /** Alerts by incident id; none of one that began so late that its message is owed still. */
  readonly pages: ReadonlyMap<string, number>;
  /** Losses that lasted long enough to be owed an incident. */
  readonly owed: number;
}

export async function examine(file: ReplayFile): Promise<Examined> {
  const played = await playDeployed(openStage(file, allowlistOf(file)));
  const heard = await heardOf(played);
  const pages = pagesOf(heard);
  const owedStill = new Set((await played.store.outbox.due(END_OF_TIME, MAX_OWED)).map(({ notice }) => notice));
  const losses = lossesOf(file);
  const violations = [
    ...twice(heard),
    ...heard.incidents.flatMap((incident) => unsound(incident, file)),
    ...overlapping(heard.incidents),
    ...losses.flatMap((loss) => lost(loss, file, heard, pages)),
    ...untold(heard, pages, owedStill),
  ];
  return { file, violations, incidents: heard.incidents, pages, owed: losses.length };
}

function pagesOf({ delivered }: Heard): Map<string, number> {
  const pages = new Map<string, number>();
  for (const { notice } of delivered) {
    if (notice.kind !== 'opened' && notice.kind !== 'worsened') continue;
    for (const { id } of [notice.incident, ...notice.also]) pages.set(id, (pages.get(id) ?? 0) + 1);
  }
  return pages;
}

/** However short it was: somebody was told of it, or is to be as the history ends. */
function untold(
  { incidents }: Heard,
  pages: ReadonlyMap<string, number>,
  owedStill: ReadonlySet<Notice>,
): readonly string[] {
  const isOwed = new Set([...owedStill].flatMap(({ incident, also }) => [incident, ...also].map(({ id }) => id)));
  return incidents
    .filter(({ id }) => !pages.has(id) && !isOwed.has(id))
    .map(({ endpointId, protection, openSeq }) => `nobody was told of ${endpointId} ${protection} #${openSeq}`);
}

/** One key twice, or one incident opened again: a message may speak for what only got worse beside what opened. */
function twice({ delivered, machine }: Heard): readonly string[] {
  const keys = delivered.map(({ notice }) => notice.key);
  const found = keys.filter((key, i) => keys.indexOf(key) !== i).map((key) => `paged twice: ${key}`);
  const seen = new Set<string>();
  for (const { notice } of machine) {
    const { id, reopened } = notice.incident;
    const told = notice.kind === 'opened' ? [`opened ${id} ${reopened?.last.at(-1) ?? ''}`] : [];
    for (const key of [notice.key, ...told]) {
      if (seen.has(key)) found.push(`told twice: ${key}`);
      seen.add(key);
    }
  }
  return found;
}

type Basis = 'declared' | 'observed';
interface Loss {
  readonly endpoint: string;
  readonly protection: ProtectionName;
  readonly basis: Basis;
  readonly from: number;
  readonly to: number;
}

/** Stretches in which a level is less than the best that it has been, or than what is accepted of anything. */
function stretches(file: ReplayFile, endpoint: string, protection: ProtectionName, basis: Basis): readonly Loss[] {
  const found: Loss[] = [];
  let best: KnownLevel | undefined;
  let since: number | undefined;
  const end = (to: number): void => {
    if (since !== undefined) found.push({ endpoint, protection, basis, from: since, to });
    since = undefined;
  };
  for (const { at, level } of levelsOver(file, endpoint, protection, basis)) {
    if (level !== undefined) best = best === undefined || compareLevels(level, best) > 0 ? level : best;
    const isBad =
      level !== undefined && (compareLevels(level, best ?? level) < 0 || isBelowFloor(file, protection, basis, level));
    if (!isBad) end(at);
    else since ??= at;
  }
  end(Number.POSITIVE_INFINITY);
  return found;
}

/** A region that is dark changes nothing of it: nobody can see then, and what nobody can see has neither gone nor come back. */
function levelsOver(
  file: ReplayFile,
  endpoint: string,
  protection: ProtectionName,
  basis: Basis,
): readonly { readonly at: number; readonly level: KnownLevel | undefined }[] {
  const turns = turnsOf(file).filter((turn) => turn.endpoint === endpoint);
  return turns.map(({ at, after }) => ({ at, level: levelsOf(after).get(`${basis} ${protection}`) }));
}

function isBelowFloor(
  { allowances = [] }: ReplayFile,
  protection: ProtectionName,
  basis: Basis,
  level: KnownLevel,
): boolean {
  if (protection === 'authentication') return level !== 'on';
  if (basis === 'declared' || level !== 'off') return false;
  return protection === 'tls' || (protection === 'network' && allowances.length === 0);
}

const NAMES = ['network', 'authentication', 'tls', 'audit-log'] as const;
const BASES = ['declared', 'observed'] as const;

/** That must not be missed: bad by any measure, in sight, for long enough while nothing was wrong. */
function lossesOf(file: ReplayFile): readonly Loss[] {
  return file.endpoints.flatMap(({ id }) =>
    NAMES.flatMap((name) =>
      BASES.flatMap((basis) => stretches(file, id, name, basis).filter((loss) => isOwed(loss, file))),
    ),
  );
}

function isOwed(loss: Loss, file: ReplayFile): boolean {
  const { basis, protection, endpoint, from } = loss;
  const to = Math.min(loss.to, Date.parse(file.until));
  const birth = birthOf(file, endpoint, from);
  const quiet = Math.max(birth.known, quietFrom(file, basis, from, to, birth.at));
  if (basis === 'observed') {
    // That it was closed before has to have been seen, where being open is accepted.
    const isAcceptable = !isBelowFloor(file, protection, basis, 'off');
    return !isAcceptable && to - quiet >= DETECTED_MS;
  }
  const event = (file.events ?? []).find((each) => each.endpoint === endpoint && Date.parse(each.at) === from);
  if (from === Date.parse(file.from)) return to - quiet >= DETECTED_MS;
  if (event?.trail === undefined || event.trail.lost === true || quietFrom(file, basis, from, to, birth.at) > from)
    return false;
  // Its mark is what was read at first: nobody is told of what rises and falls in between.
  const first = turnsOf(file).find((turn) => turn.endpoint === endpoint);
  const wasOn = first?.event === undefined && levelsOf(first?.after).get(`declared ${protection}`) === 'on';
  const isSeen =
    wasOn &&
    from - Date.parse(file.from) > 60_000 &&
    quietFrom(file, basis, Date.parse(file.from), from, birth.at) < from &&
    !isTouchedEarly(file, endpoint);
  if (protection !== 'authentication' && !isSeen) return false;
  return to - from >= durationMs(event.trail.delay ?? '20s') + TOLD_MS;
}

/** Before the first sweep is over: then nobody knows how it was. */
function isTouchedEarly({ events = [], from }: ReplayFile, endpoint: string): boolean {
  return events.some((event) => event.endpoint === endpoint && Date.parse(event.at) - Date.parse(from) < 60_000);
}

/** When it came to be, the last time before that, and when ajar had to know: of what nobody tells it knows by the day. */
function birthOf(file: ReplayFile, endpoint: string, at: number): { readonly at: number; readonly known: number } {
  const births = turnsOf(file).filter(
    (turn) => turn.endpoint === endpoint && turn.before === undefined && turn.after.lives && turn.at <= at,
  );
  const birth = births.at(-1);
  if (birth?.event === undefined) return { at: birth?.at ?? at, known: at };
  const { trail } = birth.event;
  if (trail === undefined || trail.lost === true) return { at: birth.at, known: Number.POSITIVE_INFINITY };
  return { at: birth.at, known: birth.at + durationMs(trail.delay ?? '20s') + TOLD_MS };
}

/** From when on until `to` nothing was wrong; `to` where something was to the end. */
function quietFrom({ faults = [] }: ReplayFile, basis: Basis, from: number, to: number, birth: number): number {
  let since = from;
  for (const { fault, at, for: lasts } of faults) {
    // A prober's clock decides nothing: its readings are timed by the queue's.
    if (fault === 'redelivery' || fault === 'clock-skew') continue;
    const began = Date.parse(at);
    const isOfCells = fault === 'throttled' || fault === 'denied' || fault === 'region-dark';
    // Who is on the list is visited whatever becomes of it. A refusal is asked again after an hour, which no history here has.
    const isUnlisted = isOfCells && began < birth + LISTED_MS && began + durationMs(lasts) > birth;
    if (basis === 'observed' && isOfCells && fault !== 'region-dark' && !isUnlisted) continue;
    const ended = isUnlisted && fault === 'denied' ? to : began + durationMs(lasts) + AFTER_FAULT_MS;
    if (began < to && ended > since) since = Math.min(to, ended);
  }
  return since;
}

function lost(
  loss: Loss,
  file: ReplayFile,
  { incidents }: Heard,
  pages: ReadonlyMap<string, number>,
): readonly string[] {
  const mine = incidents.filter((i) => isOf(i, file, loss) && overlaps(i, loss));
  const what = `${loss.endpoint} ${loss.basis} ${loss.protection} from ${new Date(loss.from).toISOString()}`;
  // Where what is configured and what is seen fell one after the other, each may be an incident of its own.
  const most = BASES.flatMap((basis) => stretches(file, loss.endpoint, loss.protection, basis)).filter(
    ({ from, to }) => from < loss.to && loss.from < to,
  ).length;
  if (mine.length === 0 || mine.length > most) return [`${mine.length} incidents for ${what}`];
  return mine.some(({ id }) => (pages.get(id) ?? 0) > 0) ? [] : [`no page for ${what}`];
}

function isOf(
  { endpointId, protection }: Incident,
  file: ReplayFile,
  loss: Pick<Loss, 'endpoint' | 'protection'>,
): boolean {
  const script = file.endpoints.find(({ id }) => id === loss.endpoint);
  return script !== undefined && endpointIdOf(script) === endpointId && protection === loss.protection;
}

/** Their insides meet: an incident ends with the first good look, which lies in what comes after. */
function overlaps({ start, closed }: Incident, { from, to }: Loss): boolean {
  const end = closed === undefined ? Number.POSITIVE_INFINITY : Date.parse(closed.lower);
  return Date.parse(start.upper) < to && end >= from;
}

/** Each window begins and ends with something that truly happened within its bounds. */
function unsound(incident: Incident, file: ReplayFile): readonly string[] {
  const script = file.endpoints.find((each) => endpointIdOf(each) === incident.endpointId);
  if (script === undefined) return [`an incident of nothing: ${incident.endpointId}`];
  const all = BASES.flatMap((basis) => stretches(file, script.id, incident.protection, basis));
  const { lower, upper } = incident.start;
  const what = `${script.id} ${incident.protection} #${incident.openSeq}`;
  // A vantage counts as alive for two minutes after it last heard anything (lib/pipeline/hearing.ts): so late a silence may
  // still pass for a closed door, and the last good look be later than the loss.
  const blind = (file.faults ?? []).some(({ fault }) => fault === 'prober-blind') ? HEARD_MS : 0;
  const began = all.some(
    ({ from }) => (lower === undefined || Date.parse(lower) - blind <= from) && from <= Date.parse(upper),
  );
  const wrong = began ? [] : [`${what}: nothing was lost between ${lower ?? 'ever'} and ${upper}`];
  const { closed } = incident;
  if (closed === undefined) return wrong;
  const ended = all.some(({ to }) => Date.parse(closed.lower) <= to && to <= Date.parse(closed.upper));
  return ended
    ? wrong
    : [...wrong, `${what}: nothing came back between ${closed.lower} and ${closed.upper} (${closed.cause})`];
}

function overlapping(incidents: readonly Incident[]): readonly string[] {
  return incidents.flatMap((a) =>
    incidents
      .filter((b) => a.id < b.id && a.endpointId === b.endpointId && a.protection === b.protection)
      .filter((b) => a.start.upper < (b.closed?.lower ?? '9') && b.start.upper < (a.closed?.lower ?? '9'))
      .map((b) => `two incidents at once: ${a.endpointId} ${a.protection} #${a.openSeq} and #${b.openSeq}`),
  );
}
