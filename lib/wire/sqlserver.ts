import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/** TDS as far as PRELOGIN (MS-TDS 2.2.6.5; probes.md section 3.9): a packet's head, then options and where they stand. */

export const HEAD_BYTES = 8;
const RESPONSE = 0x04;
const VERSION = 0;
const ENCRYPTION = 1;
const TERMINATOR = 0xff;
const MAX_PACKET = 4_096;
const MAX_OPTIONS = 32;

/** What is said of encryption; a server that wants it says `required` to a client that cannot. */
const ENCRYPTIONS = ['off', 'on', 'not-supported', 'required'] as const;
export type Encryption = (typeof ENCRYPTIONS)[number];

/** Version, encryption, instance, thread and MARS, byte for byte as in the specification. */
export function prelogin(encryption: Encryption): Buffer {
  const options = '00001a0006 0100200001 0200210001 0300220004 0400260001 ff'.replaceAll(' ', '');
  const said = ENCRYPTIONS.indexOf(encryption).toString(16).padStart(2, '0');
  return Buffer.from(`1201002f00000100${options}110000000000${said}000000000000`, 'hex');
}

/** Bytes behind the head. One packet holds the whole answer. */
export function bodyBytes(head: Buffer): number {
  const reader = new Reader(head);
  const [type, status, length] = [reader.u8(), reader.u8(), reader.u16be()];
  // A PRELOGIN back is an echo of ours.
  if (type !== RESPONSE) throw new WireError('malformed', `packet of type ${type}`);
  if (status !== 1) throw new WireError('malformed', `an answer in several packets (${status})`);
  if (length <= HEAD_BYTES || length > MAX_PACKET) throw new WireError('limit', `packet of ${length} bytes`);
  return length - HEAD_BYTES;
}

/** Whether these bytes may be the start of an answer. */
export function isAnswerStart(head: Buffer): boolean {
  return head[0] === RESPONSE && (head.length < 2 || head[1] === 1);
}

export interface Prelogin {
  /** `major.minor.build`. */
  readonly version: string;
  /** By the year, where the major version is a release that we know. */
  readonly release: string | undefined;
  readonly encryption: Encryption;
}

const RELEASES: Readonly<Record<number, string>> = {
  17: '2025',
  16: '2022',
  15: '2019',
  14: '2017',
  13: '2016',
  12: '2014',
  11: '2012',
  10: '2008',
};

export function readPrelogin(body: Buffer): Prelogin {
  const options = new Map<number, Buffer>();
  const reader = new Reader(body);
  for (let n = 0; n <= MAX_OPTIONS; n++) {
    const token = reader.u8();
    if (token === TERMINATOR) return settled(options);
    const [offset, length] = [reader.u16be(), reader.u16be()];
    if (offset + length > body.length) throw new WireError('truncated', `option ${token} ends beyond the packet`);
    if (!options.has(token)) options.set(token, body.subarray(offset, offset + length));
  }
  throw new WireError('limit', `more than ${MAX_OPTIONS} options`);
}

function settled(options: ReadonlyMap<number, Buffer>): Prelogin {
  const [version, encryption] = [options.get(VERSION), options.get(ENCRYPTION)];
  if (version === undefined || version.length < 4 || encryption === undefined) {
    throw new WireError('malformed', 'no version, or no word on encryption');
  }
  // A client's certificate would be marked in the high bit.
  const said = ENCRYPTIONS[(encryption[0] ?? 0xff) & 0x7f];
  if (said === undefined) throw new WireError('malformed', `encryption ${encryption[0] ?? -1}`);
  const [major = 0, minor = 0] = version;
  return { version: `${major}.${minor}.${version.readUInt16BE(2)}`, release: RELEASES[major], encryption: said };
}
