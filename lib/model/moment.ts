/** One moment of an incident's life, as the ledger has it. */
export interface Moment {
  readonly at: string;
  readonly seq: number;
  readonly incidentId: string;
  readonly kind: 'transition' | 'notice' | 'act';
  /** `opened`, `closed`, `ack`: of what kind it was within its kind. */
  readonly what: string;
  /** Who did it, where somebody did. */
  readonly by?: string;
  readonly text?: string;
  /** Sink and receipt of a notice. */
  readonly sink?: string;
  readonly receipt?: string;
  readonly key?: string;
}
