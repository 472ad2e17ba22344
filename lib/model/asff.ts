/**
 * One incident as a finding of the AWS Security Finding Format, as the web hook sends it and the report files it
 * (evidence-and-alerts.md section 1.6). One incident is one finding for its whole life, under its id: the same one again with a
 * later `UpdatedAt`, ARCHIVED at its end. What has no AWS account or region has no finding: Security Hub files by both.
 * The words come from whoever asks, already shown as its readers need them and within `FINDING_LIMITS`.
 */
import type { CloseCause, Incident } from './incident.ts';
import type { Partition } from './inventory.ts';
import type { DataClass } from './observation.ts';
import { partitionOfRegion } from './partition.ts';
import type { Severity } from './verdict.ts';

export const FINDING_LIMITS = { id: 512, title: 256, description: 1_024, recommendation: 512, engine: 64 } as const;
/** Findings of one call of BatchImportFindings. */
export const MAX_BATCH = 100;
const MAX_REQUIREMENTS = 32;

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

export interface FindingPlace {
  readonly account: string;
  readonly region: string;
  readonly partition: Partition;
}

export interface FindingWords {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly remedy: string;
  readonly updatedAt: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly resource: { readonly id: string; readonly engine: string; readonly port: number };
  readonly requirements?: readonly string[];
}

/** Where Security Hub would file it; absent where it has no place for it. */
export function findingPlace(account = '', region = ''): FindingPlace | undefined {
  const partition = partitionOfRegion(region);
  // As long as the format allows; a region in which this could be filed is known by its partition.
  if (!/^\d{12}$/.test(account) || partition === undefined || region.length > 16) return undefined;
  return { account, region, partition };
}

export function findingOf(
  incident: Incident,
  { account, region, partition }: FindingPlace,
  words: FindingWords,
): Finding {
  const severity = { Label: LABELS[incident.severity], Original: String(incident.score) };
  const types = typesOf(incident);
  const { resource, requirements = [] } = words;
  const related = requirements.length === 0 ? {} : { RelatedRequirements: requirements.slice(0, MAX_REQUIREMENTS) };
  return {
    SchemaVersion: '2018-10-08',
    Id: words.id,
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: 'ajar',
    CompanyName: 'ajar',
    GeneratorId: `ajar/${incident.protection}`,
    AwsAccountId: account,
    Region: region,
    Types: types,
    CreatedAt: incident.detectedAt,
    UpdatedAt: words.updatedAt,
    FirstObservedAt: incident.start.upper,
    LastObservedAt: incident.lastBadAt,
    Severity: severity,
    FindingProviderFields: { Severity: severity, Types: types },
    Title: words.title,
    Description: words.description,
    Remediation: { Recommendation: { Text: words.remedy } },
    ProductFields: words.fields,
    Resources: [
      {
        Type: 'Other',
        Id: resource.id,
        // The format's own list of partitions does not have the European one.
        ...(partition === 'aws-eusc' ? {} : { Partition: partition }),
        Region: region,
        Details: { Other: { engine: resource.engine, port: String(resource.port) } },
      },
    ],
    ...(incident.status === 'open'
      ? { RecordState: 'ACTIVE', Compliance: { Status: 'FAILED', ...related } }
      : {
          RecordState: 'ARCHIVED',
          Compliance: { Status: COMPLIANCE[incident.closed?.cause ?? 'accepted'], ...related },
        }),
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
