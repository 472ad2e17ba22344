/** TLS as an observer: take any certificate, judge none of it here, report the facts (probes.md section 7). */
import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { PeerError } from '../model/errors.ts';
import type { Certificate, TlsFacts } from '../model/observation.ts';
import { printable } from '../model/text.ts';
import type { Ending } from './ending.ts';
import { peerError } from './errors.ts';
import { inPackets } from './packets.ts';

/**
 * X25519 first: the only key share sent at once, which spares the larger ones (performance.md section 5). All others cost
 * two bytes each and are there so that no server is called deaf for its taste: it asks for one in the same handshake.
 */
const GROUPS = 'X25519:P-256:P-384:P-521:X448:ffdhe2048:ffdhe3072:secp256k1:brainpoolP256r1';
const HYBRID_GROUPS = ':X25519MLKEM768:SecP256r1MLKEM768';
const KNOWS_HYBRID = Number.parseFloat(process.versions.openssl) >= 3.5;

/**
 * One context for all: an empty CA list makes verification fail at once, which spares Node's own host check. Nothing
 * secret is ever sent.
 */
let shared: SecureContext | undefined;
function context(): SecureContext {
  shared ??= createSecureContext({
    ca: [],
    minVersion: 'TLSv1.2',
    ecdhCurve: KNOWS_HYBRID ? GROUPS + HYBRID_GROUPS : GROUPS,
  });
  return shared;
}

/** A connected socket, before or after a handshake. */
export interface Link {
  readonly socket: Socket;
  readonly facts: TlsFacts | undefined;
  readonly clientCertRequested: boolean;
}
export interface SecureLink extends Link {
  readonly facts: TlsFacts;
}

export interface UpgradeOptions {
  readonly host: string;
  readonly alpn: readonly string[];
  readonly timeoutMs: number;
  /** TDS: the handshake goes inside packets of the protocol. */
  readonly framing?: 'tds' | undefined;
  readonly ending: Ending;
}

export async function upgrade(socket: Socket, options: UpgradeOptions): Promise<SecureLink> {
  const { host } = options;
  const secure = await handshake(socket, options);
  try {
    return { socket: secure, facts: factsOf(secure, host), clientCertRequested: isCertificateAsked(secure) };
  } catch (error) {
    secure.destroy(); // a certificate that Node cannot read must not keep its connection
    throw peerError(error, 'tls');
  }
}

function handshake(socket: Socket, { host, alpn, timeoutMs, framing, ending }: UpgradeOptions): Promise<TLSSocket> {
  ending.throwIfOver();
  const packets = framing === 'tds' ? inPackets(socket) : undefined;
  const secure = connect({
    socket: packets?.stream ?? socket,
    secureContext: context(),
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
  });
  // Stays for good: a bad record in the same segment as the last handshake message errs before anyone else listens.
  secure.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      ending.off(fail);
      secure.off('error', onError).off('close', onClose).off('secureConnect', onSecure);
      finish();
    };
    const fail = (error: PeerError): void => {
      settle(() => {
        secure.destroy();
        reject(error);
      });
    };
    const onError = (error: Error): void =>
      fail(peerError(error, 'tls', { certificateAsked: isCertificateAsked(secure) }));
    const onClose = (): void => fail(new PeerError('tls', 'closed', 'closed during the handshake'));
    const onSecure = (): void =>
      settle(() => {
        packets?.unpack();
        resolve(secure);
      });
    const timer = setTimeout(
      () => fail(new PeerError('tls', 'timeout', `no end of the handshake within ${timeoutMs} ms`)),
      timeoutMs,
    );
    ending.on(fail);
    secure.on('error', onError).on('close', onClose).on('secureConnect', onSecure);
  });
}

/**
 * Node does not show the CertificateRequest message, but on a client OpenSSL knows signature algorithms shared with
 * the server only from that message: there are some exactly where the server asked for a certificate.
 */
function isCertificateAsked(socket: TLSSocket): boolean {
  return ((socket.getSharedSigalgs() as string[] | null | undefined) ?? []).length > 0;
}

function factsOf(socket: TLSSocket, host: string): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: printable(socket.getCipher().name, 64),
    ...(certificate === undefined ? {} : { certificate: certificateOf(certificate, host) }),
  };
}

/** What was read of a certificate, by fingerprint: most visits meet the one of the minute before. */
const KNOWN = new Map<string, Omit<Certificate, 'matchesHost'>>();
const MAX_KNOWN = 1_000;

function certificateOf(certificate: X509Certificate, host: string): Certificate {
  const { fingerprint256 } = certificate;
  const known = KNOWN.get(fingerprint256) ?? readCertificate(certificate, fingerprint256);
  if (KNOWN.size >= MAX_KNOWN) KNOWN.clear();
  KNOWN.set(fingerprint256, known);
  const matched = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  return { ...known, matchesHost: matched !== undefined };
}

function readCertificate(certificate: X509Certificate, fingerprint: string): Omit<Certificate, 'matchesHost'> {
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    notBefore: instant(certificate.validFrom),
    notAfter: instant(certificate.validTo),
    sha256: fingerprint.replaceAll(':', '').toLowerCase(),
    selfSigned: certificate.subject === certificate.issuer,
  };
}

/** Absent, whatever Node's types say, where the name is empty: many certificates name their hosts in the SAN alone. */
function distinguishedName(name: string | undefined): string {
  return printable((name ?? '').replaceAll('\n', ', '));
}

/** From the text: for a date that is none, which a hostile certificate may carry, Node's Date is uninitialised memory. */
function instant(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? printable(`not a date: ${text}`, 64) : new Date(ms).toISOString();
}
