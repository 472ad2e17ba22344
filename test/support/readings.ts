/** Terse readings for tests of the fold: say what differs, the rest is an ordinary closed-to-strangers cluster. */
import { decide, type Decision } from '../../lib/assess/decide.ts';
import { type Allowance, type Allowlist, EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Incident } from '../../lib/model/incident.ts';
import type { AuthState, AuthWeakness, Observation, ProtoAxis, TlsState } from '../../lib/model/observation.ts';
import type { Level, Protection, ProtectionName, Protections } from '../../lib/model/protection.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { EndpointState } from '../../lib/model/state.ts';

export const T0 = Date.parse('2019-12-04T10:00:00.000Z');

/** Seconds after T0 as RFC 3339. */
export function instant(seconds: number): string {
  return new Date(T0 + seconds * 1000).toISOString();
}

export type DeclaredLevels = { readonly [name in ProtectionName]?: Level | undefined };

export function declaredLevels(levels: DeclaredLevels): Protections {
  const entries = Object.entries(levels)
    .filter(([, level]) => level !== undefined)
    .map(([name, level]) => [name, { level, basis: 'declared', evidence: `${name} is configured ${level}` }]);
  return Object.fromEntries(entries) as Protections;
}

export function openOnlyTo(sources: readonly string[]): Protection {
  return { level: 'partial', basis: 'declared', evidence: `open to LIMITED: ${sources.join(', ')}`, sources };
}

export function anEndpoint(overrides: Partial<Endpoint> = {}): Endpoint {
  return {
    id: 'es-1',
    host: 'es.example.test',
    port: 9200,
    engine: 'elasticsearch',
    source: 'file',
    account: '111122223333',
    region: 'us-east-1',
    name: 'device-analytics',
    tags: {},
    declared: {},
    ...overrides,
  };
}

/** Axes by their state alone; everything else of an observation by its own name. */
export interface ObservationOverrides
  extends Partial<Omit<Observation, 'auth' | 'tls' | 'proto' | 'address' | 'gap' | 'data'>> {
  readonly auth?: AuthState;
  readonly weakness?: readonly AuthWeakness[];
  readonly tls?: TlsState;
  readonly proto?: ProtoAxis['state'];
  readonly product?: string;
  readonly version?: string;
  /** `null` for none. */
  readonly address?: string | null;
  readonly gap?: NonNullable<Observation['gap']>['code'];
  readonly data?: NonNullable<Observation['data']>;
}

/** What a layer 4 outcome alone lets one say of the other axes. */
const MUTE = { auth: 'undetermined', tls: 'undetermined', proto: 'unknown', proof: 0 } as const;

/** An Elasticsearch that demands authentication over TLS, unless told otherwise. */
export function anObservation(overrides: ObservationOverrides = {}): Observation {
  const l4 = overrides.l4 ?? 'open';
  const spoken = l4 === 'open' ? ({ auth: 'auth-required', tls: 'required', proto: 'match', proof: 2 } as const) : MUTE;
  const { auth, weakness, tls, proto, product, version, address, gap, ...rest } = overrides;
  const where = address === undefined ? '203.0.113.10' : address;
  const isProven = auth === 'open-anonymous' || auth === 'setup-open';
  return {
    probe: 'elasticsearch',
    vantage: 'v1',
    dns: 'public',
    observedAt: instant(0),
    elapsedMs: 40,
    l4,
    proof: isProven ? 4 : spoken.proof,
    rule: `elasticsearch/${auth ?? spoken.auth}`,
    notes: [],
    ...rest,
    proto: {
      state: proto ?? spoken.proto,
      confidence: (proto ?? spoken.proto) === 'match' ? 'firm' : 'none',
      ...(product === undefined ? {} : { product }),
      ...(version === undefined ? {} : { version }),
    },
    tls: { state: tls ?? spoken.tls, clientCert: 'undetermined' },
    auth: { state: auth ?? spoken.auth, ...(weakness === undefined ? {} : { weakness }) },
    ...(where === null ? {} : { address: where }),
    ...(gap === undefined ? {} : { gap: { code: gap, detail: `could not conclude: ${gap}` } }),
  };
}

export interface ReadingOverrides {
  /** Seconds after T0. */
  readonly at?: number;
  /** Seconds after T0; without it the visit took no time. */
  readonly began?: number;
  readonly id?: string;
  readonly vantage?: string;
  readonly alive?: boolean;
  readonly deleted?: boolean;
  readonly everyMs?: number;
  readonly unvisited?: true;
  readonly declared?: DeclaredLevels;
  /** The network is declared open to these blocks alone. */
  readonly openTo?: readonly string[];
  readonly endpoint?: Partial<Endpoint>;
  /** One address each. */
  readonly sees?: readonly ObservationOverrides[];
}

export function aReading(overrides: ReadingOverrides = {}): Reading {
  const {
    everyMs,
    unvisited,
    at = 0,
    began,
    vantage = 'v1',
    alive = true,
    deleted,
    declared,
    openTo,
    endpoint,
    sees = [{}],
  } = overrides;
  const given = declared === undefined ? endpoint?.declared : declaredLevels(declared);
  const limited = openTo === undefined ? {} : { network: openOnlyTo(openTo) };
  const served = anEndpoint({ ...endpoint, declared: { ...given, ...limited } });
  return {
    id: overrides.id ?? `run-${vantage}-${at}/${served.id}`,
    runId: `run-${vantage}-${at}`,
    at: instant(at),
    ...(began === undefined ? {} : { began: instant(began) }),
    endpoint: served,
    vantage,
    observations: sees.map((o, i) =>
      anObservation({ vantage, observedAt: instant(at), address: `203.0.113.${10 + i}`, ...o }),
    ),
    vantageAlive: alive,
    ...(deleted === undefined ? {} : { deleted }),
    ...(everyMs === undefined ? {} : { everyMs }),
    ...(unvisited === undefined ? {} : { unvisited }),
  };
}

export function anAllowance(overrides: Partial<Allowance> = {}): Allowance {
  return {
    id: 'partners-read-only',
    owner: 'search-team',
    reason: 'partners read the public catalogue index',
    ticket: 'SEC-1',
    approvedBy: ['ciso'],
    approvedOn: '2019-11-01',
    expires: '2020-01-31',
    match: { accounts: ['111122223333'], protocols: ['elasticsearch'] },
    permit: { reachable: 'from-internet', authentication: 'required', plaintext: true, minTls: '1.2' },
    ...overrides,
  };
}

export function anAllowlist(...entries: readonly Allowance[]): Allowlist {
  return { entries, digest: `${entries.length} entries`, file: 'allowlist.yaml' };
}

export interface Played {
  readonly state: EndpointState;
  readonly decisions: readonly Decision[];
  /** What a store would hold: the last version of every incident that was ever committed. */
  readonly stored: ReadonlyMap<string, Incident>;
}

/** Decides readings one after the other, as the pipeline does, a second after each was taken. */
export function play(
  readings: readonly Reading[],
  allowlist: Allowlist | ((reading: Reading) => Allowlist) = EMPTY_ALLOWLIST,
  from?: EndpointState,
): Played {
  let state = from;
  const decisions: Decision[] = [];
  const stored = new Map<string, Incident>(from?.incidents.map((i) => [i.id, i]));
  for (const reading of readings) {
    const list = typeof allowlist === 'function' ? allowlist(reading) : allowlist;
    const decision = decide(state, reading, list, new Date(Date.parse(reading.at) + 1000));
    state = decision.state;
    decisions.push(decision);
    for (const incident of decision.incidents) stored.set(incident.id, incident);
  }
  if (state === undefined) throw new Error('play needs at least one reading');
  return { state, decisions, stored };
}

/** What must not depend on the order of arrival: windows, without names, counters and commit times. */
export function windowsOf(incidents: Iterable<Incident>): readonly string[] {
  return [...incidents]
    .map(({ protection, basis, origin, from, to, start, lastBadAt, closed, status, severity, allowances }) =>
      JSON.stringify({ protection, basis, origin, from, to, start, lastBadAt, closed, status, severity, allowances }),
    )
    .sort();
}

export function openOf(state: EndpointState, protection?: ProtectionName): readonly Incident[] {
  return state.incidents.filter(
    (i) => i.status === 'open' && (protection === undefined || i.protection === protection),
  );
}
