/**
 * The week of 4 December as ajar would have reported it: a copy of production data loses its protections and is
 * found within a minute, an older server turns out to have been open when it was first seen, one replica is opened
 * with an allowance, one cache is still open. Fixed in every byte; the golden report is made from it.
 */
import type { Endpoint, Engine } from '../../lib/model/endpoint.ts';
import type { Incident } from '../../lib/model/incident.ts';
import type { AuthState, DataAtRisk, TlsFacts } from '../../lib/model/observation.ts';
import type { Posture } from '../../lib/model/posture.ts';
import {
  type Basis,
  type Level,
  type Protection,
  PROTECTIONS,
  type ProtectionName,
} from '../../lib/model/protection.ts';
import type { Report, ReportEndpoint, ReportIncident, ReportTotals } from '../../lib/model/report.ts';
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
    lastReadingAt: '2019-12-08T23:59:04.118Z',
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

const COPY = endpoint('analytics-copy', 'elasticsearch', 9200);
const ORDERS = endpoint('orders-archive', 'mysql', 3306, '444455556666');
const REPLICA = endpoint('reporting-replica', 'postgres', 5432);
const CACHE = endpoint('session-cache', 'redis', 6379);
const EVENTS = endpoint('device-events', 'opensearch', 443);
const BILLING = endpoint('billing', 'postgres', 5432, '444455556666');
const FEEDBACK = endpoint('beta-feedback', 'mongodb', 27017);

const COPY_DATA: DataAtRisk = {
  objects: 14,
  records: 2_418_233,
  bytes: 41_207_114_900,
  classes: [
    { class: 'credential', count: 3, because: ['alexa token', 'api token'] },
    { class: 'health', count: 2, because: ['body weight', 'bone density'] },
    { class: 'network', count: 4, because: ['wi-fi ssid', 'last ip'] },
    { class: 'contact', count: 5, because: ['e-mail'] },
    { class: 'device', count: 6, because: ['mac address', 'firmware'] },
  ],
  samples: ['us***-2019', 'de***-events'],
  truncated: false,
  ransomMarkers: 0,
};

const CERTIFIED: TlsFacts = {
  version: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  certificate: {
    subject: 'CN=*.example.com',
    issuer: 'CN=Example Issuing CA 2',
    notBefore: '2019-06-01T00:00:00.000Z',
    notAfter: '2020-06-01T00:00:00.000Z',
    sha256: '9f2c5c1b6f2d4f0f7f0b3f3a1b8a5f7e2c7d0a6c9e4b1d8f3a2c5e7b9d0f1a3c',
    selfSigned: false,
    matchesHost: true,
  },
};

const SELF_SIGNED: TlsFacts = {
  version: 'TLSv1.2',
  cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
  certificate: {
    subject: 'CN=MySQL_Server_5.7_Auto_Generated',
    issuer: 'CN=MySQL_Server_5.7_Auto_Generated_CA',
    notBefore: '2019-01-08T00:00:00.000Z',
    notAfter: '2029-01-05T00:00:00.000Z',
    sha256: '1c7d2e4b8a6f0d3c5e9b1a7f4d2c8e6b0a3f5d7c9e1b4a6f8d0c2e5b7a9f1d3c',
    selfSigned: true,
    matchesHost: false,
  },
};

const ENDPOINTS: readonly ReportEndpoint[] = [
  reportEndpoint(
    COPY,
    {
      verdict: 'protected',
      why: 'authentication is demanded again',
      declared: { network: 'on', authentication: 'on', tls: 'on', 'encryption-at-rest': 'on' },
      observed: { network: 'on', authentication: 'on', tls: 'on' },
      auth: 'auth-required',
      product: 'Elasticsearch',
      version: '7.4.2',
      tls: CERTIFIED,
    },
    '2019-12-08T23:59:04.118Z',
  ),
  reportEndpoint(
    CACHE,
    {
      verdict: 'exposed',
      why: 'PING was answered without a password',
      shadow: true,
      declared: { network: 'on', authentication: 'on', tls: 'off' },
      observed: { network: 'off', authentication: 'off', tls: 'off' },
      auth: 'open-anonymous',
      product: 'Redis',
      version: '5.0.7',
    },
    '2019-12-08T23:58:51.004Z',
  ),
  reportEndpoint(
    ORDERS,
    {
      verdict: 'protected',
      why: 'refused from aws-eu-west-1',
      declared: {},
      observed: { network: 'on', tls: 'partial' },
      auth: 'auth-required',
      product: 'MySQL',
      version: '5.7.28',
      tls: SELF_SIGNED,
    },
    '2019-12-08T02:10:00.551Z',
  ),
  reportEndpoint(
    REPLICA,
    {
      verdict: 'reachable',
      why: 'SCRAM-SHA-256 is demanded of a stranger',
      declared: { network: 'partial', authentication: 'on', tls: 'on', 'encryption-at-rest': 'on', 'audit-log': 'on' },
      observed: { network: 'off', authentication: 'on', tls: 'on' },
      auth: 'auth-required',
      product: 'PostgreSQL',
      tls: CERTIFIED,
    },
    '2019-12-08T23:57:40.230Z',
  ),
  reportEndpoint(
    BILLING,
    {
      verdict: 'protected',
      why: 'no route from a vantage that has routes',
      declared: { network: 'on', authentication: 'on', tls: 'on', 'encryption-at-rest': 'on', 'audit-log': 'on' },
      observed: { network: 'on' },
      auth: 'undetermined',
    },
    '2019-12-08T23:57:41.802Z',
  ),
  reportEndpoint(EVENTS, {
    verdict: 'latent',
    why: 'the access policy allows everyone; nothing answered yet',
    confirmed: false,
    declared: { network: 'off', authentication: 'on', 'access-policy': 'off', tls: 'on', 'encryption-at-rest': 'off' },
    observed: {},
    auth: 'undetermined',
  }),
  reportEndpoint(FEEDBACK, {
    verdict: 'unknown',
    why: 'nothing conclusive was seen',
    confirmed: false,
    declared: { network: 'on', authentication: 'partial' },
    observed: {},
    auth: 'undetermined',
  }),
];

const INCIDENTS: readonly ReportIncident[] = [
  {
    ...incidentOf(ORDERS, {
      id: '5d0c4c0a-1d3b-5c62-9f0e-0a4b6a1f7c01',
      protection: 'network',
      origin: 'adoption',
      basis: 'observed',
      to: 'off',
      verdict: 'reachable',
      severity: 'medium',
      score: 52,
      reasons: [
        'reachable from the internet when first seen',
        'a password is demanded',
        'TLS is offered, not required',
      ],
      start: { upper: '2019-12-02T00:00:31.207Z' },
      detectedAt: '2019-12-02T00:00:31.650Z',
      lastBadAt: '2019-12-06T09:41:12.000Z',
      closed: { lower: '2019-12-06T09:41:12.000Z', upper: '2019-12-06T16:12:05.330Z', cause: 'closed-to-us' },
      status: 'closed',
      allowances: [],
      evidence: 'mysql: greeting of MySQL 5.7.28, caching of passwords native, SSL offered',
    }),
    exposure: { least: 380_441 },
  },
  {
    ...incidentOf(COPY, {
      id: '8a6e0f3c-77d1-5b0e-8f63-5b1d2c9e4a02',
      protection: 'authentication',
      origin: 'removed',
      basis: 'observed',
      from: 'on',
      to: 'off',
      verdict: 'exposed',
      severity: 'critical',
      score: 98,
      reasons: [
        'anyone can read it without a password',
        'credentials and health data by name, about 2.4 million records',
        'it demanded authentication until 4 Dec 2019 15:02:10',
      ],
      start: {
        lower: '2019-12-04T15:02:10.412Z',
        upper: '2019-12-04T15:03:10.390Z',
        exact: '2019-12-04T15:02:48.000Z',
      },
      detectedAt: '2019-12-04T15:03:11.020Z',
      lastBadAt: '2019-12-04T16:10:08.701Z',
      closed: { lower: '2019-12-04T16:10:08.701Z', upper: '2019-12-04T16:11:09.115Z', cause: 'fixed' },
      status: 'closed',
      allowances: [],
      data: COPY_DATA,
      evidence: 'elasticsearch: GET / answered 200 with cluster "analytics", GET /_cat/indices answered 200',
    }),
    exposure: { least: 4018, most: 4139 },
  },
  {
    ...incidentOf(COPY, {
      id: '2f1b7d5e-0c44-5a19-9a7d-1e6c3f8b5d03',
      protection: 'tls',
      origin: 'removed',
      basis: 'observed',
      from: 'on',
      to: 'off',
      verdict: 'exposed',
      severity: 'high',
      score: 81,
      reasons: [
        'plaintext where TLS was required',
        'the endpoint is open to anyone',
        'TLS was required until 4 Dec 2019 15:02:10',
      ],
      start: { lower: '2019-12-04T15:02:10.412Z', upper: '2019-12-04T15:03:10.390Z' },
      detectedAt: '2019-12-04T15:03:11.020Z',
      lastBadAt: '2019-12-05T08:00:04.000Z',
      closed: { lower: '2019-12-05T08:00:04.000Z', upper: '2019-12-05T08:01:05.210Z', cause: 'fixed' },
      status: 'closed',
      allowances: [],
      evidence: 'elasticsearch: the same port answered plain HTTP',
    }),
    exposure: { least: 61_013, most: 61_134 },
  },
  {
    ...incidentOf(REPLICA, {
      id: 'c3d9a1b7-6e20-5f48-8c15-7f2a4d6e9b04',
      protection: 'network',
      origin: 'removed',
      basis: 'observed',
      from: 'on',
      to: 'off',
      verdict: 'reachable',
      severity: 'low',
      score: 28,
      reasons: [
        'reachable from the internet',
        'SCRAM-SHA-256 over TLS 1.3',
        'covered by an allowance until 31 Jan 2020',
      ],
      start: { lower: '2019-12-05T10:15:00.120Z', upper: '2019-12-05T10:20:00.408Z' },
      detectedAt: '2019-12-05T10:20:00.910Z',
      lastBadAt: '2019-12-08T23:57:40.230Z',
      status: 'accepted',
      allowances: ['bi-vendor-2020'],
      evidence: 'postgres: SSLRequest answered S, SASL SCRAM-SHA-256 demanded',
    }),
    exposure: { least: 308_260 },
  },
  {
    ...incidentOf(CACHE, {
      id: 'e7a2c4f0-3b58-5d6c-9e21-9d0b1c7f3e05',
      protection: 'authentication',
      origin: 'removed',
      basis: 'observed',
      from: 'on',
      to: 'off',
      verdict: 'exposed',
      severity: 'critical',
      score: 91,
      reasons: [
        'anyone can read and write it',
        'session tokens by key name',
        'a password was demanded until 8 Dec 2019 19:31:00',
      ],
      start: { lower: '2019-12-08T19:31:00.007Z', upper: '2019-12-08T19:32:00.514Z' },
      detectedAt: '2019-12-08T19:32:00.880Z',
      lastBadAt: '2019-12-08T23:58:51.004Z',
      status: 'open',
      allowances: [],
      data: {
        objects: 1,
        records: 184_022,
        classes: [{ class: 'credential', count: 1, because: ['session token'] }],
        samples: [],
        truncated: false,
        ransomMarkers: 0,
      },
      evidence: 'redis: PING answered +PONG, INFO answered redis_version 5.0.7',
    }),
    exposure: { least: 16_010 },
  },
];

const GAPS: Report['gaps'] = [
  {
    stage: 'assess',
    subject: EVENTS.id,
    code: 'no-answer',
    detail: 'silent twice from aws-eu-west-1 while its canary answered',
    since: '2019-12-08T22:40:00.000Z',
  },
  {
    stage: 'probe',
    subject: FEEDBACK.id,
    code: 'unresolved',
    detail: 'beta-feedback.example.com: NXDOMAIN',
    since: '2019-12-03T07:12:44.900Z',
  },
];

export const SAMPLE_REPORT: Report = {
  schema: 1,
  id: '1f6c0a9e4b7d2358',
  period: { from: '2019-12-02T00:00:00.000Z', to: '2019-12-09T00:00:00.000Z' },
  generatedAt: '2019-12-09T00:00:00.000Z',
  tool: { name: 'ajar', version: '0.1.0' },
  totals: totalsOf(ENDPOINTS, INCIDENTS, GAPS.length),
  endpoints: ENDPOINTS,
  incidents: INCIDENTS,
  gaps: GAPS,
  allowlist: {
    file: 'allowlist.yaml',
    digest: '3b5f0e7c9a1d2468bdf013579ace02468bdf13579ace02468bdf13579ace0246',
    entries: 1,
  },
  ledger: {
    entries: 70_612,
    firstSeq: 1,
    lastSeq: 70_612,
    headHash: 'b4e1c7a90d3f5e28617c9ab4d0f2e3856a7b1c9d4e0f8253a6b7c8d9e0f1a2b3',
  },
  limits: [
    'Seen from aws-eu-west-1 only; another network may be let in where this one was not.',
    'Between two observations nothing was seen: window bounds are the last good and the first bad observation.',
    'No login was tried, so accounts without a password are not found.',
    "Data at risk is inferred from names and the server's own counts. No record was read.",
  ],
};

export const EMPTY_REPORT: Report = {
  ...SAMPLE_REPORT,
  id: '0000000000000000',
  totals: totalsOf([], [], 0),
  endpoints: [],
  incidents: [],
  gaps: [],
  allowlist: { file: 'none', digest: 'none', entries: 0 },
  ledger: { entries: 0, firstSeq: 0, lastSeq: 0, headHash: '0'.repeat(64) },
};
