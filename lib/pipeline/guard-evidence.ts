/**
 * Whether the record stays evidence: guard's own line in the ledger every minute, so that a missing end is a gap in it, and
 * every hour sealed soon after it is over (evidence-and-alerts.md section 1.3).
 */
import { hourAfter, hourOf, hoursBetween } from '../model/checkpoint.ts';
import type { EvidenceReader } from '../model/evidence.ts';
import type { LedgerEntry, LedgerLine } from '../model/ledger.ts';
import { newestHour } from './checkpoint.ts';
import type { Check } from './guard.ts';
import { counted } from './guard-words.ts';

/** An hour is sealed five minutes after it is over, and tried again. */
const LATE_MS = 20 * 60_000;

export function pulseCheck(record: (lines: readonly LedgerLine[]) => Promise<void>, toolVersion: string): Check {
  return {
    name: 'pulse',
    async look(now) {
      const at = now.toISOString();
      const line = { runId: 'guard', subject: 'guard', observedAt: at, recordedAt: at };
      await record([{ kind: 'run', ...line, body: { event: 'pulse', toolVersion, alarms: true } }]);
      return { problems: [] };
    },
  };
}

export function sealedCheck(evidence: EvidenceReader, firstEntry: () => Promise<LedgerEntry | undefined>): Check {
  return {
    name: 'sealed',
    async look(now) {
      const due = hourOf(new Date(now.getTime() - LATE_MS));
      const newest = await newestHour(evidence);
      const first = newest === undefined ? await firstEntry() : undefined;
      const from = newest === undefined ? first && hourOf(first.recordedAt) : hourAfter(newest);
      const unsealed = from === undefined || from >= due ? 0 : hoursBetween(from, due);
      return { counts: { UnsealedHours: unsealed }, problems: unsealed === 0 ? [] : [problemOf(unsealed, from ?? '')] };
    },
  };
}

function problemOf(unsealed: number, from: string) {
  return {
    key: 'unsealed-hours',
    severity: 'critical' as const,
    subject: `the ledger is not sealed: ${counted(unsealed, 'hour')}`,
    detail: `Since ${from} nothing that was recorded has a signed checkpoint in the evidence bucket. The log of the function seal says why.`,
  };
}
