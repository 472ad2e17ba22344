import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/** TNS, Oracle's transport, as far as the answer to CONNECT (probes.md section 3.10). */

export const HEAD_BYTES = 8;
const REPLY_TYPES: Readonly<Record<number, TnsReply['kind']>> = {
  2: 'accept',
  4: 'refuse',
  5: 'redirect',
  11: 'resend',
};
const MAX_PACKET = 4_096;

const DESCRIPTOR =
  '(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=EXPOSURE-PROBE)(CID=(PROGRAM=exposure-probe)(HOST=probe)(USER=probe))))';
const HEAD =
  '00aa000001000000' + '0136012c000020007fff7f080000' + '0001' + '0070003a' + '00000000' + '0000' + '00'.repeat(24);
/** For a service that does not exist, its length exact: a listener waits for bytes that were announced. */
export const CONNECT = Buffer.concat([Buffer.from(HEAD, 'hex'), Buffer.from(DESCRIPTOR)]);

export interface TnsHead {
  readonly kind: TnsReply['kind'];
  readonly bodyBytes: number;
}

export function readHead(head: Buffer): TnsHead {
  const reader = new Reader(head);
  const length = reader.u16be();
  reader.skip(2);
  const kind = REPLY_TYPES[reader.u8()];
  if (kind === undefined) throw new WireError('malformed', 'not an answer to CONNECT');
  if (length < HEAD_BYTES || length > MAX_PACKET) throw new WireError('limit', `packet of ${length} bytes`);
  return { kind, bodyBytes: length - HEAD_BYTES };
}

/** Whether these bytes may be the start of an answer. */
export function isReplyStart(head: Buffer): boolean {
  return head[0] !== undefined && head[0] < MAX_PACKET >> 8 && (head.length < 5 || (head[4] ?? 0) in REPLY_TYPES);
}

export type TnsReply =
  | { readonly kind: 'refuse'; readonly code: number | undefined; readonly version: string | undefined }
  | { readonly kind: 'redirect'; readonly host: string }
  | { readonly kind: 'accept' }
  | { readonly kind: 'resend' };

/** Throws where an answer has no mark of TNS beyond its type. */
export function readBody(kind: TnsReply['kind'], body: Buffer): TnsReply {
  const reader = new Reader(body);
  switch (kind) {
    case 'refuse': {
      reader.skip(2); // reasons, the user's and the system's
      const text = reader.take(reader.u16be()).toString('latin1');
      const [code, number] = [/\(ERR=(\d{1,6})\)/u.exec(text)?.[1], /\(VSNNUM=(\d{1,10})\)/u.exec(text)?.[1]];
      if (code === undefined && number === undefined)
        throw new WireError('malformed', 'a refusal without ERR and VSNNUM');
      return { kind, code: code === undefined ? undefined : Number(code), version: versionOf(Number(number ?? 0)) };
    }
    case 'redirect': {
      const text = reader.take(reader.u16be()).toString('latin1');
      const host = /\(HOST=([^()]{1,255})\)/iu.exec(text)?.[1];
      if (host === undefined) throw new WireError('malformed', 'a redirect to nowhere');
      return { kind, host: printable(host, 100) };
    }
    case 'accept':
      reader.skip(16); // version, options, sizes, where its data is
      return { kind };
    case 'resend':
      if (body.length > 0) throw new WireError('malformed', 'a request to resend with something in it');
      return { kind };
  }
}

/** Up to 12.2 the parts have 8, 4, 8, 4 and 8 bits, from 18 on 8, 8, 4, 8 and 4. */
function versionOf(number: number): string | undefined {
  const major = Math.floor(number / 2 ** 24);
  if (major < 7 || major > 99) return undefined;
  const parts = major < 18 ? [number >> 20, number >> 12, number >> 8] : [number >> 16, number >> 12, number >> 4];
  const masks = major < 18 ? [0xf, 0xff, 0xf] : [0xff, 0xf, 0xff];
  return [major, ...parts.map((part, n) => part & (masks[n] ?? 0))].join('.');
}
