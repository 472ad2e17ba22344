/**
 * docs/promises.md, docs/fault-matrix.md and docs/threat-model.md rest on tests. A row that names none, a test or a title that is
 * gone, a script that is not in package.json, a promise that is not in the table: each fails here.
 * A reference is the path of a test file, ›, and words of its title in double quotes; more titles of one file follow with commas.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const PAGES = ['docs/promises.md', 'docs/fault-matrix.md', 'docs/threat-model.md'] as const;

/** What evidence-and-alerts.md section 5.4 names, each with at least one fault of its own; the last is ours. */
const FAULTS = [
  ...['API throttling', 'Partial pages', 'Accounts and regions', 'Eventual consistency', 'SNS', 'DynamoDB'],
  ...['Processes that die', 'Duplicates and order', 'Poison messages', 'Clock', 'Configuration', 'Deployment'],
  ...['Observers', 'Network of the prober', 'Embedded store', 'Evidence'],
];

const REFERENCE = /`(test\/[^`]+\.test\.ts)` › ("[^"]+"(?:, "[^"]+")*)/gu;
/** The first argument of a call whose second one is a function, perhaps behind options: how vitest is told a title. */
const TITLE =
  /(\.skip)?\(\s*(['"`])((?:\\.|(?!\2)[^\\])*)\2,\s*(?:\{[^{}]*\},\s*)?(?:async\s*)?(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\w+)\s*(?::[^=]*)?=>/gu;

interface Row {
  readonly section: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** Rows of all tables of a page, by the heads of their columns. */
function rowsOf(page: string): readonly Row[] {
  const rows: Row[] = [];
  let [section, heads]: [string, readonly string[]] = ['', []];
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3);
    if (!line.startsWith('|')) heads = [];
    else if (heads.length === 0) heads = cellsOf(line);
    else if (!/^[|\s:-]+$/.test(line)) {
      rows.push({
        section,
        cells: Object.fromEntries(cellsOf(line).map((cell, n) => [heads[n] ?? `column ${n}`, cell])),
      });
    }
  }
  return rows;
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

const referencesIn = (text: string): readonly { readonly file: string; readonly words: string }[] =>
  [...text.matchAll(REFERENCE)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/gu)].map(([, words = '']) => ({ file, words })),
  );

function titlesOf(file: string): readonly string[] {
  const titles = [...read(file).matchAll(TITLE)].filter(([, skipped]) => skipped === undefined);
  return titles.map(([, , , title = '']) => title.replaceAll(/\\(.)/gu, '$1'));
}

describe.each(PAGES)('%s', (path) => {
  const page = read(path);
  const rows = rowsOf(page).filter(({ cells }) => 'tests' in cells);

  it('names tests that are there, by words of their titles', () => {
    const references = referencesIn(page);
    expect(references.length).toBeGreaterThan(10);
    const gone = references.filter(
      ({ file, words }) => !existsSync(new URL(file, root)) || !titlesOf(file).some((title) => title.includes(words)),
    );
    expect(gone).toEqual([]);
  });

  it('names files, decisions and scripts that are there', () => {
    const files = [...page.matchAll(/\b((?:test|lib|scripts|docs|deploy)\/[\w./-]+\.(?:ts|md|yml|json))\b/gu)];
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)/gu)].map(([, to = '']) => `docs/${to}`);
    const missing = [...files.map(([, file = '']) => file), ...links].filter(
      (file) => !existsSync(new URL(file, root)),
    );
    expect(missing).toEqual([]);
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const named = [...page.matchAll(/npm run ([\w:-]+)/gu)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('has no empty cell, and a test in each row', () => {
    expect(rows.length).toBeGreaterThan(0);
    for (const { cells } of rows) {
      expect(Object.entries(cells).filter(([, cell]) => cell === '')).toEqual([]);
      expect(referencesIn(cells['tests'] ?? ''), JSON.stringify(cells)).not.toEqual([]);
    }
  });
});

it('each promise of design.md section 6 is a row', () => {
  const ids = rowsOf(read('docs/promises.md')).map(({ cells }) => cells['id']);
  expect(ids).toEqual(Array.from({ length: 12 }, (_, n) => `I${n + 1}`));
});

it('each fault of evidence-and-alerts.md section 5.4 has rows', () => {
  const sections = rowsOf(read('docs/fault-matrix.md')).map(({ section }) => section);
  expect([...new Set(sections)]).toEqual(FAULTS);
});

describe('this test', () => {
  it('reads titles as vitest is told them, and none that are skipped', () => {
    const titles = titlesOf('test/stores/dynamodb-lost.test.ts');
    expect(titles).toContain("is a conflict when somebody else's version is there instead");
    expect(titles).toContain('to a receipt (%s) leaves one line');
    expect(titles.join('\n')).not.toContain('is not tried');
    expect(titlesOf('test/runtime/replay/any.test.ts')).toContain('lose nothing, repeat nothing, invent nothing');
    expect(titlesOf('test/contract/canaries.test.ts')).toContain('$id: comes out nowhere');
  });

  it('would find a reference to what is not there', () => {
    expect(referencesIn('`test/x.test.ts` › "a b", "c" and `test/y.test.ts` › "d"')).toEqual([
      { file: 'test/x.test.ts', words: 'a b' },
      { file: 'test/x.test.ts', words: 'c' },
      { file: 'test/y.test.ts', words: 'd' },
    ]);
    expect(titlesOf('test/net/ssrf.test.ts').some((title) => title.includes('no such title'))).toBe(false);
  });
});
