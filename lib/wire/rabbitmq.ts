import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/** AMQP 0-9-1 as far as Connection.Start, which a broker sends before any authentication (probes.md section 4.1). Pure. */

export const PROTOCOL_HEADER: Buffer = Buffer.from('414d515000000901', 'hex');
/** Type, channel, size. */
export const FRAME_HEAD = 7;
const MAX_FRAME = 8 * 1024;
const MAX_PROPERTIES = 64;
const MAX_TEXT = 4 * 1024;
const FRAME_END = 0xce;

export interface Start {
  readonly product: string;
  readonly version: string;
  readonly mechanisms: readonly string[];
}

/** Bytes of payload and end mark behind a frame's head. */
export function frameLength(head: Buffer): number {
  const reader = new Reader(head);
  if (reader.u8() !== 1 || reader.u16be() !== 0) throw new WireError('malformed', 'not a method frame of channel 0');
  const size = reader.u32be();
  if (size > MAX_FRAME) throw new WireError('limit', `a first frame of ${size} bytes`);
  return size + 1;
}

/** The broker's own header, where it does not speak our version: eight bytes that begin with `AMQP`. */
export function isHeader(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === 'AMQP';
}

export function parseStart(frame: Buffer): Start {
  if (frame.at(-1) !== FRAME_END) throw new WireError('malformed', 'a frame without its end mark');
  const reader = new Reader(frame.subarray(0, -1));
  if (reader.u16be() !== 10 || reader.u16be() !== 10) throw new WireError('malformed', 'not Connection.Start');
  reader.skip(2); // version 0-9
  const properties = texts(new Reader(reader.take(reader.u32be())));
  const mechanisms = reader.take(reader.u32be()).toString('latin1').slice(0, 256);
  return {
    product: printable(properties.get('product') ?? '', 40),
    version: printable(properties.get('version') ?? '', 40),
    mechanisms: mechanisms.split(' ').filter((name) => /^[\w-]{1,40}$/u.test(name)),
  };
}

/** Texts at the top of a field table. What a value's type does not let us skip ends the reading. */
function texts(reader: Reader): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let n = 0; n < MAX_PROPERTIES && reader.remaining > 0; n++) {
    const name = reader.take(reader.u8()).toString('latin1');
    const type = String.fromCharCode(reader.u8());
    if (type === 'S') {
      const length = reader.u32be();
      const value = reader.take(length);
      if (length <= MAX_TEXT) found.set(name, value.toString('utf8'));
    } else if (type === 'F') reader.skip(reader.u32be());
    else if (type === 't') reader.skip(1);
    else if (type === 'I') reader.skip(4);
    else if (type === 'l' || type === 'T') reader.skip(8);
    else break;
  }
  return found;
}
