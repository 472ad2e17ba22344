/**
 * A notice as findings of the AWS Security Finding Format, one for each incident, as BatchImportFindings of Security Hub takes
 * them (evidence-and-alerts.md section 1.6). One incident is one finding for its whole life, under its id: the same one again with
 * a later `UpdatedAt`, ARCHIVED at its end. What has no AWS account or region has no finding: Security Hub files by both.
 */
import { partitionOfRegion } from '../aws/partitions.ts';
import type { CloseCause, Incident, Notice } from '../model/incident.ts';
import type { DataClass } from '../model/observation.ts';
import type { Severity } from '../model/verdict.ts';
import { inert } from './inert.ts';
import { spelledJson } from '../model/text.ts';

const ID_LIMIT = 512;
const TITLE_LIMIT = 256;
const DESCRIPTION_LIMIT = 1_024;
const RECOMMENDATION_LIMIT = 512;
const MAX_ALSO = 8;

const EFFECT = 'Effects/Data Exposure';
const PRACTICE = 'Software and Configuration Checks/AWS Security Best Practices';
const SENSITIVE: Readonly<Partial<Record<DataClass, string>>> = {
  credential: 'Sensitive Data Identifications/Passwords',
  financial: 'Sensitive Data Identifications/Financial',
  health: 'Sensitive Data Identifications/PII',
  child: 'Sensitive Data Identifications/PII',
  'government-id': 'Sensitive Data Identifications/PII',
  'special-category': 'Sensitive Data Identifications/PII',
  contact: 'Sensitive Data Identifications/PII',
  location: 'Sensitive Data Identifications/PII',
};

export interface Finding {
  readonly SchemaVersion: '2018-10-08';
  readonly Id: string;
  readonly [field: string]: unknown;
}

/** The body of BatchImportFindings; `undefined` where Security Hub has no place for it. */
export function asffJson(notice: Notice): string | undefined {
  const findings = findingsOf(notice);
  return findings.length === 0 ? undefined : spelledJson(JSON.stringify({ Findings: findings }));
}

export function findingsOf(notice: Notice): readonly Finding[] {
  const { account = '', region = '' } = notice.endpoint;
  const partition = partitionOfRegion(region);
  // As long as the format allows; a region in which this could be filed is known by its partition.
  if (!/^\d{12}$/.test(account) || partition === undefined || region.length > 16) return [];
  const place = { account, region, partition };
  return [notice.incident, ...notice.also.slice(0, MAX_ALSO)].map((incident) => findingOf(incident, notice, place));
}

interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

function findingOf(incident: Incident, notice: Notice, { account, region, partition }: Place): Finding {
  const { endpoint, lines, createdAt } = notice;
  const severity = { Label: LABELS[incident.severity], Original: String(incident.score) };
  const types = typesOf(incident);
  const where = text(`${endpoint.name ?? endpoint.id} ${endpoint.host}:${endpoint.port}`, TITLE_LIMIT / 2);
  const remedy = lines.find((line) => line.startsWith('DO NOW'))?.slice('DO NOW'.length);
  return {
    SchemaVersion: '2018-10-08',
    Id: text(`ajar/${incident.id}`, ID_LIMIT),
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: 'ajar',
    CompanyName: 'ajar',
    GeneratorId: `ajar/${incident.protection}`,
    AwsAccountId: account,
    Region: region,
    Types: types,
    CreatedAt: incident.detectedAt,
    UpdatedAt: createdAt,
    FirstObservedAt: incident.start.upper,
    LastObservedAt: incident.lastBadAt,
    Severity: severity,
    FindingProviderFields: { Severity: severity, Types: types },
    Title: text(`${incident.protection} ${incident.to}: ${where}`, TITLE_LIMIT),
    Description: text(lines.filter(isDescription).join(' | ') || notice.subject, DESCRIPTION_LIMIT),
    Remediation: { Recommendation: { Text: text(remedy ?? 'see the runbook of ajar', RECOMMENDATION_LIMIT) } },
    ProductFields: { 'ajar/notice': text(notice.key, ID_LIMIT), 'ajar/verdict': incident.verdict },
    Resources: [
      {
        Type: 'Other',
        Id: text(endpoint.arn ?? `${endpoint.host}:${endpoint.port}`, ID_LIMIT),
        Partition: partition,
        Region: region,
        Details: { Other: { engine: text(endpoint.engine, 64), port: String(endpoint.port) } },
      },
    ],
    ...(incident.status === 'open'
      ? { RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' } }
      : { RecordState: 'ARCHIVED', Compliance: { Status: COMPLIANCE[incident.closed?.cause ?? 'accepted'] } }),
  };
}

const LABELS: Readonly<Record<Severity, string>> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  info: 'INFORMATIONAL',
};

/** An end without a repair is no pass. */
const COMPLIANCE: Readonly<Record<CloseCause, string>> = {
  fixed: 'PASSED',
  'closed-to-us': 'PASSED',
  deleted: 'PASSED',
  accepted: 'WARNING',
  merged: 'NOT_AVAILABLE',
  withdrawn: 'NOT_AVAILABLE',
};

function typesOf({ protection, data }: Incident): readonly string[] {
  const reach = protection === 'network' ? `${PRACTICE}/Network Reachability` : PRACTICE;
  const sensitive = (data?.classes ?? []).flatMap((hit) => SENSITIVE[hit.class] ?? []);
  return [...new Set([EFFECT, reach, ...sensitive])];
}

function isDescription(line: string): boolean {
  return /^(WHAT|WHERE|SINCE|WHO|DATA) /.test(line);
}

/** Never empty: the format wants a character that is no blank. */
function text(said: string, limit: number): string {
  return inert(said, limit) || 'not named';
}
