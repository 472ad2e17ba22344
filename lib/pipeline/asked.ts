/**
 * Questions that are asked of an address once in a while, beside its visits: the answer is kept with the connection budgets and
 * told at every visit between, in later runs as well, so that no visit says less than the one before.
 */
import type { ConnectionBudgets } from '../model/store.ts';

const MAX_REMEMBERED = 50_000;
/** Nobody is harmed by the count: only the time between two matters. */
const NO_STOP = 1_000_000;

export interface Asked<Word extends string> {
  /** What is known of it now. `ask` is called where it is due, and says nothing where it did not learn. */
  wordOn(subject: string, ask: () => Promise<Word | undefined>): Promise<Word | undefined>;
}

export interface Question<Word extends string> {
  /** Part of every key in the store: never change it. */
  readonly name: string;
  readonly everyMs: number;
  readonly words: readonly Word[];
}

/** `budgets` lasts: without that every run would ask anew. */
export function asked<Word extends string>(
  { name, everyMs, words }: Question<Word>,
  budgets: ConnectionBudgets,
  now: () => Date,
): Asked<Word> {
  const known = new Map<string, { readonly askedAt: number; readonly word: Word | undefined }>();
  const keep = (subject: string, askedAt: number, word: Word | undefined): void => {
    known.delete(subject);
    known.set(subject, { askedAt, word });
    for (const oldest of known.keys()) {
      if (known.size <= MAX_REMEMBERED) break;
      known.delete(oldest);
    }
  };
  return {
    async wordOn(subject, ask) {
      const at = now();
      const held = known.get(subject);
      if (held !== undefined && Math.abs(at.getTime() - held.askedAt) < everyMs) return held.word;
      const key = `${name}|${subject}`;
      const text = await budgets.recall(key);
      const before = words.find((word) => word === text);
      const spent = await budgets.spend(key, at.toISOString(), { stopAt: NO_STOP, minIntervalMs: everyMs });
      const said = spent.allowed ? await ask() : undefined;
      if (said !== undefined && said !== before) await budgets.remember(key, said);
      // Not learnt this time is not "no".
      const word = said ?? before;
      const askedAt = Date.parse(spent.last ?? '');
      if (Number.isFinite(askedAt)) keep(subject, askedAt, word);
      return word;
    },
  };
}
