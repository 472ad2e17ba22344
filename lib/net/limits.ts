/** The budgets of probes.md section 1, rule 3. No wait and no buffer in lib/net is without one of these. */
export interface Limits {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleGapMs: number;
  /** How long a polite close may take before the socket is dropped. */
  readonly closeMs: number;
  /** Of one reply: what arrives between two of our writes. */
  readonly maxReplyBytes: number;
  readonly maxSentBytes: number;
}

export const LIMITS: Limits = {
  connectMs: 3_000,
  firstByteMs: 4_000,
  idleGapMs: 1_500,
  closeMs: 500,
  maxReplyBytes: 64 * 1024,
  maxSentBytes: 2 * 1024,
};
