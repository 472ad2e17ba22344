/** TLS that lies, stalls or never ends, and certificates that no parser expects (evidence-and-alerts.md section 5.5 "TLS"). */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TLSSocket, type TlsOptions } from 'node:tls';
import { certificate, type Made, type Wanted } from './certificate.ts';
import { hex } from '../support/bytes.ts';
import { type HostileServer, table, type Talk } from './server.ts';
import { acceptTls13, type Secured } from './tls13.ts';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
const plain = certificate({ commonName: 'localhost', hosts: ['localhost'] });

/** As a web server that knows nothing but this page. */
const answer404 = ({ asked, say, end }: Talk): void =>
  asked(() => {
    say('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    end();
  });
const own = (wanted: Wanted) => (): TlsOptions => certificate(wanted);
const hosts = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `h${i}.example.org`);

/** Issued by each other; nobody checks that, but all of them are sent. */
function chain(length: number): TlsOptions {
  const made: Made[] = Array.from({ length }, (_, i) => certificate({ commonName: `link ${i}` }));
  return { key: made[0]?.key ?? '', cert: made.map(({ cert }) => cert).join('') };
}

function giant(): TlsOptions {
  const key = createPrivateKey(fixture('rsa16384-key.pem'));
  return certificate({ commonName: 'giant', key, publicKey: createPublicKey(key) });
}

const CERTIFICATES = table('tls', 'E5.5 certificates; P7', [
  {
    name: 'a certificate that expired',
    serve: answer404,
    tls: own({ commonName: 'old', from: '100101000000Z', to: '110101000000Z' }),
  },
  {
    name: 'a certificate of the future',
    serve: answer404,
    tls: own({ commonName: 'new', from: '480101000000Z', to: '490101000000Z' }),
  },
  { name: 'a certificate without end', serve: answer404, tls: own({ commonName: 'x', to: '99991231235959Z' }) },
  {
    name: 'a certificate with a date that is none',
    serve: answer404,
    tls: own({ commonName: 'x', to: '991399999999Z' }),
  },
  {
    name: 'a certificate of another host',
    serve: answer404,
    tls: own({ commonName: 'elsewhere', hosts: ['elsewhere.example.org'] }),
  },
  {
    name: 'a certificate for every host',
    serve: answer404,
    tls: own({ commonName: '*', hosts: ['*', '*.*', '*.*.*.*', ''] }),
  },
  {
    name: 'NUL in the common name',
    serve: answer404,
    tls: own({ commonName: 'localhost\u0000.evil.example', hosts: ['localhost\u0000.evil.example'] }),
  },
  { name: 'bidi in the common name', serve: answer404, tls: own({ commonName: 'db\u202egro.elpmaxe\u2066\u200b' }) },
  {
    name: 'HTML in the common name',
    serve: answer404,
    tls: own({ commonName: "<script>alert(1)</script>\"'=cmd|'/c calc'!A0" }),
  },
  {
    name: 'line ends and ANSI in the common name',
    serve: answer404,
    tls: own({ commonName: 'a\nCN=b\r\n\u001b[31mred\u0007' }),
  },
  { name: 'no name at all', serve: answer404, tls: own({}) },
  { name: 'a common name of 60 kB', serve: answer404, tls: own({ commonName: 'n'.repeat(60_000) }) },
  { name: '3,000 names', serve: answer404, tls: own({ commonName: 'x', hosts: hosts(3_000) }) },
  { name: '10,000 names', serve: answer404, tls: own({ commonName: 'x', hosts: hosts(10_000) }) },
  { name: 'a certificate of 1 MB', serve: answer404, tls: own({ commonName: 'x', ballast: 1_000_000 }) },
  { name: 'a certificate of 90 kB', serve: answer404, tls: own({ commonName: 'x', ballast: 90_000 }) },
  { name: 'a chain of 100 certificates', serve: answer404, tls: () => chain(100) },
  { name: 'a chain of 1,000 certificates', serve: answer404, tls: () => chain(1_000) },
  { name: 'RSA with 16,384 bits', slow: true, serve: answer404, tls: giant },
]);

const asks = (over: TlsOptions) => (): TlsOptions => ({ ...plain, requestCert: true, ...over });
const TLS12: TlsOptions = { maxVersion: 'TLSv1.2' };
const TLS13: TlsOptions = { minVersion: 'TLSv1.3' };
const OLD = { ciphers: 'DEFAULT@SECLEVEL=0' };

const CLIENT_CERTIFICATES = table('tls', 'E5.5 client-cert request; P7', [
  {
    name: 'a client certificate is welcome under 1.2',
    serve: answer404,
    tls: asks({ ...TLS12, rejectUnauthorized: false }),
  },
  { name: 'a client certificate is demanded under 1.2', serve: answer404, tls: asks(TLS12) },
  {
    name: 'a client certificate is welcome under 1.3',
    serve: answer404,
    tls: asks({ ...TLS13, rejectUnauthorized: false }),
  },
  { name: 'a client certificate is demanded under 1.3', serve: answer404, tls: asks(TLS13) },
  {
    name: 'TLS 1.0 only',
    spec: 'P7 legacy versions',
    serve: answer404,
    tls: () => ({ ...plain, ...OLD, minVersion: 'TLSv1', maxVersion: 'TLSv1' }),
  },
  {
    name: 'TLS 1.1 only',
    spec: 'P7 legacy versions',
    serve: answer404,
    tls: () => ({ ...plain, ...OLD, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }),
  },
  {
    name: 'no server for that name',
    spec: 'P7 SNI router',
    serve: answer404,
    tls: () => ({ ...plain, SNICallback: (_, done) => done(new Error('who?')) }),
  },
  {
    name: 'no protocol in common',
    spec: 'P7 ALPN',
    serve: answer404,
    tls: () => ({ ...plain, ALPNProtocols: ['no-such'] }),
  },
]);

/** Bytes of a handshake as they stand, whatever was asked. */
const BROKEN = table('tls', 'E5.5 TLS; P7 error taxonomy', [
  { name: 'SSL 3 refuses', serve: ({ asked, say, end }) => asked(() => (say(hex('15 0300 0002 02 46')), end())) },
  {
    name: 'SSL 2',
    serve: ({ asked, say }) =>
      asked(() => say(hex('801b 04 00 01 0002 0000 0003 0000 010080 00112233445566778899aabbccddeeff'))),
  },
  { name: 'internal error', serve: ({ asked, say }) => asked(() => say(hex('15 0303 0002 02 50'))) },
  { name: 'unrecognised name', serve: ({ asked, say }) => asked(() => say(hex('15 0303 0002 01 70'))) },
  { name: 'warnings without end', serve: ({ asked, flood }) => asked(() => flood(() => hex('15 0303 0002 01 70'))) },
  { name: 'half a record, then nothing', serve: ({ asked, say }) => asked(() => say(hex('16 0303 4000 02'))) },
  {
    name: 'half a ServerHello, then a close',
    serve: ({ asked, say, end }) => asked(() => (say(hex('16 0303 0050 02 00004c 0303 1122')), end())),
  },
  {
    name: 'half a ServerHello, then a reset',
    serve: ({ asked, say, after, reset }) => asked(() => (say(hex('16 0303 0050 02 00004c 0303')), after(20, reset))),
  },
  {
    name: 'a record of 65,535 bytes',
    serve: ({ asked, say, flood }) => asked(() => (say(hex('16 0303 ffff')), flood(() => Buffer.alloc(4_096)))),
  },
  {
    name: 'a handshake message of 16 MB',
    serve: ({ asked, flood }) =>
      asked(() => flood(() => Buffer.concat([hex('16 0303 4000 0b ffffff'), Buffer.alloc(16_380, 0x30)]))),
  },
  {
    name: 'a handshake a byte at a time',
    serve: ({ asked, drip }) =>
      asked(() => drip(100, (n) => hex('160303004a020000460303').subarray(n % 11, (n % 11) + 1))),
  },
  { name: 'empty records without end', serve: ({ asked, flood }) => asked(() => flood(() => hex('16 0303 0000'))) },
  {
    name: 'ChangeCipherSpec without end',
    serve: ({ asked, flood }) => asked(() => flood(() => hex('14 0303 0001 01'))),
  },
  { name: 'HelloRetryRequest without end', serve: ({ hear, say }) => hear((chunk) => say(helloRetry(chunk))) },
  { name: 'echoes the ClientHello', serve: ({ hear, say }) => hear((chunk) => say(chunk)) },
  {
    name: 'application data before any handshake',
    serve: ({ asked, flood }) => asked(() => flood(() => Buffer.concat([hex('17 0303 4000'), Buffer.alloc(16_384)]))),
  },
]);

function helloRetry(hello: Buffer): Buffer {
  const session = hello.subarray(43, 44 + (hello[43] ?? 0));
  const body = Buffer.concat([
    hex('0303 cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'),
    session,
    hex('1301 00 000c 002b00020304 003300020017'),
  ]);
  return Buffer.concat([hex('16 0303'), size(body.length + 4, 2), Buffer.from([2]), size(body.length, 3), body]);
}

function size(value: number, width: number): Buffer {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, 0, width);
  return bytes;
}

const tls12 = (): TlsOptions => ({ ...plain, ...TLS12 });
const current = (): TlsOptions => plain;
const renegotiate = ({ socket, after }: Talk): void => {
  const again = (): void => {
    if (socket instanceof TLSSocket && !socket.destroyed)
      socket.renegotiate({ rejectUnauthorized: false }, () => after(1, again));
  };
  again();
};
const key = createPrivateKey(plain.key);
const endless = (next: (secured: Secured, talk: Talk) => void) => (talk: Talk) =>
  acceptTls13(talk, plain, key, (secured) => talk.flood(() => (next(secured, talk), Buffer.alloc(0))));
const ticket = hex('0000ffff 00000001 08 0102030405060708 0020').subarray(0);

const AFTERWARDS = table('tls', 'E5.5 endless post-handshake; P5 TLS that ends on a balancer', [
  { name: 'TLS, then nothing', serve: () => undefined, tls: current },
  { name: 'TLS, then a close', serve: ({ end }) => end(), tls: current },
  { name: 'TLS, then a close when asked', serve: ({ asked, end }) => asked(() => end()), tls: current },
  { name: 'TLS, then zeros without end', serve: ({ flood }) => flood(() => Buffer.alloc(16_384)), tls: current },
  { name: 'TLS, then a byte every 100 ms', serve: ({ drip }) => drip(100, () => 'A'), tls: current },
  { name: 'TLS, then an echo', serve: ({ hear, say }) => hear((chunk) => say(chunk)), tls: current },
  {
    name: 'TLS inside of TLS',
    serve: ({ asked, say }) => asked(() => say(hex('16 0303 004a 02 000046 0303'))),
    tls: current,
  },
  { name: 'renegotiates for ever', slow: true, serve: renegotiate, tls: tls12 },
  { name: 'TLS, then plaintext on the same socket', serve: endless((_, talk) => talk.say('HTTP/1.1 200 OK\r\n\r\n')) },
  {
    name: 'session tickets without end',
    serve: endless((secured) => secured.handshake(4, Buffer.concat([ticket, Buffer.alloc(32, 9), Buffer.alloc(2)]))),
  },
  {
    name: 'key updates without end',
    serve: endless((secured) => (secured.handshake(24, Buffer.from([1])), secured.roll())),
  },
  { name: 'empty application records without end', serve: endless((secured) => secured.application(Buffer.alloc(0))) },
  {
    name: 'handshake messages that nobody knows, without end',
    serve: endless((secured) => secured.handshake(99, Buffer.alloc(1_000))),
  },
]);

export const TLS: readonly HostileServer[] = [...CERTIFICATES, ...CLIENT_CERTIFICATES, ...BROKEN, ...AFTERWARDS];
