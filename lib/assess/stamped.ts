/**
 * When a visit was, by the queue's clock and not by the prober's (decision 0025). A reading is sent as soon as it is made, so
 * the queue's stamp of it is when the answers were in; and the visit began after the queue had handed over the message that
 * asked for it. A prober's clock that is minutes wrong, or set right between two visits, then neither changes their order nor
 * puts a bound where it was not so. Pure.
 */
import type { Reading } from '../model/reading.ts';

/** From a message taken to its reading sent. What took longer was sent again, by hand out of the dead letters. */
export const LONGEST_VISIT_MS = 5 * 60_000;
/** A clock that is not this far off is not worth telling anybody of. */
export const WORTH_TELLING_MS = 60_000;

/** `sentAt`: of the reading, by the queue; the same however often it is delivered. */
export function stamped(reading: Reading, sentAt: string): Reading {
  const { at, takenAt } = reading;
  const isAhead = at > sentAt;
  const isTimed = takenAt !== undefined && takenAt <= sentAt && apart(takenAt, sentAt) <= LONGEST_VISIT_MS;
  if (!isAhead && !isTimed) return reading;
  const told = { ...reading, at: sentAt, ...beganOf(reading, sentAt, isTimed) };
  const off = apart(sentAt, at);
  return Math.abs(off) < WORTH_TELLING_MS ? told : { ...told, clockOffMs: off };
}

/** By the prober's own clock where that agrees with the queue's; else the earliest that it can have been. */
function beganOf(reading: Reading, sentAt: string, isTimed: boolean): Pick<Reading, 'began'> {
  const { at, began, takenAt, remembered, endpoint } = reading;
  if (began === undefined) return {};
  const isLikely = at <= sentAt && began <= at;
  // What was read of the configuration is of another clock, and older than the visit.
  const { declaredAt } = endpoint;
  const read = remembered === true ? undefined : declaredAt;
  if (!isTimed || takenAt === undefined) return { began: began < sentAt ? began : sentAt };
  const isWithin = began >= takenAt || (read !== undefined && began >= read);
  if (isLikely && isWithin && apart(at, sentAt) < WORTH_TELLING_MS) return { began };
  return { began: read !== undefined && read < takenAt ? read : takenAt };
}

function apart(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}
