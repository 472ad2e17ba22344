/**
 * How much of a period was watched (evidence-and-alerts.md section 1.4): of the time that an endpoint existed, the part in
 * which its looks concluded something and somebody looked at all. Pure. What is not on record was not watched.
 */
import type { EndpointWatch, PlaceWatch } from '../model/report-evidence.ts';

/** Milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Spans in order, overlaps joined, cut to the bounds. */
export function joined(spans: readonly Span[], within: Span): readonly Span[] {
  const found: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const [from, to] = [Math.max(span.from, within.from), Math.min(span.to, within.to)];
    const last = found.at(-1);
    if (from >= to) continue;
    if (last !== undefined && from <= last.to) found[found.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else found.push({ from, to });
  }
  return found;
}

/** How much of a stretch nobody looked at anything: asked a hundred thousand times, so in the time of a search. */
export class Pauses {
  readonly #spans: readonly Span[];
  /** Length of all before each. */
  readonly #before: readonly number[];

  constructor(spans: readonly Span[]) {
    this.#spans = spans;
    const before: number[] = [];
    let sum = 0;
    for (const { from, to } of spans) {
      before.push(sum);
      sum += to - from;
    }
    this.#before = before;
  }

  lengthIn({ from, to }: Span): number {
    return Math.max(0, this.#upTo(to) - this.#upTo(from));
  }

  #upTo(at: number): number {
    let [low, high] = [0, this.#spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#spans[middle]?.from ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    const last = this.#spans[low - 1];
    return last === undefined ? 0 : (this.#before[low - 1] ?? 0) + Math.min(at, last.to) - last.from;
  }
}

/** `existed`: within the period; undefined where it did not. `blind`: joined, and within `existed`. */
export function endpointWatch(
  endpointId: string,
  existed: Span | undefined,
  blind: readonly Span[],
  pauses: Pauses,
): EndpointWatch {
  if (existed === undefined || existed.to <= existed.from) return { endpointId, existed: 0, watched: 0 };
  const own = blind.reduce((sum, span) => sum + (span.to - span.from) - pauses.lengthIn(span), 0);
  const seen = existed.to - existed.from - pauses.lengthIn(existed) - own;
  const [whole, watched] = [seconds(existed.to - existed.from), seconds(seen)];
  return { endpointId, existed: whole, watched: Math.min(whole, watched), ...percentOf(whole, watched) };
}

function seconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1_000));
}

/** Rounded down: 99.9996 is not 100. */
export function percentOf(existed: number, watched: number): { readonly percent?: number } {
  return existed === 0 ? {} : { percent: Math.floor((Math.min(watched, existed) / existed) * 100_000) / 1_000 };
}

/** Of the time that they existed, all together. */
export function totalPercent(watches: readonly EndpointWatch[]): { readonly percent?: number } {
  let [existed, watched] = [0, 0];
  for (const watch of watches) {
    existed += watch.existed;
    watched += watch.watched;
  }
  return percentOf(existed, watched);
}

/** By account, then region. What a file lists without an account is under `file`. */
export function placeWatches(
  watches: readonly EndpointWatch[],
  placeOf: (endpointId: string) => { readonly account: string; readonly region?: string },
): readonly PlaceWatch[] {
  const places = new Map<string, { account: string; region?: string; endpoints: number; sums: [number, number] }>();
  for (const { endpointId, existed, watched } of watches) {
    const { account, region } = placeOf(endpointId);
    const key = JSON.stringify([account, region]);
    const known = places.get(key) ?? {
      account,
      ...(region === undefined ? {} : { region }),
      ...{ endpoints: 0, sums: [0, 0] },
    };
    known.endpoints++;
    known.sums = [known.sums[0] + existed, known.sums[1] + watched];
    places.set(key, known);
  }
  return [...places.values()]
    .map(({ sums: [existed, watched], ...place }) => ({ ...place, ...percentOf(existed, watched) }))
    .toSorted((a, b) => compare(a.account, b.account) || compare(a.region ?? '', b.region ?? ''));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

const LEAST_INTERVAL_MS = 60_000;
const SLACK_MS = 60_000;

/**
 * Longer than two intervals and a minute without a pass that read something, where passes tell the interval: the middle one
 * of all. `longest`: no interval is taken to be longer than lets a pause go on so long unseen.
 */
export function pausesOf(passes: readonly string[], longestMs: number): readonly Span[] {
  const instants = passes.map((at) => Date.parse(at));
  const apart = instants.slice(1).map((at, i) => at - (instants[i] ?? at));
  if (apart.length === 0) return [];
  const interval = Math.max(
    apart.toSorted((a, b) => a - b)[Math.floor((apart.length - 1) / 2)] ?? 0,
    LEAST_INTERVAL_MS,
  );
  const allowed = Math.min(2 * interval + SLACK_MS, longestMs);
  return apart.flatMap((ms, i) => (ms > allowed ? [{ from: instants[i] ?? 0, to: instants[i + 1] ?? 0 }] : []));
}
