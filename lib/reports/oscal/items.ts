/** Endpoints as inventory items, and what was seen of each as observations: TEST where it was visited, EXAMINE where it was read. */
import { PROTECTIONS } from '../../model/protection.ts';
import type { Report, ReportEndpoint, ReportIncident } from '../../model/report.ts';
import type { ReportCheck } from '../../model/report-evidence.ts';
import { joined, type Rows, rowsOf } from '../pieces.ts';
import { LEDGER_RESOURCE } from './metadata.ts';
import {
  checkOf,
  distinct,
  distinctOf,
  itemOf,
  line,
  ORIGINS,
  placeText,
  prose,
  props,
  riskOf,
  subjectOf,
  uuidOf,
} from './names.ts';

const EVIDENCE = [{ href: `#${LEDGER_RESOURCE}`, description: 'The ledger that the report was made of.' }] as const;

/** Those of the report and, where an incident is of one that is gone, that one too: every subject is listed. */
export function inventoryItems(report: Report): Rows | undefined {
  const once = distinctOf(report.endpoints.map(({ endpoint }) => endpoint.id));
  const percents = new Map(report.evidence.watch.endpoints.map(({ endpointId, percent }) => [endpointId, percent]));
  return joined(
    rowsOf(report.endpoints, (each) => endpointItem(each, percents.get(each.endpoint.id), once)),
    goneItems(goneOf(report)),
  );
}

/** Of incidents, each endpoint once. */
export function goneItems(gone: readonly ReportIncident[]): Rows | undefined {
  return rowsOf(gone, (incident) => ({
    uuid: itemOf(incident.endpointId),
    description: prose(placeText(incident)),
    props: itemProps({ ...incident, id: incident.endpointId }),
  }));
}

function goneOf({ endpoints, incidents }: Report): readonly ReportIncident[] {
  const gone = new Map(incidents.toReversed().map((incident) => [incident.endpointId, incident]));
  for (const { endpoint } of endpoints) gone.delete(endpoint.id);
  return [...gone.values()].toReversed();
}

type Once = ReturnType<typeof distinctOf>;

interface Named extends Pick<ReportIncident, 'host' | 'port' | 'engine' | 'name' | 'account' | 'region'> {
  readonly id: string;
  readonly arn?: string;
}

function itemProps(
  { id, host, port, engine, account, region, arn }: Named,
  rest: Parameters<typeof props>[0] = {},
): object[] {
  return [
    { name: 'asset-id', value: line(id) },
    { name: 'fqdn', value: line(host) },
    ...(props({ port, engine, account, region, arn, ...rest }) ?? []),
  ];
}

function endpointItem({ endpoint, posture }: ReportEndpoint, percent: number | undefined, once: Once) {
  const { name, shadow, confirmed } = posture.verdict;
  const told = { verdict: name, shadow, confirmed, 'watched-percent': percent, product: posture.product };
  return {
    uuid: once(itemOf(endpoint.id), endpoint.id),
    description: prose(placeText(endpoint)),
    props: itemProps(endpoint, { ...told, 'product-version': posture.version }),
  };
}

export function observations(report: Report): Rows | undefined {
  const seen = distinctOf(report.endpoints.map(({ endpoint }) => endpoint.id));
  const windows = distinct();
  const checks = report.evidence.objectives.flatMap((objective) =>
    objective.checks.map((check) => ({ id: objective.id, check })),
  );
  const subjects = new Set(checks.flatMap(({ check }) => check.subjects));
  const known = new Set(report.endpoints.map(({ endpoint }) => endpoint.id).filter((id) => subjects.has(id)));
  return joined(
    endpointRows(report, seen),
    rowsOf(report.incidents, (incident) => windowSeen(incident, windows(riskOf(incident.id)))),
    rowsOf(checks, ({ id, check }) => checkMade(report, id, check, known)),
  );
}

function endpointRows({ endpoints }: Report, once: Once): Rows | undefined {
  if (!endpoints.some(({ verdictAt, endpoint }) => verdictAt !== undefined || endpoint.declaredAt !== undefined))
    return undefined;
  return function* rows() {
    for (const each of endpoints) {
      const { endpoint, verdictAt } = each;
      // Behind a host that all customers share nothing was sent: what is known of it was read.
      if (verdictAt !== undefined) yield looked(each, verdictAt, endpoint.shared ? 'EXAMINE' : 'TEST', once);
      if (endpoint.declaredAt !== undefined) yield declared(each, endpoint.declaredAt, once);
    }
  };
}

/** No `expires`: the record does not say when the next look was due. */
function looked(each: ReportEndpoint, collected: string, method: string, once: Once): object {
  const { endpoint, posture, verdictFrom } = each;
  const levels = PROTECTIONS.map((name) => [`observed-${name}`, posture.observed[name].level] as const);
  return {
    uuid: once(uuidOf('seen', endpoint.id, collected), endpoint.id),
    description: prose(posture.verdict.why),
    props: props({
      verdict: posture.verdict.name,
      source: verdictFrom,
      auth: posture.auth,
      ...Object.fromEntries(levels),
    }),
    ...{ methods: [method], types: ['finding'], origins: ORIGINS, subjects: [subjectOf(endpoint.id)] },
    ...{ 'relevant-evidence': EVIDENCE, collected },
  };
}

function declared({ endpoint, posture }: ReportEndpoint, collected: string, once: Once): object {
  const levels = PROTECTIONS.map((name) => [`declared-${name}`, posture.declared[name].level] as const);
  return {
    uuid: once(uuidOf('declared', endpoint.id, collected), endpoint.id),
    description: 'What the configuration says of it.',
    props: props(Object.fromEntries(levels)),
    ...{ methods: ['EXAMINE'], types: ['finding'], origins: ORIGINS, subjects: [subjectOf(endpoint.id)], collected },
  };
}

export const windowSeenOf = (risk: string): string => uuidOf('window', risk);

export function windowSeen(incident: ReportIncident, risk: string): object {
  return {
    uuid: windowSeenOf(risk),
    description: prose(incident.evidence),
    props: props({
      protection: incident.protection,
      level: incident.to,
      basis: incident.basis,
      verdict: incident.verdict,
    }),
    methods: [incident.basis === 'observed' ? 'TEST' : 'EXAMINE'],
    ...{ types: ['finding'], origins: ORIGINS, subjects: [subjectOf(incident.endpointId)] },
    ...{ 'relevant-evidence': EVIDENCE, collected: incident.detectedAt },
  };
}

function checkMade({ id, period }: Report, objective: string, check: ReportCheck, known: ReadonlySet<string>): object {
  const subjects = check.subjects.filter((subject) => known.has(subject));
  return {
    uuid: checkOf(id, objective, check.id),
    title: line(check.id),
    description: prose(check.text),
    props: props({ state: check.state, subjects: check.count }),
    ...{ methods: ['EXAMINE'], types: ['control-objective'], origins: ORIGINS },
    ...(subjects.length === 0 ? {} : { subjects: subjects.map(subjectOf) }),
    ...{ 'relevant-evidence': EVIDENCE, collected: period.to },
  };
}
