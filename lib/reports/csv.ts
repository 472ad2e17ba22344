/**
 * One file a table, RFC 4180, CRLF, UTF-8 without a byte order mark (evidence-and-alerts.md section 1.6).
 * Every row stands alone: it carries the report, its period and the tool. Texts are quoted and neutralised
 * against formulas (`cell`), numbers are bare. report.json holds the exact texts.
 */
import { type DrillOutcome, isInTime } from '../model/drill.ts';
import type { DataAtRisk } from '../model/observation.ts';
import { BASES } from '../model/posture.ts';
import { PROTECTIONS } from '../model/protection.ts';
import type { Report, ReportEndpoint, Reporter, ReportIncident } from '../model/report.ts';
import { SEVERITIES, VERDICTS } from '../model/verdict.ts';
import type { Handling } from '../model/handling.ts';
import { evidenceFiles } from './csv-evidence.ts';
import { csvFile, listed, type Row, tableOf } from './csv-table.ts';
import { gdprDue, timeToDetect } from './moments.ts';
import { whoLines } from './who.ts';
import { GAP_WORDS } from './wording.ts';

export const csv: Reporter = {
  format: 'csv',
  mediaType: 'text/csv',
  render: (report) =>
    [
      ...(report.drill === undefined
        ? []
        : [csvFile('drill.csv', report, DRILL_COLUMNS, tableOf(report.drill.openings, drillRow))]),
      csvFile('endpoints.csv', report, ENDPOINT_COLUMNS, tableOf(report.endpoints, endpointRow)),
      csvFile('gaps.csv', report, GAP_COLUMNS, tableOf(report.gaps, gapRow)),
      csvFile('incidents.csv', report, INCIDENT_COLUMNS, tableOf(report.incidents, incidentRow)),
      csvFile('summary.csv', report, SUMMARY_COLUMNS, tableOf([report], summaryRow)),
      ...evidenceFiles(report),
    ].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
};

const DATA_COLUMNS = ['data_objects', 'data_records', 'data_bytes', 'data_classes', 'data_reasons', 'data_samples'];

function dataRow(data: DataAtRisk | undefined): Row {
  if (data === undefined) return {};
  return {
    data_objects: data.objects,
    data_records: data.records,
    data_bytes: data.bytes,
    data_classes: listed(data.classes.map((hit) => hit.class)),
    data_reasons: listed(data.classes.flatMap((hit) => hit.because)),
    data_samples: listed(data.samples),
  };
}

const INCIDENT_COLUMNS = [
  ...['incident_id', 'status', 'severity', 'score', 'endpoint_id', 'host', 'port', 'engine', 'name', 'account'],
  ...['region', 'protection', 'origin', 'basis', 'level_from', 'level_to', 'verdict', 'start_lower', 'start_upper'],
  ...['start_exact', 'detected_at', 'last_bad_at', 'closed_lower', 'closed_upper', 'close_cause'],
  ...['closed_later_lower', 'closed_later_upper', 'close_later_cause'],
  ...['detect_least_seconds', 'detect_most_seconds', 'exposure_least_seconds', 'exposure_most_seconds'],
  ...DATA_COLUMNS,
  ...[
    'who',
    'allowances',
    'reasons',
    'evidence',
    'break_glass',
    'break_glass_over',
    'was_accepted',
    'allowlist_digest',
  ],
  ...['reopened', 'acked_at', 'acked_by', 'assigned_to', 'aware_at', 'aware_by', 'gdpr_due', 'notes'],
];

function incidentRow(incident: ReportIncident): Row {
  const { start, closed, exposure, endpointId, host, port, engine, name, account, region } = incident;
  const { status, severity, score, protection, origin, basis, verdict, evidence, closedLater } = incident;
  const detect = timeToDetect(incident);
  return {
    ...{ incident_id: incident.id, endpoint_id: endpointId, host, port, engine, name, account, region },
    ...{ status, severity, score, protection, origin, basis, verdict, evidence },
    who: listed(whoLines(incident.attribution)),
    ...{ level_from: incident.from, level_to: incident.to },
    ...{ start_lower: start.lower, start_upper: start.upper, start_exact: start.exact },
    ...{ detected_at: incident.detectedAt, last_bad_at: incident.lastBadAt },
    ...{ closed_lower: closed?.lower, closed_upper: closed?.upper, close_cause: closed?.cause },
    ...{ closed_later_lower: closedLater?.lower, closed_later_upper: closedLater?.upper },
    close_later_cause: closedLater?.cause,
    ...{ detect_least_seconds: detect.least, detect_most_seconds: detect.most },
    ...{ exposure_least_seconds: exposure.least, exposure_most_seconds: exposure.most },
    ...dataRow(incident.data),
    ...{ allowances: listed(incident.allowances), reasons: listed(incident.reasons) },
    ...{ break_glass: listed(incident.glass?.entries ?? []), break_glass_over: incident.glass?.isOver },
    was_accepted: listed(
      (incident.wasAccepted ?? []).map(({ id, until, reason }) => `${id} until ${until}: ${reason}`),
    ),
    allowlist_digest: incident.allowlist,
    reopened: incident.reopened?.count,
    ...handlingRow(incident.handling),
  };
}

function handlingRow({ acked, assigned, aware, notes }: Handling = {}): Row {
  return {
    ...{ acked_at: acked?.at, acked_by: acked?.by, assigned_to: assigned?.to },
    ...{
      aware_at: aware?.since,
      aware_by: aware?.by,
      gdpr_due: aware === undefined ? undefined : gdprDue(aware.since),
    },
    notes: listed((notes ?? []).map(({ at, by, text }) => `${at} ${by}: ${text}`)),
  };
}

const LEVEL_COLUMNS = BASES.flatMap((basis) => PROTECTIONS.map((protection) => levelColumn(basis, protection)));

function levelColumn(basis: string, protection: string): string {
  return `${basis}_${protection.replaceAll('-', '_')}`;
}

const ENDPOINT_COLUMNS = [
  ...['endpoint_id', 'host', 'port', 'engine', 'source', 'name', 'account', 'region', 'arn', 'verdict', 'shadow'],
  ...['confirmed', 'why', 'auth', 'proof', 'product', 'version', 'addresses', 'verdict_from', 'verdict_at'],
  ...['last_conclusive_at', ...LEVEL_COLUMNS, 'tls_version', 'tls_cipher', 'cert_subject', 'cert_issuer'],
  ...['cert_not_before', 'cert_not_after', 'cert_sha256', 'cert_self_signed', 'cert_matches_host'],
  ...DATA_COLUMNS,
];

function endpointRow({ endpoint, posture, verdictFrom, verdictAt, lastConclusiveAt }: ReportEndpoint): Row {
  const { id, host, port, engine, source, name, account, region, arn } = endpoint;
  const { verdict, auth, proof, product, version, addresses, tls } = posture;
  const certificate = tls?.certificate;
  const levels = BASES.flatMap((basis) =>
    PROTECTIONS.map((protection) => [levelColumn(basis, protection), posture[basis][protection].level]),
  );
  return {
    ...{ endpoint_id: id, host, port, engine, source, name, account, region, arn },
    ...{ verdict: verdict.name, shadow: verdict.shadow, confirmed: verdict.confirmed, why: verdict.why },
    ...{ auth, proof, product, version, addresses: listed(addresses) },
    ...{ verdict_from: verdictFrom, verdict_at: verdictAt, last_conclusive_at: lastConclusiveAt },
    ...Object.fromEntries(levels),
    ...{ tls_version: tls?.version, tls_cipher: tls?.cipher },
    ...{ cert_subject: certificate?.subject, cert_issuer: certificate?.issuer, cert_sha256: certificate?.sha256 },
    ...{ cert_not_before: certificate?.notBefore, cert_not_after: certificate?.notAfter },
    ...{ cert_self_signed: certificate?.selfSigned, cert_matches_host: certificate?.matchesHost },
    ...dataRow(posture.data),
  };
}

const GAP_COLUMNS = ['stage', 'subject', 'code', 'since', 'cause', 'cure', 'detail'];

function gapRow({ stage, subject, code, detail, since }: Report['gaps'][number]): Row {
  return { stage, subject, code, since, detail, ...GAP_WORDS[code] };
}

const DRILL_COLUMNS = ['opened', 'closed', 'alert_seconds', 'alert_in_time', 'recovery_seconds', 'recovery_in_time'];

function drillRow({ from, to, alertSeconds, recoverySeconds }: DrillOutcome): Row {
  return {
    ...{ opened: from, closed: to, alert_seconds: alertSeconds, alert_in_time: isInTime(alertSeconds) },
    ...{ recovery_seconds: recoverySeconds, recovery_in_time: isInTime(recoverySeconds) },
  };
}

const SUMMARY_COLUMNS = [
  ...['first_reading_at', 'last_reading_at', 'unwatched', 'endpoints', ...VERDICTS.map((name) => `endpoints_${name}`)],
  ...['incidents', 'incidents_open', ...SEVERITIES.map((severity) => `incidents_${severity}`), 'gaps'],
  ...['allowlist_file', 'allowlist_digest', 'allowlist_entries'],
  ...['coverage_percent', 'mapping_version', 'classifier_version', 'reproduce'],
  ...['ledger_entries', 'ledger_first_seq', 'ledger_last_seq', 'ledger_head_hash', 'ledger_head_at'],
  'limits',
];

function summaryRow({ totals, allowlist, ledger, limits, coverage, evidence }: Report): Row {
  const { watch, reproduction } = evidence;
  const { endpoints, incidents, open, gaps } = totals;
  return {
    ...{ first_reading_at: coverage.firstReadingAt, last_reading_at: coverage.lastReadingAt },
    unwatched: listed(coverage.unwatched.map(({ from, to }) => `${from}/${to}`)),
    ...{ endpoints, incidents, incidents_open: open, gaps },
    ...Object.fromEntries(VERDICTS.map((name) => [`endpoints_${name}`, totals.verdicts[name]])),
    ...Object.fromEntries(SEVERITIES.map((severity) => [`incidents_${severity}`, totals.bySeverity[severity]])),
    ...{ allowlist_file: allowlist.file, allowlist_digest: allowlist.digest, allowlist_entries: allowlist.entries },
    ...{ coverage_percent: watch.percent, mapping_version: reproduction.mapping },
    ...{ classifier_version: reproduction.classifier, reproduce: reproduction.command },
    ...{ ledger_entries: ledger.entries, ledger_first_seq: ledger.firstSeq, ledger_last_seq: ledger.lastSeq },
    ...{ ledger_head_hash: ledger.headHash, ledger_head_at: ledger.headAt, limits: listed(limits) },
  };
}
