import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import { mysql } from '../../lib/probes/mysql.ts';
import { WireError } from '../../lib/wire/error.ts';
import { parseFirstPacket, shownVersion } from '../../lib/wire/mysql.ts';
import { PLAIN_TLS, type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const SSL_REQUEST = `20000001008a08000000000121${'00'.repeat(23)}`;
const ENDPOINT = {
  id: 'my',
  host: 'db.example.org',
  port: 3306,
  engine: 'mysql',
  source: 'file',
  tags: {},
  declared: {},
} as const;

interface GreetingParts {
  readonly version?: string;
  readonly low?: number;
  readonly high?: number;
  readonly extended?: number;
  readonly plugin?: string;
  readonly salt?: string;
}
const CLIENT_MYSQL = 0x0001;
const CLIENT_SSL = 0x0800;

/** A HandshakeV10 packet with its header, as MySQL 8 sends it unless told otherwise. */
function greeting(parts: GreetingParts = {}): Buffer {
  const { version = '8.0.36', low = 0xf7ff | CLIENT_SSL, high = 0xdfff, extended = 0 } = parts;
  const { plugin = 'caching_sha2_password', salt = '7a'.repeat(20) } = parts;
  const salts = Buffer.from(salt, 'hex');
  const fixed = Buffer.alloc(31);
  fixed.writeUInt32LE(10, 0); // thread id
  salts.copy(fixed, 4, 0, 8);
  fixed.writeUInt16LE(low, 13);
  fixed[15] = 0xff;
  fixed.writeUInt16LE(2, 16);
  fixed.writeUInt16LE(high, 18);
  fixed[20] = 21;
  fixed.writeUInt32LE(extended, 27);
  const tail = Buffer.concat([salts.subarray(8), Buffer.from('\0')]);
  const named = (high & 0x08) !== 0 ? Buffer.from(`${plugin}\0`) : Buffer.alloc(0);
  return packet(Buffer.concat([Buffer.from(`\x0a${version}\0`), fixed, tail, named]));
}
function packet(payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([head, payload]);
}
function failure(code: number, text: string): Buffer {
  const head = Buffer.from([0xff, code & 0xff, code >> 8]);
  return packet(Buffer.concat([head, Buffer.from(text)]));
}
const MARIADB = { version: '5.5.5-10.11.19-MariaDB-0+deb12u1', low: 0xfffe & ~CLIENT_SSL, extended: 0x1d };

// Sphinx 2.2.11 as the lab saw it: fixed salt, thread 1, capabilities 0x8208, no plugin.
const SPHINX = packet(
  Buffer.from(
    `0a${Buffer.from('2.2.11-id64-release (95ae9a6)').toString('hex')}00` +
      `01000000010203040506070800${'0882'}210200${'0000'}15${'00'.repeat(10)}090a0b0c000000000000000000`,
    'hex',
  ),
);

async function visit(connection: ScriptConnection): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections: [connection] });
  const answer = await mysql.visit(access, ENDPOINT, { metadata: 1, nonce: '00112233445566aa' });
  return { ...access, ...answer, opened: access.opened };
}
const says = (...replies: Buffer[]): Promise<ProbeAnswer & ScriptAccess> => visit({ replies });

describe('rows of probes.md section 3.1', () => {
  it('reads a greeting with TLS as authentication required, TLS offered, and asks for nothing more', async () => {
    const seen = await says(greeting());
    expect(seen).toMatchObject({
      l4: 'open',
      proto: { state: 'match', confidence: 'firm', product: 'MySQL', version: '8.0.36' },
      tls: { state: 'offered', facts: PLAIN_TLS, clientCert: 'undetermined' },
      auth: { state: 'auth-required' },
      proof: 1,
      rule: 'mysql/greeting',
    });
    expect(seen.written).toEqual([`1:${SSL_REQUEST}`]);
    expect(seen.opened).toBe(1);
    expect(seen.metadata).toBeUndefined();
  });

  it('reads a greeting without CLIENT_SSL as weak, and sends nothing at all', async () => {
    const seen = await says(greeting(MARIADB));
    expect(seen).toMatchObject({
      proto: { product: 'MariaDB', version: '10.11.19-MariaDB-0+deb12u1' },
      tls: { state: 'absent', clientCert: 'no' },
      auth: { state: 'auth-weak', weakness: ['cleartext'] },
      rule: 'mysql/greeting-no-tls',
    });
    expect(seen.written).toEqual([]);
  });

  const errors: readonly [string, Buffer, string, string, string][] = [
    [
      '1130',
      failure(1130, "Host '203.0.113.9' is not allowed to connect to this MariaDB server"),
      'host-not-allowed',
      'source-acl',
      'firm',
    ],
    [
      '1129',
      failure(1129, "Host '203.0.113.9' is blocked because of many connection errors"),
      'host-blocked',
      'lockout',
      'firm',
    ],
    [
      '1130 in another language',
      failure(1130, "Hosten '1.2.3.4' har ikke lov"),
      'host-not-allowed',
      'source-acl',
      'tentative',
    ],
    ['1040', failure(1040, '#08004Too many connections'), 'busy', 'undetermined', 'firm'],
    [
      '1203',
      failure(1203, 'User x has already more than max_user_connections active connections'),
      'busy',
      'undetermined',
      'firm',
    ],
    ['SQLSTATE 08004 under another code', failure(1226, '#08004Too many connections'), 'busy', 'undetermined', 'firm'],
    ['any other error', failure(1105, 'unknown error'), 'error', 'undetermined', 'tentative'],
  ];
  it.each(errors)('reads error %s first', async (_name, reply, rule, state, confidence) => {
    const seen = await says(reply);
    expect(seen).toMatchObject({
      rule: `mysql/${rule}`,
      auth: { state },
      proto: { state: 'match', confidence },
      tls: { state: 'undetermined' },
      proof: 1,
    });
    expect(seen.written).toEqual([]);
  });

  it('tells how to lift a block', async () => {
    expect((await says(failure(1129, 'blocked'))).notes.join()).toContain('FLUSH HOSTS');
  });

  it.each([
    ['Sphinx by its fixed salt and missing plugin', SPHINX],
    ['Manticore by its hash and date', greeting({ version: '6.2.12 dc5144d35@230822 (columnar 2.2.4)' })],
  ])('does not take %s for a MySQL that demands authentication', async (_name, reply) => {
    const seen = await says(reply);
    expect(seen).toMatchObject({ rule: 'mysql/sphinx', proto: { state: 'other' }, auth: { state: 'undetermined' } });
    expect(seen.written).toEqual([]);
  });

  it.each([
    ['8.0.11-TiDB-v7.5.0', 'TiDB'],
    ['8.0.35-27-Percona', 'Percona Server'],
    ['8.0.30-Vitess', 'Vitess'],
    ['8.0.33-Dolt', 'Dolt'],
    ['5.7.30 (ProxySQL)', 'ProxySQL'],
    ['8.0.33-StarRocks', 'StarRocks'],
    ['5.7.99-Doris', 'Doris'],
    ['5.7.25-OceanBase-v4.2', 'OceanBase'],
    ['5.7.32-SingleStore', 'SingleStore'],
    ['8.1.0-u1-HeatWave', 'HeatWave'],
    ['11.4.2-MariaDB-log', 'MariaDB'],
    ['8.0.36-log', 'MySQL'],
  ])('names the product of %s', async (version, product) => {
    expect((await says(greeting({ version }))).proto).toMatchObject({ product, version });
  });

  it('recognises MariaDB by its capability bits where the version is bare', async () => {
    const seen = await says(greeting({ version: '11.4.2', low: 0xffff & ~CLIENT_MYSQL, extended: 0x1d }));
    expect(seen.proto.product).toBe('MariaDB');
  });

  it('strips only the prefix that MariaDB adds', () => {
    expect(shownVersion('5.5.5-10.6.1-MariaDB')).toBe('10.6.1-MariaDB');
    expect(shownVersion('5.5.5-m3')).toBe('5.5.5-m3');
  });

  it('notes a legacy default plugin without calling every account weak', async () => {
    const seen = await says(greeting({ plugin: 'mysql_native_password' }));
    expect(seen.auth).toEqual({ state: 'auth-required' });
    expect(seen.notes.join()).toContain('legacy hash');
  });
});

describe('TLS on the same connection', () => {
  it.each(['plaintext', 'tls-refused', 'timeout', 'reset', 'closed'] as const)(
    'leaves TLS undetermined when the handshake ends with %s',
    async (startTls) => {
      const seen = await visit({ replies: [greeting()], startTls });
      expect(seen).toMatchObject({
        rule: 'mysql/greeting',
        tls: { state: 'undetermined' },
        auth: { state: 'auth-required' },
      });
      expect(seen.notes.join()).toContain(startTls);
      expect(seen.opened).toBe(1);
    },
  );

  it('knows a demand for a client certificate', async () => {
    const seen = await visit({ replies: [greeting()], startTls: 'client-cert' });
    expect(seen).toMatchObject({
      tls: { state: 'undetermined', clientCert: 'required' },
      auth: { state: 'auth-required' },
    });
  });

  it('does not start TLS over bytes that came after the greeting', async () => {
    const seen = await says(Buffer.concat([greeting(), Buffer.from('injected')]));
    expect(seen).toMatchObject({ rule: 'mysql/greeting', tls: { state: 'undetermined' } });
    expect(seen.notes.join()).toMatch(/injection/u);
    expect(seen.written).toEqual([]);
  });
});

describe('what is not MySQL', () => {
  it.each([
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n'), 'other', 'ssh'],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'generic-http', undefined],
    ['SMTP', Buffer.from('220 mail.example.org ESMTP\r\n'), 'other', undefined],
    ['the protocol before 3.21', packet(Buffer.from('\x093.20.32\0')), 'other', undefined],
    ['an empty packet', Buffer.alloc(4), 'other', undefined],
    ['a packet of 16 MiB', Buffer.from('ffffff000a382e30', 'hex'), 'other', undefined],
    ['a greeting whose version cannot be printed', greeting({ version: '8\x1b[0m' }), 'other', undefined],
    ['an error below 1000', failure(7, 'x'), 'other', undefined],
  ])('calls %s what it is', async (_name, reply, state, product) => {
    const seen = await says(reply);
    expect(seen).toMatchObject({ rule: 'mysql/foreign', proto: { state }, auth: { state: 'undetermined' }, proof: 0 });
    expect(seen.proto.product).toBe(product);
    expect(seen.written).toEqual([]);
  });

  it.each([
    ['closed', 'accept-then-close'],
    ['reset', 'accept-then-close'],
    ['timeout', 'open-silent'],
  ] as const)('reports a server that accepts and then %s', async (end, l4) => {
    expect(await visit({ replies: [], end })).toMatchObject({ l4, rule: `mysql/${l4}`, proof: 0 });
  });

  it('leaves a connection that was never accepted to the pipeline', async () => {
    const access = scriptAccess({ connections: ['timeout'] });
    const visiting = mysql.visit(access, ENDPOINT, { metadata: 0, nonce: '' });
    await expect(visiting).rejects.toMatchObject({ stage: 'connect', reason: 'timeout' });
    expect(access.opened).toBe(1);
  });

  it('waits 12 seconds for the greeting and keeps a budget of connections', async () => {
    const waits: (number | undefined)[] = [];
    const access = scriptAccess({ connections: [{ replies: [greeting()] }] });
    const open: typeof access.open = (options) => {
      waits.push(options?.firstByteMs);
      return access.open(options);
    };
    await mysql.visit({ ...access, open }, ENDPOINT, { metadata: 0, nonce: '' });
    expect(waits).toEqual([12_000]);
    expect(mysql).toMatchObject({ maxConnections: 1, connectionBudget: { stopAt: 40, minIntervalMs: 86_400_000 } });
  });
});

describe('half an answer', () => {
  it.each([
    ['greeting', greeting()],
    ['greeting without TLS', greeting(MARIADB)],
    ['Sphinx', SPHINX],
    ['error', failure(1130, 'Host is not allowed')],
  ])('every shorter %s decides nothing', async (_name, reply) => {
    for (let length = 0; length < reply.length; length++) {
      const seen = await visit({ replies: [reply.subarray(0, length)] });
      expect(seen.auth.state, `${length} bytes`).toBe('undetermined');
      expect(seen.proof).toBe(0);
    }
  });
});

describe('hostile bytes', () => {
  const fixtures = [greeting(), greeting(MARIADB), SPHINX, failure(1130, 'x')];
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

  it('gives a greeting, an error or a WireError', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          const said = parseFirstPacket(bytes.subarray(4));
          expect(['greeting', 'error']).toContain(said.kind);
        } catch (caught) {
          expect(caught).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws out of a visit, never calls it open, never opens a second connection', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (bytes) => {
        const seen = await says(bytes);
        expect(seen.auth.state).not.toBe('open-anonymous');
        expect(seen.opened).toBe(1);
      }),
      { numRuns: 500 },
    );
  });
});
