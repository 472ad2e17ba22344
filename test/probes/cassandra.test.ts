import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { MetadataLevel } from '../../lib/model/probe.ts';
import { cassandra } from '../../lib/probes/cassandra.ts';
import { bodyOf, frameHead, MAX_BODY, restOfHeader } from '../../lib/wire/cassandra.ts';
import { namesOf } from '../../lib/wire/cassandra-names.ts';
import { parseReply } from '../../lib/wire/cassandra-reply.ts';
import { WireError } from '../../lib/wire/error.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { recordings } from '../support/recordings.ts';
import { PLAIN_TLS, type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';
import { u16, u32 } from '../support/bytes.ts';

// probes.md section 3.6, byte for byte; STARTUP with the name of the driver in it.
const OPTIONS = '040000000500000000';
const STARTUP =
  '0400000101000000330002' +
  '000b43514c5f56455253494f4e0005332e302e30' +
  '000b4452495645525f4e414d45000e6578706f737572652d70726f6265';
const NONE = Buffer.alloc(0);
const ENDPOINT = {
  id: 'c',
  host: 'db.example.org',
  port: 9042,
  engine: 'cassandra',
  source: 'file',
  tags: {},
  declared: {},
} as const;

const text = (value: string): Buffer => Buffer.concat([u16(value.length), Buffer.from(value)]);
const reply = (stream: number, opcode: number, body: Buffer = NONE, version = 4): Buffer =>
  Buffer.concat([
    Buffer.from([0x80 + version, 0]),
    version > 2 ? u16(stream) : Buffer.from([stream]),
    Buffer.from([opcode]),
    u32(body.length),
    body,
  ]);
const error = (stream: number, code: number, version = 4): Buffer =>
  reply(stream, 0, Buffer.concat([u32(code), text('no')]), version);
const supported = (keys: Readonly<Record<string, string>>, version = 4): Buffer => {
  const pairs = Object.entries(keys).flatMap(([key, value]) => [text(key), u16(1), text(value)]);
  return reply(0, 6, Buffer.concat([u16(pairs.length / 3), ...pairs]), version);
};
const cell = (value: string | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  if (typeof value === 'bigint') bytes.writeBigInt64BE(value);
  return typeof value === 'bigint'
    ? Buffer.concat([u32(8), bytes])
    : Buffer.concat([u32(value.length), Buffer.from(value)]);
};
/** Rows without the columns' names, as a server sends them that was asked before. */
const rows = (stream: number, cells: readonly (readonly (string | bigint)[])[], flags = 4): Buffer =>
  reply(
    stream,
    8,
    Buffer.concat([u32(2), u32(flags), u32(cells[0]?.length ?? 1), u32(cells.length), ...cells.flat().map(cell)]),
  );
const SUPPORTED = supported({ CQL_VERSION: '3.4.7', COMPRESSION: 'lz4' });
const READY = reply(1, 2);

async function visit(
  connections: readonly (ScriptConnection | PeerReason)[],
  metadata: MetadataLevel = 0,
): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const answer = await cassandra.visit(access, ENDPOINT, { metadata, nonce: '0123456789abcdef' });
  return { ...access, ...answer, opened: access.opened };
}
const plain = (...replies: Buffer[]): ScriptConnection[] => [{ replies: [NONE, ...replies] }, { replies: [] }];
const statements = ({ written }: ScriptAccess): string[] =>
  written
    .map((line) => Buffer.from(line.slice(2), 'hex').toString('latin1'))
    .filter((sent) => sent.includes('SELECT'))
    .map((sent) => /FROM ([a-z_.]+)/u.exec(sent)?.[1] ?? '');

describe('the bytes we send', () => {
  it('are OPTIONS and STARTUP, and at level 0 no query', async () => {
    const seen = await visit(plain(SUPPORTED, READY));
    expect(seen.written).toEqual([`1:${OPTIONS}`, `1:${STARTUP}`]);
    expect(seen.opened).toBe(2);
  });

  it.each([
    [1, ['system_schema.keyspaces', 'system_schema.tables', 'system.size_estimates']],
    [2, ['system_schema.keyspaces', 'system_schema.tables', 'system_schema.columns']],
  ] as const)('at level %i read the server’s own tables and no other', async (level, tables) => {
    const all = [rows(2, [['shop']]), rows(3, [['shop', 'orders']]), rows(4, [['shop', 'orders', 'a', 'text']])];
    expect(statements(await visit(plain(SUPPORTED, READY, ...all), level))).toEqual(tables);
  });

  it('never answer to AUTHENTICATE', async () => {
    const seen = await visit(plain(SUPPORTED, reply(1, 3, text('org.apache.cassandra.auth.PasswordAuthenticator'))), 2);
    expect(seen.written).toHaveLength(2);
  });
});

describe('rows of probes.md section 3.6', () => {
  const password = reply(1, 3, text('org.apache.cassandra.auth.PasswordAuthenticator'));
  const certificate = reply(1, 3, text('org.apache.cassandra.auth.MutualTlsAuthenticator'));
  it.each([
    ['READY', [SUPPORTED, READY], 'ready', 'open-anonymous', 2],
    ['READY, and not allowed to look', [SUPPORTED, READY, error(2, 0x2100)], 'restricted', 'open-restricted', 2],
    ['AUTHENTICATE for a password', [SUPPORTED, password], 'authenticate', 'auth-weak', 2],
    ['AUTHENTICATE for something else', [SUPPORTED, certificate], 'authenticate', 'auth-required', 2],
    ['an error on credentials', [SUPPORTED, error(1, 0x0100)], 'bad-credentials', 'auth-required', 2],
    ['an overloaded server', [SUPPORTED, error(1, 0x1001)], 'error', 'undetermined', 1],
    ['a version of the protocol we have not', [error(0, 0x0a, 1)], 'version', 'undetermined', 1],
    ['SUPPORTED alone', [SUPPORTED], 'options-only', 'undetermined', 1],
  ] as const)('%s', async (_, replies, rule, state, proof) => {
    const seen = await visit(plain(...replies), 1);
    expect(seen).toMatchObject({
      l4: 'open',
      rule: `cassandra/${rule}`,
      auth: { state },
      proof,
      proto: { state: 'match' },
    });
    expect(seen).not.toHaveProperty('metadata');
  });

  it.each([
    [
      { CQL_VERSION: '3.4.6', COMPRESSION: '' },
      { product: 'Cassandra', version: '4.1', confidence: 'firm' },
    ],
    [{ CQL_VERSION: '9.9.9' }, { product: 'Cassandra', confidence: 'tentative' }],
    [
      { CQL_VERSION: '3.3.1', SCYLLA_SHARD: '0', COMPRESSION: '' },
      { product: 'ScyllaDB', confidence: 'firm' },
    ],
  ])('names the product by %j', async (keys, proto) => {
    expect((await visit(plain(supported(keys), READY))).proto).toEqual({ state: 'match', ...proto });
  });

  it.each([
    [2, `02000005${'00'.repeat(4)}`],
    [3, `0300000005${'00'.repeat(4)}`],
  ])('asks once more in version %i where the server names it', async (version, options) => {
    const old = plain(supported({ CQL_VERSION: '3.1', COMPRESSION: '' }, version), reply(1, 2, NONE, version));
    const seen = await visit([{ replies: [NONE, error(0, 0x0a, version)] }, ...old]);
    expect(seen).toMatchObject({
      rule: 'cassandra/ready',
      auth: { state: 'open-anonymous' },
      tls: { state: 'absent' },
    });
    expect(seen.written[1]).toBe(`2:${options}`);
  });

  it('does not go from version to version for ever', async () => {
    const back = { replies: [NONE, error(0, 0x0a, 5), error(1, 0x0a, 3)] };
    const seen = await visit([back, back, back, back, back], 2);
    expect(seen).toMatchObject({ opened: 2, rule: 'cassandra/version' });
  });
});

describe('names', () => {
  const schema = [
    rows(2, [['system'], ['shop']]),
    rows(3, [
      ['system', 'local'],
      ['shop', 'orders'],
      ['shop', 'users'],
    ]),
  ];

  it('come with sums of what the server estimates, the servers’ own last', async () => {
    const sizes = rows(4, [
      ['shop', 'orders', 10n, 100n],
      ['shop', 'orders', 5n, 40n],
    ]);
    const seen = await visit(plain(SUPPORTED, READY, ...schema, sizes), 1);
    expect(seen).toMatchObject({ proof: 4, metadata: { truncated: false } });
    expect(seen.metadata?.objects).toEqual([
      { name: 'shop', kind: 'keyspace', system: false },
      { name: 'shop.orders', kind: 'table', records: 15, bytes: 1_200, system: false },
      { name: 'shop.users', kind: 'table', system: false },
      { name: 'system', kind: 'keyspace', system: true },
      { name: 'system.local', kind: 'table', system: true },
    ]);
  });

  it('come with columns and their types at level 2', async () => {
    const columns = rows(4, [['shop', 'users', 'email', 'text']]);
    const seen = await visit(plain(SUPPORTED, READY, ...schema, columns), 2);
    expect(seen.proof).toBe(3);
    expect(seen.metadata?.objects.find(({ name }) => name === 'shop.users')?.fields).toEqual([
      { name: 'email', type: 'text' },
    ]);
  });

  it('of a server with thousands are a proof too, cut by us or by a page', async () => {
    const many = Array.from({ length: 2_000 }, (_, n) => [`tenant-with-a-long-name-of-its-own-${n}`]);
    const large = rows(2, many);
    expect(large.length).toBeGreaterThan(MAX_BODY);
    const paged = Buffer.concat([u32(2), u32(6), u32(1), u32(2), Buffer.from('pp'), u32(1), cell('shop')]);
    for (const first of [large, reply(2, 8, paged)]) {
      const seen = await visit(plain(SUPPORTED, READY, first), 1);
      expect(seen).toMatchObject({ proof: 3, auth: { state: 'open-anonymous' }, metadata: { truncated: true } });
      expect(seen.metadata?.objects.length).toBeLessThanOrEqual(200);
    }
  });

  it('that do not add up to a number we can hold have no size', () => {
    const huge = Buffer.alloc(8, 0x7f);
    const row = [Buffer.from('a'), Buffer.from('b'), huge, huge];
    const keyspaces = { rows: [[Buffer.from('a')]], cut: false };
    const tables = { rows: [[Buffer.from('a'), Buffer.from('b')]], cut: false };
    expect(namesOf({ keyspaces, tables, sizes: { rows: [row], cut: false } }).objects[1]).not.toHaveProperty('records');
  });
});

describe('TLS', () => {
  const tls: ScriptConnection = { transport: 'tls', replies: [NONE, SUPPORTED, READY] };
  it('is required where plaintext is closed and TLS answers', async () => {
    const seen = await visit([tls, tls]);
    expect(seen).toMatchObject({ rule: 'cassandra/ready', tls: { state: 'required', facts: PLAIN_TLS } });
  });

  it('is offered where both answer', async () => {
    const either: ScriptConnection = { ...tls, transport: 'either' };
    expect(await visit([either, either])).toMatchObject({
      tls: { state: 'offered' },
      auth: { state: 'open-anonymous' },
    });
  });

  it('is not known where the handshake worked and nothing came after it', async () => {
    const seen = await visit([{ replies: [NONE, SUPPORTED, READY] }, { transport: 'either', replies: [] }]);
    expect(seen).toMatchObject({ tls: { state: 'undetermined' }, auth: { state: 'open-anonymous' } });
  });
});

it('reads Cassandra 5.0.8 as it was recorded', async () => {
  const found = await Promise.all(
    recordings('cassandra').map(async ({ name, connection }) => {
      const { rule, auth } = await visit([connection, connection], 1);
      return [name, [rule, auth.state]] as const;
    }),
  );
  expect(Object.fromEntries(found)).toEqual({
    '5.0.8-mtls': ['cassandra/client-cert', 'auth-required'],
    '5.0.8-mtls-plaintext': ['cassandra/accept-then-close', 'undetermined'],
    '5.0.8-open': ['cassandra/ready', 'open-anonymous'],
    '5.0.8-password': ['cassandra/authenticate', 'auth-weak'],
    '5.0.8-password-tls': ['cassandra/options-only', 'undetermined'],
    '5.0.8-tls': ['cassandra/ready', 'open-anonymous'],
    '5.0.8-tls-optional': ['cassandra/ready', 'open-anonymous'],
    '5.0.8-tls-plaintext': ['cassandra/accept-then-close', 'undetermined'],
  });
});

it('hostile bytes give a reply within its limits or a WireError', () => {
  const seeds = recordings('cassandra').flatMap(({ connection }) =>
    connection.replies.filter((bytes) => bytes.length > 0).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(hostileBytes(seeds), fc.nat(4), (bytes, stream) => {
      try {
        const length = restOfHeader(bytes[0] ?? 0) + 1;
        const head = frameHead(bytes.subarray(0, length), stream);
        const body = bytes.subarray(length, length + head.bodyBytes);
        const parsed = parseReply(head, body);
        if (parsed.kind !== 'rows') return;
        const { objects } = namesOf({
          keyspaces: parsed.rows,
          tables: parsed.rows,
          columns: parsed.rows,
          sizes: parsed.rows,
        });
        expect(objects.length).toBeLessThanOrEqual(200);
        expect(bodyOf(head, body).remaining).toBeLessThanOrEqual(MAX_BODY);
      } catch (caught) {
        expect(caught).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 10_000 },
  );
});
