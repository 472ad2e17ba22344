/** Web consoles read from their pages: H2 and YugabyteDB; whole visits are in test/probes/consoles.test.ts. */
import { describe, expect, it } from 'vitest';
import { readH2Console, readYugabyte, readYugabyteTables } from '../../lib/wire/consoles.ts';
import { page } from '../support/recorded-site.ts';

const SESSION = '0123456789abcdef'.repeat(2);
const title = '<title>H2 Console</title>';
const login = `location.href = 'login.jsp?jsessionid=${SESSION}';`;

describe('the console of H2', () => {
  it.each([
    ['hands out a session', `${title}${login}`, 'console'],
    ['is kept to one machine', `${title} see 'webAllowOthers'`, 'local-only'],
    ['hands out a session and speaks of the setting', `${title}${login}'webAllowOthers'`, 'console'],
    ['shows neither', title, undefined],
    ['has another title', `<title>H2 Consoles</title>${login}`, undefined],
    ['has a session that is too short', `${title}'login.jsp?jsessionid=${SESSION.slice(1)}'`, undefined],
    ['has a session that is too long', `${title}'login.jsp?jsessionid=${SESSION}0'`, undefined],
    ['has a session that is none', `${title}'login.jsp?jsessionid=${SESSION.slice(1)}g'`, undefined],
    ['has a page that is called otherwise', `${title}'loginxjsp?jsessionid=${SESSION}'`, undefined],
    ['speaks of the setting without its quotes', `${title} webAllowOthers`, undefined],
  ] as const)('%s', (_what, text, row) => {
    expect(readH2Console(page(text))).toBe(row);
  });

  it('is of a 200 alone', () => {
    for (const status of [201, 302, 401, 404]) expect(readH2Console(page(`${title}${login}`, status))).toBeUndefined();
  });
});

describe('the pages of YugabyteDB', () => {
  const heading = '<h2>User tables</h2>';
  it.each([
    ['<title>YugabyteDB</title>', heading, true],
    ['<title>Yugabyte DB</title>', '<H4>\n  User tables (3)</H4>', true],
    ['<title>yugabytedb</title>', heading, true],
    ['<title>Yugabyte  DB</title>', heading, false],
    ['<title>Kudu</title>', heading, false],
    ['<title>YugabyteDB</title>', '<h5>User tables</h5>', false],
    ['<title>YugabyteDB</title>', '<h2>System tables</h2>', false],
    ['<title>YugabyteDB</title>', `<h2>${' '.repeat(11)}User tables</h2>`, false],
    ['<title>YugabyteDB</title>', '<h2>User tablespaces</h2>', false],
  ])('%s with %s: %s', (head, body, isOurs) => {
    const expected = isOurs ? { markers: 2, version: '' } : undefined;
    expect(readYugabyte(page(`${head}${body}`))).toEqual(expected);
  });

  it('are of a 200 alone', () => {
    for (const status of [201, 401, 404]) {
      expect(readYugabyte(page(`<title>YugabyteDB</title>${heading}`, status))).toBeUndefined();
    }
  });

  const id = 'a'.repeat(32);
  const row = (keyspace: string, table: string, of = id, between = ' '): string =>
    `<tr><td>${keyspace}</td>${between}<td><a href="/table?id=${of}">${table}</a></td></tr>`;

  it('list tables, each behind its keyspace', () => {
    const text = `${row('ycql', 'users')}\n${row('ysql', 'orders', 'b'.repeat(64), '\n'.repeat(40))}`;
    expect(readYugabyteTables(page(text))).toEqual({
      rows: [{ name: 'ycql.users' }, { name: 'ysql.orders' }],
      truncated: false,
    });
    expect(readYugabyteTables({ ...page(text), truncated: true })).toMatchObject({ truncated: true });
  });

  it.each([
    row('', 'users'),
    row('ycql', ''),
    row('<b>', 'users'),
    row('ycql', '<b>'),
    row('ycql', 'users', 'a'.repeat(31)),
    row('ycql', 'users', 'a'.repeat(65)),
    row('ycql', 'users', id, ' '.repeat(41)),
    row('k'.repeat(256), 'users'),
    row('ycql', 't'.repeat(256)),
  ])('know no row in %s', (text) => {
    expect(readYugabyteTables(page(text))).toEqual({ rows: [], truncated: false });
  });

  it('list 200 tables at most, and say that there are more', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, i) => row('k', `t${i}`)).join('');
    const [all, more] = [readYugabyteTables(page(many(200))), readYugabyteTables(page(many(201)))];
    expect(all).toMatchObject({ truncated: false });
    expect(more).toMatchObject({ truncated: true });
    expect(more).toHaveProperty('rows.199.name', 'k.t199');
    expect(more).not.toHaveProperty('rows.200');
  });
});
