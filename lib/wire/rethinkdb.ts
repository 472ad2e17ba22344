import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import type { Reply } from './http-front.ts';
import { member, parseJson, textMember } from './json.ts';
import { type Listed, unlessRefused, type Welcome } from './listing.ts';

/** RethinkDB: its drivers' handshake as far as the first answer, and its web interface (probes.md section 4.12). Pure. */

/** V1_0. What follows it would be a login. */
export const HANDSHAKE: Buffer = Buffer.from('c3bdc234', 'hex');
export const END = '\0';
export const MAX_ANSWER = 4_096;

export type Handshake =
  | { readonly kind: 'handshake'; readonly version: string }
  /** A server before 2.3 says in words that it does not know this version of the protocol. */
  | { readonly kind: 'old-version' };

/** The answer to the handshake, its NUL included, or WireError. */
export function readHandshake(bytes: Buffer): Handshake {
  const text = bytes.toString('utf8').replace(/\0$/u, '');
  if (/^ERROR: .{0,200}RethinkDB/isu.test(text)) return { kind: 'old-version' };
  const json = parseJson(text);
  const version = textMember(json, 'server_version');
  if (typeof member(json, 'min_protocol_version') !== 'number' || version === '') {
    throw new WireError('malformed', 'no handshake of RethinkDB');
  }
  return { kind: 'handshake', version: printable(version, 40) };
}

/** Whether these bytes may be the start of an answer. */
export function isHandshakeStart(head: Buffer): boolean {
  return head[0] === 0x7b || 'ERROR: '.startsWith(head.toString('latin1', 0, 7));
}

/** The page of the web interface. */
export function readInterface({ status, body }: Reply): Welcome | undefined {
  const isTitled = /<title>RethinkDB Administration Console<\/title>/iu.test(body.toString('utf8'));
  return status === 200 && isTitled ? { markers: 1, version: '' } : undefined;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** Which server the interface talks to: its id alone, or an object that has it. */
export function readMe(reply: Reply): Listed {
  return unlessRefused(reply, () => {
    const json = parseJson(reply.body.toString('utf8'));
    const id = typeof json === 'string' ? json : textMember(json, 'id');
    return UUID.test(id) ? { rows: [], truncated: false } : undefined;
  });
}
