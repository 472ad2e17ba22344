import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OPENSSL = 'openssl';
/** Java insists on one; the store lives as long as the bench. */
const STORE_PASSWORD = 'bench-store';

/** Paths of freshly made PEM files. Nothing here outlives the bench. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  /** Key and certificate in one file: as PEM, and as PKCS #12 with the authority (its password beside it). */
  readonly bundle: string;
  readonly store: string;
  readonly storePassword: string;
  /** For a test that wants to be let in where a client certificate is demanded. */
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/** ECDSA, because it takes milliseconds and every engine here takes it. `addresses` become the SAN entries. */
export function makeCertificates(folder: string, addresses: readonly string[]): Certificates {
  const authority = join(folder, 'ca.pem');
  const authorityKey = join(folder, 'ca.key');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl([
    'req',
    '-x509',
    ...newKey,
    '-days',
    '3',
    '-subj',
    subject('ajar bench CA'),
    '-keyout',
    authorityKey,
    '-out',
    authority,
  ]);

  const sign = (name: string, extensions: string): { certificate: string; key: string } => {
    const [key, request, certificate, settings] = ['key', 'csr', 'pem', 'ext'].map((end) =>
      join(folder, `${name}.${end}`),
    ) as [string, string, string, string];
    writeFileSync(settings, extensions);
    openssl(['req', ...newKey, '-subj', subject(name), '-keyout', key, '-out', request]);
    const by = ['-CA', authority, '-CAkey', authorityKey, '-CAcreateserial'];
    openssl(['x509', '-req', '-in', request, ...by, '-days', '3', '-extfile', settings, '-out', certificate]);
    return { certificate, key };
  };
  const names = ['DNS:localhost', ...addresses.map((address) => `IP:${address}`)].join(',');
  const server = sign('node', `subjectAltName=${names}\n`);
  const client = sign('client', 'extendedKeyUsage=clientAuth\n');
  const bundle = join(folder, 'bundle.pem');
  writeFileSync(bundle, readFileSync(server.key, 'utf8') + readFileSync(server.certificate, 'utf8'));
  const store = join(folder, 'node.p12');
  const exported = ['-export', '-inkey', server.key, '-in', server.certificate, '-certfile', authority];
  openssl(['pkcs12', ...exported, '-name', 'node', '-passout', `pass:${STORE_PASSWORD}`, '-out', store]);
  return {
    authority,
    ...server,
    bundle,
    store,
    storePassword: STORE_PASSWORD,
    clientCertificate: client.certificate,
    clientKey: client.key,
  };
}

function subject(name: string): string {
  return `/O=ajar bench/CN=${name}`;
}

function openssl(args: readonly string[]): void {
  execFileSync(OPENSSL, args, { stdio: 'pipe' });
}
