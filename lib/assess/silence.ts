/**
 * When silence is an answer: three times over at least two minutes, from a vantage that reached others meanwhile, it
 * is a positive "closed" (design section 3). One time-out is no observation. And a whole region may be silent: of what
 * lies in one, it counts only where that region answered since the silence began (decision 0029), our vantage by something
 * else in it, or us by its API, when the endpoint's configuration was read.
 */
import type { FoldState, Repeated, Sample, SampleFact } from '../model/state.ts';

export const SILENCES_TO_CLOSE = 3;
export const SILENCE_SPAN_MS = 120_000;
/** Who counts as heard was heard at any time within this (lib/pipeline/hearing.ts): for sure no later than it began. */
const HEARD_MS = 120_000;

/** The silences in a row of a vantage, with this sample. */
export function stepSilence(silence: FoldState['silence'], sample: Reached): FoldState['silence'] {
  // A visit that learned nothing (denied, cancelled) neither speaks nor is silence: leave the count alone.
  if (sample.silent && sample.alive) {
    return { ...silence, [sample.vantage]: again(silence[sample.vantage], sample) };
  }
  // It is deaf, and it counts as alive for a while after it became so: what was silent before may have been its own deafness.
  if (sample.silent) return without(silence, sample.vantage);
  if (silence[sample.vantage] === undefined || !sample.facts.some((f) => f.basis === 'observed')) return silence;
  return without(silence, sample.vantage);
}

function without(silence: FoldState['silence'], vantage: string): FoldState['silence'] {
  if (silence[vantage] === undefined) return silence;
  const { [vantage]: _, ...others } = silence;
  return others;
}

/** The evidence that this silence, the last of those counted, means closed; undefined where it does not. */
export function closingSilence(silence: FoldState['silence'], sample: Sample): string | undefined {
  const { vantage, silent, alive, at } = sample;
  if (!silent || !alive || !isClosing(silence[vantage], at)) return undefined;
  return closingWords(vantage);
}

export function closingWords(vantage: string): string {
  return `silent ${SILENCES_TO_CLOSE} times over at least ${SILENCE_SPAN_MS / 1000} s from ${vantage}, which reached others meanwhile`;
}

export function silentFact(evidence: string): SampleFact {
  return { protection: 'network', basis: 'observed', level: 'on', floor: 'off', allowances: [], evidence };
}

export function isClosing(silences: Repeated | undefined, at: string): boolean {
  if (silences === undefined || !lasted(silences, at, SILENCES_TO_CLOSE, SILENCE_SPAN_MS)) return false;
  return silences.answeredAt === undefined || silences.answeredAt >= silences.since;
}

/** More often than this nothing asks for: that it came once more is no news then. */
const MOST_COUNTED = 10;

/** The same once more. */
export function again(before: Repeated | undefined, { at, answeredAt }: Pick<Reached, 'at' | 'answeredAt'>): Repeated {
  const answered = answeredAt === undefined ? {} : { answeredAt };
  return before === undefined
    ? { since: at, count: 1, ...answered }
    : { since: before.since, count: Math.min(before.count + 1, MOST_COUNTED), ...answered };
}

/** A sample, and when the region that its endpoint lies in was last known to answer. */
export interface Reached extends Sample {
  readonly answeredAt?: string;
}

/** `readAt`: when the endpoint's configuration was read last; of what is in no provider's region it never is. */
export function reaching(sample: Sample, readAt: string | undefined): Reached {
  if (readAt === undefined) return sample;
  if (sample.near !== true) return { ...sample, answeredAt: readAt };
  const heardAt = new Date(Date.parse(sample.at) - HEARD_MS).toISOString();
  return { ...sample, answeredAt: heardAt > readAt ? heardAt : readAt };
}

/** Silent since before, and closed for sure no later than when the region last answered. */
export function closedBy(sample: Reached): Sample {
  const { answeredAt, began = sample.at } = sample;
  return answeredAt === undefined || answeredAt >= began ? sample : { ...sample, began: answeredAt };
}

export function lasted({ since, count }: Repeated, at: string, times: number, spanMs: number): boolean {
  return count >= times && Date.parse(at) - Date.parse(since) >= spanMs;
}
