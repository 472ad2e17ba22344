/** Who did it, in a report's words. Named by an event of the API or not at all: an actor is never guessed. */
import type { Attribution } from '../model/change.ts';

/** One line an event; one line that says why there is none. Every name is still a stranger's: escape it where it is shown. */
export function whoLines(attribution: Attribution | undefined): readonly string[] {
  if (attribution === undefined) return ['not attributed: no API event was read for this endpoint'];
  if (attribution.changes.length === 0) return ['no API event explains this change'];
  return attribution.changes.map(({ id, at, name, actor }) => {
    const who = actor.human === undefined ? actor.who : `${actor.human} (${actor.who})`;
    const from = actor.from === undefined ? '' : ` from ${actor.from}`;
    const by = actor.by === undefined ? '' : ` through ${actor.by}`;
    const channel = actor.channel === 'unknown' ? '' : `, ${actor.channel}`;
    return `${name} by ${who}${from}${by}${channel}, ${at}, event ${id}`;
  });
}
