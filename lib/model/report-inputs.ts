/**
 * What a report takes from what ajar remembers beside its ledger, as it stood when the report was made: a ledger has what
 * changed and not what was seen again, so nobody could derive it later. It lies in the report's folder, its digest is in the
 * manifest, and with the entries up to the manifest's last one it gives every byte again, however the record has grown since.
 */
import type { Allowlist } from './allowlist.ts';
import type { Incident } from './incident.ts';
import type { CellRecord, KnownEndpoint, Place } from './inventory.ts';
import type { SealedHour } from './report-evidence.ts';
import type { EndpointState } from './state.ts';

export const INPUTS = 'inputs.ndjson';
/** What is read of one at most. */
export const MAX_INPUTS_BYTES = 1024 * 1024 * 1024;
export const MAX_INPUTS = 1_000_000;

/** Of a state what a report says. `deletedAt` only where the API's word was the last. */
export interface ReportState
  extends Pick<
    EndpointState,
    'endpoint' | 'posture' | 'lastReadingAt' | 'lastConclusiveAt' | 'gapSince' | 'deletedAt'
  > {
  /** From when on it is unseen, where nobody came after that. */
  readonly unseenSince?: string;
}

/** Of a place what a report says. */
export interface ReportPlace {
  readonly place: Pick<Place, 'account' | 'region'>;
  readonly cells: Readonly<Record<string, ReportCell>>;
}
export interface ReportCell extends Pick<CellRecord, 'status' | 'triedAt' | 'completeAt' | 'calls' | 'detail'> {
  readonly known: Readonly<Record<string, Pick<KnownEndpoint, 'misses' | 'gone'>>>;
}

/** The sealed hours of the period, as they were found. */
export type SealedInputs =
  | { readonly isRead: false; readonly why: string }
  | {
      readonly isRead: true;
      readonly checkpoints: number;
      /** To the end of the last. */
      readonly from?: string;
      readonly to?: string;
      readonly last?: SealedHour;
      readonly key?: string;
      /** What each checkpoint names: the ledger must hold it. */
      readonly heads: readonly { readonly hour: string; readonly seq: number; readonly hash: string }[];
      readonly problems: readonly string[];
    };

export interface ReportInputs {
  /** The ledger had so many entries when the rest began to be read: it holds all that these tell of, and maybe of later ones. */
  readonly readAfter: number;
  readonly allowlist: Allowlist;
  readonly sealed: SealedInputs;
  /** By endpoint id. */
  readonly states: readonly ReportState[];
  /** By start.upper, then id. */
  readonly incidents: readonly Incident[];
  /** By account, then region. */
  readonly places: readonly ReportPlace[];
}

/** What was asked for, as far as it decides bytes: the manifest names it. */
export interface ReportMade {
  /** As they were given; the period that they came to is the report's. */
  readonly asked: { readonly from?: string; readonly to?: string };
  /** Sorted. */
  readonly formats: readonly string[];
  /** For the PDF. */
  readonly font?: { readonly name: string; readonly bytes: number; readonly sha256: string };
}
