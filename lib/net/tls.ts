/** TLS as an observer: take any certificate, judge none of it here, report the facts (probes.md section 7). */
import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { PeerError } from '../model/errors.ts';
import type { Certificate, TlsFacts } from '../model/observation.ts';
import { printable } from '../model/text.ts';
import { peerError } from './errors.ts';

/**
 * One context for all: an empty CA list makes verification fail at once, which spares Node's own host check, and
 * X25519 first spares the larger key shares (performance.md section 5). Nothing secret is ever sent.
 */
let shared: SecureContext | undefined;
function context(): SecureContext {
  shared ??= createSecureContext({ ca: [], minVersion: 'TLSv1.2', ecdhCurve: 'X25519:P-256:P-384:P-521' });
  return shared;
}

export interface Upgrade {
  readonly socket: TLSSocket;
  readonly facts: TlsFacts;
}

export async function upgrade(
  socket: Socket,
  host: string,
  alpn: readonly string[],
  timeoutMs: number,
): Promise<Upgrade> {
  return new Promise((resolve, reject) => {
    const secure = connect({
      socket,
      secureContext: context(),
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
    });
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      secure.removeAllListeners('error').removeAllListeners('close').removeAllListeners('secureConnect');
      finish();
    };
    const fail = (error: PeerError): void => {
      settle(() => {
        secure.on('error', () => undefined); // the failure is reported; what follows it is noise
        secure.destroy();
        reject(error);
      });
    };
    const timer = setTimeout(() => fail(new PeerError('tls', 'timeout', 'no end of the handshake')), timeoutMs);
    secure.once('error', (error) => fail(peerError(error, 'tls')));
    secure.once('close', () => fail(new PeerError('tls', 'closed', 'closed during the handshake')));
    secure.once('secureConnect', () => settle(() => resolve({ socket: secure, facts: factsOf(secure, host) })));
  });
}

function factsOf(socket: TLSSocket, host: string): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: printable(socket.getCipher().name, 64),
    ...(certificate === undefined ? {} : { certificate: certificateOf(certificate, host) }),
  };
}

function certificateOf(certificate: X509Certificate, host: string): Certificate {
  return {
    subject: printable(certificate.subject),
    issuer: printable(certificate.issuer),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    selfSigned: certificate.subject === certificate.issuer,
    matchesHost: (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined,
  };
}
