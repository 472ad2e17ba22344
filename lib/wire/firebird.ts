import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/** Firebird's protocol as far as the answer to op_connect (probes.md section 4.18). Numbers and strings are XDR's. Pure. */

const OP = {
  connect: 1,
  accept: 3,
  reject: 4,
  response: 9,
  attach: 19,
  continueAuth: 92,
  acceptData: 94,
  condAccept: 98,
};
const CONNECT_VERSION = 3;
const GENERIC = 1;
/** Firebird 1 to 2.5, and 3 and later. */
const PROTOCOLS: readonly number[] = [10, 0x8000 | 13];

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int(value.length), Buffer.from(value), Buffer.alloc(-value.length & 3)]);
}

/** A database that does not exist, and nobody who asks for it: no user, no list of ways to log in. */
export const CONNECT: Buffer = Buffer.concat([
  ...[OP.connect, OP.attach, CONNECT_VERSION, GENERIC].map(int),
  text('exposure-probe'),
  int(PROTOCOLS.length),
  text(''),
  ...PROTOCOLS.flatMap((protocol, nth) => [protocol, GENERIC, 0, 5, 2 * (nth + 1)].map(int)),
]);

export type FirebirdReply =
  /** Nobody was named, so the server asks who it is. */
  | { readonly kind: 'continue-auth' }
  /** A protocol was agreed on; a login comes with the attachment. */
  | { readonly kind: 'accept'; readonly protocol: number }
  | { readonly kind: 'reject' }
  | { readonly kind: 'error'; readonly code: number };

/** Whether these bytes may be the start of an answer: the number of an operation. */
export function isReplyStart(head: Buffer): boolean {
  const known: readonly number[] = Object.values(OP);
  return head.subarray(0, 3).every((byte) => byte === 0) && (head.length < 4 || known.includes(head[3] ?? 0));
}

const MAX_STRING = 4_096;
const ARG_GDS = 1;

/** `take` hands over exactly as many bytes as it is asked for. What follows the part that is read is left. */
export async function readReply(take: (count: number) => Promise<Buffer>): Promise<FirebirdReply> {
  const number = async (): Promise<number> => new Reader(await take(4)).u32be();
  const string = async (): Promise<void> => {
    const length = await number();
    if (length > MAX_STRING) throw new WireError('limit', `string of ${length} bytes`);
    await take(length + (-length & 3));
  };
  const operation = await number();
  switch (operation) {
    case OP.reject:
      return { kind: 'reject' };
    case OP.continueAuth:
      // What the server has to say, the way to log in, all ways there are, and keys.
      for (let n = 0; n < 4; n++) await string();
      return { kind: 'continue-auth' };
    case OP.accept:
    case OP.acceptData:
    case OP.condAccept: {
      const [protocol, architecture] = [await number(), await number()];
      await number();
      if (!PROTOCOLS.includes(protocol & 0xffff) || architecture !== GENERIC) {
        throw new WireError('malformed', 'accepts what was not offered');
      }
      return { kind: 'accept', protocol: protocol & 0x7fff };
    }
    case OP.response: {
      await take(12);
      await string();
      const [argument, code] = [await number(), await number()];
      if (argument !== ARG_GDS || code >>> 24 !== 0x14) throw new WireError('malformed', 'no status of Firebird');
      return { kind: 'error', code };
    }
    default:
      throw new WireError('malformed', `operation ${operation}`);
  }
}
