/**
 * The week of 4 December as ajar would have reported it: a copy of production data loses its protections and is
 * found within a minute, an older server turns out to have been open when it was first seen, one replica is opened
 * with an allowance, one cache is still open. Fixed in every byte; the golden report is made from it.
 */
import type { Report, ReportIncident } from '../../lib/model/report.ts';
import { incidentOf, totalsOf } from './report-parts.ts';
import { EMPTY_EVIDENCE, SAMPLE_EVIDENCE } from './sample-evidence.ts';
import { CACHE, COPY, COPY_DATA, ENDPOINTS, EVENTS, FEEDBACK, ORDERS, REPLICA } from './sample-endpoints.ts';

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
      attribution: {
        changes: [
          {
            ...{ id: '5f0e6c1a-4f1e-4a53-9f0b-3c1d2e4f5a6b', at: '2019-12-04T15:02:48.000Z' },
            ...{ source: 'es.amazonaws.com', name: 'UpdateElasticsearchDomainConfig' },
            actor: {
              ...{
                who: 'arn:aws:sts::111122223333:assumed-role/data-science/jdoe',
                type: 'AssumedRole',
                human: 'jdoe',
              },
              ...{ from: '198.51.100.23', channel: 'console' },
            },
          },
        ],
      },
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
      glass: { entries: ['bi-night-2019'], isOver: false },
      wasAccepted: [{ id: 'bi-vendor', until: '2019-12-04', reason: 'the vendor reads the replica', ticket: 'BI-7' }],
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
  schema: 2,
  id: '1f6c0a9e4b7d2358',
  period: { from: '2019-12-02T00:00:00.000Z', to: '2019-12-09T00:00:00.000Z' },
  coverage: {
    firstReadingAt: '2019-12-02T00:00:00.000Z',
    lastReadingAt: '2019-12-09T00:00:00.000Z',
    unwatched: [],
  },
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
    headAt: '2019-12-09T00:00:00.412Z',
  },
  evidence: SAMPLE_EVIDENCE,
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
  evidence: EMPTY_EVIDENCE,
};
