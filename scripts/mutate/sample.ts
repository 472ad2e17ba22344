/** Some lines out of many files, the same ones for the same seed: each as a range that Stryker takes. Pure. */
import { seeded } from '../../test/support/seeded.ts';

interface Source {
  readonly path: string;
  readonly text: string;
}

/** Comments, imports and lines of brackets alone: nothing there can be changed. */
const EMPTY = /^\s*(?:$|\/\/|\/?\*|import |[\])}>;,({]+$)/u;

/** Of a line: from its first column to its last. A change of more than one line (a whole block) is in no line, so in no sample. */
function linesOf({ path, text }: Source): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, at) => (EMPTY.test(line) ? [] : [`${path}:${at + 1}:0-${at + 1}:${line.length}`]));
}

export function sampleOf(sources: readonly Source[], size: number, seed: number): readonly string[] {
  if (!Number.isSafeInteger(size) || size < 1) throw new Error('--sample takes a whole number from 1');
  if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number');
  const left = sources.flatMap(linesOf);
  const random = seeded(seed);
  const taken: string[] = [];
  while (taken.length < size && left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1));
  return taken.toSorted();
}
