/** The labelled names of test/cases/classify: read from their two halves, classified, and counted class by class. */
import { readFileSync } from 'node:fs';
import { classifyName } from '../../lib/assess/classify.ts';

export type Half = 'tuning' | 'held-out';
export interface LabelledName {
  readonly half: Half;
  readonly language: string;
  readonly name: string;
  readonly parents: readonly string[];
  readonly type: string | undefined;
  /** Any one of them is right; none for a hard negative. */
  readonly expected: readonly string[];
}
export interface Judged extends LabelledName {
  readonly found: readonly string[];
}
/** `wrong` counts the names that the class was said of as the best answer while another, or none, was right. */
export interface Score {
  readonly names: number;
  readonly hits: number;
  readonly wrong: number;
}

export function readHalf(half: Half): readonly LabelledName[] {
  const text = readFileSync(new URL(`../cases/classify/${half}.txt`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  let [language, above] = ['', ''];
  return lines.flatMap((line) => {
    if (line.startsWith('[')) {
      [language = '', above = ''] = line.slice(1, -1).split(' ');
      return [];
    }
    const [label = '', names = ''] = line.split(': ', 2);
    const expected = label === 'none' ? [] : label.split('|');
    return names.split(', ').map((entry) => labelled(entry, expected));
  });

  function labelled(entry: string, expected: readonly string[]): LabelledName {
    // `name|class` after a name: its own other answer.
    const [spelled = '', ...also] = entry.split('|');
    const [path = '', ...type] = spelled.split(':');
    const parents = [...(above === '' ? [] : [above]), ...path.split('/').slice(0, -1)];
    const name = path.slice(path.lastIndexOf('/') + 1);
    const declared = type.length === 0 ? undefined : type.join(':');
    return { half, language, name, parents, type: declared, expected: [...expected, ...also] };
  }
}

/** Operational is no finding: it weighs nothing, and says that a name was understood. */
export function judge(one: LabelledName): Judged {
  const { name, parents, type } = one;
  const hits = classifyName(name, type === undefined ? { parents } : { parents, type });
  return { ...one, found: hits.map((hit) => hit.class).filter((dataClass) => dataClass !== 'operational') };
}

export function isHit({ expected, found }: Judged): boolean {
  return expected.some((dataClass) => found.includes(dataClass));
}

export function scoreOf(dataClass: string, judged: readonly Judged[]): Score {
  const own = judged.filter(({ expected }) => expected[0] === dataClass);
  const wrong = judged.filter((one) => one.found[0] === dataClass && !isHit(one));
  return { names: own.length, hits: own.filter(isHit).length, wrong: wrong.length };
}

export function sum(scores: readonly Score[]): Score {
  return scores.reduce(
    (all, one) => ({ names: all.names + one.names, hits: all.hits + one.hits, wrong: all.wrong + one.wrong }),
    { names: 0, hits: 0, wrong: 0 },
  );
}

export function precision({ hits, wrong }: Score): number {
  return hits + wrong === 0 ? 1 : hits / (hits + wrong);
}

export function recall({ names, hits }: Score): number {
  return names === 0 ? 1 : hits / names;
}
