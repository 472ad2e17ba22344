import type { Incident } from '../model/incident.ts';
import type { Moment } from '../model/moment.ts';
import type { Report } from '../model/report.ts';

/** What a person at the console may say of an incident. It opens and closes nothing. */
export type Said = { readonly kind: 'ack' } | { readonly kind: 'note'; readonly text: string };

export interface Asked {
  readonly from: string;
  /** Absent: up to the newest reading. */
  readonly to?: string;
  readonly formats: readonly string[];
}

export interface Download {
  readonly name: string;
  readonly mediaType: string;
  readonly body: Uint8Array;
}

/** What the console needs of the world. Throws AjarError: what is `bad-input` is shown to whoever asked. */
export interface Desk {
  /** How things stand: the report of the last days up to the newest reading. `undefined` before the first one. */
  standing(): Promise<Report | undefined>;
  history(incident: Pick<Incident, 'id' | 'endpointId'>): Promise<readonly Moment[]>;
  /** Absent where this console may only read. `false` where it was said before. */
  act?(id: string, said: Said, by: string): Promise<boolean>;
  /** One file, or one zip of several. */
  make(asked: Asked): Promise<Download>;
  readonly formats: readonly string[];
  now(): Date;
}
