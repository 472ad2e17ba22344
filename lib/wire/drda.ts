import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/** DRDA, what Db2 and Derby speak, as far as the exchange of server attributes (probes.md section 4.18). Text is EBCDIC. */

/** Our name, a release level and a server's name, all but the first of two characters. No level of any manager is asked for. */
export const EXCSAT = Buffer.from(
  '0020d0010001' + '001a1041' + '000a115e85a79796a2a4' + '0006115af140' + '0006116d40c0',
  'hex',
);

export const HEAD_BYTES = 6;
const DDM = 0xd0;
const MAX_REPLY = 4_096;

/** Bytes behind the head of a reply, which names our request. */
export function bodyBytes(head: Buffer): number {
  const reader = new Reader(head);
  const [length, magic, format, named] = [reader.u16be(), reader.u8(), reader.u8(), reader.u16be()];
  // The low half of the format is the kind: 2 is a reply. A chain may follow it, which nobody reads.
  if (magic !== DDM || (format & 0x0f) !== 2) throw new WireError('malformed', 'not a DRDA reply');
  if (named !== 1) throw new WireError('malformed', `reply to ${named}, not to 1`);
  if (length < HEAD_BYTES + 4 || length > MAX_REPLY) throw new WireError('limit', `reply of ${length} bytes`);
  return length - HEAD_BYTES;
}

/** Whether these bytes may be the start of a reply. */
export function isReplyStart(head: Buffer): boolean {
  return (head[0] ?? 0xff) < MAX_REPLY >> 8 && (head.length < 3 || head[2] === DDM);
}

export type DrdaReply =
  | { readonly kind: 'attributes'; readonly product: string; readonly release: string }
  /** A code point that says the command was not to its taste. */
  | { readonly kind: 'refused'; readonly code: number };

const EXCSATRD = 0x1443;
const SERVER_CLASS = 0x1147;
const SERVER_RELEASE = 0x115a;
/** Syntax, a check that failed, no authority, a level of a manager, a value that is not supported. */
const REFUSALS: ReadonlySet<number> = new Set([0x124c, 0x1254, 0x121c, 0x1210, 0x1252]);
const MAX_PARAMETERS = 32;

export function readReply(body: Buffer): DrdaReply {
  const reader = new Reader(body);
  const length = reader.u16be();
  const code = reader.u16be();
  if (REFUSALS.has(code)) return { kind: 'refused', code };
  if (code !== EXCSATRD || length < 4) throw new WireError('malformed', `code point ${code.toString(16)}`);
  const parameters = parametersOf(new Reader(reader.take(length - 4)));
  const [product, release] = [SERVER_CLASS, SERVER_RELEASE].map((wanted) => shown(parameters.get(wanted)));
  if (product === undefined || product === '') throw new WireError('malformed', 'attributes without a class of server');
  return { kind: 'attributes', product, release: release ?? '' };
}

function parametersOf(reader: Reader): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let n = 0; reader.remaining > 0; n++) {
    if (n >= MAX_PARAMETERS) throw new WireError('limit', `more than ${MAX_PARAMETERS} parameters`);
    const [length, code] = [reader.u16be(), reader.u16be()];
    if (length < 4) throw new WireError('malformed', `parameter of ${length} bytes`);
    found.set(code, reader.take(length - 4));
  }
  return found;
}

function shown(bytes: Buffer | undefined): string {
  return printable([...(bytes ?? [])].map((byte) => EBCDIC.get(byte) ?? '?').join(''), 60);
}

/** The characters that all EBCDIC code pages agree on. */
const EBCDIC: ReadonlyMap<number, string> = new Map(
  (
    [
      [0x40, ' '],
      [0x4b, '.'],
      [0x4d, '('],
      [0x5d, ')'],
      [0x60, '-/'],
      [0x6b, ','],
      [0x6d, '_'],
      [0x7a, ':'],
      [0x81, 'abcdefghi'],
      [0x91, 'jklmnopqr'],
      [0xa2, 'stuvwxyz'],
      [0xc1, 'ABCDEFGHI'],
      [0xd1, 'JKLMNOPQR'],
      [0xe2, 'STUVWXYZ'],
      [0xf0, '0123456789'],
    ] as const
  ).flatMap(([first, characters]) => characters.split('').map((c, n) => [first + n, c] as const)),
);
