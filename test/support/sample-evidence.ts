/** What an auditor asks of the sample report: every state, flag and kind of row once at least. Fixed in every byte. */
import { MAPPING } from '../../lib/assess/mapping/mapping.ts';
import { OBJECTIVE_TITLES } from '../../lib/assess/objectives/objectives.ts';
import {
  OBJECTIVE_IDS,
  type ReportCheck,
  type ReportEvidence,
  type ReportObjective,
  type ReportRequirement,
} from '../../lib/model/report-evidence.ts';
import { COPY, ENDPOINTS, EVENTS, FEEDBACK, REPLICA } from './sample-endpoints.ts';

const ACCOUNT = '111122223333';
const WEEK_S = 604_800;

const CHECKS: Readonly<Partial<Record<ReportObjective['id'], readonly ReportCheck[]>>> = {
  'EXP-1': [
    {
      id: 'EXP-1/cells-read',
      state: 'not-satisfied',
      text: '1 of 4 cells could not be read in full.',
      subjects: [`${ACCOUNT}/us-west-2/rds`],
      count: 1,
    },
  ],
  'EXP-2': [
    {
      id: 'EXP-2/no-open-window',
      state: 'not-satisfied',
      text: '3 windows of the period were of a network or authentication that let strangers in.',
      subjects: ['5d0c4c0a-1d3b-5c62-9f0e-0a4b6a1f7c01', '8a6e0f3c-77d1-5b0e-8f63-5b1d2c9e4a02'],
      count: 2,
    },
    { id: 'EXP-2/watched', state: 'satisfied', text: '99.812 % of the period was watched.', subjects: [], count: 0 },
  ],
  'EXP-5': [
    {
      id: 'EXP-5/declared',
      state: 'not-determined',
      text: 'Of 2 of 7 endpoints it is not known whether they encrypt at rest.',
      subjects: [EVENTS.id, FEEDBACK.id],
      count: 2,
    },
  ],
  'EXP-8': [{ id: 'EXP-8/drill', state: 'satisfied', text: '28 of 28 openings were told.', subjects: [], count: 0 }],
};

const REQUIREMENTS: readonly ReportRequirement[] = [
  { framework: 'aws-fsbp', id: 'Opensearch.2', verified: false },
  { framework: 'cis-aws', id: '3.2.3', verified: false },
  { framework: 'gdpr', id: '32(1)(b)', verified: true },
  { framework: 'hipaa', id: '164.312(a)(1)', verified: true },
  { framework: 'iso-27001', id: 'A.8.20', verified: false },
  { framework: 'nist-800-53', id: 'SC-7(3)', verified: true },
  { framework: 'nist-csf', id: 'PR.AA-05', verified: true },
  { framework: 'pci-dss', id: '1.3.1', verified: false },
  { framework: 'soc-2', id: 'CC6.6', verified: false },
];

function objective(id: ReportObjective['id']): ReportObjective {
  const checks = CHECKS[id] ?? [
    {
      id: `${id}/sample`,
      state: 'satisfied',
      text: 'Nothing of the period speaks against it.',
      subjects: [],
      count: 0,
    },
  ];
  const states = checks.map(({ state }) => state);
  const state = states.includes('not-satisfied')
    ? 'not-satisfied'
    : states.includes('not-determined')
      ? 'not-determined'
      : 'satisfied';
  return { id, title: OBJECTIVE_TITLES[id], state, checks, requirements: REQUIREMENTS };
}

export const SAMPLE_EVIDENCE: ReportEvidence = {
  population: {
    cells: [
      {
        ...{ account: ACCOUNT, region: 'us-east-1', service: 'opensearch', status: 'complete', listed: 0, calls: 1 },
        ...{ triedAt: '2019-12-08T23:55:00.000Z', completeAt: '2019-12-08T23:55:00.000Z' },
      },
      {
        ...{ account: ACCOUNT, region: 'us-west-2', service: 'opensearch', status: 'complete', listed: 3, calls: 4 },
        ...{ triedAt: '2019-12-08T23:55:04.000Z', completeAt: '2019-12-08T23:55:04.000Z' },
      },
      {
        ...{ account: ACCOUNT, region: 'us-west-2', service: 'rds', status: 'denied', listed: 2, calls: 1 },
        ...{ triedAt: '2019-12-08T23:55:06.000Z', completeAt: '2019-12-05T04:10:00.000Z' },
        detail: 'rds:DescribeDBInstances is not allowed',
      },
      {
        ...{ account: ACCOUNT, region: 'eu-west-1', service: 'rds', status: 'unread', listed: 0, calls: 0 },
        detail: 'it was to be read and never was',
      },
    ],
    sources: [
      { source: 'file', endpoints: 5 },
      { source: 'found by interface', endpoints: 1 },
      { source: 'opensearch', endpoints: 1 },
    ],
    differences: [
      { endpointId: COPY.id, disposition: 'shadow', detail: 'the configuration says closed, and anyone can read it' },
      {
        endpointId: EVENTS.id,
        disposition: 'unseen',
        detail: 'opensearch no longer lists it; its deletion is not confirmed',
      },
      {
        endpointId: FEEDBACK.id,
        disposition: 'forgotten',
        detail: 'found by interface; no service and no file lists it',
      },
    ],
  },
  watch: {
    percent: 99.812,
    endpoints: ENDPOINTS.map(({ endpoint: { id } }) => {
      if (id === EVENTS.id) return { endpointId: id, existed: WEEK_S, watched: 600_000, percent: 99.206 };
      if (id === FEEDBACK.id) return { endpointId: id, existed: 0, watched: 0 };
      return { endpointId: id, existed: WEEK_S, watched: WEEK_S, percent: 100 };
    }),
    places: [
      { account: ACCOUNT, region: 'us-west-2', endpoints: 6, percent: 99.812 },
      { account: 'file', endpoints: 1 },
    ],
    interruptions: [
      {
        ...{ subject: 'all', from: '2019-12-03T02:00:00.000Z', to: '2019-12-03T02:31:40.000Z', seconds: 1_900 },
        ...{ code: 'not-running', cause: 'nobody looked at anything' },
      },
      {
        ...{ subject: `${ACCOUNT}/us-west-2/rds`, from: '2019-12-05T04:15:00.000Z', seconds: 330_300, code: 'denied' },
        ...{ cause: 'rds:DescribeDBInstances is not allowed', alarmedAt: '2019-12-05T04:26:00.000Z' },
        ...{ alarmSeconds: 660, ackedAt: '2019-12-05T08:02:00.000Z', ackedBy: 'dan@example.com' },
      },
      {
        ...{ subject: EVENTS.id, from: '2019-12-06T10:00:00.000Z', to: '2019-12-06T10:40:00.000Z', seconds: 2_400 },
        ...{ code: 'no-answer', cause: 'silent twice while the canary answered', catchUp: 'protected' },
      },
    ],
  },
  metrics: {
    detect: { n: 4, p50: 60, p95: 301, max: 301, unbounded: 1 },
    alert: { n: 5, p50: 2, p95: 9, max: 9, unbounded: 0 },
    acknowledge: { n: 2, p50: 340, p95: 1_900, max: 1_900, unbounded: 3 },
    recover: { n: 2, p50: 4_139, p95: 61_134, max: 61_134, unbounded: 1 },
    censored: ['e7a2c4f0-3b58-5d6c-9e21-9d0b1c7f3e05'],
  },
  exceptions: [
    {
      ...{
        id: 'bi-night-2019',
        owner: 'bi@example.com',
        author: 'carol@example.com',
        approvedBy: ['dan@example.com', 'eve@example.com'],
      },
      ...{ reason: 'the vendor loads at night', ticket: 'BI-9', approvedOn: '2019-12-04', expires: '2019-12-05' },
      scope: '{"accounts":["111122223333"],"protocols":["postgres"],"tags":{"team":"bi"}}',
      permits:
        '{"authentication":"required","breakGlass":{"anonymous":"read","from":"2019-12-05T00:00:00.000Z","maxHours":6,"secondApprover":"eve@example.com"},"minTls":"1.2","plaintext":false,"reachable":"from-internet"}',
      ...{ endpoints: [], incidents: ['c3d9a1b7-6e20-5f48-8c15-7f2a4d6e9b04'] },
      flags: ['expired', 'over-broad', 'break-glass'],
    },
    {
      ...{ id: 'bi-vendor-2020', owner: 'bi@example.com', approvedBy: ['dan@example.com'] },
      ...{ reason: 'the vendor reads the replica', ticket: 'BI-7', approvedOn: '2019-12-05', expires: '2020-01-31' },
      scope: '{"accounts":["111122223333"],"hostnames":["reporting-replica.example.com"],"protocols":["postgres"]}',
      permits: '{"authentication":"required","minTls":"1.2","plaintext":false,"reachable":"from-internet"}',
      ...{ endpoints: [REPLICA.id], incidents: ['c3d9a1b7-6e20-5f48-8c15-7f2a4d6e9b04'], flags: ['changed'] },
    },
    {
      ...{ id: 'old-orders', owner: 'shop@example.com', approvedBy: ['frank@example.com'] },
      ...{ reason: 'not on record', ticket: 'SHOP-1', approvedOn: '2019-06-01', expires: '2019-12-12' },
      ...{ scope: 'not on record', permits: 'not on record' },
      ...{ endpoints: [], incidents: [], flags: ['expires-soon', 'unused'] },
    },
  ],
  changes: [
    {
      ...{ at: '2019-12-02T09:00:00.000Z', seq: 210, kind: 'run', subject: 'run-7' },
      text: 'ajar 0.0.9 to 0.1.0',
    },
    {
      ...{ at: '2019-12-03T12:00:00.000Z', seq: 9_120, kind: 'drill', subject: 'ajar/drill' },
      text: 'the opening of 2019-12-03T06:00:00.000Z was told to nobody',
    },
    {
      ...{ at: '2019-12-04T15:20:00.000Z', seq: 27_031, kind: 'act', subject: '8a6e0f3c-77d1-5b0e-8f63-5b1d2c9e4a02' },
      ...{ by: 'jdoe', text: 'ack' },
    },
    {
      ...{ at: '2019-12-05T10:20:00.000Z', seq: 33_512, kind: 'allowlist', subject: 'allowlist.yaml' },
      ...{
        by: 'dan@example.com',
        text: 'in force: 1 added, 1 changed, 0 removed; added bi-night-2019; changed bi-vendor-2020',
      },
    },
    {
      ...{ at: '2019-12-06T03:00:00.000Z', seq: 40_100, kind: 'silence', subject: 'page' },
      ...{ by: 'oncall', text: 'muted until 2019-12-06T04:00:00.000Z: planned work' },
    },
    {
      ...{
        at: '2019-12-07T03:00:00.000Z',
        seq: 51_007,
        kind: 'guardrail',
        subject: `${ACCOUNT}/us-west-2/guardrails/trail`,
      },
      ...{ by: 'arn:aws:sts::111122223333:assumed-role/dev/jdoe', text: 'opened: the trail was stopped' },
    },
  ],
  objectives: OBJECTIVE_IDS.map(objective),
  sealed: {
    state: 'incomplete',
    text: '166 signed checkpoints, to 2019-12-08T23:00:00.000Z, agree with the ledger; 1 hour of the period not sealed.',
    checkpoints: 166,
    ...{ from: '2019-12-02T00:00:00.000Z', to: '2019-12-08T23:00:00.000Z' },
    last: { hour: '2019-12-08T22:00:00.000Z', lastSeq: 70_104, sha256: 'c9'.repeat(32) },
    key: '7e'.repeat(32),
    ...{ hoursMissing: 1, problems: [] },
  },
  mapping: {
    ...MAPPING,
    frameworks: MAPPING.frameworks.map((each) => ({ ...each, verified: each.id.startsWith('nist-') })),
  },
  reproduction: {
    tool: 'ajar 0.1.0',
    mapping: MAPPING.version,
    classifier: '5f0c2a9be1d3476c',
    allowlist: '3b5f0e7c9a1d2468bdf013579ace02468bdf13579ace02468bdf13579ace0246',
    evidence: {
      ...{ firstSeq: 1, lastSeq: 70_612 },
      headHash: 'b4e1c7a90d3f5e28617c9ab4d0f2e3856a7b1c9d4e0f8253a6b7c8d9e0f1a2b3',
    },
    command: 'ajar report reproduce manifest.json',
  },
};

export const EMPTY_EVIDENCE: ReportEvidence = {
  population: { cells: [], sources: [], differences: [] },
  watch: { endpoints: [], places: [], interruptions: [] },
  metrics: {
    ...{ detect: { n: 0, unbounded: 0 }, alert: { n: 0, unbounded: 0 }, acknowledge: { n: 0, unbounded: 0 } },
    ...{ recover: { n: 0, unbounded: 0 }, censored: [] },
  },
  exceptions: [],
  changes: [],
  objectives: OBJECTIVE_IDS.map((id) => ({
    ...{ id, title: OBJECTIVE_TITLES[id], state: 'not-determined', requirements: [] },
    checks: [{ id: `${id}/sample`, state: 'not-determined', text: 'Nothing is on record.', subjects: [], count: 0 }],
  })),
  sealed: {
    ...{ state: 'not-read', text: 'Nothing of this ledger was ever sealed.', checkpoints: 0 },
    ...{ hoursMissing: 0, problems: [] },
  },
  mapping: MAPPING,
  reproduction: {
    ...{ tool: 'ajar 0.1.0', mapping: MAPPING.version, classifier: '5f0c2a9be1d3476c', allowlist: 'none' },
    evidence: { firstSeq: 0, lastSeq: 0, headHash: '0'.repeat(64) },
    command: 'ajar report reproduce manifest.json',
  },
};

/** The same stranger's text in every place that a stranger reaches. */
export function hostileEvidence(text: string): ReportEvidence {
  const check: ReportCheck = { id: 'EXP-2/no-open-window', state: 'not-satisfied', text, subjects: [text], count: 1 };
  return {
    ...SAMPLE_EVIDENCE,
    population: {
      cells: [
        {
          ...{ account: text, region: text, service: text, status: 'denied', listed: 1, calls: 1, detail: text },
          triedAt: '2019-12-08T23:55:06.000Z',
        },
      ],
      sources: [{ source: text, endpoints: 1 }],
      differences: [{ endpointId: text, disposition: 'forgotten', detail: text }],
    },
    watch: {
      percent: 98.7,
      endpoints: [{ endpointId: text, existed: 10, watched: 9, percent: 90 }],
      places: [{ account: text, region: text, endpoints: 1, percent: 90 }],
      interruptions: [
        {
          ...{ subject: text, from: '2019-12-03T02:00:00.000Z', to: '2019-12-03T02:31:40.000Z', seconds: 1_900 },
          ...{ code: 'no-answer', cause: text, ackedBy: text, catchUp: text },
          ...{ alarmedAt: '2019-12-03T02:03:00.000Z', alarmSeconds: 180, ackedAt: '2019-12-03T02:04:00.000Z' },
        },
      ],
    },
    metrics: { ...SAMPLE_EVIDENCE.metrics, censored: [text] },
    exceptions: [
      {
        ...{ id: text, owner: text, author: text, approvedBy: [text], reason: text, ticket: text },
        ...{ approvedOn: '2019-12-04', expires: '2019-12-05', scope: text, permits: text },
        ...{ endpoints: [text], incidents: [text], flags: ['expired'] },
      },
    ],
    changes: [{ at: '2019-12-04T15:20:00.000Z', seq: 1, kind: 'act', subject: text, by: text, text }],
    objectives: SAMPLE_EVIDENCE.objectives.map((each) => ({ ...each, checks: [check], state: 'not-satisfied' })),
    sealed: { ...SAMPLE_EVIDENCE.sealed, state: 'broken', text, problems: [text] },
    reproduction: { ...SAMPLE_EVIDENCE.reproduction, allowlist: text, command: text },
  };
}
