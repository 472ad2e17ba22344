/**
 * When the schedules fire. Every minute around whatever the script has happen; where nothing happens for long, every four
 * hours: a month of a quiet world is then a second of work, and each event finds ajar looking as it always does.
 */
import { durationMs, type ReplayFile } from '../../model/replay.ts';

export const MINUTE_MS = 60_000;
const STRIDE_MS = 240 * MINUTE_MS;
/** Before, so that the last good look is as young as it would be; after, until what follows an event is over. */
const BEFORE_MS = 20 * MINUTE_MS;
const AFTER_MS = 70 * MINUTE_MS;

type Busy = readonly { readonly from: number; readonly to: number }[];
const known = new WeakMap<ReplayFile, Busy>();

/** The first instant after `at` at which the schedules fire. */
export function nextTick(file: ReplayFile, at: number): number {
  const busy = known.get(file) ?? busyOf(file);
  known.set(file, busy);
  const minute = at + MINUTE_MS;
  if (busy.some(({ from, to }) => minute >= from && minute <= to)) return minute;
  const soon = busy.filter(({ from }) => from > minute).reduce((least, { from }) => Math.min(least, from), Infinity);
  // On the minutes of a deployment that began with the history.
  const start = Date.parse(file.from);
  const wake = start + Math.floor((soon - start) / MINUTE_MS) * MINUTE_MS;
  return Math.max(minute, Math.min(at + STRIDE_MS, wake));
}

function busyOf({ from, events = [], faults = [] }: ReplayFile): Busy {
  const around = (first: number, last = first) => ({ from: first - BEFORE_MS, to: last + AFTER_MS });
  return [
    around(Date.parse(from)),
    ...events.map(({ at, trail }) => {
      const ms = Date.parse(at);
      return around(ms, ms + (trail?.delay === undefined ? 0 : durationMs(trail.delay)));
    }),
    ...faults.map((fault) => around(Date.parse(fault.at), Date.parse(fault.at) + durationMs(fault.for))),
  ];
}
