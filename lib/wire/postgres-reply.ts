import type { PgMessage } from './postgres.ts';

/** What the answer to our StartupMessage means, row by row (probes.md section 3.2). Pure. */

/** What one connection said, and what cut it short. */
export interface StartupReply {
  readonly messages: readonly PgMessage[];
  readonly cut?: string;
}

/** Nothing that could change the verdict follows: stop reading. */
export function isLast(message: PgMessage): boolean {
  return message.kind === 'error' || message.kind === 'ready' || (message.kind === 'auth' && message.code !== 0);
}

/** AuthenticationOk and then something that only a session gets: say goodbye at once. */
export function isSession(messages: readonly PgMessage[]): boolean {
  const ok = messages.findIndex((m) => m.kind === 'auth' && m.code === 0);
  return ok >= 0 && messages.slice(ok).some((m) => m.kind === 'parameter' || m.kind === 'key' || m.kind === 'ready');
}

export interface StartupVerdict {
  readonly row: string;
  readonly auth: 'open-anonymous' | 'auth-weak' | 'auth-required' | 'source-acl' | 'undetermined';
  readonly weakness?: 'cleartext' | 'legacy-hash';
  readonly proof: 0 | 1 | 2 | 3;
  /** Whether this transport got as far as authentication, or was turned away before it. */
  readonly stance: 'admits' | 'refuses' | 'unclear';
  /** At least one well-formed message came. */
  readonly parsed: boolean;
  readonly clientCertRequired?: boolean;
  readonly product?: string;
  readonly version?: string;
  /** Not yet escaped: the probe shows them through `printable`. */
  readonly notes: readonly string[];
}

/** SQLSTATEs that come after authentication: no such role, no such database, no CONNECT, full, starting up. */
const AFTER_AUTHENTICATION = new Set(['28000', '3D000', '42501', '53300', '57P03']);
const TLS_DEMANDED = /\b(?:SSL|TLS)\b.{0,40}\brequired\b|\brequires?\b.{0,20}\b(?:SSL|TLS)\b|connection is insecure/iu;

/** `encrypted`: the reply came inside TLS. */
export function interpretStartup(reply: StartupReply, encrypted: boolean): StartupVerdict {
  const [first, second] = reply.messages.filter((m) => m.kind !== 'notice' && m.kind !== 'negotiate');
  const cut = reply.cut === undefined ? [] : [`the answer ended early: ${reply.cut}`];
  if (first === undefined)
    return { ...verdict('cut-short', 'undetermined', 0), parsed: reply.messages.length > 0, notes: cut };
  if (first.kind === 'error') return refusal(first, encrypted);
  if (first.kind !== 'auth') return { ...verdict('out-of-order', 'undetermined', 1), notes: cut };
  if (first.code !== 0) return challenge(first, encrypted);
  if (second === undefined) {
    return {
      ...verdict('trust-unfinished', 'undetermined', 1),
      notes: ['AuthenticationOk and nothing after it', ...cut],
    };
  }
  if (second.kind === 'error') return afterOk(second);
  if (second.kind === 'auth') return { ...verdict('out-of-order', 'undetermined', 1), notes: cut };
  // A tarpit goes on with parameters for ever; a session has a key, or is ready.
  if (!reply.messages.some(({ kind }) => kind === 'key' || kind === 'ready')) {
    return { ...verdict('trust-unfinished', 'undetermined', 1), notes: ['AuthenticationOk, and no session', ...cut] };
  }
  return session(reply.messages);
}

/** What each row of probes.md section 3.2 says, for people. */
export const STARTUP_ROWS: Readonly<Record<string, string>> = {
  trust: 'AuthenticationOk without a credential: a stranger is let in',
  'trust-session': 'a session started without a credential',
  'trust-unfinished': 'AuthenticationOk, and then nothing that confirms it',
  'trust-unclear': 'AuthenticationOk, then an error that does not confirm it',
  cleartext: 'asks for the password itself',
  md5: 'asks for an md5 hash of the password, which is legacy even inside TLS',
  scram: 'asks for SCRAM',
  'sasl-other': 'asks for SASL without a list of mechanisms',
  'sasl-continue': 'goes on with a SASL exchange that was not begun',
  gss: 'asks for Kerberos',
  sspi: 'asks for SSPI',
  redshift: 'asks for credentials in the words of Redshift',
  'auth-unlisted': 'an authentication request that is not in the table',
  'client-cert': 'a client certificate is demanded by pg_hba',
  'tls-client-cert': 'the TLS handshake demands a client certificate',
  'hba-reject': 'a rule rejects our address, role and database',
  'no-hba-entry': 'no rule admits our address, role and database',
  'tls-demanded': 'plaintext is turned away before authentication',
  busy: 'starting up, or without a connection to spare',
  'password-error': 'refused a password before any was given: a proxy that demands one',
  'unknown-role': 'CockroachDB refuses a role it does not have in the same words with authentication on and off',
  pooler: 'PgBouncer, in its own words',
  error: 'an error that says nothing on authentication',
  'out-of-order': 'messages in an order the protocol does not have',
  'cut-short': 'the reply broke off before it said anything on authentication',
};

function verdict(row: string, auth: StartupVerdict['auth'], proof: StartupVerdict['proof']): StartupVerdict {
  const admits = auth === 'open-anonymous' || auth === 'auth-weak' || auth === 'auth-required';
  return { row, auth, proof, stance: admits ? 'admits' : 'unclear', parsed: true, notes: [] };
}

function challenge(message: PgMessage & { kind: 'auth' }, encrypted: boolean): StartupVerdict {
  switch (message.code) {
    case 3:
      return encrypted
        ? { ...verdict('cleartext', 'auth-required', 2), notes: ['asks for the password itself, inside TLS'] }
        : { ...verdict('cleartext', 'auth-weak', 2), weakness: 'cleartext' };
    case 5:
      return { ...verdict('md5', 'auth-weak', 2), weakness: 'legacy-hash' };
    case 10:
      return message.mechanisms === undefined
        ? { ...verdict('sasl-other', 'auth-required', 2), notes: ['code 10 without a list of mechanisms: openGauss?'] }
        : { ...verdict('scram', 'auth-required', 2), notes: [`mechanisms: ${message.mechanisms.join(' ')}`] };
    case 7:
    case 8:
      return verdict('gss', 'auth-required', 2);
    case 9:
      return verdict('sspi', 'auth-required', 2);
    case 11:
    case 12:
      return verdict('sasl-continue', 'auth-required', 2);
    case 13:
    case 14:
      return { ...verdict('redshift', 'auth-required', 2), product: 'Redshift' };
    default:
      return { ...verdict('auth-unlisted', 'undetermined', 1), notes: [`authentication request ${message.code}`] };
  }
}

/** An error before any authentication message. The server may speak another language: rows lean on SQLSTATE first. */
function refusal({ sqlstate, text }: PgMessage & { kind: 'error' }, encrypted: boolean): StartupVerdict {
  const notes = [`${sqlstate} ${text}`];
  const stance = encrypted ? 'unclear' : 'refuses';
  if (sqlstate === '28000' && /valid client certificate/iu.test(text)) {
    return { ...verdict('client-cert', 'auth-required', 2), clientCertRequired: true, notes };
  }
  // Explicit `reject` rule, or none that admits our address, role and database: silent on other roles.
  if (sqlstate === '28000' && /pg_hba\.conf rejects/iu.test(text)) {
    return { ...verdict('hba-reject', 'source-acl', 1), stance, notes };
  }
  if (sqlstate === '28000' && /pg_hba/iu.test(text)) {
    return { ...verdict('no-hba-entry', 'source-acl', 1), stance, notes };
  }
  if (!encrypted && TLS_DEMANDED.test(text)) {
    return { ...verdict('tls-demanded', 'undetermined', 1), stance: 'refuses', notes };
  }
  if (sqlstate === '53300' || sqlstate === '57P03') return { ...verdict('busy', 'undetermined', 1), notes };
  // CockroachDB says so of any role it does not have, whatever it demands of those it has, even started --insecure; it
  // does not quote the role, as everybody else does.
  if (sqlstate === '28P01' && /for user exposure_probe\b/u.test(text)) {
    return { ...verdict('unknown-role', 'undetermined', 1), product: 'CockroachDB', notes };
  }
  // PostgreSQL sends it only after a password; proxies send it at once. Either way it demands one.
  if (sqlstate === '28P01') return { ...verdict('password-error', 'auth-required', 2), notes };
  if (sqlstate === '08P01' || /no such (?:database|user)/iu.test(text)) {
    return { ...verdict('pooler', 'undetermined', 1), product: 'PgBouncer', notes };
  }
  return { ...verdict('error', 'undetermined', 1), notes };
}

/** AuthenticationOk, then an error: the door was open, the role we made up was not behind it. */
function afterOk({ sqlstate, text }: PgMessage & { kind: 'error' }): StartupVerdict {
  const notes = [`AuthenticationOk without a credential, then ${sqlstate} ${text}`];
  if (AFTER_AUTHENTICATION.has(sqlstate)) return { ...verdict('trust', 'open-anonymous', 2), notes };
  return { ...verdict('trust-unclear', 'undetermined', 1), notes };
}

function session(messages: readonly PgMessage[]): StartupVerdict {
  const parameters = new Map(messages.flatMap((m) => (m.kind === 'parameter' ? [[m.name, m.value] as const] : [])));
  const cockroach = parameters.get('crdb_version');
  const version = cockroach ?? parameters.get('server_version');
  return {
    ...verdict('trust-session', 'open-anonymous', 3),
    ...(cockroach === undefined ? {} : { product: 'CockroachDB' }),
    ...(version === undefined ? {} : { version }),
    notes: [`a session started for a role that should not exist; server version ${version ?? 'not said'}`],
  };
}
