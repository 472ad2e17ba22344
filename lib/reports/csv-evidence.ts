/** Tables of what an auditor asks beyond findings (model/report-evidence.ts), one file each. */
import type { Report, ReportFile } from '../model/report.ts';
import type { ReportEvidence, ReportException, ReportObjective } from '../model/report-evidence.ts';
import { csvFile, listed, type Row } from './csv-table.ts';

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: (evidence: ReportEvidence) => readonly Row[];
}

/** By file name. */
const TABLES: readonly Table[] = [
  {
    name: 'cells.csv',
    columns: ['account', 'region', 'service', 'status', 'listed', 'calls', 'tried_at', 'complete_at', 'detail'],
    rows: ({ population }) =>
      population.cells.map(({ triedAt, completeAt, ...cell }) => ({
        ...cell,
        ...{ tried_at: triedAt, complete_at: completeAt },
      })),
  },
  {
    name: 'changes.csv',
    columns: ['at', 'seq', 'kind', 'subject', 'by', 'text'],
    rows: ({ changes }) => changes.map((change) => ({ ...change })),
  },
  {
    name: 'checks.csv',
    columns: ['objective', 'check', 'state', 'text', 'subjects', 'count'],
    rows: ({ objectives }) => objectives.flatMap(checkRows),
  },
  {
    name: 'coverage.csv',
    columns: ['endpoint_id', 'existed_seconds', 'watched_seconds', 'percent'],
    rows: ({ watch }) =>
      watch.endpoints.map(({ endpointId, existed, watched, percent }) => ({
        ...{ endpoint_id: endpointId, existed_seconds: existed, watched_seconds: watched, percent },
      })),
  },
  {
    name: 'differences.csv',
    columns: ['endpoint_id', 'disposition', 'detail'],
    rows: ({ population }) =>
      population.differences.map(({ endpointId, ...each }) => ({ endpoint_id: endpointId, ...each })),
  },
  {
    name: 'exceptions.csv',
    columns: [
      ...['exception_id', 'owner', 'author', 'approved_by', 'reason', 'ticket', 'approved_on', 'expires', 'scope'],
      ...['permits', 'endpoints', 'incidents', 'flags'],
    ],
    rows: ({ exceptions }) => exceptions.map(exceptionRow),
  },
  {
    name: 'frameworks.csv',
    columns: ['framework', 'title', 'version', 'source', 'verified', 'mapping_version', 'reviewer', 'reviewed_on'],
    rows: ({ mapping: { frameworks, version, reviewer, reviewedOn } }) =>
      frameworks.map(({ id, ...framework }) => ({
        ...{ framework: id, ...framework, mapping_version: version, reviewer, reviewed_on: reviewedOn },
      })),
  },
  {
    name: 'interruptions.csv',
    columns: [
      'subject',
      'from',
      'to',
      'seconds',
      'code',
      'cause',
      'alarmed_at',
      'alarm_seconds',
      'acked_at',
      'acked_by',
      'catch_up',
    ],
    rows: ({ watch }) =>
      watch.interruptions.map(({ alarmedAt, alarmSeconds, ackedAt, ackedBy, catchUp, ...each }) => ({
        ...{ ...each, alarmed_at: alarmedAt, alarm_seconds: alarmSeconds },
        ...{ acked_at: ackedAt, acked_by: ackedBy, catch_up: catchUp },
      })),
  },
  {
    name: 'metrics.csv',
    columns: ['metric', 'n', 'p50_seconds', 'p95_seconds', 'max_seconds', 'unbounded', 'censored'],
    rows: ({ metrics: { censored, ...metrics } }) =>
      (['detect', 'alert', 'acknowledge', 'recover'] as const).map((metric) => {
        const { n, unbounded, p50, p95, max } = metrics[metric];
        const open = metric === 'recover' ? { censored: listed(censored) } : {};
        return { metric, n, p50_seconds: p50, p95_seconds: p95, max_seconds: max, unbounded, ...open };
      }),
  },
  {
    name: 'objectives.csv',
    columns: ['objective', 'title', 'state'],
    rows: ({ objectives }) => objectives.map(({ id, title, state }) => ({ objective: id, title, state })),
  },
  {
    name: 'places.csv',
    columns: ['account', 'region', 'endpoints', 'percent'],
    rows: ({ watch }) => watch.places.map((place) => ({ ...place })),
  },
  {
    name: 'requirements.csv',
    columns: ['objective', 'state', 'framework', 'requirement', 'verified'],
    rows: ({ objectives }) => objectives.flatMap(requirementRows),
  },
  {
    name: 'sources.csv',
    columns: ['source', 'endpoints'],
    rows: ({ population }) => population.sources.map((source) => ({ ...source })),
  },
];

export function evidenceFiles(report: Report): readonly ReportFile[] {
  const { evidence } = report;
  return TABLES.map(({ name, columns, rows }) =>
    csvFile(name, report, columns, { count: rows(evidence).length, rows: () => rows(evidence) }),
  );
}

function checkRows({ id, checks }: ReportObjective): readonly Row[] {
  return checks.map(({ id: check, subjects, ...each }) => ({
    objective: id,
    check,
    ...each,
    subjects: listed(subjects),
  }));
}

function requirementRows({ id, state, requirements }: ReportObjective): readonly Row[] {
  return requirements.map(({ framework, id: requirement, verified }) => ({
    ...{ objective: id, state, framework, requirement, verified },
  }));
}

function exceptionRow({ id, approvedBy, approvedOn, endpoints, incidents, flags, ...exception }: ReportException): Row {
  return {
    ...{ exception_id: id, ...exception, approved_by: listed(approvedBy), approved_on: approvedOn },
    ...{ endpoints: listed(endpoints), incidents: listed(incidents), flags: listed(flags) },
  };
}
