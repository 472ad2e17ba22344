/**
 * Exposure windows. A window is one Detection Finding (2004) and, where names tell of data, one Data Security Finding (2006), each
 * with a life: Create when it was detected, Update for what people did and for an allowance, Close when it was seen closed. What
 * an allowance accepts is suppressed and never closed. `first_seen_time` never moves and `modified_time` never goes back.
 */
import type { DataAtRisk, DataClass } from '../../model/observation.ts';
import type { Report, ReportIncident } from '../../model/report.ts';
import { CLOSE_WORDS } from '../wording.ts';
import {
  type Activity,
  cloudOf,
  DATA_SECURITY_FINDING,
  DETECTION_FINDING,
  eventOf,
  type Happening,
  resourceOf,
  type Status,
  text,
} from './event.ts';

interface Step {
  readonly activity: Activity;
  readonly status: Status;
  readonly at: string;
  readonly said?: string;
}

/** In order of time; none before the finding was created. */
function stepsOf({ detectedAt, handling, closed, status }: ReportIncident): readonly Step[] {
  const later = (at: string): string => (at < detectedAt ? detectedAt : at);
  const { acked, assigned, aware } = handling ?? {};
  const updates: Step[] = [];
  const update = (at: string, said: string): number =>
    updates.push({ activity: 'Update', status: 'In Progress', at: later(at), said });
  if (acked !== undefined) update(acked.at, `acknowledged by ${acked.by}`);
  if (assigned !== undefined) update(assigned.at, `assigned to ${assigned.to} by ${assigned.by}`);
  if (aware !== undefined) update(aware.at, `personal data affected, says ${aware.by}`);
  updates.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const isAccepted = status === 'accepted' || closed?.cause === 'accepted';
  const last = updates.at(-1)?.at ?? detectedAt;
  const end = closed === undefined || closed.upper < last ? last : closed.upper;
  const ends: readonly Step[] = isAccepted
    ? [{ activity: 'Update', status: 'Suppressed', at: end, said: CLOSE_WORDS.accepted }]
    : [{ activity: 'Close', status: 'Resolved', at: end, said: CLOSE_WORDS[closed?.cause ?? 'fixed'] }];
  return [{ activity: 'Create', status: 'New', at: detectedAt }, ...updates, ...(status === 'open' ? [] : ends)];
}

export function* detectionEvents(report: Report): Generator<object> {
  for (const incident of report.incidents) {
    for (const step of stepsOf(incident)) yield detection(report, incident, step);
  }
}

export function* dataEvents(report: Report): Generator<object> {
  for (const incident of report.incidents) {
    const { data } = incident;
    if (data === undefined || data.classes.length === 0) continue;
    for (const step of stepsOf(incident)) yield dataFinding(report, incident, data, step);
  }
}

function happened(incident: ReportIncident, step: Step, title: string): Omit<Happening, 'class' | 'finding'> {
  const { severity, reasons, start, lastBadAt, detectedAt } = incident;
  return {
    ...{ activity: step.activity, status: step.status, at: step.at, severity, title },
    desc: [...(step.said === undefined ? [] : [step.said]), ...reasons].join('; '),
    ...{ first: start.upper, last: lastBadAt < step.at ? lastBadAt : step.at, created: detectedAt },
  };
}

function detection(report: Report, incident: ReportIncident, step: Step): object {
  const { protection, to, host, port, engine, evidence, score, start, closed, exposure } = incident;
  const title = `${protection} ${to}: ${incident.name ?? incident.endpointId} ${host}:${port}`;
  const happening = { class: DETECTION_FINDING, finding: incident.id, ...happened(incident, step, title) };
  const bounds = { start_lower: start.lower, start_upper: start.upper, start_exact: start.exact };
  return eventOf(report, happening, profilesOf(incident), {
    ...{ is_alert: true, risk_score: score, ...cloudOf(incident) },
    evidences: [
      {
        dst_endpoint: { hostname: text(host), port, svc_name: text(engine) },
        data: { evidence: text(evidence), protection, level: to, verdict: incident.verdict, basis: incident.basis },
      },
    ],
    resources: [resourceOf(incident)],
    unmapped: {
      ...bounds,
      closed_lower: closed?.lower,
      closed_upper: closed?.upper,
      exposure_least_seconds: exposure.least,
      exposure_most_seconds: exposure.most,
    },
  });
}

/** The incident profile asks for nothing more than is here; `cloud` asks for a cloud. */
function profilesOf({ account }: ReportIncident): readonly string[] {
  return account === undefined ? ['incident'] : ['cloud', 'incident'];
}

/** 1 personal, 2 governmental, 3 financial, 4 business, 6 security. What is none of these is other. */
const CATEGORIES: Readonly<Partial<Record<DataClass, readonly [number, string]>>> = {
  credential: [6, 'Security'],
  health: [1, 'Personal'],
  child: [1, 'Personal'],
  'government-id': [2, 'Governmental'],
  financial: [3, 'Financial'],
  'special-category': [1, 'Personal'],
  location: [1, 'Personal'],
  media: [1, 'Personal'],
  contact: [1, 'Personal'],
  behaviour: [1, 'Personal'],
  business: [4, 'Business'],
};

/** The classes come the worst first; the first one says the category, and all are listed. */
function dataFinding(report: Report, incident: ReportIncident, data: DataAtRisk, step: Step): object {
  const { host, port, engine, endpointId, name } = incident;
  const worst = data.classes[0]?.class ?? 'unclassified';
  const [categoryId, category] = CATEGORIES[worst] ?? [99, 'Other'];
  const title = `Data at risk by name (${worst}): ${name ?? endpointId} ${host}:${port}`;
  const happening = {
    ...{ class: DATA_SECURITY_FINDING, finding: `data/${incident.id}` },
    ...happened(incident, step, title),
  };
  return eventOf(report, happening, profilesOf(incident), {
    ...{ is_alert: true, ...cloudOf(incident) },
    data_security: {
      ...{ category_id: categoryId, category, data_lifecycle_state_id: 1, data_lifecycle_state: 'Data at-Rest' },
      ...{ detection_system_id: 4, detection_system: 'Data Discovery & Classification' },
      classifier_details: { name: 'ajar', type: 'names only; no record was read' },
      discovery_details: data.classes.map((hit) => ({
        type: hit.class,
        count: hit.count,
        value: text(hit.because.join(', ')),
      })),
      ...(data.records === undefined ? {} : { total: data.records }),
    },
    database: {
      ...{ uid: text(endpointId), name: text(name ?? endpointId), ...databaseType(engine) },
      ...(data.bytes === undefined ? {} : { size: data.bytes }),
    },
    resources: [resourceOf(incident)],
  });
}

const RELATIONAL: ReadonlySet<string> = new Set([
  ...['postgres', 'mysql', 'mariadb', 'redshift', 'cockroachdb', 'yugabytedb', 'tidb', 'sqlserver', 'oracle', 'db2'],
  ...['firebird', 'h2', 'clickhouse'],
]);
const VECTOR: ReadonlySet<string> = new Set(['qdrant', 'weaviate', 'milvus', 'chroma']);
const GRAPH: ReadonlySet<string> = new Set(['neo4j', 'neptune', 'dgraph']);

function databaseType(engine: string): object {
  if (RELATIONAL.has(engine)) return { type_id: 1, type: 'Relational' };
  if (VECTOR.has(engine)) return { type_id: 7, type: 'Vector' };
  if (GRAPH.has(engine)) return { type_id: 8, type: 'Knowledge Graph' };
  return { type_id: 6, type: 'NoSQL' };
}
