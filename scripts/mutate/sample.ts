/** Some lines out of many files, the same ones for the same seed: each as a range that Stryker takes. Pure. */

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
  const random = generator(seed);
  const taken: string[] = [];
  while (taken.length < size && left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1));
  return taken.toSorted();
}

/** Mulberry32: from 0 up to 1, the same row for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
