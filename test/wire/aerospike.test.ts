/** Aerospike's info protocol, value by value; whole visits are in test/probes/aerospike.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  answerLength,
  HEAD_BYTES,
  isAnswerStart,
  MAX_ANSWER,
  question,
  readSets,
  readWho,
  WHO,
} from '../../lib/wire/aerospike.ts';
import { hex } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const body = (...lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

describe('the head', () => {
  it('of a question is version, type and length, and names are lines', () => {
    expect(WHO).toEqual(Buffer.concat([hex('0201 000000000011'), Buffer.from('build\nnamespaces\n')]));
    expect(question('a'.repeat(299)).subarray(0, 8)).toEqual(hex('0201 00000000012c'));
    expect([HEAD_BYTES, MAX_ANSWER]).toEqual([8, 65_536]);
  });

  it('of an answer tells its length, in six bytes', () => {
    expect(answerLength(hex('0201 000000000005'))).toBe(5);
    expect(answerLength(hex('0201 000100000002'))).toBe(2 ** 32 + 2);
  });

  it.each(['0101 000000000005', '0301 000000000005', '0202 000000000005', '4854 54502f312e31'])(
    '%s is none',
    (head) => {
      expect(() => answerLength(hex(head))).toThrow(refusal('malformed', 'no answer of the info protocol'));
    },
  );

  it('may be told by its first bytes', () => {
    expect(['02', '0201', '020100'].map((head) => isAnswerStart(hex(head)))).toEqual([true, true, true]);
    expect(['', '01', '03', '0202', '0101'].map((head) => isAnswerStart(hex(head)))).toEqual(Array(5).fill(false));
  });
});

describe('who it is', () => {
  it.each(['6.4.0.1', '7.0', '5.7.0.9-rc1', '6.4.0.1-g1234567-x-y', '123.1234.a'])('of build %s', (build) => {
    expect(readWho(body(`build\t${build}`, 'namespaces\ttest;bar'))).toEqual({
      version: build,
      namespaces: ['test', 'bar'],
    });
  });

  it.each(['', '6', '6.', 'v6.4', '1234.1', '6.12345', '6.4 x', '6.4.0.1-'])('is not told by build %j', (build) => {
    expect(() => readWho(body(`build\t${build}`, 'namespaces\ttest'))).toThrow(
      refusal('malformed', 'no build, and no refusal either'),
    );
  });

  it('has namespaces that are names, eight at most, or none that is known', () => {
    const of = (namespaces: string) => readWho(body('build\t6.4.0', `namespaces\t${namespaces}`)).namespaces;
    expect(of('a;;b c;d-1;$x;é;e.f;_')).toEqual(['a', 'd-1', '$x', 'e.f', '_']);
    expect(of(`${'n'.repeat(64)};${'n'.repeat(65)}`)).toEqual(['n'.repeat(64)]);
    expect(of(Array.from({ length: 9 }, (_, i) => `n${i}`).join(';'))).toHaveLength(8);
    for (const none of ['', ';', 'a b']) expect(of(none)).toBeUndefined();
    expect(readWho(body('build\t6.4.0')).namespaces).toBeUndefined();
  });

  it.each([
    ['the names are', body('build\t6.4.0', 'namespaces\tERROR:80:not authenticated'), '6.4.0', 'refused'],
    ['the names are, to a role', body('build\t6.4.0', 'namespaces\tERROR:81:role violation'), '6.4.0', 'restricted'],
    ['the build is', body('build\tFAIL:80:not authenticated', 'namespaces\ttest'), '', 'refused'],
    ['all of it is, in one line', Buffer.from('error:80:not authenticated'), '', 'refused'],
    ['all of it is, to a role', Buffer.from('FAIL:81'), '', 'restricted'],
  ] as const)('is refused where %s', (_what, bytes, version, namespaces) => {
    expect(readWho(bytes)).toEqual({ version, namespaces });
  });

  it.each(['ERROR:4:bad', 'ERROR:800:x', 'xERROR:80', 'ERROR 80', 'ERROR:82:x'])('is not refused by %s', (said) => {
    expect(readWho(body('build\t6.4.0', `namespaces\t${said}`)).namespaces).toBeUndefined();
    expect(() => readWho(Buffer.from(said))).toThrow(refusal('malformed', 'no build, and no refusal either'));
  });

  it('is read of 32 lines, each a name before a tab', () => {
    const lines = Array.from({ length: 31 }, (_, i) => `x${i}\ty`);
    expect(readWho(body(...lines, 'build\t6.4.0')).version).toBe('6.4.0');
    expect(() => readWho(body(...lines, 'x\ty', 'build\t6.4.0'))).toThrow('no build');
    expect(() => readWho(body('\tbuild\t6.4.0', 'build 6.4.0'))).toThrow('no build');
    expect(readWho(body('build\t6.4.0 \t ')).version).toBe('6.4.0');
  });
});

describe('sets', () => {
  it('have names and counts, in old words and new', () => {
    const text = body(
      'sets/test\tns=test:set=users:objects=5:tombstones=0;ns=test:set_name=old:n_objects=7;',
      'sets/bar\t',
    );
    expect(readSets(text, ['test', 'bar', 'none'], false)).toEqual({
      rows: [{ name: 'test.users', records: 5 }, { name: 'test.old', records: 7 }, { name: 'bar' }, { name: 'none' }],
      truncated: false,
    });
    expect(readSets(text, ['bar'], true)).toEqual({ rows: [{ name: 'bar' }], truncated: true });
  });

  it.each([
    'ns=test:set=cut:obj',
    'set=users:objects=5',
    'ns=test:set=a:objects=-1',
    'ns=test:set=a:objects=1x',
    'ns=test:set=a:objects=x1',
    `ns=test:set=a:objects=${'9'.repeat(16)}`,
    '=test:ns:set=a:objects=1',
    `${'a=b:'.repeat(40)}ns=test:set=a:objects=1`,
  ])('are none in %s', (entry) => {
    expect(readSets(body(`sets/test\t${entry}`), ['test'], false).rows).toEqual([{ name: 'test' }]);
  });

  it('are 200 at most, of all namespaces together, and more are told as cut', () => {
    const sets = (ns: string, count: number): string =>
      `sets/${ns}\t${Array.from({ length: count }, (_, i) => `ns=${ns}:set=s${i}:objects=${i}`).join(';')}`;
    const exact = readSets(body(sets('a', 150), sets('b', 50)), ['a', 'b'], false);
    expect([exact.rows.length, exact.truncated]).toEqual([200, false]);
    const over = readSets(body(sets('a', 150), sets('b', 51)), ['a', 'b'], false);
    expect([over.rows.length, over.truncated, over.rows.at(-1)?.name]).toEqual([200, true, 'b.s49']);
    expect(readSets(body(sets('a', 201)), ['a'], false).truncated).toBe(true);
  });
});
