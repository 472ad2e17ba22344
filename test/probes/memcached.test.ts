import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { MetadataLevel } from '../../lib/model/probe.ts';
import { memcached } from '../../lib/probes/memcached.ts';
import { recordings } from '../support/recordings.ts';
import { PLAIN_TLS, type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

// probes.md section 3.5, byte for byte; binary `stats` is ours, because `version` proves nothing where SASL is on.
const VERSION = Buffer.from('version\r\n').toString('hex');
const STATS = Buffer.from('stats\r\n').toString('hex');
const BINARY_VERSION = `800b${'00'.repeat(22)}`;
const BINARY_STATS = `8010${'00'.repeat(22)}`;

const ENDPOINT = {
  id: 'm',
  host: 'cache.example.org',
  port: 11211,
  engine: 'memcached',
  source: 'file',
  tags: {},
  declared: {},
} as const;

const VERSION_LINE = 'VERSION 1.6.18\r\n';
const STATS_TEXT = 'STAT pid 1\r\nSTAT version 1.6.18\r\nSTAT bytes 4711\r\nSTAT curr_items 12\r\nEND\r\n';
const UNAUTHENTICATED = 'CLIENT_ERROR unauthenticated\r\n';

function server(replies: readonly (string | Buffer)[], more: Partial<ScriptConnection> = {}): ScriptConnection {
  return { replies: [Buffer.alloc(0), ...replies.map((r) => Buffer.from(r))], ...more };
}
const MUTE = server([], { end: 'closed' });

function binary(opcode: number, status: number, key = '', value = ''): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt8(0x81, 0);
  head.writeUInt8(opcode, 1);
  head.writeUInt16BE(key.length, 2);
  head.writeUInt16BE(status, 6);
  head.writeUInt32BE(key.length + value.length, 8);
  return Buffer.concat([head, Buffer.from(key + value)]);
}
const BINARY_OK = binary(0x0b, 0, '', '1.6.18');
const BINARY_LIST = Buffer.concat([
  binary(0x10, 0, 'pid', '1'),
  binary(0x10, 0, 'curr_items', '7'),
  binary(0x10, 0, 'bytes', '900'),
  binary(0x10, 0),
]);

async function visit(
  connections: readonly (ScriptConnection | PeerReason)[],
  metadata: MetadataLevel = 1,
): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const answer = await memcached.visit(access, ENDPOINT, { metadata, nonce: '0123456789abcdef' });
  return { ...access, ...answer, opened: access.opened };
}

describe('the bytes we send', () => {
  it('are version and stats, on one connection', async () => {
    const seen = await visit([server([VERSION_LINE, STATS_TEXT])]);
    expect(seen.written).toEqual([`1:${VERSION}`, `1:${STATS}`]);
    expect(seen.opened).toBe(1);
  });

  it('are never binary to a server that said unauthenticated: there it hangs', async () => {
    const seen = await visit([server([UNAUTHENTICATED])]);
    expect(seen.written).toEqual([`1:${VERSION}`]);
    expect(seen.opened).toBe(1);
  });

  it('are text and binary in plaintext, then both inside TLS, where everything is mute', async () => {
    const tls = server([], { transport: 'tls', end: 'timeout' });
    const seen = await visit([MUTE, MUTE, tls, tls]);
    expect(seen.written).toEqual([`1:${VERSION}`, `2:${BINARY_VERSION}`, `3:${VERSION}`, `4:${BINARY_VERSION}`]);
    expect(seen).toMatchObject({ l4: 'open-silent', auth: { state: 'undetermined' }, tls: { state: 'required' } });
  });
});

describe('rows of probes.md section 3.5, in text', () => {
  const rows: readonly [string, readonly string[], string, string, number, string, string][] = [
    ['VERSION and STAT', [VERSION_LINE, STATS_TEXT], 'stats', 'open-anonymous', 4, 'match', 'firm'],
    [
      'STAT without item counts',
      [VERSION_LINE, 'STAT pid 1\r\nEND\r\n'],
      'stats',
      'open-anonymous',
      3,
      'match',
      'firm',
    ],
    ['unauthenticated', [UNAUTHENTICATED], 'authfile', 'auth-weak', 2, 'match', 'firm'],
    ['ERROR, and nothing in binary', ['ERROR\r\n'], 'error', 'undetermined', 0, 'other', 'none'],
    ['too many connections', ['ERROR Too many open connections\r\n'], 'full', 'undetermined', 1, 'match', 'tentative'],
    ['stats refused', [VERSION_LINE, 'ERROR\r\n'], 'version-only', 'undetermined', 1, 'match', 'tentative'],
    ['stats of nothing', [VERSION_LINE, 'END\r\n'], 'version-only', 'undetermined', 1, 'match', 'tentative'],
    ['stats that never end', [VERSION_LINE, 'STAT pid 1\r\n'], 'version-only', 'undetermined', 1, 'match', 'tentative'],
  ];
  it.each(rows)('%s', async (_name, replies, rule, state, proof, proto, confidence) => {
    const seen = await visit([server(replies)]);
    expect(seen).toMatchObject({
      l4: 'open',
      proto: { state: proto, confidence },
      tls: { state: 'absent', clientCert: 'no' },
      auth: { state },
      proof,
      rule: `memcached/${rule}`,
    });
    expect(seen.auth.weakness).toEqual(state === 'auth-weak' ? ['cleartext'] : undefined);
  });

  it('VERSION alone is no open door, however the connection ends', async () => {
    for (const end of ['closed', 'reset', 'timeout'] as const) {
      const seen = await visit([server([VERSION_LINE], { end })]);
      expect(seen).toMatchObject({ rule: 'memcached/version-only', auth: { state: 'undetermined' }, opened: 1 });
    }
  });

  it('counters are one cache, at level 1 and above', async () => {
    const { metadata } = await visit([server([VERSION_LINE, STATS_TEXT])]);
    expect(metadata).toEqual({
      objects: [{ name: 'cache', kind: 'cache', records: 12, bytes: 4711, system: false }],
      truncated: false,
    });
    expect(await visit([server([VERSION_LINE, STATS_TEXT])], 0)).not.toHaveProperty('metadata');
  });

  it.each([
    ['too many lines', 'STAT a 1\r\n'.repeat(401)],
    ['too many bytes', `STAT a ${'x'.repeat(480)}\r\n`.repeat(40)],
    ['a line without end', `STAT a ${'x'.repeat(600)}`],
  ])('stats with %s are not read on', async (_name, text) => {
    expect(await visit([server([VERSION_LINE, `${text}END\r\n`])])).toMatchObject({ rule: 'memcached/version-only' });
  });
});

describe('rows of probes.md section 3.5, in binary', () => {
  const mutes: readonly [string, ScriptConnection][] = [
    ['closes', MUTE],
    ['is silent', server([], { end: 'timeout' })],
    ['says ERROR', server(['ERROR\r\n'])],
  ];
  describe.each(mutes)('where text %s', (_name, text) => {
    const rows: readonly [string, readonly Buffer[], string, string, number][] = [
      ['status 0x20 to version', [binary(0x0b, 0x20)], 'sasl', 'auth-weak', 2],
      ['status 0x20 to stats', [BINARY_OK, binary(0x10, 0x20, '', 'Auth failure.')], 'sasl', 'auth-weak', 2],
      ['counters', [BINARY_OK, BINARY_LIST], 'binary-stats', 'open-anonymous', 4],
      ['counters without items', [BINARY_OK, binary(0x10, 0)], 'binary-stats', 'open-anonymous', 3],
      ['another status to stats', [BINARY_OK, binary(0x10, 0x82)], 'version-only', 'undetermined', 1],
      ['another status to version', [binary(0x0b, 0x82)], 'version-only', 'undetermined', 1],
      ['nothing after version', [BINARY_OK], 'version-only', 'undetermined', 1],
    ];
    it.each(rows)('%s', async (_row, replies, rule, state, proof) => {
      const seen = await visit([text, server(replies)]);
      expect(seen).toMatchObject({
        auth: { state },
        proof,
        rule: `memcached/${rule}`,
        tls: { state: 'absent' },
        opened: 2,
      });
      expect([`2:${BINARY_VERSION}`, `2:${BINARY_STATS}`].slice(0, seen.written.length - 1)).toEqual(
        seen.written.slice(1),
      );
    });
  });

  it('version alone proves nothing: a SASL server answers it to anyone', async () => {
    const seen = await visit([MUTE, server([BINARY_OK], { end: 'closed' })]);
    expect(seen.auth.state).toBe('undetermined');
    expect(seen.proto).toMatchObject({ state: 'match', version: '1.6.18' });
  });

  it.each([
    ['another magic', Buffer.concat([Buffer.from([0x80]), BINARY_OK.subarray(1)])],
    ['another opcode', binary(0x10, 0, '', '1.6.18')],
    ['a body over the limit', Buffer.concat([binary(0x0b, 0).fill(0xff, 8, 12), Buffer.alloc(600)])],
    ['a key longer than its body', binary(0x0b, 0).fill(0xff, 2, 4)],
    ['half a header', BINARY_OK.subarray(0, 12)],
  ])('%s is no reply, and the silence of the first connection stands', async (_name, reply) => {
    const seen = await visit([MUTE, server([reply])]);
    expect(seen).toMatchObject({ l4: 'accept-then-close', rule: 'memcached/accept-then-close', proof: 0 });
  });

  it('stops after 400 counters', async () => {
    const flood = Buffer.concat(Array.from({ length: 401 }, () => binary(0x10, 0, 'a', '1')));
    expect(await visit([MUTE, server([BINARY_OK, flood])])).toMatchObject({ rule: 'memcached/version-only' });
  });
});

describe('TLS', () => {
  const tls = (replies: readonly (string | Buffer)[], more: Partial<ScriptConnection> = {}): ScriptConnection =>
    server(replies, { transport: 'tls', ...more });

  it('only: required, and open', async () => {
    const seen = await visit([MUTE, MUTE, tls([VERSION_LINE, STATS_TEXT])]);
    expect(seen).toMatchObject({
      tls: { state: 'required', facts: PLAIN_TLS, clientCert: 'no' },
      auth: { state: 'open-anonymous' },
      proof: 4,
      rule: 'memcached/tls-stats',
      opened: 3,
    });
  });

  it('carries the credentials, so that asking for them is not weak', async () => {
    expect((await visit([MUTE, MUTE, tls([UNAUTHENTICATED])])).auth).toEqual({ state: 'auth-required' });
    const sasl = [tls([], { end: 'timeout' as const }), tls([BINARY_OK, binary(0x10, 0x20)])];
    const seen = await visit([MUTE, MUTE, ...sasl]);
    expect(seen).toMatchObject({ auth: { state: 'auth-required' }, rule: 'memcached/tls-sasl', opened: 4 });
  });

  it('is tried at once after a TLS alert in plaintext', async () => {
    const alert = server([Buffer.from('15030100020246', 'hex')], { end: 'closed' });
    expect(await visit([alert, tls([VERSION_LINE, STATS_TEXT])])).toMatchObject({
      rule: 'memcached/tls-stats',
      opened: 2,
    });
  });

  it('with a certificate asked for, and then the end, is mutual TLS', async () => {
    const seen = await visit([MUTE, MUTE, tls([], { end: 'closed', clientCertRequested: true })]);
    expect(seen).toMatchObject({
      rule: 'memcached/client-cert',
      tls: { clientCert: 'required' },
      auth: { state: 'auth-required' },
    });
  });

  it.each<[string, readonly (ScriptConnection | PeerReason)[]]>([
    ['refused', ['refused', 'refused']],
    ['answered in plaintext', [MUTE, server([VERSION_LINE])]],
  ])('%s leaves the first silence as the answer, with a note', async (_name, later) => {
    const seen = await visit([MUTE, ...later]);
    expect(seen).toMatchObject({ l4: 'accept-then-close', rule: 'memcached/accept-then-close', proof: 0 });
    expect(seen.notes.join()).toContain('TLS tried as well');
  });
});

describe('what is not memcached', () => {
  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'generic-http'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2p1\r\n', 'other'],
    ['Redis', "-ERR unknown command 'version'\r\n", 'other'],
    ['a binary greeting without a line end', Buffer.from('4a0000000b382e302e3336', 'hex'), 'other'],
    ['a version without a version', 'VERSION \r\n', 'other'],
  ])('%s is called what it is', async (_name, reply, state) => {
    const seen = await visit([server([reply], { end: 'timeout' })]);
    expect(seen).toMatchObject({
      l4: 'open',
      proto: { state },
      auth: { state: 'undetermined' },
      rule: 'memcached/foreign',
    });
    expect(seen.opened).toBe(1);
  });

  it.each([
    ['closed', 'open', 'cut-short'],
    ['timeout', 'tarpit', 'tarpit'],
  ] as const)('a reply that stops half way and is %s', async (end, l4, rule) => {
    const seen = await visit([server(['VERSI'], { end })]);
    expect(seen).toMatchObject({ l4, rule: `memcached/${rule}`, proto: { state: 'unknown' }, proof: 0, opened: 1 });
  });

  it('a first connection that was never accepted is the pipeline’s', async () => {
    await expect(visit(['timeout'])).rejects.toMatchObject({ stage: 'connect', reason: 'timeout' });
  });
});

describe('recordings of memcached 1.6.18', () => {
  const named = (name: string): ScriptConnection => {
    const found = recordings('memcached').find((r) => r.name === `1.6.18-${name}`);
    if (found === undefined) throw new Error(`no recording ${name}`);
    return found.connection;
  };
  it.each([
    ['open', ['open'], 'stats', 'open-anonymous'],
    ['open, asked in binary', [MUTE, 'open-binary'], 'binary-stats', 'open-anonymous'],
    ['authfile', ['authfile'], 'authfile', 'auth-weak'],
    ['sasl', ['sasl', 'sasl-binary'], 'sasl', 'auth-weak'],
    ['tls', ['tls-plaintext', MUTE, 'tls'], 'tls-stats', 'open-anonymous'],
  ] as const)('%s', async (_name, connections, rule, state) => {
    const seen = await visit(connections.map((c) => (typeof c === 'string' ? named(c) : c)));
    expect(seen).toMatchObject({ rule: `memcached/${rule}`, auth: { state } });
    if (state === 'open-anonymous') expect(seen.proof).toBe(4);
    expect(JSON.stringify(seen)).not.toContain('CANARY');
  });
});

describe('half an answer is no proof', () => {
  it('every prefix of an open server’s replies', async () => {
    for (let length = 0; length < VERSION_LINE.length; length++) {
      const seen = await visit([server([VERSION_LINE.slice(0, length)])]);
      expect(seen.auth.state, `version ${length}`).toBe('undetermined');
    }
    for (let length = 0; length <= STATS_TEXT.length; length++) {
      const { auth } = await visit([server([VERSION_LINE, STATS_TEXT.slice(0, length)])]);
      expect(auth.state, `stats ${length}`).toBe(length === STATS_TEXT.length ? 'open-anonymous' : 'undetermined');
    }
    for (let length = 0; length <= BINARY_LIST.length; length++) {
      const { auth } = await visit([MUTE, server([BINARY_OK, BINARY_LIST.subarray(0, length)])]);
      expect(auth.state, `binary ${length}`).toBe(length === BINARY_LIST.length ? 'open-anonymous' : 'undetermined');
    }
  });

  it('nor are hostile bytes anything but an answer within the budgets', async () => {
    const reply = fc.oneof(
      fc.uint8Array({ maxLength: 100 }).map((b) => Buffer.from(b)),
      fc
        .constantFrom(VERSION_LINE, STATS_TEXT, UNAUTHENTICATED, 'ERROR\r\n', BINARY_OK, BINARY_LIST)
        .map((b) => Buffer.from(b)),
    );
    const connection = fc.array(reply, { maxLength: 3 });
    const allowed = new Set([VERSION, STATS, BINARY_VERSION, BINARY_STATS]);
    await fc.assert(
      fc.asyncProperty(fc.array(connection, { minLength: 1, maxLength: 5 }), async (scripts) => {
        const seen = await visit(scripts.map((replies) => server(replies, { transport: 'either' })));
        expect(seen.opened).toBeLessThanOrEqual(memcached.maxConnections);
        expect(seen.written.length).toBeLessThanOrEqual(6);
        expect(seen.written.every((line) => allowed.has(line.slice(2)))).toBe(true);
        if (seen.auth.state === 'open-anonymous') expect(seen.proof).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 2_000 },
    );
  });
});
