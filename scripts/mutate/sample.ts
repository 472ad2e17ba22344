/** Some declarations out of many files, the same ones for the same seed: each as a range of lines that Stryker takes. Pure. */

interface Source {
  readonly path: string;
  readonly text: string;
}

const DECLARATION = /^(?:export |async |function |const |class |type |interface )/u;
const OF_TYPES = /^(?:export )?(?:type|interface) /u;

/** `path:first-last` of each declaration of a file, from its first column to the end of its last line. Types have nothing to mutate. */
function declarationsOf({ path, text }: Source): readonly string[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, at) => (DECLARATION.test(line) ? [at] : []));
  return starts.flatMap((start, at) => {
    const end = (starts[at + 1] ?? lines.length) - 1;
    return OF_TYPES.test(lines[start] ?? '') ? [] : [`${path}:${start + 1}:0-${end + 1}:${lines[end]?.length ?? 0}`];
  });
}

export function sampleOf(sources: readonly Source[], size: number, seed: number): readonly string[] {
  if (!Number.isSafeInteger(size) || size < 1) throw new Error('--sample takes a whole number from 1');
  if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number');
  const left = sources.flatMap(declarationsOf);
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
