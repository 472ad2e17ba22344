import type { CoverageGap } from './endpoint.ts';
import type { CellStatus } from './inventory.ts';

/**
 * What an auditor asks of a report beyond its findings (evidence-and-alerts.md section 1.2): the population, how far it was
 * watched, how fast, who allowed what, who changed the watch itself, and how to do it again. Instants are those of the record.
 */
export interface ReportEvidence {
  readonly population: ReportPopulation;
  readonly watch: ReportWatch;
  readonly metrics: ReportMetrics;
  /** Every allowance that was in force at some time of the period, by id. */
  readonly exceptions: readonly ReportException[];
  /** Of what watches: allowlist, settings, silences, guard rails, the drill. Oldest first. */
  readonly changes: readonly ReportChange[];
  /** EXP-1 to EXP-11, in their order. */
  readonly objectives: readonly ReportObjective[];
  readonly sealed: ReportSealed;
  readonly mapping: ReportMapping;
  readonly reproduction: ReportReproduction;
}

/** Q1. Is the population complete? */
export interface ReportPopulation {
  /** By account, region, service. Empty where the inventory is of files alone. */
  readonly cells: readonly PopulationCell[];
  /** Endpoints by where they were listed: a file, or a service. By source. */
  readonly sources: readonly { readonly source: string; readonly endpoints: number }[];
  /** Where independent sources do not agree, by endpoint id. */
  readonly differences: readonly PopulationDifference[];
}

export interface PopulationCell {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  /** `unread`: it should have been read and never was. */
  readonly status: CellStatus | 'unread';
  /** Endpoints known of it. */
  readonly listed: number;
  readonly calls: number;
  readonly triedAt?: string;
  /** When its list was whole last. */
  readonly completeAt?: string;
  readonly detail?: string;
}

export interface PopulationDifference {
  readonly endpointId: string;
  /**
   * `forgotten`: its interface, address, balancer or name was found, and no service lists it. `unseen`: it was listed, is not
   * any more, and nobody said that it is gone. `shadow`: open where its configuration says closed.
   */
  readonly disposition: 'forgotten' | 'unseen' | 'shadow';
  readonly detail: string;
}

/** Q2. Did it run the whole period? */
export interface ReportWatch {
  /** Of the time that endpoints existed in the period, the part that was watched: 0 to 100, rounded down to three decimals. Absent where none existed. */
  readonly percent?: number;
  readonly endpoints: readonly EndpointWatch[];
  /** By account, then region; endpoints of files under `account: 'file'`. */
  readonly places: readonly PlaceWatch[];
  /** Every stretch unseen of more than two intervals, by start, then subject. */
  readonly interruptions: readonly Interruption[];
}

export interface EndpointWatch {
  readonly endpointId: string;
  /** Seconds in the period. */
  readonly existed: number;
  readonly watched: number;
  readonly percent?: number;
}

export interface PlaceWatch {
  readonly account: string;
  readonly region?: string;
  readonly endpoints: number;
  readonly percent?: number;
}

export interface Interruption {
  /** Endpoint id, `account/region/service`, account, or `all` where nobody looked at anything. */
  readonly subject: string;
  readonly from: string;
  /** Absent where it lasted at the end of the period. */
  readonly to?: string;
  readonly seconds: number;
  readonly code: CoverageGap['code'] | 'not-running';
  readonly cause: string;
  /** When somebody was told of it. Absent where the record says of nobody. */
  readonly alarmedAt?: string;
  /** From its beginning to there. */
  readonly alarmSeconds?: number;
  readonly ackedAt?: string;
  readonly ackedBy?: string;
  /** The verdict of the first look after it. */
  readonly catchUp?: string;
}

/** Q4. How fast? Section 1.4: bounds stay bounds; windows that were open at the end are listed apart and in no mean. */
export interface ReportMetrics {
  /** From the start of the window to the first bad verdict on record. */
  readonly detect: Spread;
  /** From there to the receipt of the first alert. */
  readonly alert: Spread;
  /** From the receipt to the first `ack`. */
  readonly acknowledge: Spread;
  /** From the start of the window to its end. */
  readonly recover: Spread;
  /** Incident ids open at the end of the period, by id. */
  readonly censored: readonly string[];
}

/** Seconds. `p50`, `p95` and `max` are of the upper bound of each, so that nothing looks faster than it may have been. */
export interface Spread {
  /** Those that have an upper bound; without one there are no figures. */
  readonly n: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly max?: number;
  /** Those of which no upper bound is known, such as a window that was open when first seen, or an alert without receipt. */
  readonly unbounded: number;
}

/** Q5. Who allowed what, until when? */
export interface ReportException {
  readonly id: string;
  readonly owner: string;
  readonly author?: string;
  readonly approvedBy: readonly string[];
  readonly reason: string;
  readonly ticket: string;
  readonly approvedOn: string;
  readonly expires: string;
  /** As written, canonical JSON. */
  readonly scope: string;
  readonly permits: string;
  /** Endpoints it matched at the end of the period, sorted. */
  readonly endpoints: readonly string[];
  /** Incidents of the period that it accepted or covered, sorted. */
  readonly incidents: readonly string[];
  readonly flags: readonly ('expired' | 'expires-soon' | 'unused' | 'over-broad' | 'break-glass' | 'changed')[];
}

/** Q6. Did someone mute or disable it? */
export interface ReportChange {
  readonly at: string;
  readonly seq: number;
  readonly kind: 'allowlist' | 'guardrail' | 'silence' | 'drill' | 'run' | 'act';
  readonly subject: string;
  /** Who, where the record names somebody. */
  readonly by?: string;
  readonly text: string;
}

export const OBJECTIVE_IDS = [
  'EXP-1',
  'EXP-2',
  'EXP-3',
  'EXP-4',
  'EXP-5',
  'EXP-6',
  'EXP-7',
  'EXP-8',
  'EXP-9',
  'EXP-10',
  'EXP-11',
] as const;
export type ObjectiveId = (typeof OBJECTIVE_IDS)[number];

/** `not-determined`: the evidence does not suffice to say either. It is no pass. */
export type ObjectiveState = 'satisfied' | 'not-satisfied' | 'not-determined';

/** One control objective, judged by executable checks. "Supports", never "compliant". */
export interface ReportObjective {
  readonly id: ObjectiveId;
  readonly title: string;
  /** The worst of its checks: not-satisfied, then not-determined. */
  readonly state: ObjectiveState;
  readonly checks: readonly ReportCheck[];
  /** What it supports, by framework, then id. */
  readonly requirements: readonly ReportRequirement[];
}

export interface ReportCheck {
  /** `EXP-2/no-open-window`. */
  readonly id: string;
  readonly state: ObjectiveState;
  /** One sentence with its figures. */
  readonly text: string;
  /** Endpoint, incident, cell or allowance ids that decided it, sorted. At most `MAX_CHECK_SUBJECTS`. */
  readonly subjects: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}
export const MAX_CHECK_SUBJECTS = 100;

export const FRAMEWORK_IDS = [
  'aws-fsbp',
  'cis-aws',
  'gdpr',
  'hipaa',
  'iso-27001',
  'nist-800-53',
  'nist-csf',
  'pci-dss',
  'soc-2',
] as const;
export type FrameworkId = (typeof FRAMEWORK_IDS)[number];

export interface ReportRequirement {
  readonly framework: FrameworkId;
  /** As the publisher spells it. */
  readonly id: string;
  /** Checked against a list of the publisher's own. */
  readonly verified: boolean;
}

export interface ReportMapping {
  readonly version: string;
  readonly reviewer: string;
  readonly reviewedOn: string;
  readonly frameworks: readonly {
    readonly id: FrameworkId;
    readonly title: string;
    readonly version: string;
    /** Where the list of ids is from, and of what day. */
    readonly source: string;
    readonly verified: boolean;
  }[];
}

/**
 * Q7. Whether the ledger that was read is the one whose hours were sealed: signed checkpoints of the hours of the period, read
 * when the report was made and checked with the public key.
 */
export interface ReportSealed {
  /**
   * `verified`: each is signed, follows the one before it and names an entry of this ledger, and none is missing. `incomplete`:
   * hours are missing. `not-read`: there was nothing to read, or nothing to check it with. Neither is a pass.
   */
  readonly state: 'verified' | 'incomplete' | 'broken' | 'not-read';
  /** One sentence. */
  readonly text: string;
  readonly checkpoints: number;
  /** From the first sealed hour of the period to the end of the last. */
  readonly from?: string;
  readonly to?: string;
  readonly last?: SealedHour;
  /** Fingerprint of the key that signed the last: compare it with one that you were given elsewhere. */
  readonly key?: string;
  /** Hours that were over by the end of the period, have no checkpoint, and should: since the first entry. */
  readonly hoursMissing: number;
  /** The first ones. */
  readonly problems: readonly string[];
}

export interface SealedHour {
  readonly hour: string;
  readonly lastSeq: number;
  /** Of the file of its checkpoint. */
  readonly sha256: string;
}

/** Q8. Can I redo it? */
export interface ReportReproduction {
  readonly tool: string;
  readonly mapping: string;
  readonly classifier: string;
  readonly allowlist: string;
  /** Ledger range that was read. */
  readonly evidence: { readonly firstSeq: number; readonly lastSeq: number; readonly headHash: string };
  /** One line that makes the same files of the same evidence. */
  readonly command: string;
}
