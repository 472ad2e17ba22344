/** Coverage of one period and its interruptions, from what the ledger, the states and the stretches unwatched say. Pure. */
import { LONGEST_PAUSE_MS } from '../assess/overdue.ts';
import { endpointWatch, joined, Pauses, pausesOf, placeWatches, type Span, totalPercent } from '../assess/watched.ts';
import type { Report } from '../model/report.ts';
import type { Interruption, ReportWatch } from '../model/report-evidence.ts';
import type { ReportState } from '../model/report-inputs.ts';
import type { Alarm, AlarmRecord } from './alarm-record.ts';
import type { Stretch } from './unvisited-record.ts';
import type { WatchRecord } from './watch-record.ts';

/** Whatever a first pass saw was there before it: nobody knows since when, so since the beginning of the period. */
const FIRST_PASS_MS = 3_600_000;

export interface Watched {
  readonly period: Report['period'];
  readonly coverage: Report['coverage'];
  readonly states: readonly ReportState[];
  readonly record: WatchRecord;
  readonly alarms: AlarmRecord;
}

export function watchOf({ period, coverage, states, record, alarms }: Watched): ReportWatch {
  const whole: Span = { from: Date.parse(period.from), to: Date.parse(period.to) };
  const unwatched = coverage.unwatched.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
  const idle = joined([...unwatched, ...pausesOf(record.passes(), LONGEST_PAUSE_MS)], whole);
  const pauses = new Pauses(idle);
  const places = new Map<string, { account: string; region?: string }>();
  const interruptions: Interruption[] = idle.map((span) => idleRow(span, whole));
  const endpoints = states.map((state) => {
    const { id, account = 'file', region } = state.endpoint;
    places.set(id, { account, ...(region === undefined ? {} : { region }) });
    const lifetime = record.lifetimeOf(id);
    const firstAt = lifetime?.firstAt ?? state.lastReadingAt;
    const existed = existedIn(whole, firstAt, state, coverage.firstReadingAt ?? firstAt);
    const stretches = [...(lifetime?.stretches ?? []), ...running(state, existed)];
    for (const stretch of stretches) {
      if (!isToldOfAll(stretch, existed, whole, pauses)) interruptions.push(...rowsOf(id, stretch, existed));
    }
    return endpointWatch(
      id,
      existed,
      joined(
        stretches.map((s) => spanOf(s, whole)),
        existed,
      ),
      pauses,
    );
  });
  for (const cell of record.cells()) interruptions.push(...rowsOf(cell.subject, cell, whole));
  return {
    ...totalPercent(endpoints),
    endpoints,
    places: placeWatches(endpoints, (id) => places.get(id) ?? { account: 'file' }),
    interruptions: interruptions
      .map((each) => withAlarm(each, alarms.alarmOf(each)))
      .toSorted((a, b) => order(a.from, b.from) || order(a.subject, b.subject)),
  };
}

/** The verdict after it stays last. */
function withAlarm({ catchUp, ...each }: Interruption, alarm: Alarm): Interruption {
  return { ...each, ...alarm, ...(catchUp === undefined ? {} : { catchUp }) };
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** In the period; of no length where it came later or was gone before. */
function existedIn(whole: Span, firstAt: string, state: ReportState, firstLook: string): Span {
  const first = Date.parse(firstAt);
  const from = first - Date.parse(firstLook) <= FIRST_PASS_MS ? whole.from : Math.max(whole.from, first);
  const { deletedAt } = state;
  const to = deletedAt !== undefined ? Math.min(whole.to, Date.parse(deletedAt)) : whole.to;
  return { from: Math.min(from, to), to };
}

/** A stretch that no visit has ended yet. */
function running(state: ReportState, existed: Span): readonly Stretch[] {
  const { endpoint, lastReadingAt, gapSince, unseenSince: from } = state;
  // In a gap already, or behind a host that nobody visits.
  if (from === undefined || Date.parse(from) >= existed.to || gapSince !== undefined || endpoint.shared === true)
    return [];
  return [{ from, code: 'stale', cause: `nobody has visited it since ${lastReadingAt}` }];
}

/** Where nobody looked at anything, that is said once and not of each endpoint. */
function isToldOfAll({ code, ...stretch }: Stretch, existed: Span, whole: Span, pauses: Pauses): boolean {
  const [cut] = joined([spanOf(stretch, whole)], existed);
  return code === 'stale' && cut !== undefined && pauses.lengthIn(cut) >= cut.to - cut.from;
}

function spanOf({ from, to }: Pick<Stretch, 'from' | 'to'>, whole: Span): Span {
  return { from: Date.parse(from), to: to === undefined ? whole.to : Date.parse(to) };
}

function rowsOf(subject: string, stretch: Stretch, within: Span): readonly Interruption[] {
  const { from, to, code, cause, catchUp } = stretch;
  const [cut] = joined([spanOf(stretch, within)], within);
  if (cut === undefined) return [];
  const end = to === undefined ? {} : { to, ...(catchUp === undefined ? {} : { catchUp }) };
  return [{ subject, from, seconds: Math.floor((cut.to - cut.from) / 1_000), code, cause, ...end }];
}

function idleRow({ from, to }: Span, whole: Span): Interruption {
  return {
    subject: 'all',
    from: new Date(from).toISOString(),
    ...(to >= whole.to ? {} : { to: new Date(to).toISOString() }),
    seconds: Math.floor((to - from) / 1_000),
    code: 'not-running',
    cause: 'nobody looked at anything',
  };
}
