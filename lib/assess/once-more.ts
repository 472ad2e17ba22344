/**
 * A visit without news is noted, and a newer one like it takes the place of its note (model/revisit.ts): its id is then known to
 * nobody. Delivered once more, it must not be judged by an allowlist that was changed since, or what had been approved and seen
 * would open a window that was none. Pure.
 */
import { inOrder } from '../model/revisit.ts';
import { isSame } from '../model/same.ts';
import type { Sample, SampleFact } from '../model/state.ts';

/** The sample, with what covered it when it was noted where it may be among those that a note stands for. */
export function asNoted(sample: Sample, recent: readonly Sample[]): Sample {
  const isNoteLater = (held: Sample): boolean => held.unbroken === true && inOrder(sample, held) < 0;
  if (!recent.some(isNoteLater)) return sample;
  const said = seen(sample);
  const mine = recent.filter((held) => held.vantage === sample.vantage && isSame(seen(held), said));
  const note = mine.find((held) => isNoteLater(held) && isAfterRepeated(sample, held, mine));
  return note === undefined ? sample : { ...sample, facts: note.facts };
}

/** The first that a note repeats may be folded for good: it is older than any sample then. */
function isAfterRepeated(sample: Sample, note: Sample, mine: readonly Sample[]): boolean {
  const said = withoutTimes(note);
  const repeated = mine.find((held) => held.unbroken !== true && isSame(withoutTimes(held), said));
  return repeated === undefined || inOrder(repeated, sample) < 0;
}

/** All that a sample says but when. Whether it tells of the configuration is no matter of time. */
export function withoutTimes(sample: Sample) {
  const { id: _id, at: _at, began: _began, recordedAt: _recordedAt, unbroken: _unbroken, ...said } = sample;
  return { ...said, declaredAt: sample.declaredAt !== undefined };
}

/** And but for what the allowlist says of it. */
function seen(sample: Sample) {
  return { ...withoutTimes(sample), facts: sample.facts.map(uncovered) };
}

function uncovered({ floor: _floor, allowances: _allowances, within: _within, glass: _glass, ...fact }: SampleFact) {
  return fact;
}
