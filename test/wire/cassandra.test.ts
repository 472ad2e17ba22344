/** CQL frames as we write them and as servers answer; whole visits are in test/probes/cassandra.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  frameHead,
  type FrameHead,
  headerBytes,
  isReplyStart,
  MAX_BODY,
  options,
  query,
  restOfHeader,
  startup,
  times,
} from '../../lib/wire/cassandra.ts';
import { parseReply, releaseOf } from '../../lib/wire/cassandra-reply.ts';
import { hex, u16, u32 } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const short = (text: string): Buffer => Buffer.concat([u16(Buffer.byteLength(text)), Buffer.from(text)]);
const head = (opcode: number, over: Partial<FrameHead> = {}): FrameHead => ({
  version: 4,
  flags: 0,
  opcode,
  bodyBytes: 0,
  oversized: false,
  ...over,
});

describe('a frame of ours', () => {
  it('has a header of nine bytes, before version 3 of eight', () => {
    expect([2, 3, 4, 5].map((version) => headerBytes(version as 2))).toEqual([8, 9, 9, 9]);
    expect(options(4, 258)).toEqual(hex('04 00 0102 05 00000000'));
    expect(options(2, 7)).toEqual(hex('02 00 07 05 00000000'));
  });

  it('of startup says the language and who we are', () => {
    const pairs = ['CQL_VERSION', '3.0.0', 'DRIVER_NAME', 'exposure-probe'].map(short);
    const body = Buffer.concat([u16(2), ...pairs]);
    expect(startup(3, 1)).toEqual(Buffer.concat([hex('03 00 0001 01'), u32(body.length), body]));
  });

  it('of a query asks for one page of so many rows, and for one answer', () => {
    const body = Buffer.concat([u32(8), Buffer.from('SELECT 1'), hex('0001 04'), u32(201)]);
    expect(query(4, 3, 'SELECT 1', 201)).toEqual(Buffer.concat([hex('04 00 0003 07'), u32(body.length), body]));
  });
});

describe('the start of a reply', () => {
  it('is the direction and a version there ever was', () => {
    const starts = Array.from({ length: 256 }, (_, first) => first).filter((first) =>
      isReplyStart(Buffer.from([first])),
    );
    expect(starts).toEqual([0x81, 0x82, 0x83, 0x84, 0x85, 0xc1, 0xc2]);
    expect(isReplyStart(Buffer.alloc(0))).toBe(false);
  });

  it('tells how much header follows', () => {
    expect([0x81, 0x82, 0x83, 0x85, 0xc1].map(restOfHeader)).toEqual([7, 7, 8, 8, 8]);
    expect(() => restOfHeader(0x48)).toThrow(refusal('malformed', 'not a reply: 48'));
  });

  it('has a stream of two bytes, before version 3 of one', () => {
    expect(frameHead(hex('84 0a 0102 06 00000010'), 258)).toEqual({
      version: 4,
      flags: 10,
      opcode: 6,
      bodyBytes: 16,
      oversized: false,
    });
    expect(frameHead(hex('82 00 07 06 00000010'), 7)).toMatchObject({ version: 2, bodyBytes: 16 });
  });

  it('names our stream, or in an error none', () => {
    expect(() => frameHead(hex('84 00 0001 06 00000000'), 2)).toThrow(
      refusal('malformed', 'reply on stream 1, not on 2'),
    );
    expect(() => frameHead(hex('84 00 0000 06 00000000'), 2)).toThrow(
      refusal('malformed', 'reply on stream 0, not on 2'),
    );
    expect(() => frameHead(hex('84 00 0001 00 00000000'), 2)).toThrow(
      refusal('malformed', 'reply on stream 1, not on 2'),
    );
    expect(frameHead(hex('84 00 0000 00 00000000'), 2).opcode).toBe(0);
  });

  it('has an opcode that a server sends', () => {
    for (const opcode of [0, 2, 3, 6, 8])
      expect(frameHead(Buffer.concat([hex('84 00 0001'), Buffer.from([opcode]), u32(0)]), 1).opcode).toBe(opcode);
    for (const opcode of [1, 4, 5, 7, 9, 255])
      expect(() => frameHead(Buffer.concat([hex('84 00 0001'), Buffer.from([opcode]), u32(0)]), 1)).toThrow(
        refusal('malformed', `opcode ${opcode}`),
      );
  });

  it('of more than is read is cut there', () => {
    const of = (bytes: number) => frameHead(Buffer.concat([hex('84 00 0001 08'), u32(bytes)]), 1);
    expect(of(MAX_BODY)).toMatchObject({ bodyBytes: 61_440, oversized: false });
    expect(of(MAX_BODY + 1)).toMatchObject({ bodyBytes: 61_440, oversized: true });
  });
});

describe('what flags put before a body', () => {
  const rest = (flags: number, body: string) => bodyOf(head(2, { flags }), hex(`${body} 2a`)).u8();
  it.each([
    ['nothing', 0, ''],
    ['a tracing id', 0x02, '00'.repeat(16)],
    ['warnings', 0x08, '0002 0001 61 0002 6162'],
    ['a payload, of which one has no value', 0x04, '0002 0001 61 00000002 ffff 0001 62 ffffffff'],
    ['all of them, in that order', 0x0e, `${'00'.repeat(16)} 0001 0001 61 0001 0001 61 00000001 ff`],
  ])('%s is read over', (_what, flags, body) => {
    expect(rest(flags, body)).toBe(0x2a);
  });

  it.each([0x01, 0x10, 0x80, 0x0f])('that nobody knows is none: %d', (flags) => {
    expect(() => rest(flags, '')).toThrow(refusal('malformed', `flags ${flags}`));
  });

  it('is a thousand and some of anything at most', () => {
    let count = 0;
    times(1_024, () => count++);
    expect(count).toBe(1_024);
    expect(() => times(1_025, () => count++)).toThrow(refusal('limit', '1025 items'));
    expect(count).toBe(1_024);
    expect(() => rest(0x08, '0401')).toThrow(refusal('limit', '1025 items'));
  });
});

describe('a reply', () => {
  it('is ready, a demand, or an error with its code', () => {
    expect(parseReply(head(2), Buffer.alloc(0))).toEqual({ kind: 'ready' });
    const authenticator = 'org.apache.cassandra.auth.PasswordAuthenticator';
    expect(parseReply(head(3), short(authenticator))).toEqual({ kind: 'authenticate', authenticator });
    expect(parseReply(head(0), Buffer.concat([u32(0x2100), short('No SELECT permission')]))).toEqual({
      ...{ kind: 'error', code: 0x2100, message: 'No SELECT permission' },
    });
    expect(() => parseReply(head(9), Buffer.alloc(0))).toThrow(refusal('malformed', 'opcode 9'));
    const long = parseReply(head(3), short('x'.repeat(999)));
    expect(long.kind === 'authenticate' && long.authenticator.length <= 201).toBe(true);
  });

  const supported = (entries: Readonly<Record<string, readonly string[]>>) => {
    const parts = Object.entries(entries).map(([key, values]) =>
      Buffer.concat([short(key), u16(values.length), ...values.map(short)]),
    );
    const reply = parseReply(head(6), Buffer.concat([u16(parts.length), ...parts]));
    return reply.kind === 'supported' ? reply.supported : undefined;
  };
  it.each([
    [
      'Cassandra',
      { CQL_VERSION: ['3.4.6', '3.4.5'], COMPRESSION: ['lz4'] },
      { markers: 2, product: 'Cassandra', cql: '3.4.6' },
    ],
    ['another that says less', { CQL_VERSION: [] }, { markers: 1, product: 'Cassandra', cql: '' }],
    ['ScyllaDB', { SCYLLA_SHARD: ['0'], CQL_VERSION: ['3.3.1'] }, { markers: 1, product: 'ScyllaDB', cql: '3.3.1' }],
    [
      'DataStax Enterprise',
      { DSE_VERSION: ['6'], COMPRESSION: ['lz4'] },
      { markers: 1, product: 'DataStax Enterprise', cql: '' },
    ],
    ['nobody', { X_SCYLLA_: ['1'] }, { markers: 0, product: 'Cassandra', cql: '' }],
  ] as const)('of what is supported tells %s', (_who, entries, found) => {
    expect(supported(entries)).toEqual(found);
  });

  it.each([
    ['3.4.7', '5.0'],
    ['3.4.6', '4.1'],
    ['3.4.5', '4.0'],
    ['3.4.4', '3.11'],
    ['3.4.3', undefined],
  ])('of language %s is of release %s', (cql, release) => {
    expect(releaseOf({ markers: 2, product: 'Cassandra', cql })).toBe(release);
    expect(releaseOf({ markers: 2, product: 'ScyllaDB', cql })).toBeUndefined();
  });
});
