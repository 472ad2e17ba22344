/** Samples by hand, for tests of the fold alone: say what differs, the rest is a visit that concluded nothing. */
import { EMPTY_FOLD, type Folded, foldSamples, windowsOf } from '../../lib/assess/fold.ts';
import type { DataAtRisk } from '../../lib/model/observation.ts';
import type { KnownLevel, ProtectionName } from '../../lib/model/protection.ts';
import type { Sample, SampleContext, SampleFact, Window } from '../../lib/model/state.ts';
import { instant } from './readings.ts';

export const EXPOSED: SampleContext = {
  verdict: { name: 'exposed', shadow: false, confirmed: true, why: 'anyone may read it' },
  auth: 'open-anonymous',
  proof: 4,
  encrypted: true,
};
/** Strangers reach it, and it asks them for credentials. */
export const REACHABLE: SampleContext = {
  verdict: { name: 'reachable', shadow: false, confirmed: true, why: 'it asks for credentials' },
  auth: 'auth-required',
  proof: 2,
  encrypted: true,
};

export function observed(protection: ProtectionName, level: KnownLevel, over: Partial<SampleFact> = {}): SampleFact {
  const evidence = `${protection} is ${level}`;
  return { protection, basis: 'observed', level, floor: 'on', allowances: [], evidence, ...over };
}

export function declared(protection: ProtectionName, level: KnownLevel, over: Partial<SampleFact> = {}): SampleFact {
  return observed(protection, level, { basis: 'declared', floor: 'off', ...over });
}

/** `at` in seconds; recorded a second later. */
export function aSample(at: number, facts: readonly SampleFact[], over: Partial<Sample> = {}): Sample {
  return {
    id: `${over.vantage ?? 'v1'}-${at}`,
    at: instant(at),
    recordedAt: instant(at + 1),
    vantage: 'v1',
    alive: true,
    silent: false,
    deleted: false,
    facts,
    context: REACHABLE,
    ...over,
  };
}

export function folded(...samples: readonly Sample[]): Folded {
  return foldSamples(EMPTY_FOLD, samples);
}

/** Those of one protection, in the order in which the fold tells of them. */
export function windowsFor(protection: ProtectionName, ...samples: readonly Sample[]): readonly Window[] {
  return windowsOf(folded(...samples)).filter((w) => w.protection === protection);
}

/** What a server told of what it holds: a table of e-mail addresses, unless told otherwise. */
export function holding(over: Partial<DataAtRisk> = {}): DataAtRisk {
  const classes = [{ class: 'contact', count: 1, because: ['e-mail'] }] as const;
  return {
    objects: 1,
    records: 100,
    bytes: 1_000,
    classes,
    samples: ['cu…'],
    truncated: false,
    ransomMarkers: 0,
    ...over,
  };
}
