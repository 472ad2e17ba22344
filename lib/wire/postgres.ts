import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/** PostgreSQL frontend/backend protocol 3.0, as far as one can get without a credential. */

export const SSL_REQUEST: Buffer = Buffer.from('0000000804d2162f', 'hex');
/** A role that does not exist, so that even `trust` never gives us a session (probes.md section 3.2). */
export function startupFor(database: string): Buffer {
  return startup(['user', 'exposure_probe', 'database', database, 'application_name', 'exposure-probe']);
}
export const TERMINATE: Buffer = Buffer.from('5800000004', 'hex');

/** Body of one message; the longest we need is an error with a few lines of text. */
export const MAX_BODY = 8 * 1024;
const MAX_FIELDS = 32;
const MAX_TEXT = 2_048;
const MAX_MECHANISMS = 8;

export type PgMessage =
  | { readonly kind: 'auth'; readonly code: number; readonly mechanisms?: readonly string[] }
  | { readonly kind: 'error'; readonly sqlstate: string; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string; readonly value: string }
  /** BackendKeyData or ReadyForQuery: the server holds a session for us. */
  | { readonly kind: 'key' | 'ready' }
  /** NoticeResponse or NegotiateProtocolVersion: read on. */
  | { readonly kind: 'notice' | 'negotiate' };

/** The five bytes before every message. The length counts itself. */
export function messageHead(head: Buffer): { readonly tag: string; readonly bodyLength: number } {
  const reader = new Reader(head);
  const tag = String.fromCharCode(reader.u8());
  const bodyLength = reader.u32be() - 4;
  if (bodyLength < 0) throw new WireError('malformed', `message ${tag} is shorter than its own length field`);
  if (bodyLength > MAX_BODY) throw new WireError('limit', `message ${tag} of ${bodyLength} bytes`);
  return { tag, bodyLength };
}

/** One message that may arrive before a client has authenticated. Any other is WireError `malformed`. */
export function parseMessage(tag: string, body: Buffer): PgMessage {
  switch (tag) {
    case 'R':
      return parseAuthentication(body);
    case 'E':
      return parseError(body);
    case 'S':
      return parseParameter(body);
    case 'K':
      // 4 bytes of process id and the secret: 4 bytes, up to 256 from protocol 3.2 on.
      return sized(body.length >= 8 && body.length <= 260, { kind: 'key' });
    case 'Z':
      return sized(body.length === 1, { kind: 'ready' });
    case 'N':
      return { kind: 'notice' };
    case 'v':
      return sized(body.length >= 8, { kind: 'negotiate' });
    default:
      throw new WireError('malformed', 'not a message that comes before authentication');
  }
}

function parseAuthentication(body: Buffer): PgMessage {
  const reader = new Reader(body);
  const code = reader.i32be();
  switch (code) {
    case 0:
    case 3:
      return sized(reader.remaining === 0, { kind: 'auth', code });
    case 5:
      return sized(reader.remaining === 4, { kind: 'auth', code });
    case 10: {
      const mechanisms = readMechanisms(reader);
      return mechanisms === undefined ? { kind: 'auth', code } : { kind: 'auth', code, mechanisms };
    }
    default:
      return { kind: 'auth', code };
  }
}

/** Undefined where the list is not one: openGauss puts a payload of its own behind code 10. */
function readMechanisms(reader: Reader): readonly string[] | undefined {
  const mechanisms: string[] = [];
  try {
    while (mechanisms.length <= MAX_MECHANISMS) {
      const name = reader.cstring(64);
      if (name === '') return mechanisms.length > 0 && reader.remaining === 0 ? mechanisms : undefined;
      if (!/^[A-Z0-9_-]+$/u.test(name)) return undefined;
      mechanisms.push(name);
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  return undefined;
}

function parseError(body: Buffer): PgMessage {
  const reader = new Reader(body);
  let sqlstate = '';
  let text = '';
  for (let n = 0; n < MAX_FIELDS; n++) {
    const field = reader.u8();
    if (field === 0) {
      if (!/^[0-9A-Z]{5}$/u.test(sqlstate)) throw new WireError('malformed', 'error without an SQLSTATE');
      return { kind: 'error', sqlstate, text };
    }
    const value = reader.cstring(MAX_TEXT);
    if (field === 0x43) sqlstate = value;
    if (field === 0x4d) text = value;
  }
  throw new WireError('limit', `error with more than ${MAX_FIELDS} fields`);
}

function parseParameter(body: Buffer): PgMessage {
  const reader = new Reader(body);
  const name = reader.cstring(MAX_TEXT);
  const value = reader.cstring(MAX_TEXT);
  return sized(reader.remaining === 0 && name !== '', { kind: 'parameter', name, value });
}

function sized(fits: boolean, message: PgMessage): PgMessage {
  if (!fits) throw new WireError('malformed', `${message.kind} message of an impossible length`);
  return message;
}

function startup(pairs: readonly string[]): Buffer {
  const body = Buffer.from(`${pairs.join('\0')}\0\0`, 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.writeUInt32BE(0x00030000, 4);
  return Buffer.concat([head, body]);
}
