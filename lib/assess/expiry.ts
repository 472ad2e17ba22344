/** When the owner of an entry is told that it ends: two weeks, a week and a day before, and when it has (issue 6). Pure. */
import type { Allowance, Allowlist } from '../model/allowlist.ts';
import { daysLeft, inDays } from './lint.ts';

/** Days that are left at most; 0: none, it is over. */
export type Stage = 14 | 7 | 1 | 0;

export interface Ending {
  readonly entry: Allowance;
  readonly stage: Stage;
  /** Of this ending: another day is another ending. */
  readonly key: string;
  readonly message: string;
}

/** Break-glass ends within hours of its beginning, and says so in its own alerts. */
export function endingsOf({ entries }: Allowlist, now: Date): readonly Ending[] {
  const at = now.toISOString();
  return entries.flatMap((entry) => {
    const stage = entry.permit.breakGlass === undefined ? stageOf(daysLeft(entry, at)) : undefined;
    if (stage === undefined) return [];
    return [{ entry, stage, key: `${entry.expires}/${stage}`, message: messageOf(entry, at) }];
  });
}

function stageOf(left: number): Stage | undefined {
  if (left < 0) return 0;
  if (left <= 1) return 1;
  if (left <= 7) return 7;
  return left <= 14 ? 14 : undefined;
}

/** 99 characters at most: an id has 64. */
function messageOf(entry: Allowance, at: string): string {
  const left = daysLeft(entry, at);
  return left < 0 ? `allowance ${entry.id} has expired` : `allowance ${entry.id} expires ${inDays(left)}`;
}
