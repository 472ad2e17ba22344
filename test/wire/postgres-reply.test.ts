/** What each answer to our StartupMessage means; whole visits are in test/probes/postgres.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  interpretStartup,
  isLast,
  isSession,
  STARTUP_ROWS,
  type StartupVerdict,
} from '../../lib/wire/postgres-reply.ts';
import type { PgMessage } from '../../lib/wire/postgres.ts';

describe('a conversation', () => {
  const [ok, key, ready] = [{ kind: 'auth', code: 0 }, { kind: 'key' }, { kind: 'ready' }] as const;
  const parameter = { kind: 'parameter', name: 'server_version', value: '16.1' } as const;
  const error = (sqlstate: string, text = 'no'): PgMessage => ({ kind: 'error', sqlstate, text });

  it('is over with an error, a request for a credential, or a session that is ready', () => {
    for (const last of [error('28000'), ready, { kind: 'auth', code: 3 } as const]) expect(isLast(last)).toBe(true);
    for (const other of [ok, key, parameter, { kind: 'notice' } as const]) expect(isLast(other)).toBe(false);
  });

  it('is a session only where something of one came after AuthenticationOk', () => {
    for (const of of [parameter, key, ready]) {
      expect(isSession([ok, of])).toBe(true);
      expect(isSession([of, ok])).toBe(false);
      expect(isSession([{ kind: 'auth', code: 3 }, of])).toBe(false);
      expect(isSession([of])).toBe(false);
    }
    expect(isSession([ok, error('28000')])).toBe(false);
    expect(isSession([ok])).toBe(false);
  });

  const came = (over: Partial<StartupVerdict>): StartupVerdict =>
    ({ proof: 1, auth: 'undetermined', stance: 'unclear', parsed: true, notes: [], ...over }) as StartupVerdict;
  const required = { auth: 'auth-required', proof: 2, stance: 'admits' } as const;

  it.each<[string, readonly PgMessage[], Partial<StartupVerdict>]>([
    ['nothing', [], { row: 'cut-short', proof: 0, parsed: false, notes: ['the answer ended early: closed'] }],
    ['a notice alone', [{ kind: 'notice' }], { row: 'cut-short', proof: 0, notes: ['the answer ended early: closed'] }],
    ['a key first', [key], { row: 'out-of-order', notes: ['the answer ended early: closed'] }],
    [
      'AuthenticationOk alone',
      [ok],
      { row: 'trust-unfinished', notes: ['AuthenticationOk and nothing after it', 'the answer ended early: closed'] },
    ],
    ['AuthenticationOk twice', [ok, ok], { row: 'out-of-order', notes: ['the answer ended early: closed'] }],
    [
      'parameters and no session',
      [ok, parameter],
      { row: 'trust-unfinished', notes: ['AuthenticationOk, and no session', 'the answer ended early: closed'] },
    ],
    [
      'a session that says its version',
      [{ kind: 'negotiate' }, ok, parameter, key],
      {
        row: 'trust-session',
        auth: 'open-anonymous',
        proof: 3,
        stance: 'admits',
        version: '16.1',
        notes: ['a session started for a role that should not exist; server version 16.1'],
      },
    ],
    [
      'a session that does not',
      [ok, ready],
      {
        row: 'trust-session',
        auth: 'open-anonymous',
        proof: 3,
        stance: 'admits',
        notes: ['a session started for a role that should not exist; server version not said'],
      },
    ],
    ...(['28000', '3D000', '42501', '53300', '57P03'] as const).map(
      (sqlstate): [string, readonly PgMessage[], Partial<StartupVerdict>] => [
        `AuthenticationOk, then ${sqlstate}`,
        [ok, error(sqlstate)],
        {
          row: 'trust',
          auth: 'open-anonymous',
          proof: 2,
          stance: 'admits',
          notes: [`AuthenticationOk without a credential, then ${sqlstate} no`],
        },
      ],
    ),
    [
      'AuthenticationOk, then any other error',
      [ok, error('XX000')],
      { row: 'trust-unclear', notes: ['AuthenticationOk without a credential, then XX000 no'] },
    ],
    [
      'md5',
      [{ kind: 'auth', code: 5 }],
      { row: 'md5', auth: 'auth-weak', proof: 2, stance: 'admits', weakness: 'legacy-hash' },
    ],
    [
      'SASL without a list',
      [{ kind: 'auth', code: 10 }],
      { ...required, row: 'sasl-other', notes: ['code 10 without a list of mechanisms: openGauss?'] },
    ],
    [
      'SASL',
      [{ kind: 'auth', code: 10, mechanisms: ['A', 'B'] }],
      { ...required, row: 'scram', notes: ['mechanisms: A B'] },
    ],
    ...([7, 8, 9, 11, 12] as const).map((code): [string, readonly PgMessage[], Partial<StartupVerdict>] => [
      `authentication ${code}`,
      [{ kind: 'auth', code }],
      { ...required, row: code < 9 ? 'gss' : code === 9 ? 'sspi' : 'sasl-continue' },
    ]),
    ...([13, 14] as const).map((code): [string, readonly PgMessage[], Partial<StartupVerdict>] => [
      `authentication ${code}`,
      [{ kind: 'auth', code }],
      { ...required, row: 'redshift', product: 'Redshift' },
    ]),
    [
      'an authentication that is in no table',
      [{ kind: 'auth', code: 99 }],
      { row: 'auth-unlisted', notes: ['authentication request 99'] },
    ],
    ['too many connections', [error('53300')], { row: 'busy', notes: ['53300 no'] }],
    ['starting up', [error('57P03')], { row: 'busy', notes: ['57P03 no'] }],
    [
      'a client certificate',
      [error('28000', 'connection requires a valid client certificate')],
      {
        ...required,
        row: 'client-cert',
        clientCertRequired: true,
        notes: ['28000 connection requires a valid client certificate'],
      },
    ],
    [
      'a client certificate in another code',
      [error('28001', 'connection requires a valid client certificate')],
      { row: 'error', notes: ['28001 connection requires a valid client certificate'] },
    ],
    [
      'a rule in another code',
      [error('28001', 'pg_hba.conf rejects connection')],
      { row: 'error', notes: ['28001 pg_hba.conf rejects connection'] },
    ],
    [
      'the role, in the words of CockroachDB',
      [error('28P01', 'password authentication failed for user exposure_probe')],
      {
        row: 'unknown-role',
        product: 'CockroachDB',
        notes: ['28P01 password authentication failed for user exposure_probe'],
      },
    ],
    [
      'those words in another code',
      [error('28P02', 'failed for user exposure_probe')],
      { row: 'error', notes: ['28P02 failed for user exposure_probe'] },
    ],
    ['a password', [error('28P01')], { ...required, row: 'password-error', notes: ['28P01 no'] }],
    ['a protocol violation', [error('08P01')], { row: 'pooler', product: 'PgBouncer', notes: ['08P01 no'] }],
    [
      'no such user',
      [error('3D000', 'No such user')],
      { row: 'pooler', product: 'PgBouncer', notes: ['3D000 No such user'] },
    ],
    ['any other error', [error('XX000')], { row: 'error', notes: ['XX000 no'] }],
  ])('inside TLS, of %s', (_name, messages, verdict) => {
    expect(interpretStartup({ messages, cut: 'closed' }, true)).toStrictEqual(came(verdict));
    expect(Object.keys(STARTUP_ROWS)).toContain(verdict.row);
    const whole = interpretStartup({ messages }, true);
    expect(whole.notes).toEqual((verdict.notes ?? []).filter((note) => !note.startsWith('the answer ended early')));
  });

  it('prefers what CockroachDB says of its own version', () => {
    const own = { kind: 'parameter', name: 'crdb_version', value: 'v24' } as const;
    expect(interpretStartup({ messages: [ok, parameter, own, ready] }, true)).toMatchObject({
      product: 'CockroachDB',
      version: 'v24',
    });
  });

  it('about the password itself is weak in clear, and as it should be inside TLS', () => {
    const messages: readonly PgMessage[] = [{ kind: 'auth', code: 3 }];
    expect(interpretStartup({ messages }, false)).toEqual(
      came({ row: 'cleartext', auth: 'auth-weak', proof: 2, stance: 'admits', weakness: 'cleartext' }),
    );
    expect(interpretStartup({ messages }, true)).toEqual(
      came({ ...required, row: 'cleartext', notes: ['asks for the password itself, inside TLS'] }),
    );
  });

  it.each([
    ['hba-reject', 'source-acl', '28000', 'pg_hba.conf rejects connection'],
    ['no-hba-entry', 'source-acl', '28000', 'no pg_hba.conf entry'],
  ])(
    'refused by rule (%s) turns away this transport in clear, and says less inside TLS',
    (row, auth, sqlstate, text) => {
      const messages = [error(sqlstate, text)];
      expect(interpretStartup({ messages }, false)).toMatchObject({ row, auth, proof: 1, stance: 'refuses' });
      expect(interpretStartup({ messages }, true)).toMatchObject({ row, auth, proof: 1, stance: 'unclear' });
    },
  );

  it.each([
    'SSL connection is required',
    'TLS is required',
    'server requires SSL',
    'this server requires some kind of TLS',
    'this host require TLS',
    'connection is insecure',
    `SSL${' '.repeat(40)}required`,
  ])('that says "%s" in clear demands TLS, and nothing of the kind inside it', (text) => {
    const messages = [error('XX000', text)];
    expect(interpretStartup({ messages }, false)).toEqual(
      came({ row: 'tls-demanded', stance: 'refuses', notes: [`XX000 ${text}`] }),
    );
    expect(interpretStartup({ messages }, true).row).toBe('error');
  });

  it.each(['SSLX is required', 'tls was not acquired', 'requires a password', `SSL${' '.repeat(41)}required`])(
    'that says "%s" does not',
    (text) => {
      expect(interpretStartup({ messages: [error('XX000', text)] }, false).row).toBe('error');
    },
  );

  it('is told by every row in words', () => {
    for (const [row, words] of Object.entries(STARTUP_ROWS)) expect(words, row).toMatch(/^[A-Za-z].{5,}/u);
  });
});
