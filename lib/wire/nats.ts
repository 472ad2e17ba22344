import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import type { Reply } from './http-front.ts';
import { asObject, member, parseJson, textMember } from './json.ts';
import { parseBody } from './json-cut.ts';
import { amounts, MAX_ROWS, nameOf, type Row, type Rows, type Welcome } from './listing.ts';

/** NATS: its client protocol as far as PONG (docs.nats.io, "Client Protocol"), and its monitoring pages. Pure. */

export const LINE_END = '\r\n';
/** An INFO of a large cluster names the address of every server in it. */
export const MAX_LINE = 32 * 1024;

/** No user, no token, no key. Protocol 0: no further INFO is wanted. */
const CONNECT = {
  verbose: false,
  pedantic: false,
  tls_required: false,
  name: 'exposure-probe',
  lang: 'exposure-probe',
  version: '1',
  protocol: 0,
};
export const CONNECT_PING: Buffer = Buffer.from(`CONNECT ${JSON.stringify(CONNECT)}\r\nPING\r\n`);

export interface Info {
  readonly version: string;
  readonly authRequired: boolean;
  readonly tlsRequired: boolean;
  readonly tlsAvailable: boolean;
  /** A challenge to sign, where keys are taken: then no secret crosses the wire. */
  readonly hasNonce: boolean;
}

/** The server's first line; undefined where it is none of NATS. */
export function readInfo(line: Buffer): Info | undefined {
  const text = line.toString('utf8');
  const json = /^INFO\s/iu.test(text) ? parseJson(text.slice(5)) : undefined;
  const version = textMember(json, 'version');
  const isInfo = textMember(json, 'server_id') !== '' && typeof member(json, 'max_payload') === 'number';
  if (!isInfo || version === '') return undefined;
  return {
    version: printable(version, 40),
    authRequired: member(json, 'auth_required') === true,
    tlsRequired: member(json, 'tls_required') === true,
    tlsAvailable: member(json, 'tls_available') === true,
    hasNonce: textMember(json, 'nonce') !== '',
  };
}

/** What may come before the answer to our PING. */
export const MAX_LINES = 8;

export type Answer = { readonly kind: 'pong' } | { readonly kind: 'error'; readonly text: string };

/** The answer in a line; undefined where the line is about something else. */
export function readAnswer(line: Buffer): Answer | undefined {
  const text = line.toString('utf8').trimEnd();
  if (text === 'PONG') return { kind: 'pong' };
  const error = /^-ERR\s*'?(.*?)'?$/isu.exec(text)?.[1];
  if (error !== undefined) return { kind: 'error', text: printable(error, 100) };
  if (text === 'PING' || text === '+OK' || text.startsWith('INFO ')) return undefined;
  throw new WireError('malformed', 'no line of a NATS server');
}

/** `/varz`: the server's own state. It shows whether the server asks its clients for credentials, which it never does here. */
export function readVarz({ status, body }: Reply): Welcome | undefined {
  const json = status === 200 ? parseJson(body.toString('utf8')) : undefined;
  const version = textMember(json, 'version');
  const isVarz =
    textMember(json, 'server_id') !== '' &&
    typeof member(json, 'max_payload') === 'number' &&
    typeof member(json, 'total_connections') === 'number';
  return isVarz && version !== '' ? { markers: 2, version } : undefined;
}

/** `/jsz`: streams of every account. Undefined where it says nothing of accounts. */
export function readStreams(reply: Reply): Rows | undefined {
  const json = reply.status === 200 ? parseBody(reply, 4) : undefined;
  const accounts = member(json, 'account_details');
  if (!Array.isArray(accounts)) return asObject(json) === undefined ? undefined : { rows: [], truncated: false };
  const rows: Row[] = [];
  let truncated = reply.truncated;
  for (const account of accounts.slice(0, MAX_ROWS) as readonly unknown[]) {
    const streams = member(account, 'stream_detail');
    for (const stream of (Array.isArray(streams) ? streams : []) as readonly unknown[]) {
      const name = nameOf(member(stream, 'name'));
      if (rows.length === MAX_ROWS) truncated = true;
      else if (name !== undefined) {
        const [records, bytes] = [member(stream, 'state', 'messages'), member(stream, 'state', 'bytes')];
        rows.push({ name, ...amounts({ records, bytes }) });
      }
    }
  }
  return { rows, truncated: truncated || accounts.length > MAX_ROWS };
}
