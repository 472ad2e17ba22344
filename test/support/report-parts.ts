/** Pieces of report documents: what a test leaves out is unknown. */
import type { Endpoint, Engine } from '../../lib/model/endpoint.ts';
import type { Incident } from '../../lib/model/incident.ts';
import type { AuthState, DataAtRisk, TlsFacts } from '../../lib/model/observation.ts';
import type { Posture } from '../../lib/model/posture.ts';
import {
  type Basis,
  type Level,
  PROTECTIONS,
  type Protection,
  type ProtectionName,
} from '../../lib/model/protection.ts';
import type { ReportEndpoint, ReportIncident, ReportTotals } from '../../lib/model/report.ts';
import { SEVERITIES, VERDICTS, type VerdictName } from '../../lib/model/verdict.ts';

type Levels = Readonly<Partial<Record<ProtectionName, Level>>>;

const EVIDENCE: Readonly<Record<Basis, string>> = { declared: 'inventory.yaml', observed: 'seen from aws-eu-west-1' };

function protections(basis: Basis, levels: Levels): Posture['declared'] {
  const each = (name: ProtectionName): Protection => ({
    level: levels[name] ?? 'unknown',
    basis,
    evidence: levels[name] === undefined ? `not ${basis}` : EVIDENCE[basis],
  });
  return Object.fromEntries(PROTECTIONS.map((name) => [name, each(name)])) as Posture['declared'];
}

interface Seen {
  readonly verdict: VerdictName;
  readonly why: string;
  readonly shadow?: boolean;
  readonly confirmed?: boolean;
  readonly declared: Levels;
  readonly observed: Levels;
  readonly auth: AuthState;
  readonly product?: string;
  readonly version?: string;
  readonly tls?: TlsFacts;
  readonly data?: DataAtRisk;
}

export function reportEndpoint(endpoint: Endpoint, seen: Seen, lastConclusiveAt?: string): ReportEndpoint {
  const {
    verdict,
    why,
    shadow = false,
    confirmed = true,
    declared,
    observed,
    auth,
    product,
    version,
    tls,
    data,
  } = seen;
  return {
    endpoint: { ...endpoint, declared: protections('declared', declared) },
    posture: {
      declared: protections('declared', declared),
      observed: protections('observed', observed),
      verdict: { name: verdict, shadow, confirmed, why },
      silent: verdict === 'unknown',
      auth,
      proof: data === undefined ? 2 : 4,
      rules: [`${endpoint.engine}/${auth}`],
      addresses: ['198.51.100.24'],
      gaps: [],
      ...(product === undefined ? {} : { product }),
      ...(version === undefined ? {} : { version }),
      ...(tls === undefined ? {} : { tls }),
      ...(data === undefined ? {} : { data }),
    },
    ...{ verdictFrom: 'reading', verdictAt: '2019-12-08T23:59:04.118Z' },
    ...(lastConclusiveAt === undefined ? {} : { lastConclusiveAt }),
  };
}

export function endpoint(name: string, engine: Engine, port: number, account = '111122223333'): Endpoint {
  const host = `${name}.example.com`;
  const id = `file:${host}:${port}`;
  return { id, host, port, engine, source: 'file', account, region: 'us-west-2', name, tags: {}, declared: {} };
}

export function incidentOf(
  at: Endpoint,
  incident: Omit<Incident, 'endpointId' | 'openSeq'>,
): Omit<ReportIncident, 'exposure'> {
  const { host, port, engine, name, account, region } = at;
  const optional = { name, account, region };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return { ...incident, endpointId: at.id, openSeq: 1, host, port, engine, ...given };
}

export function totalsOf(
  endpoints: readonly ReportEndpoint[],
  incidents: readonly ReportIncident[],
  gaps: number,
): ReportTotals {
  const having = (name: VerdictName): number => endpoints.filter(({ posture }) => posture.verdict.name === name).length;
  return {
    endpoints: endpoints.length,
    verdicts: Object.fromEntries(VERDICTS.map((name) => [name, having(name)])) as ReportTotals['verdicts'],
    incidents: incidents.length,
    open: incidents.filter(({ status }) => status === 'open').length,
    bySeverity: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, incidents.filter((each) => each.severity === severity).length]),
    ) as ReportTotals['bySeverity'],
    gaps,
  };
}
