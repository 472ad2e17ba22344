import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { MetadataLevel } from '../../lib/model/probe.ts';
import { kafka } from '../../lib/probes/kafka.ts';
import { WireError } from '../../lib/wire/error.ts';
import { MAX_BODY, readApiVersions, readMechanisms, readMetadata, replyHead } from '../../lib/wire/kafka.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { recordings } from '../support/recordings.ts';
import { type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';
import { u16, u32 } from '../support/bytes.ts';

// probes.md section 3.14, byte for byte; each connection numbers from 1.
const API_VERSIONS = '000000180012000000000001000e6578706f737572652d70726f6265';
const METADATA = '0000001c0003000100000002000e6578706f737572652d70726f6265ffffffff';
const SASL_HANDSHAKE = '000000280011000000000001000e6578706f737572652d70726f6265000e4558504f535552452d50524f4245';
const NONE = Buffer.alloc(0);

const text = (value: string): Buffer => Buffer.concat([u16(value.length), Buffer.from(value)]);
const reply = (id: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat([u32(id), ...parts]);
  return Buffer.concat([u32(body.length), body]);
};
const api = (key: number, least: number, most: number): Buffer => Buffer.concat([u16(key), u16(least), u16(most)]);
const VERSIONS = reply(1, u16(0), u32(2), api(3, 0, 12), api(18, 0, 4));
const broker = (host: string): Buffer => Buffer.concat([u32(1), text(host), u32(9092), u16(0xffff)]);
const partition = Buffer.concat([u16(0), u32(0), u32(1), u32(1), u32(1), u32(1), u32(1)]);
const topic = (name: string, internal = 0): Buffer =>
  Buffer.concat([u16(0), text(name), Buffer.from([internal]), u32(1), partition]);
const topics = (...list: Buffer[]): Buffer =>
  reply(2, u32(1), broker('k1.internal'), u32(1), u32(list.length), ...list);
const mechanisms = (...names: string[]): Buffer => reply(1, u16(33), u32(names.length), ...names.map(text));

async function visit(
  connections: readonly (ScriptConnection | PeerReason)[],
  { metadata = 1, port = 9092 }: { metadata?: MetadataLevel; port?: number } = {},
): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const endpoint = {
    id: 'k',
    host: 'k.example.org',
    port,
    engine: 'kafka',
    source: 'file',
    tags: {},
    declared: {},
  } as const;
  const answer = await kafka.visit(access, endpoint, { metadata, nonce: '0123456789abcdef' });
  return { ...access, ...answer, opened: access.opened };
}
const says = (replies: readonly Buffer[], more: Partial<ScriptConnection> = {}): ScriptConnection => ({
  replies: [NONE, ...replies],
  ...more,
});

describe('the bytes we send', () => {
  it('are ApiVersions and Metadata for all topics, never for one by name', async () => {
    const seen = await visit([says([VERSIONS, topics(topic('a'))])]);
    expect(seen.written).toEqual([`1:${API_VERSIONS}`, `1:${METADATA}`]);
  });

  it('are, where Metadata is closed on us, SaslHandshake for a mechanism that does not exist', async () => {
    const seen = await visit([says([VERSIONS]), says([mechanisms('SCRAM-SHA-512')])]);
    expect(seen.written).toEqual([`1:${API_VERSIONS}`, `1:${METADATA}`, `2:${SASL_HANDSHAKE}`]);
  });

  it('are ApiVersions alone where the broker has no Metadata of ours', async () => {
    const seen = await visit([says([reply(1, u16(0), u32(1), api(3, 4, 13))])]);
    expect(seen.written).toHaveLength(1);
    expect(seen).toMatchObject({ rule: 'kafka/no-metadata', auth: { state: 'undetermined' }, proof: 1 });
  });
});

describe('rows of probes.md section 3.14', () => {
  const shut = says([VERSIONS]);
  it.each([
    ['topics', [says([VERSIONS, topics(topic('a'))])], 'topics', 'open-anonymous', 3],
    ['no topic at all', [says([VERSIONS, topics()])], 'no-topics', 'open-restricted', 2],
    ['closed, mechanisms', [shut, says([mechanisms('SCRAM-SHA-512')])], 'sasl', 'auth-required', 2],
    ['closed, PLAIN without TLS', [shut, says([mechanisms('GSSAPI', 'PLAIN')])], 'sasl', 'auth-weak', 2],
    [
      'closed, and no SASL there',
      [shut, says([reply(1, u16(34), u32(0))])],
      'closed-after-versions',
      'undetermined',
      1,
    ],
    ['closed, and closed again', [shut, says([])], 'closed-after-versions', 'undetermined', 1],
    ['closed, and then refused', [shut, 'refused'], 'closed-after-versions', 'undetermined', 1],
    ['silence after versions', [says([VERSIONS], { end: 'timeout' })], 'no-metadata', 'undetermined', 1],
    ['a cluster without brokers', [says([VERSIONS, reply(2, u32(0), u32(0))])], 'no-metadata', 'undetermined', 1],
  ] as const)('%s', async (_, connections, rule, state, proof) => {
    const seen = await visit([...connections]);
    expect(seen).toMatchObject({
      l4: 'open',
      proto: { state: 'match' },
      rule: `kafka/${rule}`,
      auth: { state },
      proof,
    });
    expect(seen).toHaveProperty('tls.state', 'absent');
  });

  it('PLAIN inside TLS is no weakness', async () => {
    const tls = { transport: 'tls' } as const;
    const seen = await visit([says([], tls), says([VERSIONS], tls), says([mechanisms('PLAIN')], tls)]);
    expect(seen).toMatchObject({ rule: 'kafka/sasl', auth: { state: 'auth-required' }, tls: { state: 'required' } });
    expect(seen.opened).toBe(3);
  });
});

describe('names', () => {
  it('are those of topics, internal ones marked, and of brokers in a note', async () => {
    const seen = await visit([says([VERSIONS, topics(topic('users'), topic('__consumer_offsets', 1))])]);
    expect(seen.metadata).toEqual({
      objects: [
        { name: 'users', kind: 'topic', system: false },
        { name: '__consumer_offsets', kind: 'topic', system: true },
      ],
      truncated: false,
    });
    expect(seen.notes).toEqual(['advertises k1.internal:9092']);
  });

  it('are not kept at level 0', async () => {
    const seen = await visit([says([VERSIONS, topics(topic('users'))])], { metadata: 0 });
    expect(seen).toMatchObject({ auth: { state: 'open-anonymous' }, notes: [] });
    expect(seen).not.toHaveProperty('metadata');
  });

  it('of thousands of topics are as open as one', async () => {
    const large = topics(...Array.from({ length: 3_000 }, (_, n) => topic(`tenant-${n}`)));
    expect(large.length).toBeGreaterThan(MAX_BODY);
    const seen = await visit([says([VERSIONS, large])]);
    expect(seen).toMatchObject({ rule: 'kafka/topics', metadata: { truncated: true } });
    expect(seen.metadata?.objects).toHaveLength(200);
  });

  it('cut off by the peer are none', async () => {
    const whole = topics(topic('a'), topic('b'));
    for (let length = 0; length < whole.length; length++) {
      const seen = await visit([says([VERSIONS, whole.subarray(0, length)])]);
      expect(seen.auth.state, `${length}`).toBe('undetermined');
    }
  });
});

describe('a TLS hello', () => {
  const alert = Buffer.from('15030300020250', 'hex');
  it.each([
    ['after a close', says([]), 9092, 2],
    ['after a reset', says([], { end: 'reset' }), 9092, 2],
    ['after an alert', says([alert], { end: 'timeout' }), 9092, 2],
    ['not after silence: a broker would take it for a length', says([], { end: 'timeout' }), 9092, 1],
    ['after silence on a port that is known for TLS', says([], { end: 'timeout' }), 9094, 2],
    ['not after a word of somebody else', says([Buffer.from('SSH-2.0-x\r\n')]), 9094, 1],
  ] as const)('goes out %s', async (_, first, port, opened) => {
    expect((await visit([first, 'refused'], { port })).opened).toBe(opened);
  });
});

it('reads Kafka 3.9.1 as it was recorded', async () => {
  const found = await Promise.all(
    recordings('kafka').map(async ({ name, connection }) => {
      const { rule, auth } = await visit([connection, connection]);
      return [name.replace('3.9.1-', ''), [rule.replace('kafka/', ''), auth.state]] as const;
    }),
  );
  expect(Object.fromEntries(found)).toEqual({
    acl: ['no-topics', 'open-restricted'],
    mtls: ['client-cert', 'auth-required'],
    'mtls-plaintext': ['foreign', 'undetermined'],
    open: ['topics', 'open-anonymous'],
    sasl: ['closed-after-versions', 'undetermined'],
    'sasl-mechanisms': ['foreign', 'undetermined'],
    'sasl-tls': ['closed-after-versions', 'undetermined'],
    'sasl-tls-mechanisms': ['foreign', 'undetermined'],
    'sasl-tls-plaintext': ['foreign', 'undetermined'],
    tls: ['topics', 'open-anonymous'],
    'tls-plaintext': ['foreign', 'undetermined'],
  });
});

it('a recorded SASL listener says which mechanisms it takes', async () => {
  const [shut, asked] = ['3.9.1-sasl', '3.9.1-sasl-mechanisms'].map(
    (wanted) => recordings('kafka').find(({ name }) => name === wanted)?.connection ?? says([]),
  );
  const seen = await visit([shut ?? says([]), asked ?? says([])]);
  expect(seen).toMatchObject({ rule: 'kafka/sasl', auth: { state: 'auth-weak' }, proto: { confidence: 'firm' } });
  expect(seen.notes).toEqual(['SASL mechanisms: PLAIN SCRAM-SHA-512']);
});

it('hostile bytes give a reply within its limits or a WireError', () => {
  const seeds = recordings('kafka').flatMap(({ connection }) =>
    connection.replies.filter((bytes) => bytes.length > 0).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(hostileBytes(seeds), fc.integer({ min: 1, max: 2 }), (bytes, id) => {
      const read = [
        () => expect(replyHead(bytes.subarray(0, 8), id).bodyBytes).toBeLessThanOrEqual(MAX_BODY),
        () => expect(readApiVersions(bytes.subarray(8)).apis).toBeLessThanOrEqual(512),
        () => expect(readMetadata(bytes.subarray(8), bytes.length % 2 === 0).topics.length).toBeLessThanOrEqual(200),
        () => expect(readMechanisms(bytes.subarray(8))?.length ?? 0).toBeLessThanOrEqual(32),
      ];
      for (const one of read) {
        try {
          one();
        } catch (caught) {
          expect(caught).toBeInstanceOf(WireError);
        }
      }
    }),
    { numRuns: 10_000 },
  );
});
