/** Holds what ajar told against what truly happened: which message answers which event of the script. */
import type { Allowlist } from '../../model/allowlist.ts';
import type { Incident, NoticeKind } from '../../model/incident.ts';
import type { ProtectionName } from '../../model/protection.ts';
import type { ReplayFile } from '../../model/replay.ts';
import { endpointIdOf } from './inventory.ts';
import { owedAlert } from './owed.ts';
import type { Answer, EventOutcome, Told } from './result.ts';
import type { Delivered } from './stage.ts';
import { risen, scriptOf, type Turn, turnsOf } from './truth.ts';

/** What was told, and how the incidents stood in the end. */
export interface Heard {
  /** To those who are woken. */
  readonly delivered: readonly Delivered[];
  /** To the second contact. */
  readonly second: readonly Delivered[];
  /** To machines: every notice by itself. */
  readonly machine: readonly Delivered[];
  readonly incidents: readonly Incident[];
}

export interface Asked {
  readonly file: ReplayFile;
  readonly allowlist: Allowlist;
  readonly withinMs: number;
  /** How far the clock was off at most that bounds were read from: of whole scans the prober's, deployed the queue's, which is right. */
  readonly skewMs: number;
}

export function eventOutcomes(asked: Asked, heard: Heard): readonly EventOutcome[] {
  return turnsOf(asked.file)
    .map((turn) => outcomeOf(turn, asked, heard))
    .filter(({ does, lost }) => does !== 'first-sight' || lost.length > 0);
}

function outcomeOf(turn: Turn, asked: Asked, heard: Heard): EventOutcome {
  const { at, event, endpoint } = turn;
  const [lost, regained] = [owedAlert(turn, asked.allowlist), risen(turn)];
  const alert = lost.length === 0 ? undefined : firstAlert(turn, lost, asked, heard);
  const recovery = firstRecovery(turn, regained, asked, heard);
  const reminders = alert === undefined ? undefined : remindersOf(turn, lost, asked, heard);
  return {
    ...{ at: new Date(at).toISOString(), endpoint, does: event?.does ?? 'first-sight' },
    what: event?.what ?? turn.after.script.what ?? 'so when ajar first looks',
    ...{ lost, regained },
    answer: answerOf(turn, lost, alert, recovery, asked, heard),
    ...(alert === undefined ? {} : { alert }),
    ...(reminders === undefined ? {} : { reminders }),
    ...(recovery === undefined ? {} : { recovery }),
    scans: {},
  };
}

function answerOf(
  { at, endpoint }: Turn,
  lost: readonly ProtectionName[],
  alert: Told | undefined,
  recovery: EventOutcome['recovery'],
  { file, withinMs }: Asked,
  { incidents }: Heard,
): Answer {
  if (lost.length === 0) return recovery === undefined ? 'nothing-due' : 'recovered';
  if (alert !== undefined) return alert.seconds * 1_000 <= withinMs ? 'alerted' : 'late';
  const mine = of(file, endpoint, incidents).filter((i) => lost.includes(i.protection));
  const isOpen = mine.some(
    (i) => Date.parse(i.start.upper) <= at && (i.closed === undefined || Date.parse(i.closed.upper) >= at),
  );
  if (isOpen) return 'open-already';
  return Date.parse(file.until) - at < withinMs ? 'undecided' : 'missed';
}

/** The first message that tells of a loss which may have happened then; or that one which was known got worse. */
function firstAlert(turn: Turn, lost: readonly ProtectionName[], asked: Asked, heard: Heard): Told | undefined {
  const mine = of(asked.file, turn.endpoint, heard.incidents).filter((i) => lost.includes(i.protection));
  const begun = begunAt(turn, mine, asked);
  const next = nextTurn(asked.file, turn);
  const told = heard.delivered.find(({ at, notice }) => {
    if (at < turn.at) return false;
    const ids = [notice.incident, ...notice.also].map(({ id }) => id);
    if (isAlert(notice.kind) && ids.some((id) => begun.has(id))) return true;
    const isAgain = notice.kind === 'opened' && notice.incident.reopened !== undefined;
    return (notice.kind === 'worsened' || isAgain) && at < next && mine.some(({ id }) => ids.includes(id));
  });
  return told === undefined ? undefined : toldOf(turn, told);
}

function begunAt({ at }: Turn, mine: readonly Incident[], { skewMs }: Asked): ReadonlySet<string> {
  return new Set(mine.filter((i) => startsWithin(i, at, skewMs)).map(({ id }) => id));
}

/** Of what began then and nobody acknowledged. */
function remindersOf(
  turn: Turn,
  lost: readonly ProtectionName[],
  asked: Asked,
  { delivered, second, incidents }: Heard,
): EventOutcome['reminders'] {
  const mine = of(asked.file, turn.endpoint, incidents).filter((i) => lost.includes(i.protection));
  const begun = begunAt(turn, mine, asked);
  const isMine = ({ at, notice: { kind, incident, also } }: Delivered): boolean =>
    at >= turn.at && isReminder(kind) && [incident, ...also].some(({ id }) => begun.has(id));
  const [first, ...more] = delivered.filter(isMine).map((told) => toldOf(turn, told));
  if (first === undefined) return undefined;
  const escalated = second.find(isMine);
  return {
    ...{ count: 1 + more.length, first: first.seconds, last: more.at(-1)?.seconds ?? first.seconds },
    ...(escalated === undefined ? {} : { escalated: toldOf(turn, escalated).seconds }),
  };
}

function firstRecovery(
  turn: Turn,
  regained: readonly ProtectionName[],
  asked: Asked,
  { incidents, delivered }: Heard,
): EventOutcome['recovery'] {
  const ended = of(asked.file, turn.endpoint, incidents).filter(
    (i) => regained.includes(i.protection) && endsWithin(i, turn.at, asked.skewMs),
  );
  const ids = new Set(ended.map(({ id }) => id));
  const told = delivered.find(
    ({ at, notice }) =>
      at >= turn.at &&
      (notice.kind === 'closed' || notice.kind === 'accepted') &&
      [notice.incident, ...notice.also].some(({ id }) => ids.has(id)),
  );
  if (told === undefined) return undefined;
  const { severity: _severity, ...rest } = toldOf(turn, told);
  return rest;
}

export function isReminder(kind: NoticeKind): boolean {
  return kind === 'reminder' || kind === 'escalated';
}

export function isAlert(kind: NoticeKind): boolean {
  return kind === 'opened' || kind === 'worsened';
}

export function startsWithin({ start }: Incident, at: number, slackMs: number): boolean {
  const lower = start.lower === undefined ? Number.NEGATIVE_INFINITY : Date.parse(start.lower);
  return lower - slackMs <= at && at <= Date.parse(start.upper) + slackMs;
}

export function endsWithin({ closed }: Incident, at: number, slackMs: number): boolean {
  if (closed === undefined) return false;
  return Date.parse(closed.lower) - slackMs <= at && at <= Date.parse(closed.upper) + slackMs;
}

function of(file: ReplayFile, endpoint: string, incidents: readonly Incident[]): readonly Incident[] {
  const script = scriptOf(file, endpoint);
  const id = script === undefined ? '' : endpointIdOf(script);
  return incidents.filter(({ endpointId }) => endpointId === id);
}

function nextTurn(file: ReplayFile, turn: Turn): number {
  const later = turnsOf(file).find(({ endpoint, at }) => endpoint === turn.endpoint && at > turn.at);
  return later?.at ?? Number.POSITIVE_INFINITY;
}

function toldOf(turn: Turn, { at, notice }: Delivered): Told {
  const { severity } = notice.incident;
  const seconds = Math.round((at - turn.at) / 100) / 10;
  return { at: new Date(at).toISOString(), seconds, severity, subject: notice.subject };
}
