/** X.509 certificates that no tool would make: built byte by byte, signed with a key of P-256 that nobody trusts. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface Wanted {
  /** As bytes: names may hold anything. */
  readonly commonName?: string;
  readonly hosts?: readonly string[];
  /** `YYMMDDHHMMSSZ`, or whatever stands there instead. */
  readonly from?: string;
  readonly to?: string;
  /** Bytes of an extension that nobody knows. */
  readonly ballast?: number;
  /** Key pair in place of a new one; what it signs with is known by its type. */
  readonly key?: KeyObject;
  readonly publicKey?: KeyObject;
}

export interface Made {
  readonly key: string;
  readonly cert: string;
}

const EC_SHA256 = seq(oid('2a8648ce3d040302'));
const RSA_SHA256 = seq(oid('2a864886f70d01010b'), der(0x05));

export function certificate(wanted: Wanted = {}): Made {
  const pair = wanted.key === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : undefined;
  const privateKey = wanted.key ?? (pair?.privateKey as KeyObject);
  const publicKey = wanted.publicKey ?? (pair?.publicKey as KeyObject);
  const algorithm = privateKey.asymmetricKeyType === 'rsa' ? RSA_SHA256 : EC_SHA256;
  const name = nameOf(wanted.commonName);
  const body = seq(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, 2, 3, 4])),
    algorithm,
    name,
    seq(time(wanted.from ?? '250101000000Z'), time(wanted.to ?? '490101000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, seq(...extensions(wanted))),
  );
  const signature = sign('sha256', body, privateKey);
  const whole = seq(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem(whole) };
}

function nameOf(commonName: string | undefined): Buffer {
  if (commonName === undefined) return seq();
  return seq(der(0x31, seq(oid('550403'), der(0x0c, Buffer.from(commonName)))));
}

function extensions({ hosts = [], ballast = 0 }: Wanted): readonly Buffer[] {
  const names = hosts.map((host) => der(0x82, Buffer.from(host)));
  return [
    ...(names.length === 0 ? [] : [seq(oid('551d11'), der(0x04, seq(...names)))]),
    ...(ballast === 0 ? [] : [seq(oid('2a0304'), der(0x04, der(0x04, Buffer.alloc(ballast, 0x41))))]),
  ];
}

function time(written: string): Buffer {
  return der(written.length === 15 ? 0x18 : 0x17, Buffer.from(written));
}

function seq(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function oid(bytes: string): Buffer {
  return der(0x06, Buffer.from(bytes, 'hex'));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(
    body.length.toString(16).padStart(2 * Math.ceil(body.length.toString(16).length / 2), '0'),
    'hex',
  );
  return Buffer.concat([Buffer.from([tag, 0x80 + length.length]), length, body]);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/gu) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
