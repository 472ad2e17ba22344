/**
 * The server's half of TLS 1.3 up to its Finished, for what no library lets one do afterwards: handshake messages without
 * end (RFC 8446 sections 4.4, 4.6 and 7.1). X25519, AES-128-GCM, SHA-256; what the client says is never checked.
 */
import {
  createCipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import type { Made } from './certificate.ts';
import type { Talk } from './server.ts';

const HANDSHAKE = 22;
const APPLICATION = 23;
const X25519_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

export interface Secured {
  /** One handshake message under the current keys. */
  handshake(type: number, body: Buffer): void;
  application(bytes: Buffer): void;
  /** New keys for what follows, as after a KeyUpdate. */
  roll(): void;
}

export function acceptTls13(talk: Talk, made: Made, key: KeyObject, then: (secured: Secured) => void): void {
  let held = Buffer.alloc(0);
  let answered = false;
  talk.hear((chunk) => {
    if (answered) return;
    held = Buffer.concat([held, chunk]);
    if (held.length < 5 || held.length < 5 + held.readUInt16BE(3)) return;
    answered = true;
    const hello = held.subarray(5, 5 + held.readUInt16BE(3));
    const theirs = held[0] === HANDSHAKE ? keyShareOf(hello) : undefined;
    if (theirs === undefined) return talk.end();
    then(finish(talk, made, key, hello, theirs));
  });
}

/** The client's X25519 share, wherever it stands. */
function keyShareOf(hello: Buffer): Buffer | undefined {
  const at = hello.indexOf(Buffer.from('001d0020', 'hex'));
  return at === -1 || at + 36 > hello.length ? undefined : hello.subarray(at + 4, at + 36);
}

function finish(talk: Talk, made: Made, key: KeyObject, hello: Buffer, theirs: Buffer): Secured {
  const ours = generateKeyPairSync('x25519');
  const publicKey = createPublicKey({ key: Buffer.concat([X25519_PREFIX, theirs]), format: 'der', type: 'spki' });
  const shared = diffieHellman({ privateKey: ours.privateKey, publicKey });
  const session = hello.subarray(38, 39 + (hello[38] ?? 0));
  const share = ours.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const extensions = Buffer.concat([Buffer.from('002b00020304003300240 01d0020'.replace(' ', ''), 'hex'), share]);
  const serverHello = message(
    2,
    Buffer.concat([
      Buffer.from('0303', 'hex'),
      Buffer.alloc(32, 7),
      session,
      Buffer.from('130100', 'hex'),
      sized(extensions, 2),
    ]),
  );
  talk.say(record(HANDSHAKE, serverHello));
  const early = extract(Buffer.alloc(32), Buffer.alloc(32));
  const base = extract(expand(early, 'derived', digest()), shared);
  const secret = expand(base, 's hs traffic', digest(hello, serverHello));
  const under = cipher(talk, secret);
  const certificate = new X509Certificate(made.cert).raw;
  const messages = [
    message(8, Buffer.alloc(2)),
    message(11, Buffer.concat([Buffer.alloc(1), sized(Buffer.concat([sized(certificate, 3), Buffer.alloc(2)]), 3)])),
  ];
  const signed = Buffer.concat([
    Buffer.alloc(64, 0x20),
    Buffer.from('TLS 1.3, server CertificateVerify\0'),
    digest(hello, serverHello, ...messages),
  ]);
  messages.push(message(15, Buffer.concat([Buffer.from('0403', 'hex'), sized(sign('sha256', signed, key), 2)])));
  messages.push(
    message(
      20,
      createHmac('sha256', expand(secret, 'finished', Buffer.alloc(0)))
        .update(digest(hello, serverHello, ...messages))
        .digest(),
    ),
  );
  under(HANDSHAKE, Buffer.concat(messages));
  const master = extract(expand(base, 'derived', digest()), Buffer.alloc(32));
  let traffic = expand(master, 's ap traffic', digest(hello, serverHello, ...messages));
  let send = cipher(talk, traffic);
  return {
    handshake: (type, body) => send(HANDSHAKE, message(type, body)),
    application: (bytes) => send(APPLICATION, bytes),
    roll() {
      traffic = expand(traffic, 'traffic upd', Buffer.alloc(0));
      send = cipher(talk, traffic);
    },
  };
}

function cipher(talk: Talk, secret: Buffer): (type: number, bytes: Buffer) => void {
  const key = expand(secret, 'key', Buffer.alloc(0), 16);
  const iv = expand(secret, 'iv', Buffer.alloc(0), 12);
  let count = 0;
  return (type, bytes) => {
    const nonce = Buffer.from(iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ count++) >>> 0, 8);
    const inner = Buffer.concat([bytes, Buffer.from([type])]);
    const head = Buffer.from([APPLICATION, 3, 3, 0, 0]);
    head.writeUInt16BE(inner.length + 16, 3);
    const seal = createCipheriv('aes-128-gcm', key, nonce).setAAD(head);
    talk.say(Buffer.concat([head, seal.update(inner), seal.final(), seal.getAuthTag()]));
  };
}

function extract(salt: Buffer, secret: Buffer): Buffer {
  return createHmac('sha256', salt).update(secret).digest();
}

/** HKDF-Expand-Label; one block is enough for all that is asked for here. */
function expand(secret: Buffer, label: string, context: Buffer, length = 32): Buffer {
  const info = Buffer.concat([
    Buffer.from([0, length]),
    sized(Buffer.from(`tls13 ${label}`), 1),
    sized(context, 1),
    Buffer.from([1]),
  ]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}

function digest(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function sized(bytes: Buffer, width: number): Buffer {
  const head = Buffer.alloc(width);
  head.writeUIntBE(bytes.length, 0, width);
  return Buffer.concat([head, bytes]);
}

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), sized(body, 3)]);
}

function record(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3]), sized(body, 2)]);
}
