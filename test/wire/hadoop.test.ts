/** Pages of Hadoop, HBase and HiveServer2; whole visits are in test/probes/hadoop.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  readFiles,
  readHbase,
  readHbaseTables,
  readHive,
  readHiveConsole,
  readNameNode,
  readYarn,
  readYarnState,
} from '../../lib/wire/hadoop.ts';
import type { Listed, Welcome } from '../../lib/wire/listing.ts';
import { page } from '../support/recorded-site.ts';

type Page = ReturnType<typeof page>;
const cut = (text: string): Page => ({ ...page(text), truncated: true });
const rows = (...names: string[]) => ({ rows: names.map((name) => ({ name })), truncated: false });
const challenge = (text: string) => ({ 'www-authenticate': text });
const DISALLOWED = 'Anonymous requests are disallowed';

const WELCOMES = { readNameNode, readYarn, readHbase, readHive };
const LISTS = { readFiles, readYarnState, readHbaseTables, readHiveConsole };

/** What the filter that all of them share says, whichever page was asked for. */
const FILTERED: readonly (readonly [string, Page, 'refused' | 'neither'])[] = [
  ['Kerberos', page('', 401, challenge('Negotiate')), 'refused'],
  ['Kerberos with a token', page('', 401, challenge('negotiate YII=')), 'refused'],
  ['a cookie', page('', 401, { 'set-cookie': 'hadoop.auth=; Path=/; HttpOnly' }), 'refused'],
  ['a name without a secret', page('', 401, challenge('PseudoAuth')), 'neither'],
  ['a name, and a cookie', page('', 401, { ...challenge('pseudoauth x'), 'set-cookie': 'hadoop.auth=;' }), 'neither'],
  ['a name, in the words of Hadoop 2', page(`<h2>${DISALLOWED}</h2>`, 403), 'neither'],
];
const OTHERS: readonly (readonly [string, Page])[] = [
  ['Basic', page('', 401, challenge('Basic realm="x"'))],
  ['more than Kerberos', page('', 401, challenge('Negotiated'))],
  ['Kerberos second', page('', 401, challenge('Basic, Negotiate'))],
  ['more than a name', page('', 401, challenge('PseudoAuthentication'))],
  ['a name second', page('', 401, challenge('Basic, PseudoAuth'))],
  ['another cookie', page('', 401, { 'set-cookie': 'x; hadoop.auth=' })],
  ['Kerberos in another status', page('', 404, challenge('Negotiate'))],
  ['a name in another status', page('', 404, challenge('PseudoAuth'))],
  ['words in another status', page(DISALLOWED, 401)],
  ['words far down', page(`${' '.repeat(4_096)}${DISALLOWED}`, 403)],
];

describe('the filter', () => {
  it.each(FILTERED)('that asks for %s', (_name, reply, expected) => {
    const welcome = { markers: 1, version: '', refused: expected === 'refused' };
    for (const [name, read] of Object.entries(WELCOMES)) expect(read(reply), name).toEqual(welcome);
    for (const [name, read] of Object.entries(LISTS)) expect(read(reply), name).toBe(expected);
  });

  it.each(OTHERS)('is not what asks for %s', (_name, reply) => {
    for (const [name, read] of Object.entries(WELCOMES)) expect(read(reply), name).toBeUndefined();
    expect(readHiveConsole(reply)).toBeUndefined();
    const plain = reply.status === 404 ? undefined : 'refused';
    expect(readYarnState(reply)).toBe(plain);
    expect(readHbaseTables(reply)).toBe(plain);
    expect(readFiles(reply)).toBe(reply.status === 401 ? 'refused' : 'neither');
  });
});

it('a wall in front is nobody of them', () => {
  const wall = page('', 401, { 'x-amzn-waf-action': 'challenge' });
  for (const [name, read] of Object.entries(LISTS)) expect(read(wall), name).toBeUndefined();
});

describe('a name node', () => {
  const bean = {
    name: 'Hadoop:service=NameNode,name=NameNodeInfo',
    Version: '3.3.6, r1be78238',
    SoftwareVersion: '3.3.6',
  };
  it.each<[string, Page, Welcome | undefined]>([
    ['of now', page({ beans: [bean] }), { markers: 2, version: '3.3.6' }],
    [
      'that tells its version in one way',
      page({ beans: [{ ...bean, SoftwareVersion: '' }] }),
      { markers: 2, version: '3.3.6' },
    ],
    ['without a version', page({ beans: [{ name: bean.name }] }), { markers: 1, version: '' }],
    ['that is second', page({ beans: [{ name: 'x' }, bean] }), undefined],
    ['of another name', page({ beans: [{ ...bean, name: 'Hadoop:service=DataNode' }] }), undefined],
    ['that is no list', page({ beans: bean }), undefined],
    ['that failed', page({ beans: [bean] }, 500), undefined],
    [
      'cut',
      cut(`{"beans":[{"name":"${bean.name}","SoftwareVersion":"3.3.6","Live":"{`),
      { markers: 2, version: '3.3.6' },
    ],
  ])('%s', (_name, reply, expected) => {
    expect(readNameNode(reply)).toEqual(expected);
  });

  const files = (...list: unknown[]) => ({ FileStatuses: { FileStatus: list } });
  const file = { pathSuffix: 'dump.csv', type: 'FILE', length: 900 };
  it.each<[string, Page, Listed]>([
    [
      'files and folders',
      page(files(file, { pathSuffix: 'user', type: 'DIRECTORY', length: 0 }, { type: 'FILE' })),
      { rows: [{ name: 'dump.csv', bytes: 900 }, { name: 'user' }], truncated: false },
    ],
    ['nothing', page(files()), { rows: [], truncated: false }],
    ['no list', page({ FileStatuses: {} }), undefined],
    ['that a stranger may not', page({ RemoteException: { exception: 'AccessControlException' } }, 403), 'restricted'],
    ['that it stands by', page({ RemoteException: { exception: 'StandbyException' } }, 403), 'neither'],
    ['nothing that is known', page('Forbidden', 403), 'neither'],
    ['that it has no such service', page('', 404), 'neither'],
    ['that a password is wanted', page('', 401), 'refused'],
    [
      'a list cut',
      cut(`{"FileStatuses":{"FileStatus":[${JSON.stringify(file)},{"pa`),
      { rows: [{ name: 'dump.csv', bytes: 900 }], truncated: true },
    ],
  ])('shows %s', (_name, reply, expected) => {
    expect(readFiles(reply)).toEqual(expected);
  });
});

describe('a resource manager', () => {
  const info = { state: 'STARTED', hadoopVersion: '3.3.6', resourceManagerVersion: '3.3.6' };
  it.each<[string, object, number, boolean]>([
    ['of now', { clusterInfo: info }, 200, true],
    ['bare', info, 200, true],
    ['of another writer', { state: 'STARTED', hadoopVersion: '3.3.6', rmversion: '3.3.6' }, 200, true],
    ['without a version of Hadoop', { clusterInfo: { ...info, hadoopVersion: '' } }, 200, false],
    ['without its own', { clusterInfo: { ...info, resourceManagerVersion: '' } }, 200, false],
    ['without a state', { clusterInfo: { ...info, state: '' } }, 200, false],
    ['that failed', { clusterInfo: info }, 500, false],
  ])('%s', (_name, body, status, isTold) => {
    expect(readYarn(page(body, status))).toEqual(isTold ? { markers: 2, version: '3.3.6' } : undefined);
  });

  it('shows its state to anyone, or does not', () => {
    expect(readYarnState(page('{}'))).toEqual({ rows: [], truncated: false });
    expect(readYarnState(page('', 401))).toBe('refused');
    expect(readYarnState(page('', 404))).toBeUndefined();
  });
});

describe('HBase', () => {
  it.each<[unknown, string | undefined]>([
    [{ Version: '2.5.5' }, '2.5.5'],
    ['"0.94.27"', '0.94.27'],
    [{ Version: '123.4567.8-SNAPSHOT' }, '123.4567.8-SNAPSHOT'],
    [{ Version: '2.5' }, undefined],
    [{ Version: 'v2.5.5' }, undefined],
    [{ Version: '1234.5.6' }, undefined],
    [{ Version: '1.23456.7' }, undefined],
    ['2.5.5', undefined],
    [{}, undefined],
  ])('of %j has version %s', (body, version) => {
    expect(readHbase(page(body))).toEqual(version === undefined ? undefined : { markers: 1, version });
    expect(readHbase(page(body, 500))).toBeUndefined();
  });

  it.each<[string, Page, Listed]>([
    ['by name', page({ table: [{ name: 'users' }, { id: 7 }] }), rows('users')],
    ['of none', page({ table: [] }), rows()],
    ['of none, left out', page({}), rows()],
    ['of none, as null', page('null'), rows()],
    ['of something else', page({ tables: [{ name: 'users' }] }), undefined],
    ['in a list', page([]), undefined],
    ['on a page', page('<html>'), undefined],
    ['forbidden', page('', 403), 'refused'],
    ['missing', page({}, 404), undefined],
    ['cut', cut('{"table":[{"name":"users"},{"na'), { ...rows('users'), truncated: true }],
  ])('tables %s', (_name, reply, expected) => {
    expect(readHbaseTables(reply)).toEqual(expected);
  });
});

describe('HiveServer2', () => {
  const TITLE = '<title>HiveServer2</title>';
  const VERSION = '<td>Hive Version</td>\n            <td>3.1.3, r4df4d75</td>';
  const SESSIONS = '<h2>Active Sessions</h2>';
  it.each<[string, string, Welcome | undefined]>([
    ['whole', TITLE + SESSIONS + VERSION, { markers: 2, version: '3.1.3' }],
    ['without sessions', TITLE + VERSION, { markers: 1, version: '3.1.3' }],
    ['without a version', TITLE + SESSIONS, { markers: 2, version: '' }],
    ['with a version far from its name', TITLE + VERSION.replace('\n', ' '.repeat(40)), { markers: 1, version: '' }],
    ['with a version next to its name', TITLE + VERSION.replace(/\s+<td>/u, '<td>'), { markers: 1, version: '3.1.3' }],
    ['of another title', SESSIONS + VERSION, undefined],
  ])('%s', (_name, body, expected) => {
    expect(readHive(page(body))).toEqual(expected);
    expect(readHive(page(body, 500))).toBeUndefined();
    expect(readHiveConsole(page(body))).toEqual(expected?.markers === 2 ? rows() : undefined);
  });
});
