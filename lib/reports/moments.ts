/** How times and spans are said. No locale and no time zone of the host: same report, same words. */
import type { Incident, WindowEnd, WindowStart } from '../model/incident.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `4 Dec 2019`. */
export function day(at: string | Date): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `15:02:10`. */
export function clock(at: string | Date): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** `4 Dec 2019 15:02:10`, UTC: the page says so once. */
export function instant(at: string): string {
  return `${day(at)} ${clock(at)}`;
}

const YEAR_MS = 365 * 86_400_000;

/** Label of one tick: the month over years, the day at midnight, the time within a day. */
export function tickLabel(at: Date, periodMs: number): string {
  if (periodMs >= YEAR_MS) return `${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  if (at.getTime() % 86_400_000 === 0) return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
  return at.getTime() % 60_000 === 0 ? clock(at).slice(0, 5) : clock(at);
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** The two largest units, rounded down: `22 d 3 h`, `1 min 10 s`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first === -1) return '0 s';
  let rest = whole;
  const parts = UNITS.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count} ${unit}`;
  });
  return parts.filter(Boolean).join(' ');
}

/** Seconds, at least and at most; `most` absent where nothing bounds it. */
export interface Bounds {
  readonly least: number;
  readonly most?: number;
}

/** `nothing` is what to say where neither bound says anything. */
export function boundsText({ least, most }: Bounds, nothing: string): string {
  if (most === undefined) return least < 1 ? nothing : `at least ${span(least)}`;
  if (least < 1) return `at most ${span(most)}`;
  return span(least) === span(most) ? span(least) : `${span(least)} to ${span(most)}`;
}

/** Start to detection (section 1.4). Never from an instant nobody saw: without a lower bound there is no `most`. */
export function timeToDetect({ start, detectedAt }: Incident): Bounds {
  const since = (from: string): number => Math.max(0, (Date.parse(detectedAt) - Date.parse(from)) / 1000);
  if (start.exact !== undefined) return { least: since(start.exact), most: since(start.exact) };
  return start.lower === undefined
    ? { least: since(start.upper) }
    : { least: since(start.upper), most: since(start.lower) };
}

/** Two lines a window end: what bounds it from below, and from above. */
export function startBounds({ lower, upper, exact }: WindowStart): readonly (readonly [string, string | undefined])[] {
  const bounds = [['last seen good', lower] as const, ['first seen bad', upper] as const];
  return exact === undefined ? bounds : [['changed, by event', exact] as const, ...bounds];
}

export function endBounds({ lower, upper }: WindowEnd): readonly (readonly [string, string])[] {
  return [
    ['last seen bad', lower],
    ['first seen good', upper],
  ];
}

/** `2,418,233`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, one digit after the point. */
export function size(bytes: number): string {
  const step = Math.min(BYTES.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return step === 0 ? `${bytes} B` : `${(bytes / 1000 ** step).toFixed(1)} ${BYTES[step]}`;
}

const GDPR_MS = 72 * 3_600_000;

/** When the authority has to be notified (GDPR article 33), counted from when a human was aware. */
export function gdprDue(aware: string): string {
  return new Date(Date.parse(aware) + GDPR_MS).toISOString();
}
