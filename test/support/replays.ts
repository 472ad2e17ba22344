/** Arbitrary histories for `ajar replay`: a few endpoints, what happens to them, and what goes wrong meanwhile. */
import fc from 'fast-check';
import type { ReplayEndpoint, ReplayEvent, ReplayFault, ReplayFile } from '../../lib/model/replay.ts';

export const FAULTS_HELD = [
  'throttled',
  'denied',
  'prober-dead',
  'prober-blind',
  'region-dark',
  'clock-skew',
  'sink-down',
  'redelivery',
] as const;

const START = Date.parse('2026-05-04T12:00:00Z');
const A = '111122223333';
const REGION = 'eu-west-1';

export interface Size {
  readonly endpoints: number;
  readonly minutes: number;
  readonly events: number;
  readonly faults: number;
}

const level = fc.constantFrom('on', 'off');
const door = fc.constantFrom('open', 'open', 'refused', 'silent', 'private');
const seconds = (max: number) => fc.integer({ min: 1, max });
const at = (offsetMs: number): string => new Date(START + offsetMs).toISOString().replace('.000Z', 'Z');

const declared = fc.record(
  { network: level, authentication: level, tls: level, 'audit-log': level },
  { requiredKeys: [] },
);
const observed = fc.record({ door, authentication: fc.constantFrom('on', 'on', 'partial', 'off'), tls: level });
/** What no one says stays as it is. */
const someOf = fc.record(
  { door, authentication: fc.constantFrom('on', 'partial', 'off'), tls: level },
  { requiredKeys: [] },
);

const endpoint = fc.record({
  service: fc.constantFrom('opensearch', 'rds'),
  engine: fc.constantFrom('elasticsearch', 'redis', 'postgres'),
  declared,
  observed,
});

const trail = fc.option(
  fc.record({
    delay: seconds(90).map((s) => `${s}s`),
    copies: fc.integer({ min: 1, max: 3 }),
    lost: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  }),
  { nil: undefined },
);

interface Deed {
  readonly wait: number;
  readonly which: number;
  readonly deletes: boolean;
  readonly declared: NonNullable<ReplayEvent['declared']> | undefined;
  readonly observed: NonNullable<ReplayEvent['observed']> | undefined;
  readonly trail: NonNullable<ReplayEvent['trail']> | undefined;
}

function deed({ minutes, events }: Size): fc.Arbitrary<Deed> {
  return fc.record({
    wait: seconds(Math.floor((minutes * 60) / events)),
    which: fc.nat({ max: 10 }),
    deletes: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    declared: fc.option(declared, { nil: undefined }),
    observed: fc.option(someOf, { nil: undefined }),
    trail,
  });
}

function fault({ minutes }: Size, kinds: readonly ReplayFault['fault'][]): fc.Arbitrary<ReplayFault> {
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      since: seconds(minutes * 60 - 1),
      lasts: seconds(600),
      skew: seconds(900),
      behind: fc.boolean(),
    })
    .map(({ kind, since, lasts, skew, behind }): ReplayFault => {
      const base = { fault: kind, at: at(since * 1_000), for: `${lasts}s` };
      if (kind === 'clock-skew') return { ...base, by: `${skew}s`, behind };
      return kind === 'region-dark' ? { ...base, region: REGION } : base;
    });
}

export function histories(size: Size, kinds: readonly ReplayFault['fault'][]): fc.Arbitrary<ReplayFile> {
  return fc
    .record({
      endpoints: fc.array(endpoint, { minLength: 1, maxLength: size.endpoints }),
      deeds: fc.array(deed(size), { minLength: 1, maxLength: size.events }),
      faults:
        kinds.length === 0 ? fc.constant<ReplayFault[]>([]) : fc.array(fault(size, kinds), { maxLength: size.faults }),
      allowed: fc.boolean(),
      vantages: fc.constantFrom<string[]>(['v1'], ['v1'], ['v1', 'v2']),
    })
    .map(({ endpoints, deeds, faults, allowed, vantages }): ReplayFile => {
      const made = endpoints.map(
        (each, i): ReplayEndpoint => ({ id: `e${i}`, account: A, region: REGION, port: 443, ...each }),
      );
      return {
        ...{ version: 1, name: 'any', from: at(0), until: at(size.minutes * 60_000), vantages },
        ...{ accounts: [{ id: A, regions: [REGION] }], endpoints: made, events: eventsOf(deeds, made.length), faults },
        allowances: allowed ? [allowance(made)] : [],
      };
    });
}

/** In order, each of something that exists; what is deleted may be made again. */
function eventsOf(deeds: readonly Deed[], count: number): ReplayEvent[] {
  const gone = new Set<number>();
  let since = 0;
  return deeds.flatMap(({ wait, which, deletes, ...rest }) => {
    since += wait * 1_000;
    const i = which % count;
    const does = gone.has(i) ? 'create' : deletes ? 'delete' : 'change';
    const event: ReplayEvent = { at: at(since), endpoint: `e${i}`, does, what: does, trail: rest.trail };
    if (does === 'delete') {
      gone.add(i);
      return [event];
    }
    if (does === 'change' && rest.declared === undefined && rest.observed === undefined) return [];
    gone.delete(i);
    return [{ ...event, declared: rest.declared, observed: rest.observed }];
  });
}

function allowance(endpoints: readonly ReplayEndpoint[]): NonNullable<ReplayFile['allowances']>[number] {
  return {
    ...{ id: 'from-anywhere', owner: 'search-team', reason: 'reached from anywhere, with credentials', ticket: 'T-1' },
    ...{ approvedBy: ['security'], approvedOn: '2026-05-01', expires: '2026-12-31' },
    match: {
      accounts: [A],
      protocols: ['elasticsearch', 'redis', 'postgres'],
      hostnames: endpoints.map(({ id, service }) => `${id}.${REGION}.${service}.amazonaws.com`),
    },
    permit: { reachable: 'from-internet', authentication: 'required', plaintext: false, minTls: '1.2' },
  };
}
