/** What MongoDB's answers mean, document by document; whole visits are in test/probes/mongodb.test.ts. */
import { describe, expect, it } from 'vitest';
import type { BsonDocument, BsonValue, Decoded } from '../../lib/wire/bson.ts';
import {
  askable,
  BATCH,
  databases,
  helloFacts,
  isOk,
  isUnknownCommand,
  LEGACY_LIST_DATABASES,
  listCollections,
  listRow,
  namesHeard,
  refusalRow,
} from '../../lib/wire/mongodb-reply.ts';

const doc = (members: Readonly<Record<string, BsonValue>>): BsonDocument => new Map(Object.entries(members));
const named = (...names: readonly BsonValue[]): readonly BsonValue[] => names.map((name) => doc({ name }));
const whole = (members: Readonly<Record<string, BsonValue>>): Decoded => ({ document: doc(members), cut: false });
const cut = (members: Readonly<Record<string, BsonValue>>): Decoded => ({ document: doc(members), cut: true });

describe('what we ask', () => {
  it('is names only, in one batch, of what we may see', () => {
    expect(listCollections('shop')).toEqual({
      listCollections: 1,
      nameOnly: true,
      authorizedCollections: true,
      cursor: { batchSize: BATCH },
      $db: 'shop',
    });
    expect(LEGACY_LIST_DATABASES).toEqual({ listDatabases: 1, nameOnly: true });
  });
});

describe('success', () => {
  it('is 1 as a number, as a long or as true, and nothing else', () => {
    for (const ok of [1, 1n, true]) expect(isOk(doc({ ok }))).toBe(true);
    for (const ok of [0, 0n, false, 2, '1', null]) expect(isOk(doc({ ok }))).toBe(false);
    expect(isOk(doc({}))).toBe(false);
  });
});

describe('a refusal', () => {
  it.each([
    [{ ok: 0, code: 13 }, 'unauthorized'],
    [{ ok: 0, code: 18 }, 'unauthorized'],
    [{ ok: 0, code: 8000 }, 'unauthorized'],
    [{ ok: 0, code: 303 }, 'no-legacy-opcodes'],
    [{ ok: 0, code: 352 }, 'no-legacy-opcodes'],
    [{ ok: 0, code: 59 }, 'emulator'],
    [{ ok: 0, code: 115 }, 'emulator'],
    [{ ok: 0, errmsg: 'no such command: hello' }, 'emulator'],
    [{ ok: 0, errmsg: 'No such cmd: hello' }, 'emulator'],
    [{ ok: 0, errmsg: 'not authorized on admin to execute' }, 'unauthorized'],
    [{ ok: 0, errmsg: 'Unauthorized' }, 'unauthorized'],
    [{ ok: 0, errmsg: 'need to login' }, 'unauthorized'],
    [{ ok: 0, errmsg: 'you are not authorized' }, 'error'],
    [{ ok: 0, errmsg: 'there is no such command' }, 'error'],
    [{ ok: 0, errmsg: 7 }, 'error'],
    [{ ok: 0, code: 1, errmsg: 'no such command' }, 'error'],
    [{ ok: 0, code: '13' }, 'error'],
    [{}, 'error'],
  ])('%j is %s', (members, row) => {
    expect(refusalRow(doc(members))).toBe(row);
  });

  it('is no unknown command where it succeeded', () => {
    expect(isUnknownCommand(doc({ ok: 1, errmsg: 'no such command' }))).toBe(false);
    expect(isUnknownCommand(doc({ ok: 0, errmsg: 'no such command' }))).toBe(true);
  });
});

describe('a list of databases', () => {
  it.each<[string, Decoded, string]>([
    ['one with a name', whole({ ok: 1, databases: named('a') }), 'list-databases'],
    ['an empty one', whole({ ok: 1, databases: [] }), 'empty-list'],
    ['one whose entries have no name', whole({ ok: 1, databases: named(7, '', undefined) }), 'odd-list'],
    ['none', whole({ ok: 1 }), 'odd-list'],
    ['the start of one, before it said whether it went well', cut({ databases: named('a') }), 'list-databases'],
    ['the start of one without a name yet', cut({ databases: [] }), 'odd-list'],
    ['a whole one that does not say whether it went well', whole({ databases: named('a') }), 'error'],
    ['the start of one that failed', cut({ ok: 0, databases: named('a') }), 'error'],
    ['a failure that demands a login', whole({ ok: 0, code: 13, databases: named('a') }), 'unauthorized'],
  ])('%s', (_name, reply, row) => {
    expect(listRow(reply)).toBe(row);
  });

  it('gives names, which are the server’s own, and sizes that are sizes', () => {
    const sized = (name: string, sizeOnDisk: BsonValue): BsonDocument => doc({ name, sizeOnDisk });
    const list = [
      sized('admin', 0),
      sized('local', 5n),
      sized('config', -1),
      sized('shop', 1.5),
      sized('x', '7'),
      doc({ name: 'y'.repeat(300) }),
      'no document',
    ];
    expect(databases(doc({ databases: list }))).toEqual([
      { name: 'admin', system: true, bytes: 0 },
      { name: 'local', system: true, bytes: 5 },
      { name: 'config', system: true },
      { name: 'shop', system: false },
      { name: 'x', system: false },
      { name: 'y'.repeat(255), system: false },
    ]);
    expect(databases(doc({ databases: doc({ name: 'a' }) }))).toEqual([]);
  });

  it('is asked further of names that can be sent, and not of the server’s own', () => {
    const names = ['shop', 'é'.repeat(31), 'é'.repeat(32), 'a\0b', '\ud800', 'a'.repeat(63)];
    const list = [{ name: 'admin', system: true }, ...names.map((name) => ({ name, system: false }))];
    expect(askable(list)).toEqual(['shop', 'é'.repeat(31), 'a'.repeat(63)]);
  });
});

describe('the names that were heard', () => {
  const collections = (id: BsonValue, ...names: readonly string[]): BsonDocument =>
    doc({ ok: 1, cursor: doc({ id, firstBatch: named(...names) }) });
  const from = (database: string, document: BsonDocument, isCut = false) => ({ database, document, cut: isCut });
  const one = whole({ ok: 1, databases: named('a') });

  it('are databases, then collections under their database', () => {
    expect(namesHeard(one, [from('a', collections(0n, 'users', 'system.views', 'my.system.x'))])).toEqual({
      objects: [
        { name: 'a', system: false, kind: 'database' },
        { name: 'a.users', kind: 'table', system: false },
        { name: 'a.system.views', kind: 'table', system: true },
        { name: 'a.my.system.x', kind: 'table', system: false },
      ],
      truncated: false,
    });
  });

  it.each([
    ['the list was cut', { ...one, cut: true }, [from('a', collections(0n))]],
    ['a database was not asked', whole({ ok: 1, databases: named('a', 'b') }), [from('a', collections(0n))]],
    ['a cursor stayed open', one, [from('a', collections(7n))]],
    ['a cursor gave no id', one, [from('a', doc({ cursor: doc({ firstBatch: [] }) }))]],
    ['an answer was cut', one, [from('a', collections(0n), true)]],
    [
      'only one of two answers was whole',
      whole({ databases: named('a', 'b') }),
      [from('a', collections(0)), from('b', collections(1))],
    ],
  ])('are not all of them where %s', (_name, list, asked) => {
    expect(namesHeard(list, asked).truncated).toBe(true);
  });

  it('are all of them where nobody was asked that could have been, or the answer was none', () => {
    expect(namesHeard(whole({ ok: 1, databases: named('admin') }), []).truncated).toBe(false);
    expect(namesHeard(one, [from('a', doc({ ok: 0 }))])).toEqual({
      objects: [{ name: 'a', system: false, kind: 'database' }],
      truncated: false,
    });
    expect(namesHeard(one, [from('a', collections(0))]).truncated).toBe(false);
  });

  it('are 200 at most, of a batch and of all together, and it says so', () => {
    const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);
    const exactly = namesHeard(one, [from('a', collections(0n, ...names(199)))]);
    expect([exactly.objects.length, exactly.truncated]).toEqual([200, false]);
    const over = namesHeard(one, [from('a', collections(0n, ...names(200)))]);
    expect([over.objects.length, over.truncated]).toEqual([200, true]);
    const none = whole({ ok: 1, databases: [] });
    const batch = namesHeard(none, [from('a', collections(0n, ...names(BATCH)))]);
    expect([batch.objects.length, batch.truncated]).toEqual([BATCH, false]);
    const more = namesHeard(none, [from('a', collections(0n, ...names(BATCH + 1)))]);
    expect([more.objects.length, more.truncated]).toEqual([BATCH, true]);
  });
});

describe('what hello says', () => {
  it.each([
    [27, '8.0+'],
    [25, '8.0'],
    [24, '7.0+'],
    [21, '7.0'],
    [17, '6.0'],
    [13, '5.0'],
    [9, '4.4'],
    [8, '4.2'],
    [7, '4.0'],
    [6, '3.6'],
    [5, 'before 3.6'],
  ])('wire version %i is release %s', (maxWireVersion, version) => {
    expect(helloFacts(doc({ maxWireVersion }))).toEqual({ firm: true, version, product: 'MongoDB', notes: [] });
  });

  it('is no version, and nothing firm, where there is no wire version', () => {
    expect(helloFacts(doc({ maxWireVersion: '25' }))).toEqual({ firm: false, product: 'MongoDB', notes: [] });
  });

  it('names the replica set, three of its members at most, and a mongos', () => {
    const hosts = ['h1', 7, 'h2', 'h3', 'h4'];
    expect(helloFacts(doc({ msg: 'isdbgrid', setName: 'rs0', hosts }))).toEqual({
      firm: false,
      product: 'mongos',
      notes: ['replica set rs0', 'hello names the members: h1 h2 h3'],
    });
    expect(helloFacts(doc({ msg: 'other', hosts: 'h1' }))).toMatchObject({ product: 'MongoDB', notes: [] });
  });
});
