/** Bolt: what we say and what each answer is; whole visits are in test/probes/neo4j.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  type BoltVersion,
  GOODBYE,
  HANDSHAKE,
  hasLogon,
  hello,
  LOGON,
  read,
  readMessage,
  readVersion,
  replyOf,
} from '../../lib/wire/bolt.ts';
import type { PackMessage, PackValue } from '../../lib/wire/packstream.ts';
import { hex } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const ascii = (text: string): string => Buffer.from(text).toString('hex');
const V3: BoltVersion = { major: 3, minor: 0 };
const V5 = (minor: number): BoltVersion => ({ major: 5, minor });

describe('the handshake', () => {
  it('offers 5.8 to 5.0, 4.4 to 4.2, 4.1 and 3', () => {
    expect(HANDSHAKE.toString('hex')).toBe(hex('6060b017 00080805 00020404 00000104 00000003').toString('hex'));
  });

  it.each([
    ['00000805', { major: 5, minor: 8 }],
    ['00000005', { major: 5, minor: 0 }],
    ['00000404', { major: 4, minor: 4 }],
    ['00000104', { major: 4, minor: 1 }],
    ['00000003', { major: 3, minor: 0 }],
    // Not offered, or no answer at all.
    ['00000905', undefined],
    ['00000504', undefined],
    ['00000004', undefined],
    ['00000103', undefined],
    ['00000002', undefined],
    ['00000006', undefined],
    ['00000000', undefined],
    ['01000805', undefined],
    ['00010805', undefined],
    ['000008', undefined],
    ['0000080500', undefined],
    ['', undefined],
    ['48545450', undefined],
  ])('answered by %s', (answer, version) => {
    expect(readVersion(hex(answer))).toEqual(version);
  });
});

describe('what we say', () => {
  const agent = `8a${ascii('user_agent')} d010${ascii('exposure-probe/1')}`;
  const none = `86${ascii('scheme')} 84${ascii('none')}`;
  const framed = (body: string): Buffer => {
    const bytes = hex(body);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes, hex('0000')]);
  };

  it('is a HELLO without credentials; from 5.1 on they would come in a LOGON', () => {
    for (const version of [V3, { major: 4, minor: 4 }, V5(0)]) {
      expect(hasLogon(version)).toBe(false);
      expect(hello(version)).toEqual(framed(`b101 a2 ${agent} ${none}`));
    }
    const product = `8a${ascii('bolt_agent')} a1 87${ascii('product')} d010${ascii('exposure-probe/1')}`;
    for (const version of [V5(1), V5(8)]) {
      expect(hasLogon(version)).toBe(true);
      expect(hello(version)).toEqual(framed(`b101 a2 ${agent} ${product}`));
    }
    expect(LOGON).toEqual(framed(`b16a a1 ${none}`));
    expect(GOODBYE).toEqual(framed('b002'));
  });

  it('is a read, and of version 3 all of its answer', () => {
    const run = `b310 8b${ascii('RETURN 1 //')} a0 a1 84${ascii('mode')} 81${ascii('r')}`;
    expect(read(V5(8), 'RETURN 1 //', 513)).toEqual(
      Buffer.concat([framed(run), framed(`b13f a1 81${ascii('n')} c90201`)]),
    );
    expect(read(V3, 'RETURN 1 //', 513)).toEqual(Buffer.concat([framed(run), framed('b03f')]));
  });

  it('is text with its length: of fifteen bytes in the marker, of more behind it', () => {
    const of = (length: number) => read(V3, 'x'.repeat(length), 1).subarray(4, 6);
    expect(of(15)).toEqual(hex(`8f78`));
    expect(of(16)).toEqual(hex('d010'));
  });
});

describe('a message', () => {
  const IGNORED = 'b07e';
  function sent(text: string): Parameters<typeof readMessage>[0] {
    const bytes = hex(text);
    let at = 0;
    return {
      readExactly: (count) => {
        const found = bytes.subarray(at, (at += count));
        return found.length === count ? Promise.resolve(found) : Promise.reject(new Error('the stream ended'));
      },
    };
  }

  it('is put together of its chunks, and what keeps a connection alive is passed over', async () => {
    const ignored = { kind: 'ignored' };
    expect(await readMessage(sent(`0002 ${IGNORED} 0000`))).toEqual(ignored);
    expect(await readMessage(sent('0001 b0 0001 7e 0000'))).toEqual(ignored);
    expect(await readMessage(sent(`0000 0000 0002 ${IGNORED} 0000 ffff`))).toEqual(ignored);
    await expect(readMessage(sent(`0002 ${IGNORED} 00`))).rejects.toThrow('the stream ended');
  });

  it('is of 16 KiB and 64 chunks at most', async () => {
    const failure = (bytes: number) => `b17f d1${(bytes - 5).toString(16).padStart(4, '0')}${'61'.repeat(bytes - 5)}`;
    const chunk = (bytes: number) => `${bytes.toString(16).padStart(4, '0')} ${failure(bytes)} 0000`;
    expect((await readMessage(sent(chunk(16_384)))).kind).toBe('failure');
    await expect(readMessage(sent(chunk(16_385)))).rejects.toEqual(refusal('limit', 'message over 16384 bytes'));
    await expect(readMessage(sent('4000'))).rejects.toThrow('the stream ended');
    expect(await readMessage(sent(`${'0000'.repeat(62)} 0002 ${IGNORED} 0000`))).toEqual({ kind: 'ignored' });
    const alive = sent(`${'0000'.repeat(63)} 0002 ${IGNORED} 0000`);
    await expect(readMessage(alive)).rejects.toEqual(refusal('limit', 'more than 64 chunks'));
  });
});

describe('a reply', () => {
  const map = (entries: Readonly<Record<string, PackValue>>): PackValue => new Map(Object.entries(entries));
  const of = (tag: number, ...fields: readonly PackValue[]) => replyOf({ tag, fields } satisfies PackMessage);

  it('of success tells the server, and whether there is more', () => {
    expect(of(0x70, map({ server: 'Neo4j/5.26.0' }))).toEqual({
      kind: 'success',
      server: 'Neo4j/5.26.0',
      hasMore: false,
    });
    expect(of(0x70, map({ has_more: true }))).toEqual({ kind: 'success', server: '', hasMore: true });
    for (const first of [map({ server: 5, has_more: 'true' }), [], null, undefined, 'server'])
      expect(of(0x70, first)).toEqual({ kind: 'success', server: '', hasMore: false });
    const long = of(0x70, map({ server: 'x'.repeat(300) }));
    expect(long.kind === 'success' && long.server.length <= 101).toBe(true);
  });

  it('of a record is its first cell', () => {
    expect(of(0x71, ['Camera', 'x'])).toEqual({ kind: 'record', first: 'Camera' });
    for (const first of [[], [5], 'Camera', null, undefined, map({ 0: 'Camera' })])
      expect(of(0x71, first)).toEqual({ kind: 'record', first: '' });
  });

  it('of a failure is its code, by either name, and its words', () => {
    const code = 'Neo.ClientError.Security.Unauthorized';
    expect(of(0x7f, map({ code, message: 'no' }))).toEqual({ kind: 'failure', code, message: 'no' });
    expect(of(0x7f, map({ neo4j_code: code }))).toEqual({ kind: 'failure', code, message: '' });
    expect(of(0x7f, map({ code, neo4j_code: 'x' }))).toMatchObject({ code });
    expect(of(0x7f)).toEqual({ kind: 'failure', code: '', message: '' });
    const long = of(0x7f, map({ code: 'x'.repeat(300), message: 'x'.repeat(300) }));
    expect(
      long.kind === 'failure' && [long.code.length <= 101, long.message.length <= 201, long.message.length > 101],
    ).toEqual([true, true, true]);
  });

  it('of another kind is none', () => {
    expect(of(0x7e)).toEqual({ kind: 'ignored' });
    for (const tag of [0x01, 0x72, 0x7d])
      expect(() => of(tag)).toThrow(refusal('malformed', `message ${tag.toString(16)}`));
  });
});
