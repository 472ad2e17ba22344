/** Whether a checkpoint that somebody signed fits itself and the one before it. */
import { type Checkpoint, NO_CHECKPOINT } from '../model/checkpoint.ts';
import { namesOfHour } from './checkpoint.ts';
import type { Head } from './verify-lines.ts';

/** What is known of all that comes before an hour. */
export interface Before extends Head {
  /** The hour that must come next. */
  readonly next: string;
  readonly total: number;
  readonly digest: string;
  readonly shard: string;
}

type Rule = readonly [isWrong: boolean, why: string];

/** `before` is absent where what comes before is broken. Only the first problem: others follow from it. */
export function linkProblem(at: Checkpoint, before: Before | 'first' | undefined): string | undefined {
  const linked = before === undefined ? [] : before === 'first' ? firstLinks(at) : links(at, before);
  return [...own(at), ...linked].find(([isWrong]) => isWrong)?.[1];
}

function own({ since, hour, firstSeq, lastSeq, count, object }: Checkpoint): readonly Rule[] {
  return [
    [lastSeq !== firstSeq + count - 1 || (object === undefined) !== (count === 0), 'its counts do not fit each other'],
    [since > hour || (since !== hour && count > 0), 'the hours that it covers do not fit what it seals'],
    [object !== undefined && object.name !== namesOfHour(hour).object, 'names the object of another hour'],
  ];
}

function firstLinks({ previous, firstSeq, total, count }: Checkpoint): readonly Rule[] {
  const isFirst = previous === NO_CHECKPOINT && firstSeq === 1 && total === count;
  return [[!isFirst, 'is the first that is here, and others came before it']];
}

function links(at: Checkpoint, before: Before): readonly Rule[] {
  const from = before.next;
  return [
    [at.since > from, `the hours from ${from} to ${at.since} are missing`],
    [at.previous !== before.digest, 'does not follow from the checkpoint before it'],
    [at.since !== from || at.firstSeq !== before.seq + 1, 'does not begin where the one before it ended'],
    [at.total !== before.total + at.count, 'its counts do not fit those of the one before it'],
    [at.count === 0 && at.headHash !== before.hash, 'names another last entry than the one before it'],
    [at.shard !== before.shard, 'is of another ledger'],
  ];
}
