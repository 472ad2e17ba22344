import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import { postgres } from '../../lib/probes/postgres.ts';
import { WireError } from '../../lib/wire/error.ts';
import { interpretStartup } from '../../lib/wire/postgres-reply.ts';
import { messageHead, parseMessage, type PgMessage } from '../../lib/wire/postgres.ts';
import { PLAIN_TLS, type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const SSL_REQUEST = '0000000804d2162f';
const STARTUP =
  '0000004f0003000075736572006578706f737572655f70726f626500646174616261736500706f73746772657300' +
  '6170706c69636174696f6e5f6e616d65006578706f737572652d70726f62650000';
const TERMINATE = '5800000004';

const NONE = Buffer.alloc(0);
const S = Buffer.from('S');
const N = Buffer.from('N');

function message(tag: string, body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(body as string, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length + 4);
  return Buffer.concat([Buffer.from(tag), length, bytes]);
}
function auth(code: number, rest = ''): Buffer {
  return message('R', `\0\0\0${String.fromCharCode(code)}${rest}`);
}
function error(sqlstate: string, text: string): Buffer {
  return message('E', `SFATAL\0VFATAL\0C${sqlstate}\0M${text}\0Fauth.c\0L507\0RClientAuthentication\0\0`);
}
const parameter = (name: string, value: string): Buffer => message('S', `${name}\0${value}\0`);

const NO_ROLE = error('28000', 'role "exposure_probe" does not exist');
const NO_HBA = 'no pg_hba.conf entry for host "203.0.113.9", user "exposure_probe", database "postgres", no encryption';
const SCRAM = auth(10, 'SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0');
const SESSION = Buffer.concat([
  auth(0),
  parameter('server_version', '15.18'),
  message('K', '\0\0\x12\x34\xde\xad\xbe\xef'),
  message('Z', 'I'),
]);
const TRUST = Buffer.concat([auth(0), NO_ROLE]);

/** `tls` and `plain`: what the server says to the StartupMessage inside TLS and in plaintext. */
function offersTls(tls: Buffer, plain: Buffer | PeerReason): (ScriptConnection | PeerReason)[] {
  return [{ replies: [NONE, S, tls] }, typeof plain === 'string' ? plain : { replies: [NONE, plain] }];
}
function plaintextOnly(reply: Buffer): ScriptConnection[] {
  return [{ replies: [NONE, N, reply] }];
}

async function visit(
  connections: readonly (ScriptConnection | PeerReason)[],
  engine: 'postgres' | 'redshift' | 'cockroachdb' | 'yugabytedb' = 'postgres',
): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const answer = await postgres.visit(access, { ...ENDPOINT, engine }, { metadata: 1, nonce: '00112233445566aa' });
  return { ...access, ...answer, opened: access.opened };
}
const ENDPOINT = {
  id: 'pg',
  host: 'db.example.org',
  port: 5432,
  engine: 'postgres',
  source: 'file',
  tags: {},
  declared: {},
} as const;

describe('rows of probes.md section 3.2, without TLS', () => {
  const rows: readonly [string, Buffer, string, ProbeAnswer['auth'], number][] = [
    ['AuthenticationOk and then no such role', TRUST, 'trust', { state: 'open-anonymous' }, 2],
    [
      'AuthenticationOk and then no such database',
      Buffer.concat([auth(0), error('3D000', 'no')]),
      'trust',
      { state: 'open-anonymous' },
      2,
    ],
    [
      'AuthenticationOk and then too many clients',
      Buffer.concat([auth(0), error('53300', 'no')]),
      'trust',
      { state: 'open-anonymous' },
      2,
    ],
    [
      'AuthenticationOk and then an error in German',
      Buffer.concat([auth(0), error('28000', 'Rolle existiert nicht')]),
      'trust',
      { state: 'open-anonymous' },
      2,
    ],
    ['AuthenticationOk and then a session', SESSION, 'trust-session', { state: 'open-anonymous' }, 3],
    [
      'AuthenticationOk and then a wrong password',
      Buffer.concat([auth(0), error('28P01', 'no')]),
      'trust-unclear',
      { state: 'undetermined' },
      1,
    ],
    ['AuthenticationOk and then nothing', auth(0), 'trust-unfinished', { state: 'undetermined' }, 1],
    ['cleartext password', auth(3), 'cleartext', { state: 'auth-weak', weakness: ['cleartext'] }, 2],
    ['md5', auth(5, 'salt'), 'md5', { state: 'auth-weak', weakness: ['legacy-hash'] }, 2],
    ['SCRAM', auth(10, 'SCRAM-SHA-256\0\0'), 'scram', { state: 'auth-required' }, 2],
    ['code 10 of openGauss', auth(10, '\0\0\0\x02abcdef'), 'sasl-other', { state: 'auth-required' }, 2],
    ['GSSAPI', auth(7), 'gss', { state: 'auth-required' }, 2],
    ['GSSAPI continued', auth(8, 'xx'), 'gss', { state: 'auth-required' }, 2],
    ['SSPI', auth(9), 'sspi', { state: 'auth-required' }, 2],
    ['SASL continued', auth(11, 'x'), 'sasl-continue', { state: 'auth-required' }, 2],
    ['SASL final', auth(12, 'x'), 'sasl-continue', { state: 'auth-required' }, 2],
    ['Redshift digest', auth(13, 'x'), 'redshift', { state: 'auth-required' }, 2],
    ['Redshift identity provider', auth(14), 'redshift', { state: 'auth-required' }, 2],
    ['an authentication code that no table has', auth(99), 'auth-unlisted', { state: 'undetermined' }, 1],
    [
      'NegotiateProtocolVersion and then SCRAM',
      Buffer.concat([message('v', '\0\x03\0\0\0\0\0\0'), SCRAM]),
      'scram',
      { state: 'auth-required' },
      2,
    ],
    ['no pg_hba.conf entry', error('28000', NO_HBA), 'no-hba-entry', { state: 'source-acl' }, 1],
    [
      'no pg_hba.conf entry, before 14',
      error('28000', 'no pg_hba.conf entry for host "1.2.3.4", SSL off'),
      'no-hba-entry',
      { state: 'source-acl' },
      1,
    ],
    [
      'a reject rule',
      error('28000', 'pg_hba.conf rejects connection for host "1.2.3.4"'),
      'hba-reject',
      { state: 'source-acl' },
      1,
    ],
    [
      'a client certificate is demanded',
      error('28000', 'connection requires a valid client certificate'),
      'client-cert',
      { state: 'auth-required' },
      2,
    ],
    ['too many connections', error('53300', 'sorry, too many clients already'), 'busy', { state: 'undetermined' }, 1],
    ['starting up', error('57P03', 'the database system is starting up'), 'busy', { state: 'undetermined' }, 1],
    [
      'PgBouncer without that database',
      error('08P01', 'no such database: postgres'),
      'pooler',
      { state: 'undetermined' },
      1,
    ],
    ['PgBouncer without that user', error('3D000', 'no such user'), 'pooler', { state: 'undetermined' }, 1],
    [
      'a proxy that demands a password at once',
      error('28P01', 'password authentication failed'),
      'password-error',
      { state: 'auth-required' },
      2,
    ],
    [
      'plaintext not wanted',
      error('28000', 'SSL connection is required'),
      'tls-demanded',
      { state: 'undetermined' },
      1,
    ],
    ['any other error', error('XX000', 'tenant not found'), 'error', { state: 'undetermined' }, 1],
    ['a parameter before authentication', parameter('a', 'b'), 'out-of-order', { state: 'undetermined' }, 1],
    ['bytes that are no message', Buffer.from('Hello, world'), 'cut-short', { state: 'undetermined' }, 1],
    [
      'a message longer than we read',
      Buffer.from('52000fffff00000000', 'hex'),
      'cut-short',
      { state: 'undetermined' },
      1,
    ],
  ];
  it.each(rows)('%s', async (_name, reply, rule, expected, proof) => {
    const seen = await visit(plaintextOnly(reply));
    expect({ rule: seen.rule, auth: seen.auth, proof: seen.proof }).toEqual({
      rule: `postgres/${rule}`,
      auth: expected,
      proof,
    });
    expect(seen.l4).toBe('open');
    expect(seen.proto.state).toBe('match');
    expect(seen.written.slice(0, 2)).toEqual([`1:${SSL_REQUEST}`, `1:${STARTUP}`]);
    expect(seen.opened).toBe(1);
  });

  it('calls TLS absent once a PostgreSQL message followed the N', async () => {
    expect((await visit(plaintextOnly(SCRAM))).tls).toEqual({ state: 'absent', clientCert: 'no' });
    expect((await visit(plaintextOnly(NONE))).tls.state).toBe('undetermined');
  });
});

describe('required, offered, undetermined', () => {
  const noEncryption = error('28000', NO_HBA);
  const rows: readonly [string, Buffer, Buffer | PeerReason, string, string, string][] = [
    ['SCRAM on both', SCRAM, SCRAM, 'offered', 'auth-required', 'scram'],
    ['SCRAM inside TLS, plaintext has no entry', SCRAM, noEncryption, 'required', 'auth-required', 'scram'],
    [
      'SCRAM inside TLS, plaintext is rejected',
      SCRAM,
      error('28000', 'pg_hba.conf rejects connection'),
      'required',
      'auth-required',
      'scram',
    ],
    [
      'SCRAM inside TLS, a pooler wants TLS',
      SCRAM,
      error('08P01', 'SSL required'),
      'required',
      'auth-required',
      'scram',
    ],
    ['no entry on either', noEncryption, noEncryption, 'undetermined', 'source-acl', 'no-hba-entry'],
    ['no entry inside TLS, SCRAM in plaintext', noEncryption, SCRAM, 'offered', 'auth-required', 'scram'],
    ['trust only inside TLS', TRUST, noEncryption, 'required', 'open-anonymous', 'trust'],
    ['trust only in plaintext', SCRAM, TRUST, 'offered', 'open-anonymous', 'trust'],
    ['cleartext password on both', auth(3), auth(3), 'offered', 'auth-weak', 'cleartext'],
    ['cleartext password inside TLS only', auth(3), noEncryption, 'required', 'auth-required', 'cleartext'],
    ['md5 inside TLS', auth(5, 'salt'), noEncryption, 'required', 'auth-weak', 'md5'],
    ['second connection refused', SCRAM, 'refused', 'undetermined', 'auth-required', 'scram'],
    ['second connection timed out', TRUST, 'timeout', 'undetermined', 'open-anonymous', 'trust'],
    ['second connection closed at once', SCRAM, NONE, 'undetermined', 'auth-required', 'scram'],
    ['nothing inside TLS, SCRAM in plaintext', NONE, SCRAM, 'undetermined', 'auth-required', 'scram'],
    [
      'client certificate demanded inside TLS',
      error('28000', 'connection requires a valid client certificate'),
      noEncryption,
      'required',
      'auth-required',
      'client-cert',
    ],
  ];
  it.each(rows)('%s', async (_name, tls, plain, state, authState, rule) => {
    const seen = await visit(offersTls(tls, plain));
    expect({ tls: seen.tls.state, auth: seen.auth.state, rule: seen.rule }).toEqual({
      tls: state,
      auth: authState,
      rule: `postgres/${rule}`,
    });
    expect(seen.tls.facts).toEqual(PLAIN_TLS);
    expect(seen.opened).toBe(2);
  });

  it('sends the same two frames and the StartupMessage again in plaintext', async () => {
    const { written } = await visit(offersTls(SCRAM, SCRAM));
    expect(written).toEqual([`1:${SSL_REQUEST}`, `1:${STARTUP}`, `2:${STARTUP}`]);
  });

  it('says goodbye only to a session, once, and reads the version that was on its way', async () => {
    const seen = await visit(offersTls(SESSION, error('28000', NO_HBA)));
    expect(seen.written).toEqual([`1:${SSL_REQUEST}`, `1:${STARTUP}`, `1:${TERMINATE}`, `2:${STARTUP}`]);
    expect(seen.proto).toEqual({ state: 'match', confidence: 'firm', product: 'PostgreSQL', version: '15.18' });
  });

  it.each([
    ['redshift', '4a', 'database\0dev\0'],
    ['cockroachdb', '50', 'database\0defaultdb\0'],
    ['yugabytedb', '4f', 'database\0yugabyte\0'],
  ] as const)('asks %s for the database that every one of its kind has', async (engine, length, database) => {
    const { written } = await visit(plaintextOnly(SCRAM), engine);
    const sent = Buffer.from(written[1]?.slice(2) ?? '', 'hex');
    expect(sent.toString('hex').startsWith(`000000${length}00030000`)).toBe(true);
    expect(sent.readInt32BE(0)).toBe(sent.length);
    expect(sent.toString('latin1')).toContain(`user\0exposure_probe\0${database}`);
  });

  it.each([
    ['without TLS', plaintextOnly(error('28P01', 'password authentication failed for user exposure_probe'))],
    [
      'inside TLS',
      offersTls(
        error('28P01', 'password authentication failed for user exposure_probe'),
        error('08P01', 'node is running secure mode, SSL connection required'),
      ),
    ],
  ])('takes no word of CockroachDB on a role it does not have for authentication, %s', async (_name, connections) => {
    // handleAuthentication (pkg/sql/pgwire/auth.go) refuses an unknown role before it authenticates, --insecure too.
    expect(await visit(connections, 'cockroachdb')).toMatchObject({
      rule: 'postgres/unknown-role',
      proto: { product: 'CockroachDB' },
      auth: { state: 'undetermined' },
      proof: 1,
    });
  });

  it('takes the same SQLSTATE with the role in quotes for a proxy that demands a password', async () => {
    const seen = await visit(plaintextOnly(error('28P01', 'password authentication failed for user "exposure_probe"')));
    expect(seen).toMatchObject({ rule: 'postgres/password-error', auth: { state: 'auth-required' } });
  });

  it('reports CockroachDB by its own parameter', async () => {
    const reply = Buffer.concat([
      auth(0),
      parameter('server_version', '13.0.0'),
      parameter('crdb_version', 'v24.1.0'),
      message('Z', 'I'),
    ]);
    expect((await visit(plaintextOnly(reply))).proto).toMatchObject({ product: 'CockroachDB', version: 'v24.1.0' });
  });

  it('knows that a client certificate is demanded, from an error or from TLS itself', async () => {
    const byError = await visit(offersTls(error('28000', 'connection requires a valid client certificate'), SCRAM));
    expect(byError.tls.clientCert).toBe('required');
    const byTls = await visit([{ replies: [NONE, S], startTls: 'client-cert' }, { replies: [NONE, NONE] }]);
    expect(byTls).toMatchObject({ rule: 'postgres/tls-client-cert', auth: { state: 'auth-required' }, proof: 2 });
    expect(byTls.tls.clientCert).toBe('required');
  });

  it('never says that no client certificate is wanted before the first byte inside TLS', async () => {
    expect((await visit(offersTls(SCRAM, SCRAM))).tls.clientCert).toBe('no');
    expect((await visit(offersTls(NONE, SCRAM))).tls.clientCert).toBe('undetermined');
    const asked = await visit([{ replies: [NONE, S, SCRAM], clientCertRequested: true }, { replies: [NONE, SCRAM] }]);
    expect(asked.tls.clientCert).toBe('requested');
  });

  it.each(['plaintext', 'tls-refused', 'timeout', 'reset', 'closed'] as const)(
    'lets plaintext decide when the handshake after S ends with %s',
    async (reason) => {
      const seen = await visit([{ replies: [NONE, S], startTls: reason }, { replies: [NONE, TRUST] }]);
      expect(seen).toMatchObject({ rule: 'postgres/trust', tls: { state: 'undetermined' } });
      expect(seen.notes[0]).toContain(reason);
    },
  );
});

describe('what is not PostgreSQL, or not quite', () => {
  it('does not start TLS over bytes that came with the S', async () => {
    const seen = await visit([{ replies: [NONE, Buffer.concat([S, TRUST])] }, { replies: [NONE, SCRAM] }]);
    expect(seen).toMatchObject({ rule: 'postgres/scram', tls: { state: 'undetermined' } });
    expect(seen.notes[0]).toMatch(/injection/u);
    expect(seen.written).toEqual([`1:${SSL_REQUEST}`, `2:${STARTUP}`]);
  });

  it('asks in plaintext where SSLRequest was answered with an error, and starts no TLS', async () => {
    const seen = await visit([{ replies: [NONE, error('08P01', 'bad packet')] }, { replies: [NONE, TRUST] }]);
    expect(seen).toMatchObject({ rule: 'postgres/trust', tls: { state: 'undetermined' } });
    const old = await visit([{ replies: [NONE, Buffer.from('EUnsupported protocol\n\0')] }, 'refused']);
    expect(old).toMatchObject({ proto: { state: 'match', confidence: 'tentative' }, auth: { state: 'undetermined' } });
  });

  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'generic-http'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 'other'],
    ['Redis', '-ERR unknown command\r\n', 'other'],
  ])('calls %s what it is', async (_name, reply, state) => {
    const seen = await visit([{ replies: [NONE, Buffer.from(reply)] }]);
    expect(seen).toMatchObject({
      rule: 'postgres/foreign',
      proto: { state },
      auth: { state: 'undetermined' },
      proof: 0,
    });
    expect(seen.opened).toBe(1);
  });

  it.each([
    ['closed', 'accept-then-close'],
    ['reset', 'accept-then-close'],
    ['timeout', 'open-silent'],
  ] as const)('reports a peer that accepts and then answers SSLRequest with %s', async (end, l4) => {
    const seen = await visit([{ replies: [NONE], end }]);
    expect(seen).toMatchObject({ l4, rule: `postgres/${l4}`, auth: { state: 'undetermined' }, proof: 0 });
    expect(seen.opened).toBe(1);
  });

  it('leaves a first connection that was never accepted to the pipeline', async () => {
    await expect(visit(['refused'])).rejects.toMatchObject({ stage: 'connect', reason: 'refused' });
  });

  it('shows a server text only in printable form', async () => {
    const seen = await visit(plaintextOnly(error('XX000', '\x1b[31mred\x07')));
    expect(seen.notes.join()).not.toMatch(/[\x00-\x1f]/u);
    expect(seen.notes.join()).toContain('U+001B');
  });

  it('stops reading parameters that never end, which are no session', async () => {
    const flood = Buffer.concat([auth(0), ...Array.from({ length: 500 }, () => parameter('a', 'b'.repeat(1_000)))]);
    const seen = await visit(plaintextOnly(flood));
    expect(seen).toMatchObject({ rule: 'postgres/trust-unfinished', auth: { state: 'undetermined' }, proof: 1 });
    expect(seen.written.filter((w) => w.endsWith(TERMINATE))).toHaveLength(1);
  });
});

describe('half an answer is no proof', () => {
  const fixtures: readonly [string, Buffer, number][] = [
    ['trust', TRUST, TRUST.length],
    ['session', SESSION, SESSION.length - message('Z', 'I').length],
    ['scram', SCRAM, Number.POSITIVE_INFINITY],
    ['md5', auth(5, 'salt'), Number.POSITIVE_INFINITY],
    ['no entry', error('28000', NO_HBA), Number.POSITIVE_INFINITY],
  ];
  it.each(fixtures)('every prefix of %s', async (_name, reply, proofAt) => {
    for (let length = 0; length <= reply.length; length++) {
      for (const end of ['closed', 'reset', 'timeout'] as const) {
        const connections = [{ replies: [NONE, N, reply.subarray(0, length)], end }];
        const open = (await visit(connections)).auth.state === 'open-anonymous';
        expect(open, `${length} bytes, then ${end}`).toBe(length >= proofAt);
      }
    }
  });
});

describe('hostile bytes', () => {
  const parse = (bytes: Buffer): PgMessage | WireError => {
    try {
      const { tag, bodyLength } = messageHead(bytes.subarray(0, 5));
      return parseMessage(tag, bytes.subarray(5, 5 + bodyLength));
    } catch (caught) {
      if (caught instanceof WireError) return caught;
      throw caught;
    }
  };
  const fixtures = [SCRAM, NO_ROLE, auth(0), auth(5, 'salt'), parameter('a', 'b'), message('K', '12345678')];
  const mutated = fc
    .tuple(fc.constantFrom(...fixtures), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }))
    .map(([fixture, changes]) => {
      const copy = Buffer.from(fixture);
      for (const [at, byte] of changes) copy[at % copy.length] = byte;
      return copy;
    });
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b)),
    fc
      .tuple(fc.constantFrom('R', 'E', 'S', 'K', 'Z', 'N', 'v'), fc.uint8Array({ maxLength: 200 }))
      .map(([tag, body]) => message(tag, body)),
    mutated,
  );

  it('gives a message or a WireError', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        const said = parse(bytes);
        if (said instanceof WireError) return true;
        const verdict = interpretStartup({ messages: [said] }, false);
        return verdict.auth !== 'open-anonymous'; // one message alone never proves an open door
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws out of a visit', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, fc.boolean(), async (bytes, tls) => {
        const connections = tls ? offersTls(bytes, bytes) : [{ replies: [NONE, bytes] }, { replies: [NONE, bytes] }];
        const seen = await visit(connections);
        expect(seen.rule).toMatch(/^postgres\//u);
        expect(seen.opened).toBeLessThanOrEqual(postgres.maxConnections);
      }),
      { numRuns: 500 },
    );
  });
});
