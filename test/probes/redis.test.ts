import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError, type PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { MetadataLevel } from '../../lib/model/probe.ts';
import { redis } from '../../lib/probes/redis.ts';
import { recordings } from '../support/recordings.ts';
import { PLAIN_TLS, type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

// probes.md section 3.4, byte for byte.
const PING = hex('*1\r\n$4\r\nPING\r\n');
const INFO_SERVER = hex('*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n');
const INFO_KEYSPACE = hex('*2\r\n$4\r\nINFO\r\n$8\r\nkeyspace\r\n');
const DBSIZE = hex('*1\r\n$6\r\nDBSIZE\r\n');

const ENDPOINT = {
  id: 'r',
  host: 'cache.example.org',
  port: 6379,
  engine: 'redis',
  source: 'file',
  tags: {},
  declared: {},
} as const;

const SERVER = '# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nexecutable:/srv/CANARY\r\n';
const KEYSPACE = '# Keyspace\r\ndb0:keys=12,expires=1,avg_ttl=0\r\ndb3:keys=5,expires=0,avg_ttl=0,subexpiry=0\r\n';
const UNKNOWN = "-ERR unknown command 'x', with args beginning with: \r\n";
const NOPERM = "-NOPERM this user has no permissions to run the 'info' command\r\n";
const DENIED = '-DENIED Redis is running in protected mode because protected mode is enabled\r\n';

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}
/** What it says after each of our writes. */
function server(replies: readonly (string | Buffer)[], more: Partial<ScriptConnection> = {}): ScriptConnection {
  return { replies: [Buffer.alloc(0), ...replies.map((r) => Buffer.from(r))], ...more };
}
const MUTE = server([], { end: 'reset' });

async function visit(
  connections: readonly (ScriptConnection | PeerReason)[],
  metadata: MetadataLevel = 1,
): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const answer = await redis.visit(access, ENDPOINT, { metadata, nonce: '0123456789abcdef' });
  return { ...access, ...answer, opened: access.opened };
}

describe('the bytes we send', () => {
  it('are PING, INFO server and INFO keyspace, on one connection', async () => {
    const seen = await visit([server(['+PONG\r\n', bulk(SERVER), bulk(KEYSPACE)])]);
    expect(seen.written).toEqual([`1:${PING}`, `1:${INFO_SERVER}`, `1:${INFO_KEYSPACE}`]);
    expect(seen.opened).toBe(1);
  });

  it('leave the keyspace out at level 0, and then show no objects', async () => {
    const seen = await visit([server(['+PONG\r\n', bulk(SERVER), bulk(KEYSPACE)])], 0);
    expect(seen.written).toEqual([`1:${PING}`, `1:${INFO_SERVER}`]);
    expect(seen).toMatchObject({ auth: { state: 'open-anonymous' }, proof: 3 });
    expect(seen).not.toHaveProperty('metadata');
  });

  it.each([
    ['-NOAUTH', '-NOAUTH Authentication required.\r\n'],
    ['-DENIED', DENIED],
    ['no connections left', '-ERR max number of clients reached\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ])('end after PING on %s', async (_name, reply) => {
    expect((await visit([server([reply])])).written).toEqual([`1:${PING}`]);
  });
});

describe('rows of probes.md section 3.4', () => {
  const info = [bulk(SERVER), bulk(KEYSPACE)];
  const rows: readonly [string, readonly string[], string, string, number, string][] = [
    ['+PONG and INFO', ['+PONG\r\n', ...info], 'info-bulk', 'open-anonymous', 4, 'firm'],
    ['+PONG and -NOPERM', ['+PONG\r\n', NOPERM], 'noperm', 'open-restricted', 2, 'firm'],
    ['-NOPERM to PING already', [NOPERM, NOPERM], 'noperm', 'open-restricted', 2, 'firm'],
    ['-NOAUTH to PING', ['-NOAUTH Authentication required.\r\n'], 'noauth', 'auth-weak', 2, 'tentative'],
    ['-NOAUTH to INFO', ['+PONG\r\n', '-NOAUTH Authentication required.\r\n'], 'noauth', 'auth-weak', 2, 'firm'],
    ['protected mode', [DENIED], 'protected-mode', 'mode-blocked', 2, 'tentative'],
    ['PING renamed, INFO answered', [UNKNOWN, ...info], 'ping-renamed', 'open-anonymous', 4, 'firm'],
    ['INFO renamed, DBSIZE answered', ['+PONG\r\n', UNKNOWN, ':9\r\n'], 'info-renamed', 'open-anonymous', 4, 'firm'],
    ['PING and INFO renamed', [UNKNOWN, UNKNOWN, ':0\r\n'], 'info-renamed', 'open-anonymous', 4, 'firm'],
    ['INFO renamed, DBSIZE forbidden', ['+PONG\r\n', UNKNOWN, NOPERM], 'noperm', 'open-restricted', 2, 'firm'],
    ['everything renamed', ['+PONG\r\n', UNKNOWN, UNKNOWN], 'no-info', 'undetermined', 1, 'tentative'],
    ['a count below zero', ['+PONG\r\n', UNKNOWN, ':-1\r\n'], 'no-info', 'undetermined', 1, 'tentative'],
    ['before 2.6', ['-ERR operation not permitted\r\n'], 'not-permitted', 'auth-weak', 2, 'tentative'],
    ['loading, INFO refused', ['-LOADING x\r\n', '-LOADING x\r\n'], 'busy', 'undetermined', 1, 'firm'],
    ['loading, INFO answered', ['-LOADING x\r\n', ...info], 'busy-info', 'open-anonymous', 4, 'firm'],
    ['no master, INFO answered', ['-MASTERDOWN x\r\n', ...info], 'busy-info', 'open-anonymous', 4, 'firm'],
    ['a script running', ['-BUSY x\r\n', '-BUSY x\r\n'], 'busy', 'undetermined', 1, 'firm'],
    ['no disk', ['-MISCONF x\r\n', '-MISCONF x\r\n'], 'busy', 'undetermined', 1, 'firm'],
    ['no connections left', ['-ERR max number of clients reached\r\n'], 'max-clients', 'undetermined', 1, 'tentative'],
    ['a cluster node', ['+PONG\r\n', '-MOVED 1 10.0.0.1:6379\r\n'], 'moved', 'undetermined', 1, 'firm'],
    [
      'a Sentinel',
      ['+PONG\r\n', bulk(SERVER.replace('standalone', 'sentinel')), bulk('')],
      'sentinel',
      'open-anonymous',
      3,
      'firm',
    ],
    ['INFO of nothing', ['+PONG\r\n', bulk('')], 'info-empty', 'undetermined', 1, 'tentative'],
    ['INFO of null', ['+PONG\r\n', '$-1\r\n'], 'info-empty', 'undetermined', 1, 'tentative'],
    ['an error we do not know', ['+PONG\r\n', '-ERR hm\r\n'], 'no-info', 'undetermined', 1, 'tentative'],
    ['INFO of another type', ['+PONG\r\n', ':1\r\n'], 'no-info', 'undetermined', 1, 'tentative'],
  ];
  it.each(rows)('%s', async (_name, replies, rule, state, proof, confidence) => {
    const seen = await visit([server(replies)]);
    expect(seen).toMatchObject({
      l4: 'open',
      proto: { state: 'match', confidence },
      tls: { state: 'absent', clientCert: 'no' },
      auth: { state },
      proof,
      rule: `redis/${rule}`,
    });
    expect(seen.auth.weakness).toEqual(state === 'auth-weak' ? ['cleartext'] : undefined);
    expect(seen.opened).toBe(1);
  });

  it('+PONG alone is neither proof nor disproof', async () => {
    for (const end of ['closed', 'reset', 'timeout'] as const) {
      const seen = await visit([server(['+PONG\r\n'], { end })]);
      expect(seen).toMatchObject({
        rule: 'redis/no-info',
        proto: { state: 'match' },
        auth: { state: 'undetermined' },
        proof: 1,
      });
    }
  });

  it.each([
    ['valkey', 'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\n', 'valkey', '8.0.1'],
    ['dragonfly', 'redis_version:7.4.0\r\ndragonfly_version:df-v1.30.3\r\n', 'dragonfly', 'df-v1.30.3'],
    ['kvrocks', 'redis_version:4.0.0\r\nkvrocks_version:2.10.1\r\n', 'kvrocks', '2.10.1'],
    ['redis', 'redis_version:6.2.6\u001b[31m\r\n', 'redis', '6.2.6U+001B[31m'],
  ])('names %s by its own version, safe to print', async (_name, text, product, version) => {
    expect((await visit([server(['+PONG\r\n', bulk(text)])])).proto).toMatchObject({ product, version });
  });

  it('calls an INFO without a version open, though only tentatively Redis', async () => {
    const seen = await visit([server(['+PONG\r\n', bulk('uptime:1\r\n')])]);
    expect(seen).toMatchObject({ auth: { state: 'open-anonymous' }, proof: 3, proto: { confidence: 'tentative' } });
  });
});

describe('counts', () => {
  it('are keys per database, and nothing else of INFO leaves the probe', async () => {
    const { metadata, notes, proto } = await visit([server(['+PONG\r\n', bulk(SERVER), bulk(KEYSPACE)])]);
    expect(metadata).toEqual({
      objects: [
        { name: 'db0', kind: 'keyspace', records: 12, system: false },
        { name: 'db3', kind: 'keyspace', records: 5, system: false },
      ],
      truncated: false,
    });
    expect(JSON.stringify({ metadata, notes, proto })).not.toContain('CANARY');
  });

  it('of an empty server are none, which is known too', async () => {
    const seen = await visit([server(['+PONG\r\n', bulk(SERVER), bulk('# Keyspace\r\n')])]);
    expect(seen).toMatchObject({ proof: 4, metadata: { objects: [], truncated: false } });
  });

  it('stop at 200 databases and ignore what is no count', async () => {
    const many = Array.from({ length: 300 }, (_, n) => `db${n}:keys=1,expires=0\r\n`).join('');
    const seen = await visit([server(['+PONG\r\n', bulk(SERVER), bulk(`${many}db1:keys=x\r\n__proto__:keys=3,\r\n`)])]);
    expect(seen.metadata).toMatchObject({ truncated: true });
    expect(seen.metadata?.objects).toHaveLength(200);
  });

  it('that do not come take nothing from the proof', async () => {
    const seen = await visit([server(['+PONG\r\n', bulk(SERVER)])]);
    expect(seen).toMatchObject({ rule: 'redis/info-bulk', auth: { state: 'open-anonymous' }, proof: 3 });
  });
});

describe('TLS', () => {
  const tls = (replies: readonly string[], more: Partial<ScriptConnection> = {}): ScriptConnection =>
    server(replies, { transport: 'tls', ...more });

  it.each(['reset', 'closed', 'timeout'] as const)('is tried when plaintext ends with %s', async (end) => {
    const seen = await visit([server([], { end }), tls(['+PONG\r\n', bulk(SERVER), bulk(KEYSPACE)])]);
    expect(seen).toMatchObject({
      tls: { state: 'required', facts: PLAIN_TLS, clientCert: 'no' },
      auth: { state: 'open-anonymous' },
      proof: 4,
      rule: 'redis/tls-info-bulk',
    });
    expect(seen.written).toEqual([PING, PING, INFO_SERVER, INFO_KEYSPACE].map((b, n) => `${n === 0 ? 1 : 2}:${b}`));
  });

  it('is tried after a TLS alert in plaintext', async () => {
    const alert = server([Buffer.from('15030100020246', 'hex')], { end: 'closed' });
    expect(await visit([alert, tls(['-NOAUTH x\r\n'])])).toMatchObject({ rule: 'redis/tls-noauth' });
    expect(await visit([alert])).toMatchObject({
      proto: { state: 'other', product: 'tls' },
      auth: { state: 'undetermined' },
    });
  });

  it('carries the password, so that asking for one is not weak', async () => {
    const seen = await visit([MUTE, tls(['-NOAUTH Authentication required.\r\n'])]);
    expect(seen.auth).toEqual({ state: 'auth-required' });
  });

  it('is never tried where plaintext answered: a TLS hello would hang there', async () => {
    expect((await visit([server(['+PONG\r\n']), tls(['+PONG\r\n', bulk(SERVER)])])).opened).toBe(1);
  });

  it.each(['closed', 'reset'] as const)('with a certificate asked for and %s means mutual TLS', async (end) => {
    const seen = await visit([MUTE, tls([], { end, clientCertRequested: true })]);
    expect(seen).toMatchObject({
      l4: 'open',
      tls: { state: 'required', clientCert: 'required' },
      auth: { state: 'auth-required' },
      proof: 2,
      rule: 'redis/client-cert',
    });
  });

  it('that ends without a word is no demand: a balancer without a backend does that too', async () => {
    const seen = await visit([MUTE, tls([], { end: 'closed' })]);
    expect(seen).toMatchObject({
      l4: 'accept-then-close',
      tls: { state: 'required', clientCert: 'undetermined' },
      auth: { state: 'undetermined' },
      proof: 0,
    });
  });

  it.each<[string, ScriptConnection | PeerReason]>([
    ['refused', 'refused'],
    ['answered in plaintext', server(['+PONG\r\n'])],
  ])('%s leaves the first silence as the answer, with a note', async (_name, second) => {
    const seen = await visit([MUTE, second]);
    expect(seen).toMatchObject({ l4: 'accept-then-close', rule: 'redis/accept-then-close', proof: 0, opened: 2 });
    expect(seen.notes.join()).toContain('TLS tried as well');
  });
});

describe('what is not Redis', () => {
  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'generic-http', 'foreign'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2p1\r\n', 'other', 'foreign'],
    ['memcached', 'ERROR\r\n', 'other', 'foreign'],
    ['a binary greeting without a line end', Buffer.from('4a0000000a382e302e3336', 'hex'), 'other', 'foreign'],
    ['a length that is none', '$x\r\n', 'other', 'foreign'],
    ['a mail server', '+OK POP3 ready\r\n', 'other', 'unrecognised'],
    ['an error of a mail server', '-ERR no\r\n', 'unknown', 'no-info'],
    ['a number', ':1\r\n', 'other', 'unrecognised'],
    ['an array', '*1\r\n+PONG\r\n', 'other', 'unrecognised'],
  ])('%s is called what it is', async (_name, reply, state, rule) => {
    const seen = await visit([server([reply, '-ERR no\r\n'], { end: 'timeout' })]);
    expect(seen).toMatchObject({
      l4: 'open',
      proto: { state },
      auth: { state: 'undetermined' },
      rule: `redis/${rule}`,
    });
    expect(seen.opened).toBe(1);
  });

  it.each([
    ['closed', 'open', 'cut-short'],
    ['timeout', 'tarpit', 'tarpit'],
  ] as const)('a reply that stops half way and is %s', async (end, l4, rule) => {
    const seen = await visit([server(['+PO'], { end })]);
    expect(seen).toMatchObject({ l4, rule: `redis/${rule}`, proto: { state: 'unknown' }, proof: 0, opened: 1 });
  });

  it.each([
    ['closed', 'accept-then-close'],
    ['reset', 'accept-then-close'],
    ['timeout', 'open-silent'],
  ] as const)('a peer that always ends with %s', async (end, l4) => {
    const mute = server([], { end });
    expect(await visit([mute, mute])).toMatchObject({ l4, rule: `redis/${l4}`, proof: 0, opened: 2 });
  });

  it('a first connection that was never accepted is the pipeline’s', async () => {
    await expect(visit(['refused'])).rejects.toMatchObject({ stage: 'connect', reason: 'refused' });
  });
});

describe('protected mode closes before we write', () => {
  it('and what it said is read all the same', async () => {
    const access = scriptAccess({ connections: [{ replies: [Buffer.from(DENIED)], end: 'reset' }] });
    const broken = {
      ...access,
      open: async () => {
        const channel = await access.open();
        const write = async (): Promise<void> => {
          throw new PeerError('protocol', 'reset', 'EPIPE');
        };
        return Object.defineProperties(Object.create(channel) as typeof channel, { write: { value: write } });
      },
    };
    const seen = await redis.visit(broken, ENDPOINT, { metadata: 1, nonce: '0' });
    expect(seen).toMatchObject({ rule: 'redis/protected-mode', auth: { state: 'mode-blocked' } });
  });
});

describe('recordings of Redis 7.0.15', () => {
  const expected: Readonly<Record<string, readonly [string, string]>> = {
    '7.0.15-acl-off': ['noauth', 'auth-weak'],
    '7.0.15-acl-ping': ['noperm', 'open-restricted'],
    '7.0.15-mtls': ['client-cert', 'auth-required'],
    '7.0.15-open': ['info-bulk', 'open-anonymous'],
    '7.0.15-password': ['noauth', 'auth-weak'],
    '7.0.15-protected': ['protected-mode', 'mode-blocked'],
    '7.0.15-tls': ['tls-info-bulk', 'open-anonymous'],
    '7.0.15-tls-password': ['tls-noauth', 'auth-required'],
    '7.0.15-cluster': ['info-bulk', 'open-anonymous'],
    '7.0.15-ping-renamed': ['ping-renamed', 'open-anonymous'],
    '7.0.15-renamed': ['info-renamed', 'open-anonymous'],
    '7.0.15-sentinel': ['sentinel', 'open-anonymous'],
    'redis-front-2.6.12-balancer-no-backend': ['accept-then-close', 'undetermined'],
    'redis-front-2.6.12-balancer-tls': ['tls-info-bulk', 'open-anonymous'],
    'redis-front-2.6.12-balancer-tls-dead': ['accept-then-close', 'undetermined'],
    'redis-front-2.6.12-twemproxy': ['no-info', 'undetermined'],
  };
  const all = recordings('redis').filter(({ name }) => !name.endsWith('-plaintext'));

  it('are all expected', () => {
    expect(all.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(all)('$name', async ({ name, connection, sent }) => {
    const plaintext = recordings('redis').find((r) => r.name === `${name}-plaintext`)?.connection;
    const seen = await visit(plaintext === undefined ? [connection] : [plaintext, connection]);
    const [rule, state] = expected[name] ?? [];
    expect(seen).toMatchObject({ rule: `redis/${rule}`, auth: { state } });
    // The recorder asks on after a refusal; the probe does not.
    const ours = seen.written.filter((line) => line.startsWith(`${seen.opened}:`)).map((line) => line.slice(2));
    expect(sent.slice(0, ours.length)).toEqual(ours);
    expect(JSON.stringify(seen)).not.toContain('CANARY');
  });
});

describe('half an answer is no proof', () => {
  it('every prefix of an open server’s first two replies', async () => {
    const [pong, text] = ['+PONG\r\n', bulk(SERVER)];
    for (let length = 0; length < pong.length; length++) {
      expect((await visit([server([pong.slice(0, length)])])).auth.state, `PONG ${length}`).toBe('undetermined');
    }
    for (let length = 0; length <= text.length; length++) {
      const { auth } = await visit([server([pong, text.slice(0, length)])]);
      expect(auth.state, `INFO ${length}`).toBe(length === text.length ? 'open-anonymous' : 'undetermined');
    }
  });

  it('nor are hostile bytes anything but an answer within the budgets', async () => {
    const reply = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((b) => Buffer.from(b)),
      fc
        .constantFrom('+PONG\r\n', UNKNOWN, NOPERM, bulk(SERVER), '*1024\r\n', '$-1\r\n', ':1\r\n')
        .map((s) => Buffer.from(s)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { maxLength: 4 }), async (replies) => {
        const seen = await visit([server(replies), server(replies, { transport: 'either' })]);
        expect(seen.opened).toBeLessThanOrEqual(redis.maxConnections);
        expect(seen.written.length).toBeLessThanOrEqual(6);
        expect(seen.written.every((w) => [PING, INFO_SERVER, INFO_KEYSPACE, DBSIZE].includes(w.slice(2)))).toBe(true);
        if (seen.auth.state === 'open-anonymous') expect(seen.proof).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 2_000 },
    );
  });
});
