/**
 * On one machine the alarm of a gap is what a pass says of it, and its exit status. Once it has said so, that goes on record as
 * guard's alarms do (alarms.ts): once when it begins or grows, and when it is over.
 */
import type { Records } from '../model/store.ts';
import { readTold, writeTold } from './alarms.ts';
import { whatToTell } from './guard-memory.ts';
import { affectedBy, counted, detailOf } from './guard-words.ts';
import type { ScanSummary } from './scan.ts';

const CHECK = 'gaps';

/** A pass that was cut short saw less than there is: it says nothing of what is over. */
export async function recordGaps(
  { gaps, cancelled, runId }: Pick<ScanSummary, 'gaps' | 'cancelled' | 'runId'>,
  records: Records,
  now: Date,
): Promise<void> {
  if (cancelled > 0) return;
  const subjects = [...new Set(gaps.map(({ subject }) => subject))];
  const named = gaps.map(({ subject, code, detail }) => ({ name: subject, weight: 0, text: `${code}, ${detail}` }));
  const problem = {
    ...{ key: CHECK, severity: 'warning' as const },
    subject: `${counted(subjects.length, 'gap')} in what a pass could see`,
    detail: detailOf(named),
    ...affectedBy(subjects),
  };
  const written = await readTold(records);
  const look = { check: CHECK, problems: subjects.length === 0 ? [] : [problem] };
  const { memory, changed } = whatToTell(written.memory, [look], [CHECK], now);
  if (changed) await writeTold(memory, written, records, runId, now);
}
