/** What the answers of a Redis mean, reply by reply; whole visits are in test/probes/redis.test.ts. */
import { describe, expect, it } from 'vitest';
import { goesOn, isContent, isUnknownCommand, readRedis, type RedisReading } from '../../lib/wire/redis.ts';
import type { RespValue } from '../../lib/wire/resp.ts';

const simple = (text: string): RespValue => ({ kind: 'simple', text });
const error = (text: string): RespValue => ({ kind: 'error', text });
const integer = (value: bigint): RespValue => ({ kind: 'integer', value });
const bulk = (text?: string): RespValue => ({
  kind: 'bulk',
  bytes: text === undefined ? undefined : Buffer.from(text),
});
const PONG = simple('PONG');
const UNKNOWN = error("ERR unknown command 'ping'");
const INFO = bulk('# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n');
const seen = (row: RedisReading['row'], markers: number): RedisReading => ({ row, markers, truncated: false });

/** The error, whether INFO is asked after it, what it means as the only answer, and what it means to INFO after +PONG. */
const ERRORS: readonly (readonly [string, boolean, RedisReading, RedisReading])[] = [
  ['NOAUTH Authentication required.', false, seen('noauth', 1), seen('noauth', 2)],
  ['DENIED Redis is running in protected mode', false, seen('protected-mode', 1), seen('protected-mode', 2)],
  ['NOPERM this user has no permissions', true, seen('noperm', 1), seen('noperm', 2)],
  ['LOADING Redis is loading the dataset', true, seen('busy', 1), seen('busy', 2)],
  ['MASTERDOWN Link with MASTER is down', true, seen('busy', 1), seen('busy', 2)],
  ['BUSY Redis is busy running a script', true, seen('busy', 1), seen('busy', 2)],
  ['MISCONF Redis is configured to save', true, seen('busy', 1), seen('busy', 2)],
  ['MOVED 1 10.0.0.1:6379', true, seen('moved', 1), seen('moved', 2)],
  ['ASK 1 10.0.0.1:6379', true, seen('moved', 1), seen('moved', 2)],
  ['CLUSTERDOWN The cluster is down', true, seen('moved', 1), seen('moved', 2)],
  ['ERR operation not permitted', false, seen('not-permitted', 1), seen('not-permitted', 2)],
  ['ERR Operation Not Permitted', false, seen('not-permitted', 1), seen('not-permitted', 2)],
  ['ERR max number of clients reached', false, seen('max-clients', 1), seen('max-clients', 2)],
  ["ERR unknown command 'INFO'", true, seen('no-info', 1), seen('no-info', 1)],
  // In other words, or in other places, they mean nothing: a front may quote what it heard.
  ...[
    'ERR hm',
    'NOAUTHENTICATION',
    'said NOAUTH',
    'DENIEDLY',
    'said DENIED',
    'NOPERMS',
    'said NOPERM',
    'BUSYGROUP x',
    'BUSYKEY x',
    'said LOADING',
    'ASKING',
    'said MOVED',
    'said ERR operation not permitted',
    'said ERR max number of clients',
    'said ERR unknown command',
  ].map((text) => [text, true, seen('unrecognised', 0), seen('no-info', 1)] as const),
];

describe('an error', () => {
  it.each(ERRORS)('%s', (text, isAskedOn, alone, afterPong) => {
    expect(goesOn(error(text))).toBe(isAskedOn);
    expect(readRedis({ ping: error(text) })).toEqual(alone);
    expect(readRedis({ ping: PONG, server: error(text) })).toEqual(afterPong);
    expect(isUnknownCommand(error(text))).toBe(text.startsWith('ERR unknown command'));
  });

  it('that settles it to PING is not undone by what came after', () => {
    expect(readRedis({ ping: error('NOAUTH x'), server: INFO })).toEqual(seen('noauth', 1));
  });

  it('in words of no Redis is no marker, so that INFO must be one', () => {
    const ping = error('ERR hm');
    expect(readRedis({ ping, server: error('NOAUTH x') })).toEqual(seen('noauth', 1));
    expect(readRedis({ ping, server: error('ERR hm') })).toEqual(seen('no-info', 0));
    expect(readRedis({ ping, server: integer(1n) })).toEqual(seen('no-info', 0));
    expect(readRedis({ ping, server: bulk('uptime:1\r\n') })).toEqual(seen('info-bulk', 1));
    expect(readRedis({ ping, server: INFO })).toMatchObject({ row: 'info-bulk', markers: 1 });
  });

  it('is an error only as one: the same words as text are not', () => {
    expect(isUnknownCommand(simple('ERR unknown command'))).toBe(false);
    for (const ping of [simple('NOAUTH x'), simple('pong'), bulk('PONG'), bulk(), integer(1n)]) {
      expect(goesOn(ping)).toBe(false);
      expect(readRedis({ ping, server: INFO })).toEqual(seen('unrecognised', 0));
    }
  });
});

describe('INFO', () => {
  it('has something to read only as a bulk reply with a byte in it', () => {
    for (const none of [undefined, simple('x'), integer(1n), bulk(), bulk('')]) expect(isContent(none)).toBe(false);
    expect(isContent(bulk('x'))).toBe(true);
  });

  it.each<[string, RespValue | undefined, RedisReading]>([
    ['that did not come', undefined, seen('no-info', 1)],
    ['of nothing', bulk(''), seen('info-empty', 1)],
    ['of null', bulk(), seen('info-empty', 1)],
    ['as a simple string', simple('redis_version:7'), seen('no-info', 1)],
    ['as a number', integer(7n), seen('no-info', 1)],
    ['without a version', bulk('uptime:1\r\n'), seen('info-bulk', 1)],
    ['without a colon', bulk('redis_version'), seen('info-bulk', 1)],
  ])('%s', (_name, server, expected) => {
    expect(readRedis({ ping: PONG, ...(server === undefined ? {} : { server }) })).toEqual(expected);
  });

  it.each([
    ['redis', 'redis_version:7.0.15\r\nos:Linux', '7.0.15'],
    ['redis', 'os:Linux\nredis_version:7.0.15\nredis_mode:standalone', '7.0.15'],
    ['valkey', 'redis_version:7.2.4\r\nvalkey_version:8.0.1\r\n', '8.0.1'],
    ['dragonfly', 'redis_version:7.4.0\r\ndragonfly_version:df-v1.30.3\r\n', 'df-v1.30.3'],
    ['kvrocks', 'redis_version:4.0.0\r\nkvrocks_version:2.10:1\r\n', '2.10:1'],
    ['redis', `redis_version:${'7'.repeat(40)}\r\n`, '7'.repeat(40)],
    ['redis', `redis_version:${'7'.repeat(41)}\r\n`, `${'7'.repeat(39)}…`],
  ])('of %s says its version: %j', (product, text, version) => {
    expect(readRedis({ ping: PONG, server: bulk(text) })).toEqual({ ...seen('info-bulk', 2), product, version });
  });

  it.each([
    [PONG, 'info-bulk'],
    [UNKNOWN, 'ping-renamed'],
    [error('LOADING x'), 'busy-info'],
    [error('MOVED 1 x'), 'info-bulk'],
  ] as const)('after %j is row %s; of a Sentinel a Sentinel always', (ping, row) => {
    expect(readRedis({ ping, server: INFO })).toMatchObject({ row, markers: 2 });
    const sentinel = bulk('redis_version:7.0.15\r\nredis_mode:sentinel\r\n');
    expect(readRedis({ ping, server: sentinel })).toMatchObject({ row: 'sentinel', markers: 2 });
  });
});

describe('DBSIZE, where INFO is renamed', () => {
  it.each<[string, RespValue | undefined, RedisReading]>([
    ['of keys', integer(9n), { ...seen('info-renamed', 2), keyspaces: [{ name: 'db0', keys: 9 }] }],
    ['of none', integer(0n), { ...seen('info-renamed', 2), keyspaces: [{ name: 'db0', keys: 0 }] }],
    [
      'of as many as can be counted',
      integer(BigInt(Number.MAX_SAFE_INTEGER)),
      { ...seen('info-renamed', 2), keyspaces: [{ name: 'db0', keys: Number.MAX_SAFE_INTEGER }] },
    ],
    ['of one more', integer(BigInt(Number.MAX_SAFE_INTEGER) + 1n), seen('no-info', 1)],
    ['below zero', integer(-1n), seen('no-info', 1)],
    ['in words', simple('9'), seen('no-info', 1)],
    ['forbidden', error('NOPERM x'), seen('noperm', 2)],
    ['behind a password', error('NOAUTH x'), seen('noauth', 2)],
    ['on a busy server', error('BUSY x'), seen('no-info', 1)],
    ['renamed too', UNKNOWN, seen('no-info', 1)],
    ['that did not come', undefined, seen('no-info', 1)],
  ])('%s', (_name, size, expected) => {
    expect(readRedis({ ping: PONG, server: UNKNOWN, ...(size === undefined ? {} : { size }) })).toEqual(expected);
  });
});

describe('counts of keys', () => {
  const counts = (keyspace?: RespValue): RedisReading =>
    readRedis({ ping: PONG, server: INFO, ...(keyspace === undefined ? {} : { keyspace }) });

  it.each([
    ['db0:keys=12,expires=1,avg_ttl=0', 'db0', 12],
    ['db15:keys=0', 'db15', 0],
    ['db99999:keys=999999999999999,expires=0', 'db99999', 999_999_999_999_999],
  ])('%s', (line, name, keys) => {
    expect(counts(bulk(`# Keyspace\r\n${line}\r\n`)).keyspaces).toEqual([{ name, keys }]);
  });

  it.each([
    'db0:keys=9999999999999999,expires=0',
    'db0:keys=5x,expires=0',
    'db0:expires=0,keys=5',
    'db0:keys=',
    'db0:keys=-5',
    'db:keys=5',
    'db100000:keys=5',
    'xdb0:keys=5',
    'db0x:keys=5',
    '__proto__:keys=5',
    'db0',
  ])('%s is none', (line) => {
    expect(counts(bulk(`${line}\r\n`)).keyspaces).toEqual([]);
  });

  it('of an empty server are none, which is known; of no answer they are not known', () => {
    expect(counts(bulk('# Keyspace\r\n')).keyspaces).toEqual([]);
    for (const none of [undefined, bulk(''), bulk(), error('NOPERM x'), simple('db0:keys=1')]) {
      expect(counts(none)).not.toHaveProperty('keyspaces');
      expect(counts(none).truncated).toBe(false);
    }
  });

  it('are kept of 200 databases; where there are more, the list is cut', () => {
    const of = (length: number) => counts(bulk(Array.from({ length }, (_, n) => `db${n}:keys=${n}\r\n`).join('')));
    expect(of(200)).toMatchObject({ truncated: false });
    expect(of(200).keyspaces).toHaveLength(200);
    expect(of(201)).toMatchObject({ truncated: true });
    expect(of(201).keyspaces?.at(-1)).toEqual({ name: 'db199', keys: 199 });
  });
});
