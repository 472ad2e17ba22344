/** Replies of a broker as they are read, field by field; whole visits are in test/probes/kafka.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  apiVersions,
  isReplyStart,
  MAX_BODY,
  metadata,
  readApiVersions,
  readMechanisms,
  readMetadata,
  replyHead,
  saslHandshake,
} from '../../lib/wire/kafka.ts';
import { u16, u32 } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const text = (value: string): Buffer => Buffer.concat([u16(Buffer.byteLength(value)), Buffer.from(value)]);
const list = (...items: readonly Buffer[]): Buffer => Buffer.concat([u32(items.length), ...items]);
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

describe('what is sent', () => {
  it.each([
    ['ApiVersions', apiVersions(1), '000000180012000000000001000e6578706f737572652d70726f6265'],
    ['Metadata of all topics', metadata(2), '0000001c0003000100000002000e6578706f737572652d70726f6265ffffffff'],
    [
      'SaslHandshake for no mechanism',
      saslHandshake(1),
      '000000280011000000000001000e6578706f737572652d70726f6265000e4558504f535552452d50524f4245',
    ],
  ])('%s', (_name, bytes, hex) => {
    expect(bytes.toString('hex')).toBe(hex);
  });
});

describe('the head of a reply', () => {
  const head = (bytes: number, id: number): Buffer => Buffer.concat([u32(bytes), u32(id)]);

  it.each([
    [6, { bodyBytes: 2, oversized: false }],
    [MAX_BODY + 4, { bodyBytes: MAX_BODY, oversized: false }],
    [MAX_BODY + 5, { bodyBytes: MAX_BODY, oversized: true }],
    [0x7fff_ffff, { bodyBytes: MAX_BODY, oversized: true }],
  ])('that promises %i bytes', (bytes, expected) => {
    expect(replyHead(head(bytes, 7), 7)).toEqual(expected);
  });

  it.each([
    [5, 7, 'reply of 1 bytes'],
    [0, 7, 'reply of -4 bytes'],
    [0xffff_ffff, 7, 'reply of -5 bytes'],
    [100, 8, 'reply to 8, not to 7'],
    [100, -7, 'reply to -7, not to 7'],
  ])('that promises %i bytes to request %i is none', (bytes, id, message) => {
    expect(() => replyHead(head(bytes, id), 7)).toThrow(refusal('malformed', message));
  });

  it('may be recognised before it is whole', () => {
    for (const start of [
      '',
      '00',
      '0000',
      '0000abcd',
      '0000abcd00',
      '0000abcd000000',
      '0000abcd00000001',
      '0000ffff0000000100',
    ]) {
      expect(isReplyStart(Buffer.from(start, 'hex')), start).toBe(start !== '');
    }
    for (const other of ['01', '15', '0001', '0000abcd01', '0000abcd00000002', '0000abcd000001', '485454502f']) {
      expect(isReplyStart(Buffer.from(other, 'hex')), other).toBe(false);
    }
  });
});

describe('ApiVersions', () => {
  const api = (key: number, least: number, most: number): Buffer => Buffer.concat([u16(key), u16(least), u16(most)]);
  const versions = (error: number, ...apis: readonly Buffer[]): Buffer => Buffer.concat([u16(error), list(...apis)]);

  it.each<[string, Buffer, object]>([
    ['of a broker', versions(0, api(3, 0, 12), api(18, 0, 4)), { apis: 2, hasMetadata1: true }],
    ['with a version that it does not know', versions(35, api(3, 0, 12)), { apis: 1, hasMetadata1: true }],
    ['with Metadata 1 and no other', versions(0, api(3, 1, 1)), { apis: 1, hasMetadata1: true }],
    ['with Metadata 0 alone', versions(0, api(3, 0, 0)), { apis: 1, hasMetadata1: false }],
    ['with newer ones alone', versions(0, api(3, 2, 13)), { apis: 1, hasMetadata1: false }],
    ['without Metadata', versions(0, api(18, 0, 4)), { apis: 1, hasMetadata1: false }],
    ['of 512 requests', versions(0, ...times(512, (n) => api(n + 10, 0, 1))), { apis: 512, hasMetadata1: false }],
  ])('%s', (_name, body, expected) => {
    expect(readApiVersions(body)).toEqual(expected);
  });

  it.each<[string, Buffer, string, unknown]>([
    ['an error', versions(58, api(3, 0, 12)), 'malformed', 'error 58 to ApiVersions'],
    ['an error of 34', versions(34, api(3, 0, 12)), 'malformed', 'error 34 to ApiVersions'],
    ['a range upside down', versions(0, api(3, 2, 1)), 'malformed', 'versions from 2 to 1'],
    ['no request', versions(0), 'malformed', 'a broker that knows no request'],
    ['null', Buffer.concat([u16(0), u32(-1)]), 'malformed', 'a broker that knows no request'],
    ['a count below null', Buffer.concat([u16(0), u32(-2)]), 'limit', 'array of -2'],
    ['513 requests', versions(0, ...times(513, () => api(9, 0, 1))), 'limit', 'array of 513'],
  ])('of %s is refused', (_name, body, reason, message) => {
    expect(() => readApiVersions(body)).toThrow(refusal(reason, message));
  });

  it('cut at any byte is not read', () => {
    const whole = versions(0, api(3, 0, 12), api(18, 0, 4));
    for (let length = 0; length < whole.length; length++) {
      expect(() => readApiVersions(whole.subarray(0, length)), `${length}`).toThrow(
        refusal('truncated', expect.stringContaining('wanted')),
      );
    }
  });
});

const broker = (host: string, rack = u16(0xffff), port = 9092): Buffer =>
  Buffer.concat([u32(1), text(host), u32(port), rack]);
const partition = (replicas = 1, inSync = 1): Buffer =>
  Buffer.concat([u16(0), u32(0), u32(1), ...[replicas, inSync].map((count) => list(...times(count, () => u32(1))))]);
const topic = (name: string, internal = 0, ...partitions: readonly Buffer[]): Buffer =>
  Buffer.concat([u16(3), text(name), Buffer.from([internal]), list(...partitions)]);
const cluster = (brokers: readonly Buffer[], topics: readonly Buffer[]): Buffer =>
  Buffer.concat([list(...brokers), u32(1), list(...topics)]);
const one = [broker('k1.internal')];

describe('Metadata', () => {
  it('is brokers as advertised, and topics', () => {
    const body = cluster(
      [broker('k1.internal'), broker('k2', text('eu-west-1a'), 9093), broker('k3', text('')), broker('k4')],
      [
        topic('users', 0, partition(3, 2), partition()),
        topic('__consumer_offsets', 1),
        topic('odd', 2, partition(0, 0)),
      ],
    );
    expect(readMetadata(body, false)).toEqual({
      brokers: ['k1.internal:9092', 'k2:9093', 'k3:9092'],
      brokerCount: 4,
      topics: [
        { name: 'users', isInternal: false },
        { name: '__consumer_offsets', isInternal: true },
        { name: 'odd', isInternal: false },
      ],
      cut: false,
    });
  });

  it('of no topic is known to be of none, in either spelling', () => {
    const none = { brokers: ['k1.internal:9092'], brokerCount: 1, topics: [], cut: false };
    expect(readMetadata(cluster(one, []), false)).toEqual(none);
    expect(readMetadata(Buffer.concat([list(...one), u32(1), u32(-1)]), false)).toEqual(none);
  });

  it('keeps 200 topics, and says where there were more', () => {
    const of = (count: number) =>
      readMetadata(
        cluster(
          one,
          times(count, (n) => topic(`t${n}`)),
        ),
        false,
      );
    expect(of(200)).toMatchObject({ cut: false, topics: { length: 200 } });
    expect(of(201)).toMatchObject({ cut: true, topics: { length: 200, 199: { name: 't199' } } });
  });

  it('reads names of 249 characters, shows longer ones cut, and spells what cannot be shown', () => {
    const names = (...all: string[]) =>
      readMetadata(
        cluster(
          one,
          all.map((name) => topic(name)),
        ),
        false,
      ).topics;
    const [whole, cut, spelled] = names('n'.repeat(249), 'n'.repeat(250), '\u001b[31m');
    expect(whole?.name).toBe('n'.repeat(249));
    expect(cut?.name).toBe(`${'n'.repeat(248)}…`);
    expect(spelled?.name).toBe('U+001B[31m');
    expect(names('n'.repeat(0x7fff))).toHaveLength(1);
  });

  const nameless = Buffer.concat([u32(1), u16(0xffff), u32(9092), u16(0xffff)]);
  const long = Buffer.concat([u16(0x8000), Buffer.alloc(0x8000)]);
  it.each<[string, Buffer, string, unknown]>([
    ['no broker', cluster([], [topic('a')]), 'malformed', 'a cluster without a broker'],
    ['a broker without a name', cluster([nameless], []), 'malformed', 'text of negative length'],
    ['a rack of negative length', cluster([broker('k', long)], []), 'malformed', 'text of negative length'],
    [
      '513 brokers',
      cluster(
        times(513, () => broker('k')),
        [],
      ),
      'limit',
      'array of 513',
    ],
    ['10,001 topics', Buffer.concat([list(...one), u32(1), u32(10_001)]), 'limit', 'array of 10001'],
    ['65 replicas', cluster(one, [topic('a', 0, partition(65))]), 'limit', 'array of 65'],
    ['65 replicas in sync', cluster(one, [topic('a', 0, partition(1, 65))]), 'limit', 'array of 65'],
    [
      '20,001 partitions',
      cluster(one, [Buffer.concat([u16(0), text('a'), Buffer.from([0]), u32(20_001)])]),
      'limit',
      'array of 20001',
    ],
  ])('of %s is refused, large or not', (_name, body, reason, message) => {
    expect(() => readMetadata(body, false)).toThrow(refusal(reason, message));
    expect(() => readMetadata(body, true)).toThrow(refusal(reason, message));
  });

  it('of as many as Kafka may have is read', () => {
    const brokers = times(512, () => broker('k'));
    expect(readMetadata(cluster(brokers, []), false).brokerCount).toBe(512);
    expect(
      readMetadata(
        cluster(
          one,
          times(10_000, () => topic('t')),
        ),
        false,
      ),
    ).toMatchObject({ cut: true });
    const partitions = times(20_000, () => partition(0, 0));
    expect(readMetadata(cluster(one, [topic('t', 0, ...partitions)]), false).topics).toHaveLength(1);
    expect(readMetadata(cluster(one, [topic('t', 0, partition(64, 64))]), false).topics).toHaveLength(1);
  });

  it('cut at any byte is not read; of a larger one, the topics that came whole count', () => {
    const whole = cluster(one, [topic('a', 0, partition()), topic('b', 0, partition())]);
    const [toTopics, toB] = [
      whole.length - 2 * topic('a', 0, partition()).length,
      whole.length - topic('b', 0, partition()).length,
    ];
    for (let length = 0; length < whole.length; length++) {
      const part = whole.subarray(0, length);
      const truncated = refusal('truncated', expect.stringContaining('wanted'));
      expect(() => readMetadata(part, false), `${length}`).toThrow(truncated);
      if (length < toTopics - 4) expect(() => readMetadata(part, true), `${length}`).toThrow(truncated);
      else expect(readMetadata(part, true)).toMatchObject({ cut: true, topics: { length: length < toB ? 0 : 1 } });
    }
    expect(readMetadata(whole, true)).toMatchObject({ cut: false, topics: { length: 2 } });
  });
});

describe('mechanisms', () => {
  it.each<[string, Buffer, readonly string[] | undefined]>([
    ['of a SASL listener', Buffer.concat([u16(33), list(text('PLAIN'), text('GSSAPI'))]), ['PLAIN', 'GSSAPI']],
    ['of none', Buffer.concat([u16(33), list()]), undefined],
    ['of a listener without SASL', Buffer.concat([u16(34), list(text('PLAIN'))]), undefined],
    ['of one that took what does not exist', Buffer.concat([u16(0), list(text('PLAIN'))]), undefined],
    ['32 of them', Buffer.concat([u16(33), list(...times(32, () => text('M')))]), times(32, () => 'M')],
  ])('%s', (_name, body, expected) => {
    expect(readMechanisms(body)).toEqual(expected);
  });

  it('are at most 32, and each has a name', () => {
    const many = Buffer.concat([u16(33), list(...times(33, () => text('M')))]);
    expect(() => readMechanisms(many)).toThrow(refusal('limit', 'array of 33'));
    const nameless = Buffer.concat([u16(33), list(u16(0xffff))]);
    expect(() => readMechanisms(nameless)).toThrow(refusal('malformed', 'text of negative length'));
  });
});
