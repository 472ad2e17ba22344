/** What every OCSF event of a report carries: class, activity, instant in milliseconds, product, cloud and resource. */
import type { Report, ReportIncident } from '../../model/report.ts';
import type { Severity } from '../../model/verdict.ts';
import { shown } from '../escape.ts';

export const OCSF_VERSION = '1.8.0';
const TEXT = 1_000;

export const COMPLIANCE_FINDING = { uid: 2003, name: 'Compliance Finding' } as const;
export const DETECTION_FINDING = { uid: 2004, name: 'Detection Finding' } as const;
export const DATA_SECURITY_FINDING = { uid: 2006, name: 'Data Security Finding' } as const;

export const ACTIVITIES = { Create: 1, Update: 2, Close: 3 } as const;
export type Activity = keyof typeof ACTIVITIES;

/** Of the finding's life, not of what was found. */
export const STATUSES = { New: 1, 'In Progress': 2, Suppressed: 3, Resolved: 4 } as const;
export type Status = keyof typeof STATUSES;

const SEVERITY_IDS: Readonly<Record<Severity, readonly [number, string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

export interface Happening {
  readonly class: typeof COMPLIANCE_FINDING | typeof DETECTION_FINDING | typeof DATA_SECURITY_FINDING;
  readonly activity: Activity;
  readonly status: Status;
  readonly severity: Severity;
  readonly at: string;
  /** Stable over the whole life of the finding. */
  readonly finding: string;
  readonly title: string;
  readonly desc: string;
  readonly first?: string;
  readonly last?: string;
  readonly created: string;
}

export function text(said: string): string {
  return shown(said, TEXT);
}

export const ms = (at: string): number => Date.parse(at);

export function eventOf({ id, tool }: Report, happening: Happening, profiles: readonly string[], rest: object): object {
  const { class: kind, activity, status, severity, at, finding, title, desc, first, last, created } = happening;
  const [severityId, severityName] = SEVERITY_IDS[severity];
  return {
    ...{ category_uid: 2, category_name: 'Findings', class_uid: kind.uid, class_name: kind.name },
    ...{ activity_id: ACTIVITIES[activity], activity_name: activity },
    ...{ type_uid: kind.uid * 100 + ACTIVITIES[activity], type_name: `${kind.name}: ${activity}` },
    ...{ severity_id: severityId, severity: severityName, status_id: STATUSES[status], status },
    ...{ time: ms(at), message: text(title) },
    metadata: {
      version: OCSF_VERSION,
      product: { name: tool.name, vendor_name: 'ajar', version: text(tool.version) },
      ...(profiles.length === 0 ? {} : { profiles }),
      uid: text(`${finding}/${activity}/${at}`),
      correlation_uid: text(id),
    },
    finding_info: {
      ...{ uid: text(finding), title: text(title), desc: text(desc), data_sources: ['ajar'] },
      ...{ created_time: ms(created), modified_time: ms(at) },
      ...(first === undefined ? {} : { first_seen_time: ms(first) }),
      ...(last === undefined ? {} : { last_seen_time: ms(last) }),
    },
    ...rest,
  };
}

type Placed = Pick<ReportIncident, 'endpointId' | 'host' | 'name' | 'engine' | 'account' | 'region'>;

/** `cloud` where the account is known: the profile of the same name demands it, so it is named where this is. */
export function cloudOf({ account, region }: Pick<Placed, 'account' | 'region'>): object {
  if (account === undefined) return {};
  const where = region === undefined ? {} : { region: text(region) };
  return { cloud: { provider: 'AWS', account: { uid: text(account) }, ...where } };
}

export function resourceOf({ endpointId, host, name, engine, region }: Placed): object {
  return {
    uid: text(endpointId),
    hostname: text(host),
    type: text(engine),
    ...(name === undefined ? {} : { name: text(name) }),
    ...(region === undefined ? {} : { region: text(region) }),
  };
}
