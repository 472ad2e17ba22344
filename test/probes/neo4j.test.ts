import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { MetadataLevel } from '../../lib/model/probe.ts';
import { neo4j } from '../../lib/probes/neo4j.ts';
import { hello, readMessage, readVersion } from '../../lib/wire/bolt.ts';
import { WireError } from '../../lib/wire/error.ts';
import { unpackMessage } from '../../lib/wire/packstream.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { recordings, siteRecordings } from '../support/recordings.ts';
import { type Script, type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

// probes.md section 3.11, byte for byte.
const HANDSHAKE = '6060b01700080805000204040000010400000003';
const HELLO =
  '0046b101a28a757365725f6167656e74d0106578706f737572652d70726f62652f31' +
  '8a626f6c745f6167656e74a18770726f64756374d0106578706f737572652d70726f62652f310000';
const HELLO_NONE = '002cb101a28a757365725f6167656e74d0106578706f737572652d70726f62652f3186736368656d65846e6f6e650000';
const LOGON_NONE = '000fb16aa186736368656d65846e6f6e650000';
const GOODBYE = '0002b0020000';
const NONE = Buffer.alloc(0);

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const text = (value: string): Buffer =>
  value.length < 16
    ? Buffer.concat([Buffer.from([0x80 + value.length]), Buffer.from(value)])
    : Buffer.concat([Buffer.from([0xd0, value.length]), Buffer.from(value)]);
const map = (entries: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat([
    Buffer.from([0xa0 + Object.keys(entries).length]),
    ...Object.entries(entries).flatMap(([key, value]) => [text(key), text(value)]),
  ]);
const message = (tag: number, field: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from([0xb1, tag]), field]);
  return Buffer.concat([Buffer.from([body.length >> 8, body.length & 0xff]), body, Buffer.alloc(2)]);
};
const success = (entries: Readonly<Record<string, string>> = {}): Buffer => message(0x70, map(entries));
const failure = (code: string): Buffer => message(0x7f, map({ code, message: 'no' }));
const record = (name: string): Buffer => message(0x71, Buffer.concat([Buffer.from([0x91]), text(name)]));
const V58 = hex('00000805');
const V44 = hex('00000404');
const SERVER = success({ server: 'Neo4j/5.26.0' });
const listed = (...names: string[]): Buffer => Buffer.concat([success(), ...names.map(record), success()]);

async function visit(
  connections: readonly (ScriptConnection | PeerReason)[],
  { metadata = 0, port = 7687, http }: { metadata?: MetadataLevel; port?: number; http?: Script['http'] } = {},
): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections, ...(http === undefined ? {} : { http }) });
  const endpoint = {
    id: 'n',
    host: 'g.example.org',
    port,
    engine: 'neo4j',
    source: 'file',
    tags: {},
    declared: {},
  } as const;
  const answer = await neo4j.visit(access, endpoint, { metadata, nonce: '0123456789abcdef' });
  return { ...access, ...answer, opened: access.opened };
}
const says = (...replies: Buffer[]): ScriptConnection[] => [{ replies: [NONE, ...replies] }, { replies: [] }];
const asked = ({ written }: ScriptAccess): string[] =>
  written.flatMap((line) => /CALL (db\.\w+)/u.exec(Buffer.from(line.slice(2), 'hex').toString('latin1'))?.[1] ?? []);

describe('the bytes we send', () => {
  it('are HELLO and LOGON with the scheme none from 5.1 on', async () => {
    const seen = await visit(says(V58, SERVER, success()));
    expect(seen.written).toEqual([HANDSHAKE, HELLO, LOGON_NONE, GOODBYE].map((sent) => `1:${sent}`));
  });

  it.each(['00000404', '00000005', '00000003', '00000104'])('are HELLO with the scheme none in %s', async (version) => {
    const seen = await visit(says(hex(version), SERVER));
    expect(seen.written).toEqual([HANDSHAKE, HELLO_NONE, GOODBYE].map((sent) => `1:${sent}`));
  });

  it.each([
    [1, ['db.labels', 'db.relationshipTypes']],
    [2, ['db.labels', 'db.propertyKeys']],
  ] as const)('at level %i ask for names and for no node', async (metadata, calls) => {
    const seen = await visit(says(V58, SERVER, success(), listed('A'), listed('B')), { metadata });
    expect(asked(seen)).toEqual(calls);
    expect(seen.written.length).toBeLessThanOrEqual(6);
  });

  it('name nobody', () => {
    for (const minor of [0, 1, 8])
      expect(hello({ major: 5, minor }).toString('latin1')).not.toMatch(/principal|basic/u);
  });
});

describe('rows of probes.md section 3.11', () => {
  const security = (code: string): string => `Neo.ClientError.Security.${code}`;
  it.each([
    ['LOGON accepted', [V58, SERVER, success()], 'none', 'open-anonymous', 2],
    ['HELLO accepted before 5.1', [V44, SERVER], 'none', 'open-anonymous', 2],
    ['HELLO alone accepted', [V58, SERVER], 'handshake-only', 'undetermined', 1],
    ['a version alone', [V58], 'handshake-only', 'undetermined', 1],
    ['Unauthorized', [V58, SERVER, failure(security('Unauthorized'))], 'unauthorized', 'auth-required', 2],
    ['Unauthorized before 5.1', [V44, failure(security('Unauthorized'))], 'unauthorized', 'auth-required', 2],
    ['CredentialsExpired', [V58, SERVER, failure(security('CredentialsExpired'))], 'expired', 'auth-required', 2],
    ['a rate limit', [V58, SERVER, failure(security('AuthenticationRateLimit'))], 'rate-limit', 'lockout', 2],
    ['another error', [V58, SERVER, failure('Neo.TransientError.General.X')], 'error', 'undetermined', 1],
    ['IGNORED', [V58, SERVER, message(0x7e, map({}))], 'error', 'undetermined', 1],
  ] as const)('%s', async (_, replies, rule, state, proof) => {
    const seen = await visit(says(...replies));
    expect(seen).toMatchObject({ rule: `neo4j/${rule}`, auth: { state }, proof, proto: { state: 'match' } });
  });

  it('is restricted where names are forbidden', async () => {
    const seen = await visit(says(V58, SERVER, success(), failure(security('Forbidden'))), { metadata: 1 });
    expect(seen).toMatchObject({ rule: 'neo4j/restricted', auth: { state: 'open-restricted' } });
  });

  it('is open without names where the question is not known, as in Memgraph', async () => {
    const memgraph = success({ server: 'Neo4j/v5.11.0 compatible graph database server - Memgraph' });
    const seen = await visit(says(V58, memgraph, success(), failure('Memgraph.ClientError.X')), { metadata: 1 });
    expect(seen).toMatchObject({ proof: 2, auth: { state: 'open-anonymous' }, proto: { product: 'Memgraph' } });
    expect(seen).not.toHaveProperty('metadata');
  });

  it.each([
    ['no version in common', '00000000'],
    ['a version that was not offered', '00000009'],
    ['a manifest', '000001ff'],
  ])('%s is no Bolt of ours', async (_, answer) => {
    expect(readVersion(hex(answer))).toBeUndefined();
    expect(await visit(says(hex(answer)))).toMatchObject({ rule: 'neo4j/foreign', proof: 0 });
  });
});

describe('names', () => {
  it('are those of labels and relationship types', async () => {
    const seen = await visit(says(V58, SERVER, success(), listed('Camera'), listed('OWNED_BY')), { metadata: 1 });
    expect(seen).toMatchObject({ proof: 3, metadata: { truncated: false } });
    expect(seen.metadata?.objects.map(({ name }) => name)).toEqual(['Camera', 'OWNED_BY']);
  });

  it('are property keys at level 2, as fields', async () => {
    const seen = await visit(says(V58, SERVER, success(), listed('Camera'), listed('email')), { metadata: 2 });
    expect(seen.metadata?.objects[1]?.fields).toEqual([{ name: 'email', type: 'property' }]);
  });

  it('of more than are shown are as open, and cut', async () => {
    const many = Array.from({ length: 201 }, (_, n) => `L${n}`);
    const seen = await visit(says(V58, SERVER, success(), listed(...many), listed()), { metadata: 1 });
    expect(seen.metadata).toMatchObject({ truncated: true });
    expect(seen.metadata?.objects).toHaveLength(200);
  });
});

describe('HTTP', () => {
  const site = siteRecordings('neo4j').find(({ name }) => name === '5.26.0-open');
  const http: Script['http'] = (request) =>
    request.scheme === 'https' ? 'closed' : (site?.reply(request) ?? 'refused');
  it('is spoken where Bolt is answered with it', async () => {
    const seen = await visit(says(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), {
      http: (request) => site?.reply(request) ?? 'refused',
    });
    expect(seen).toMatchObject({ rule: 'neo4j/none', auth: { state: 'open-anonymous' } });
  });

  it('is spoken first on its own ports', async () => {
    const seen = await visit([], { port: 7474, http: (request) => site?.reply(request) ?? 'refused', metadata: 1 });
    expect(seen).toMatchObject({ rule: 'neo4j/none', opened: 0 });
    expect(seen.metadata?.objects.map(({ name }) => name)).toEqual(['Camera', 'Customer']);
  });

  it('that takes no second connection leaves what Bolt heard', async () => {
    const seen = await visit(says(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), { http });
    expect(seen).toMatchObject({ rule: 'neo4j/foreign', proto: { state: 'generic-http' } });
  });
});

it('reads Neo4j 5.26.0 as it was recorded', async () => {
  const found = await Promise.all(
    recordings('neo4j').map(async ({ name, connection }) => {
      const { rule, auth } = await visit([connection, connection], { metadata: 1 });
      return [name.replace('5.26.0-', ''), [rule, auth.state]] as const;
    }),
  );
  expect(Object.fromEntries(found)).toEqual({
    auth: ['neo4j/unauthorized', 'auth-required'],
    'bolt-auth': ['neo4j/unauthorized', 'auth-required'],
    'bolt-open': ['neo4j/none', 'open-anonymous'],
    'bolt-optional': ['neo4j/none', 'open-anonymous'],
    'bolt-tls': ['neo4j/unauthorized', 'auth-required'],
    'bolt-tls-plaintext': ['neo4j/accept-then-close', 'undetermined'],
    open: ['neo4j/none', 'open-anonymous'],
    tls: ['neo4j/none', 'open-anonymous'],
    'tls-plaintext': ['neo4j/accept-then-close', 'undetermined'],
  });
});

it('hostile bytes give a message within its limits or a WireError', async () => {
  const seeds = recordings('neo4j').flatMap(({ connection }) =>
    connection.replies.filter((bytes) => bytes.length > 4).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(hostileBytes(seeds), async (bytes) => {
      let at = 0;
      const readExactly = async (count: number): Promise<Buffer> => {
        if (at + count > bytes.length) throw new WireError('truncated', 'end');
        at += count;
        return bytes.subarray(at - count, at);
      };
      for (const one of [() => readMessage({ readExactly }), async () => unpackMessage(bytes)]) {
        await one().then(
          (read) =>
            expect(JSON.stringify(read, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v)).length).toBeLessThan(
              20_000,
            ),
          (caught: unknown) => expect(caught).toBeInstanceOf(WireError),
        );
      }
    }),
    { numRuns: 10_000 },
  );
});
