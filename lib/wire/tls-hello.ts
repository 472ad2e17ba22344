/**
 * The hello of a client that knows no TLS after 1.1 (RFC 4346), and what a server makes of it (probes.md section 7). Nothing is
 * negotiated and no key is made: the server's own flight, up to its end, is the proof that it takes such clients.
 */
import { Reader } from './reader.ts';

const HANDSHAKE = 0x16;
const ALERT = 0x15;
const SERVER_HELLO = 2;
const SERVER_HELLO_DONE = 14;
const TLS_1_0 = 0x0301;
const TLS_1_1 = 0x0302;
/** protocol_version, handshake_failure, insufficient_security: not with such a client. */
const REFUSALS = new Set([70, 40, 71]);

/** Every suite that servers of that time had in common with today's, the oldest last; 00ff: no renegotiation (RFC 5746). */
const SUITES = 'c014c00ac013c009003900330035002fc012000a00ff';
/** X25519, P-256, P-384, P-521; uncompressed points. */
const GROUPS_AND_POINTS = '000a000a0008001d001700180019' + '000b00020100';

/** `host` is the name to ask for, absent where there is none. `random`: 32 bytes. */
export function oldHello(random: Uint8Array, host?: string): Buffer {
  const suites = Buffer.from(SUITES, 'hex');
  const extensions = Buffer.concat([
    host === undefined ? Buffer.alloc(0) : serverName(host),
    Buffer.from(GROUPS_AND_POINTS, 'hex'),
  ]);
  const body = Buffer.concat([
    u16(TLS_1_1),
    random,
    Buffer.from([0]), // no session
    u16(suites.length),
    suites,
    Buffer.from([1, 0]), // no compression
    u16(extensions.length),
    extensions,
  ]);
  const message = Buffer.concat([Buffer.from([1, 0]), u16(body.length), body]);
  return Buffer.concat([Buffer.from([HANDSHAKE]), u16(TLS_1_0), u16(message.length), message]);
}

/** RFC 6066. */
function serverName(host: string): Buffer {
  const name = Buffer.from(host, 'ascii');
  return Buffer.concat([u16(0), u16(name.length + 5), u16(name.length + 3), Buffer.from([0]), u16(name.length), name]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** `more`: nothing can be said yet. `unknown`: nothing that a server says to such a hello, or nothing that decides. */
export type OldReply = 'accepted' | 'refused' | 'unknown' | 'more';

export function readOldReply(bytes: Buffer): OldReply {
  const reader = new Reader(bytes);
  const handshake: Buffer[] = [];
  while (reader.remaining >= RECORD_HEAD) {
    const [type, version, length] = [reader.u8(), reader.u16be(), reader.u16be()];
    if (version >> 8 !== 3 || length === 0 || length > MAX_RECORD || (type !== HANDSHAKE && type !== ALERT))
      return 'unknown';
    if (reader.remaining < length) return 'more';
    const record = reader.take(length);
    if (type === ALERT) return length >= 2 && REFUSALS.has(record.readUInt8(1)) ? 'refused' : 'unknown';
    handshake.push(record);
    const said = readFlight(Buffer.concat(handshake));
    if (said !== 'more') return said;
  }
  return 'more';
}
const RECORD_HEAD = 5;
const MESSAGE_HEAD = 4;
const MAX_RECORD = 2 ** 14;

/** The server's messages, whole up to the last of them: one that fails to sign ends its flight with an alert. */
function readFlight(bytes: Buffer): OldReply {
  const reader = new Reader(bytes);
  let isFirst = true;
  while (reader.remaining >= MESSAGE_HEAD) {
    const [type, high, low] = [reader.u8(), reader.u8(), reader.u16be()];
    const length = high * 2 ** 16 + low;
    if (isFirst !== (type === SERVER_HELLO)) return 'unknown';
    if (reader.remaining < length) return 'more';
    const body = new Reader(reader.take(length));
    if (isFirst) {
      const version = body.remaining < 2 ? 0 : body.u16be();
      if (version !== TLS_1_0 && version !== TLS_1_1) return 'unknown';
    }
    if (type === SERVER_HELLO_DONE) return 'accepted';
    isFirst = false;
  }
  return 'more';
}
