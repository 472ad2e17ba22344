/** What npm run mutate makes of Stryker's report, and which lines it samples. Stryker itself runs on demand. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../scripts/mutate/sample.ts';
import { type MutationReport, scoresOf, survivorsOf, tableOf } from '../../scripts/mutate/score.ts';
import { testsFor } from '../../scripts/mutate/tests.ts';
import named from '../../scripts/mutate/tests.json' with { type: 'json' };

const root = fileURLToPath(new URL('../../', import.meta.url));

const SOURCE = 'const a = 1;\nexport function b(): number {\n  return a +\n    2;\n}\n';
const mutant = (status: string, line = 1): MutationReport['files'][string]['mutants'][number] => ({
  mutatorName: 'ArithmeticOperator',
  replacement: 'a - 2',
  status,
  location: {
    start: { line, column: line === 1 ? 11 : 10 },
    end: { line: line === 1 ? 1 : 4, column: line === 1 ? 12 : 6 },
  },
});
const report = (...statuses: string[]): MutationReport => ({
  files: {
    'lib/x/b.ts': { source: SOURCE, mutants: statuses.map((status) => mutant(status)) },
    'lib/x/a.ts': { source: SOURCE, mutants: [mutant('Killed')] },
    'lib/x/types.ts': { source: '', mutants: [] },
  },
});

describe('a score', () => {
  it('counts what was noticed, time-outs too, of what could be judged', () => {
    const { files, total } = scoresOf(
      report('Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'),
    );
    expect([...files.keys()]).toEqual(['lib/x/a.ts', 'lib/x/b.ts']);
    expect(files.get('lib/x/b.ts')).toEqual({
      mutants: 5,
      killed: 2,
      timeouts: 1,
      survived: 1,
      uncovered: 1,
      score: 60,
    });
    expect(total).toMatchObject({ mutants: 6, killed: 3 });
    expect(total.score).toBeCloseTo(66.67, 2);
    expect(tableOf({ files, total }).split('\n').at(-1)).toMatch(
      /^\| all +\| +6 \| +3 \| +1 \| +1 \| +1 \| +66\.7 \|$/u,
    );
  });

  it('names each change that nobody noticed, and none that somebody did', () => {
    expect(
      survivorsOf({ files: { 'lib/x/b.ts': { source: SOURCE, mutants: [mutant('Killed'), mutant('Survived', 3)] } } }),
    ).toEqual(['lib/x/b.ts:3:10 Survived ArithmeticOperator: a + 2 -> a - 2']);
    expect(survivorsOf(report('NoCoverage'))).toEqual(['lib/x/b.ts:1:11 NoCoverage ArithmeticOperator: 1 -> a - 2']);
  });
});

describe('a sample', () => {
  const sources = ['a', 'b', 'c'].map((name) => ({
    path: `lib/x/${name}.ts`,
    text: `/** Why. */\nimport x from 'x';\n\n// More.\n${SOURCE}`,
  }));

  it('is of lines with code in them', () => {
    expect(sampleOf(sources.slice(0, 1), 9, 1)).toEqual([
      'lib/x/a.ts:5:0-5:12',
      'lib/x/a.ts:6:0-6:29',
      'lib/x/a.ts:7:0-7:12',
      'lib/x/a.ts:8:0-8:6',
    ]);
  });

  it('is the same for the same seed and another for another', () => {
    const drawn = Array.from({ length: 20 }, (_, seed) => sampleOf(sources, 2, seed).join());
    expect(sampleOf(sources, 2, 7).join()).toBe(drawn[7]);
    expect(new Set(drawn).size).toBeGreaterThan(5);
    for (const two of drawn) expect(new Set(two.split(',')).size).toBe(2);
  });

  it('of no size or without a seed is none', () => {
    expect(() => sampleOf(sources, 0, 1)).toThrow('--sample takes a whole number from 1');
    expect(() => sampleOf(sources, Number('many'), 1)).toThrow('--sample');
    expect(() => sampleOf(sources, 1, Number('x'))).toThrow('--seed takes a whole number');
  });
});

describe('the tests that are asked', () => {
  it('are those named for the file, each once, of a part of it too', () => {
    expect(testsFor(['lib/wire/bson.ts', 'lib/wire/bson.ts:3:0-3:9', 'lib/reach/acl.ts'])).toEqual([
      'test/reach/acl.test.ts',
      'test/reach/network.test.ts',
      'test/wire/bson.test.ts',
    ]);
  });

  it('of a file that nobody named are those that mirror its folder', () => {
    expect(testsFor(['lib/ledger/event.ts'])).toEqual(['test/ledger/**/*.test.ts']);
  });

  it('are named for every file of the three folders, and are there', () => {
    const files = ['assess', 'reach', 'wire'].flatMap((folder) =>
      readdirSync(join(root, 'lib', folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `lib/${folder}/${file}`),
    );
    expect(Object.keys(named)).toEqual(files.toSorted());
    for (const test of new Set(Object.values(named).flat()))
      expect(existsSync(join(root, `test/${test}.test.ts`)), test).toBe(true);
  });
});
