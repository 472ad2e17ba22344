import { html } from 'hono/html';
import { describe, expect, test } from 'vitest';
import { CELL_LIMIT, cell, jsonText, pageText, shown, theirs } from '../../lib/reports/escape.ts';

describe('cell', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(1)', "'@SUM(1)"],
    ['\t=1', "'=1"],
    ['\r\n=1', "'=1"],
    ['\uff1d1', "'\uff1d1"],
    ['\uff20SUM(1)', "'\uff20SUM(1)"],
    ['x;=1', "x;'=1"],
    ['x, =1', "x, '=1"],
    ['x|@y', "x|'@y"],
    ['"=1', `"'=1`],
    ['x\t=1', 'x =1'],
  ])('keeps a spreadsheet from computing %j', (text, expected) => {
    expect(cell(text)).toBe(expected);
  });

  test.each(['a=b', 'user@example.com', 'wi-fi', '2019-12-04', '1+1', 'on -> off', ''])(
    'leaves %j as it is',
    (text) => {
      expect(cell(text)).toBe(text);
    },
  );

  test('is bounded', () => {
    expect(cell('A'.repeat(CELL_LIMIT + 1))).toHaveLength(CELL_LIMIT);
  });
});

describe('jsonText', () => {
  test('sorts keys at every depth, ends in one newline and keeps a key named __proto__', () => {
    const document = JSON.parse('{"b":{"z":1,"a":[{"d":1,"c":2}]},"a":null,"__proto__":{"y":1}}') as object;
    expect(jsonText(document).replaceAll(/\s/g, '')).toBe(
      '{"__proto__":{"y":1},"a":null,"b":{"a":[{"c":2,"d":1}],"z":1}}',
    );
    expect(jsonText(document).endsWith('}\n')).toBe(true);
  });

  test.each(['\u001b[31m', '\u009b31m', '\u202e', '\u2028', '\ufeff', '\u{e0041}', '\ud800', 'a\u0000b', '\u{1f513}'])(
    'spells %j so that showing the file does nothing, and reads back the same',
    (text) => {
      const written = jsonText({ text });
      expect(JSON.parse(written)).toEqual({ text });
      expect(written).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\ufeff]|[\u{e0000}-\u{e007f}]|\p{Cs}/u,
      );
    },
  );
});

describe('a stranger’s text in a page', () => {
  test('is escaped and alone in its element', () => {
    expect(pageText(theirs('<b>"\'&'))).toBe('<bdi>&lt;b&gt;&quot;&#39;&amp;</bdi>');
  });

  test('shows what cannot be seen, and says so when nothing is there', () => {
    expect(shown('a\u202eb')).toBe('aU+202Eb');
    expect(shown(' \n ')).toBe('(blank)');
  });

  test('cannot be waited for', () => {
    const late = html`${Promise.resolve('later')}`;
    expect(() => pageText(late)).toThrow(/may not wait/);
  });
});
