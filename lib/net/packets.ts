/**
 * TDS carries the TLS handshake inside its own packets of type 0x12 and leaves them off after it (MS-TDS 3.2.5.1; probes.md
 * section 3.9). This is the stream in between: what TLS writes goes out in packets, what comes in loses them. A TLS record
 * begins with 0x14 to 0x17 and a packet with neither, so the first record without a packet ends the packets for good.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { PeerError } from '../model/errors.ts';

const PRELOGIN = 0x12;
const RESPONSE = 0x04;
const END_OF_MESSAGE = 0x01;
const HEADER_BYTES = 8;
const MAX_PACKET = 4_096;
/** Of packets, heads included: a handshake with a long chain of certificates has some 8 KiB. */
const MAX_RECEIVED = 64 * 1024;

export interface PacketStream {
  readonly stream: Duplex;
  /** From now on what is written goes out as it is: the handshake is over. */
  unpack(): void;
}

export function inPackets(socket: Socket): PacketStream {
  let isBareOut = false;
  let isBareIn = false;
  let pending: Buffer = Buffer.alloc(0);
  let received = 0;
  const stream: Duplex = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(isBareOut ? chunk : packed(chunk), done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onError).destroy();
      done(error);
    },
  });
  const give = (bytes: Buffer): void => {
    if (bytes.length > 0 && !stream.push(bytes)) socket.pause();
  };
  const onData = (chunk: Buffer): void => {
    if (isBareIn) return give(chunk);
    received += chunk.length;
    if (received > MAX_RECEIVED) return void stream.destroy(broken('limit', `handshake over ${MAX_RECEIVED} bytes`));
    pending = Buffer.concat([pending, chunk]);
    while (pending.length > 0) {
      const type = pending[0] ?? 0;
      if (type >= 0x14 && type <= 0x17) {
        isBareIn = true;
        give(pending);
        pending = Buffer.alloc(0);
        return;
      }
      if (pending.length < HEADER_BYTES) return;
      const length = pending.readUInt16BE(2);
      if ((type !== PRELOGIN && type !== RESPONSE) || length < HEADER_BYTES) {
        return void stream.destroy(broken('malformed', `packet of type ${type} and ${length} bytes in the handshake`));
      }
      if (pending.length < length) return;
      give(pending.subarray(HEADER_BYTES, length));
      pending = pending.subarray(length);
    }
  };
  const onEnd = (): void => void stream.push(null);
  const onClose = (): void => void stream.destroy();
  const onError = (error: Error): void => void stream.destroy(error);
  socket.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onError);
  return {
    stream,
    unpack: () => {
      isBareOut = true;
    },
  };
}

function broken(reason: 'limit' | 'malformed', detail: string): PeerError {
  return new PeerError('tls', reason, detail);
}

/** One message: packets of at most 4,096 bytes, the last of them marked. */
function packed(bytes: Buffer): Buffer {
  const size = MAX_PACKET - HEADER_BYTES;
  const packets: Buffer[] = [];
  for (let at = 0, id = 1; at < bytes.length; at += size, id++) {
    const part = bytes.subarray(at, at + size);
    const isLast = at + size >= bytes.length;
    const length = part.length + HEADER_BYTES;
    packets.push(
      Buffer.from([PRELOGIN, isLast ? END_OF_MESSAGE : 0, length >> 8, length & 0xff, 0, 0, id & 0xff, 0]),
      part,
    );
  }
  return Buffer.concat(packets);
}
