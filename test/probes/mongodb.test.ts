import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import { mongodb } from '../../lib/probes/mongodb.ts';
import { type BsonInput, encodeBson, MAX_DOCUMENT } from '../../lib/wire/bson.ts';
import { WireError } from '../../lib/wire/error.ts';
import { opMsg, opQuery, parseReply, replyHead } from '../../lib/wire/mongodb.ts';
import { IS_MASTER, LIST_DATABASES } from '../../lib/wire/mongodb-reply.ts';
import { PLAIN_TLS, type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

// probes.md section 3.3, byte for byte; hello as listed there and hello as we send it, saying who we are.
const BARE_HELLO =
  '340000000100000000000000dd0700000000000000' + '1f0000001068656c6c6f00010000000224646200060000' + '0061646d696e0000';
const HELLO =
  'b20000000100000000000000dd07000000000000009d0000001068656c6c6f000100000003636c69656e740076000000' +
  '036170706c69636174696f6e001e000000026e616d65000f0000006578706f737572652d70726f626500000364726976' +
  '65720023000000026e616d650005000000616a6172000276657273696f6e0002000000310000036f7300170000000274' +
  '7970650008000000756e6b6e6f776e00000002246462000600000061646d696e0000';
const listDatabases = (id: string): string =>
  `47000000${id}00000000dd0700000000000000` +
  '32000000106c697374446174616261736573000100000008' +
  '6e616d654f6e6c7900010224646200060000' +
  '0061646d696e0000';
const OP_QUERY_IS_MASTER = (id: string): string =>
  `3a000000${id}00000000d40700000000000061646d696e2e24636d640000000000ffffffff` +
  '13000000106973' +
  '4d6173746572000100000000';

const ENDPOINT = {
  id: 'mo',
  host: 'db.example.org',
  port: 27017,
  engine: 'mongodb',
  source: 'file',
  tags: {},
  declared: {},
} as const;
const NONE = Buffer.alloc(0);

/** The reply to our nth message. Arrays are written as documents with the keys 0, 1, ... and type 4. */
function reply(responseTo: number, document: Buffer | BsonInput, opcode: 2013 | 1 = 2013): Buffer {
  const body = Buffer.isBuffer(document) ? document : encodeBson(document);
  const between = opcode === 2013 ? Buffer.alloc(5) : Buffer.from(`${'00'.repeat(16)}01000000`, 'hex');
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + between.length + body.length, 0);
  header.writeInt32LE(4_711, 4);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(opcode, 12);
  return Buffer.concat([header, between, body]);
}

/** `{ <key>: [ ...documents ], ok: 1 }`, with the array that our encoder has no need for. */
function listOf(key: string, documents: readonly BsonInput[]): Buffer {
  const entries = Buffer.concat(
    documents.map((entry, i) => Buffer.concat([Buffer.from(`\x03${i}\0`), encodeBson(entry)])),
  );
  const array = Buffer.concat([int32(entries.length + 5), entries, Buffer.alloc(1)]);
  const body = Buffer.concat([Buffer.from(`\x04${key}\0`), array]);
  const ok = Buffer.concat([Buffer.from('\x10ok\0'), int32(1)]);
  return Buffer.concat([int32(body.length + ok.length + 5), body, ok, Buffer.alloc(1)]);
}
function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
const databases = (...names: string[]): Buffer =>
  listOf(
    'databases',
    names.map((name) => ({ name })),
  );

/** `{ cursor: { id, firstBatch: [...] }, ok: 1 }` */
function cursorOf(names: readonly string[], id = 0): Buffer {
  const inner = listOf(
    'firstBatch',
    names.map((name) => ({ name, type: 'collection' })),
  ).subarray(4, -1);
  const cursorBody = Buffer.concat([Buffer.from('\x10id\0'), int32(id), inner, Buffer.alloc(1)]);
  const cursor = Buffer.concat([Buffer.from('\x03cursor\0'), int32(cursorBody.length + 4), cursorBody]);
  const ok = Buffer.concat([Buffer.from('\x10ok\0'), int32(1)]);
  return Buffer.concat([int32(cursor.length + ok.length + 5), cursor, ok, Buffer.alloc(1)]);
}

const HELLO_OK: BsonInput = { ismaster: true, maxWireVersion: 21, ok: 1 };
const UNAUTHORIZED: BsonInput = { ok: 0, errmsg: 'command listDatabases requires authentication', code: 13 };

async function visit(
  connections: readonly (ScriptConnection | PeerReason)[],
  metadata: 0 | 1 = 0,
  engine: 'mongodb' | 'documentdb' = 'mongodb',
): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const answer = await mongodb.visit(access, { ...ENDPOINT, engine }, { metadata, nonce: '00112233445566aa' });
  return { ...access, ...answer, opened: access.opened };
}
/** Mute in plaintext, and a door with authentication inside TLS. */
const mute = (end: 'closed' | 'timeout'): ScriptConnection[] => [
  { replies: [NONE], end },
  { transport: 'tls', replies: [NONE, reply(2, HELLO_OK), reply(3, UNAUTHORIZED)] },
];

/** A plaintext server; the second connection, which tries TLS, finds none. */
function plain(...replies: Buffer[]): ScriptConnection[] {
  return [{ replies: [NONE, ...replies] }, { replies: [NONE] }];
}

describe('the bytes we send', () => {
  it('are those of the specification', () => {
    expect(opMsg(1, { hello: 1, $db: 'admin' }).toString('hex')).toBe(BARE_HELLO);
    expect(opMsg(2, LIST_DATABASES).toString('hex')).toBe(listDatabases('02000000'));
    expect(opQuery(1, IS_MASTER).toString('hex')).toBe(OP_QUERY_IS_MASTER('01000000'));
    expect([BARE_HELLO.length, listDatabases('02000000').length, OP_QUERY_IS_MASTER('01000000').length]).toEqual(
      [52, 71, 58].map((bytes) => bytes * 2),
    );
  });

  it('are hello, listDatabases, and a look at TLS', async () => {
    const seen = await visit(plain(reply(1, HELLO_OK), reply(2, UNAUTHORIZED)));
    expect(seen.written).toEqual([`1:${HELLO}`, `1:${listDatabases('02000000')}`]);
    expect(seen.opened).toBe(2);
  });
});

describe('a DocumentDB, which expects TLS,', () => {
  it.each(['closed', 'timeout'] as const)('is asked inside TLS where plaintext was %s', async (end) => {
    const seen = await visit(mute(end), 0, 'documentdb');
    expect(seen).toMatchObject({ opened: 2, rule: 'mongodb/unauthorized', tls: { state: 'required' } });
  });

  it('is no reason to say a TLS hello to a MongoDB that is only slow', async () => {
    expect(await visit(mute('timeout'))).toMatchObject({ opened: 1, rule: 'mongodb/open-silent' });
  });
});

describe('rows of probes.md section 3.3', () => {
  const rows: readonly [string, Buffer | BsonInput, string, string, number][] = [
    ['a list with a name', databases('admin'), 'list-databases', 'open-anonymous', 3],
    ['an empty list', databases(), 'empty-list', 'open-restricted', 2],
    ['success without a list', { ok: 1 }, 'odd-list', 'undetermined', 1],
    ['a list without names', listOf('databases', [{ nam: 'x' }]), 'odd-list', 'undetermined', 1],
    ['code 13', UNAUTHORIZED, 'unauthorized', 'auth-required', 2],
    ['code 18', { ok: 0, code: 18, errmsg: 'Authentication failed.' }, 'unauthorized', 'auth-required', 2],
    ['code 8000 of Atlas', { ok: 0, code: 8000, errmsg: 'AtlasError' }, 'unauthorized', 'auth-required', 2],
    ['no code, but plain words', { ok: 0, errmsg: 'not authorized on admin' }, 'unauthorized', 'auth-required', 2],
    ['code 59', { ok: 0, code: 59, errmsg: 'no such command' }, 'emulator', 'undetermined', 1],
    ['code 115', { ok: 0, code: 115, errmsg: 'not supported' }, 'emulator', 'undetermined', 1],
    ['code 303 of DocumentDB', { ok: 0, code: 303 }, 'no-legacy-opcodes', 'undetermined', 1],
    ['code 352', { ok: 0, code: 352 }, 'no-legacy-opcodes', 'undetermined', 1],
    ['another error', { ok: 0, code: 11600, errmsg: 'interrupted' }, 'error', 'undetermined', 1],
    ['names and a failure', { ok: 0, code: 13, databases: 'x' }, 'unauthorized', 'auth-required', 2],
  ];
  it.each(rows)('%s', async (_name, list, rule, state, proof) => {
    const seen = await visit(plain(reply(1, HELLO_OK), reply(2, list)));
    expect(seen).toMatchObject({
      l4: 'open',
      proto: { state: 'match', confidence: 'firm', version: '7.0' },
      tls: { state: 'absent' },
      auth: { state },
      proof,
      rule: `mongodb/${rule}`,
    });
  });

  it('never takes hello for an open door', async () => {
    const seen = await visit(plain(reply(1, HELLO_OK)));
    expect(seen).toMatchObject({ rule: 'mongodb/hello-only', auth: { state: 'undetermined' }, proof: 1 });
  });

  it.each([
    [{ ok: 0, code: 13, errmsg: 'requires authentication' }, 'unauthorized', 'auth-required'],
    [{ ok: 0, code: 1, errmsg: 'internal' }, 'error', 'undetermined'],
  ])('reads a refusal of hello itself: %o', async (hello, rule, state) => {
    expect(await visit(plain(reply(1, hello)))).toMatchObject({ rule: `mongodb/${rule}`, auth: { state } });
  });

  it.each([
    [5, 'before 3.6'],
    [6, '3.6'],
    [9, '4.4'],
    [14, '5.0+'],
    [17, '6.0'],
    [25, '8.0'],
    [27, '8.0+'],
  ])('reads wire version %i as %s', async (maxWireVersion, version) => {
    const seen = await visit(plain(reply(1, { ok: 1, maxWireVersion }), reply(2, UNAUTHORIZED)));
    expect(seen.proto.version).toBe(version);
  });

  it('tells a mongos, a replica set and its inner names', async () => {
    const seen = await visit(
      plain(reply(1, { ...HELLO_OK, msg: 'isdbgrid', setName: 'rs\x07' }), reply(2, UNAUTHORIZED)),
    );
    expect(seen.proto.product).toBe('mongos');
    expect(seen.notes.join()).toContain('replica set rsU+0007');
  });

  it('asks isMaster the old way where hello is unknown, and goes on', async () => {
    const seen = await visit(
      plain(
        reply(1, { ok: 0, code: 59, errmsg: "no such command: 'hello'" }),
        reply(2, { ismaster: true, maxWireVersion: 7, ok: 1 }, 1),
        reply(3, databases('prod')),
      ),
    );
    expect(seen).toMatchObject({ rule: 'mongodb/list-databases', proto: { version: '4.0' } });
    expect(seen.written).toEqual([
      `1:${HELLO}`,
      `1:${OP_QUERY_IS_MASTER('02000000')}`,
      `1:${listDatabases('03000000')}`,
    ]);
  });

  it('calls a server that knows neither an emulator', async () => {
    const unknown = { ok: 0, code: 59 };
    const seen = await visit(plain(reply(1, unknown), reply(2, unknown, 1)));
    expect(seen).toMatchObject({ rule: 'mongodb/emulator', proto: { product: 'MongoDB emulator' } });
  });
});

describe('TLS', () => {
  const open = [reply(1, HELLO_OK), reply(2, databases('prod'))];

  it('is required where plaintext is closed and TLS answers', async () => {
    const seen = await visit([
      { transport: 'tls', replies: [NONE] },
      { transport: 'tls', replies: [NONE, reply(2, HELLO_OK), reply(3, databases('prod'))] },
    ]);
    expect(seen).toMatchObject({
      rule: 'mongodb/list-databases',
      tls: { state: 'required', facts: PLAIN_TLS, clientCert: 'no' },
      auth: { state: 'open-anonymous' },
    });
  });

  it('is tried after a TLS alert in plaintext', async () => {
    const seen = await visit([
      { replies: [NONE, Buffer.from('15030300020228', 'hex')] },
      { transport: 'tls', replies: [NONE, reply(2, HELLO_OK), reply(3, UNAUTHORIZED)] },
    ]);
    expect(seen).toMatchObject({ rule: 'mongodb/unauthorized', tls: { state: 'required' } });
  });

  it('is offered where both answer', async () => {
    const seen = await visit([
      { replies: [NONE, ...open] },
      { transport: 'either', replies: [NONE, reply(3, HELLO_OK)] },
    ]);
    expect(seen).toMatchObject({ tls: { state: 'offered', facts: PLAIN_TLS, clientCert: 'no' }, proof: 3 });
    expect(seen.written).toHaveLength(3);
  });

  it.each([
    ['refused', 'undetermined'],
    ['timeout', 'undetermined'],
    ['client-cert', 'offered'],
  ] as const)('is not called absent when the second connection ends with %s', async (reason, state) => {
    const seen = await visit([{ replies: [NONE, ...open] }, reason]);
    expect(seen).toMatchObject({ tls: { state }, auth: { state: 'open-anonymous' }, rule: 'mongodb/list-databases' });
    expect(seen.notes.join()).toContain(reason);
  });

  it('is undetermined where the handshake works and nothing comes after it', async () => {
    const seen = await visit([{ replies: [NONE, ...open] }, { transport: 'either', replies: [NONE] }]);
    expect(seen.tls).toEqual({ state: 'undetermined', facts: PLAIN_TLS, clientCert: 'undetermined' });
  });

  it('with a client certificate demanded counts as authentication', async () => {
    const seen = await visit([{ transport: 'tls', replies: [NONE] }, 'client-cert']);
    expect(seen).toMatchObject({
      rule: 'mongodb/client-cert',
      tls: { state: 'required', clientCert: 'required' },
      auth: { state: 'auth-required' },
    });
  });
});

describe('servers before 3.6', () => {
  it('are asked the old way after both OP_MSG and TLS got nowhere', async () => {
    const seen = await visit([
      { replies: [NONE] },
      { replies: [NONE] },
      { replies: [NONE, reply(2, { ismaster: true, maxWireVersion: 5, ok: 1 }, 1), reply(3, databases('prod'), 1)] },
    ]);
    expect(seen).toMatchObject({
      rule: 'mongodb/list-databases',
      proto: { version: 'before 3.6' },
      tls: { state: 'absent' },
      auth: { state: 'open-anonymous' },
    });
    expect(seen.written[1]).toBe(`3:${OP_QUERY_IS_MASTER('02000000')}`);
    expect(seen.opened).toBe(mongodb.maxConnections);
  });
});

describe('names', () => {
  it('are asked of at most so many databases that six messages are enough, never of the server’s own', async () => {
    const seen = await visit(
      plain(
        reply(1, HELLO_OK),
        reply(2, databases('admin', 'config', 'local', 'a', 'b', 'c', 'd', 'e')),
        reply(3, cursorOf(['users', 'system.views'])),
        reply(4, cursorOf(['orders'])),
        reply(5, cursorOf([])),
      ),
      1,
    );
    expect(seen.written).toHaveLength(5);
    expect(seen.written.slice(2).map((w) => Buffer.from(w.slice(2), 'hex').toString('latin1').at(-3))).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(seen.metadata?.truncated).toBe(true);
    expect(seen.metadata?.objects).toEqual([
      ...['admin', 'config', 'local'].map((name) => ({ name, kind: 'database', system: true })),
      ...['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, kind: 'database', system: false })),
      { name: 'a.users', kind: 'table', system: false },
      { name: 'a.system.views', kind: 'table', system: true },
      { name: 'b.orders', kind: 'table', system: false },
    ]);
  });

  it('use the whole budget inside TLS, where no look at TLS is owed', async () => {
    const replies = [reply(2, HELLO_OK), reply(3, databases('a', 'b', 'c', 'd'))];
    const lists = [4, 5, 6].map((id) => reply(id, cursorOf(['x'])));
    const seen = await visit(
      [
        { transport: 'tls', replies: [] },
        { transport: 'tls', replies: [NONE, ...replies, ...lists] },
      ],
      1,
    );
    expect(seen.written).toHaveLength(6);
    expect(seen.metadata?.objects.filter((o) => o.kind === 'table')).toHaveLength(3);
  });

  it('are not asked for at level 0, and never of a name that cannot be sent', async () => {
    const list = databases('x'.repeat(64), 'ok', 'nul\0in');
    expect((await visit(plain(reply(1, HELLO_OK), reply(2, list)), 0)).written).toHaveLength(2);
    const seen = await visit(plain(reply(1, HELLO_OK), reply(2, list), reply(3, cursorOf(['t']))), 1);
    expect(seen.written).toHaveLength(3);
    expect(seen.metadata?.truncated).toBe(false);
  });

  it('are marked incomplete when the server has more', async () => {
    const seen = await visit(plain(reply(1, HELLO_OK), reply(2, databases('a')), reply(3, cursorOf(['t'], 99))), 1);
    expect(seen.metadata?.truncated).toBe(true);
  });

  it('stay a proof when listing collections fails', async () => {
    const seen = await visit(plain(reply(1, HELLO_OK), reply(2, databases('a')), reply(3, UNAUTHORIZED)), 1);
    expect(seen).toMatchObject({ rule: 'mongodb/list-databases', proof: 3 });
    const closed = await visit(plain(reply(1, HELLO_OK), reply(2, databases('a'))), 1);
    expect(closed).toMatchObject({ rule: 'mongodb/list-databases', proof: 3 });
  });

  it('of thousands of databases are a proof too, though we read only the first', async () => {
    const names = Array.from({ length: 1_500 }, (_, i) => `tenant-${i}`);
    const seen = await visit(plain(reply(1, HELLO_OK), reply(2, databases(...names))));
    expect(seen).toMatchObject({ rule: 'mongodb/list-databases', auth: { state: 'open-anonymous' } });
    expect(seen.metadata).toMatchObject({ truncated: true });
    expect(seen.metadata?.objects).toHaveLength(200);

    const huge = databases(...Array.from({ length: 4_000 }, (_, i) => `a-tenant-with-a-long-name-${i}`));
    expect(huge.length).toBeGreaterThan(MAX_DOCUMENT);
    expect((await visit(plain(reply(1, HELLO_OK), reply(2, huge)))).rule).toBe('mongodb/list-databases');
  });
});

describe('what is not MongoDB', () => {
  it.each([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'mongodb/foreign', 'generic-http'],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2p1 Debian\r\n'), 'mongodb/foreign', 'other'],
    ['a reply to another request', reply(9, HELLO_OK), 'mongodb/foreign', 'other'],
    ['an opcode we did not ask for', Buffer.from(reply(1, HELLO_OK)).fill(7, 12, 13), 'mongodb/foreign', 'other'],
    ['half a header', Buffer.alloc(9), 'mongodb/cut-short', 'unknown'],
  ])('calls %s what it is', async (_name, bytes, rule, state) => {
    const seen = await visit([{ replies: [NONE, bytes] }]);
    expect(seen).toMatchObject({ rule, proto: { state }, auth: { state: 'undetermined' }, proof: 0 });
    expect(seen.opened).toBe(1);
  });

  it.each([
    ['closed', 'accept-then-close', 3],
    ['reset', 'accept-then-close', 3],
    ['timeout', 'open-silent', 1],
  ] as const)('reports a peer that always answers with %s', async (end, l4, opened) => {
    const mute: ScriptConnection = { replies: [NONE], end };
    expect(await visit([mute, mute, mute])).toMatchObject({ l4, rule: `mongodb/${l4}`, proof: 0, opened });
  });

  it('leaves a first connection that was never accepted to the pipeline', async () => {
    await expect(visit(['unroutable'])).rejects.toMatchObject({ stage: 'connect', reason: 'unroutable' });
  });
});

describe('half an answer is no proof', () => {
  it('every prefix of an open server’s two replies', async () => {
    const [hello, list] = [reply(1, HELLO_OK), reply(2, databases('prod', 'admin'))];
    for (let length = 0; length < hello.length; length++) {
      expect((await visit(plain(hello.subarray(0, length)))).auth.state, `hello ${length}`).toBe('undetermined');
    }
    for (let length = 0; length <= list.length; length++) {
      const { auth } = await visit(plain(hello, list.subarray(0, length)));
      expect(auth.state, `list ${length}`).toBe(length === list.length ? 'open-anonymous' : 'undetermined');
    }
  });
});

describe('hostile bytes', () => {
  const fixtures = [reply(1, HELLO_OK), reply(1, databases('a', 'b')), reply(1, UNAUTHORIZED), reply(1, HELLO_OK, 1)];
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b)),
    fc
      .tuple(fc.constantFrom(...fixtures), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }))
      .map(([fixture, changes]) => {
        const copy = Buffer.from(fixture);
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        return copy;
      }),
  );

  it('gives a document or a WireError', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          const head = replyHead(bytes.subarray(0, 16), 1);
          parseReply(head, bytes.subarray(16, 16 + head.bodyBytes));
        } catch (caught) {
          expect(caught).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws out of a visit, and stays within its budgets', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 4 }), async (replies) => {
        const seen = await visit(
          [{ replies: [NONE, ...replies] }, { transport: 'either', replies: [NONE, ...replies] }],
          1,
        );
        expect(seen.written.length).toBeLessThanOrEqual(6);
        expect(seen.opened).toBeLessThanOrEqual(mongodb.maxConnections);
      }),
      { numRuns: 500 },
    );
  });
});
