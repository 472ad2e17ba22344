/**
 * The key of a state directory, which signs what it seals: ECDSA P-256, made where there is none, for its owner's eyes. The
 * public key lies beside it, to be given to whoever checks.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../model/canonical.ts';
import { AjarError } from '../model/errors.ts';
import type { Signer } from '../model/evidence.ts';
import { absentDirectories } from './directories.ts';

export function publicKeyPath(state: string): string {
  return join(state, 'keys', 'ledger.pub.pem');
}

function privateKeyPath(state: string): string {
  return join(state, 'keys', 'ledger.key.pem');
}

/** `onMade`: told the fingerprint, once, by whoever made the key. */
export function localSigner(state: string, onMade: (fingerprint: string) => void): Signer {
  const path = privateKeyPath(state);
  const isNew = !existsSync(path) && writable(path, () => make(state));
  const key = readKey(path);
  const publicKey = createPublicKey(key);
  const fingerprint = sha256(publicKey.export({ type: 'spki', format: 'der' }));
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  writable(publicKeyPath(state), () => place(publicKeyPath(state), pem, 0o644));
  if (isNew) onMade(fingerprint);
  return { fingerprint, publicKey, sign: (bytes) => Promise.resolve(sign('sha256', bytes, key)) };
}

/** Whole or not at all; of two that make one at once, the first is the one. */
function make(state: string): boolean {
  for (const at of absentDirectories(join(state, 'keys'))) mkdirSync(at, 0o700);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return place(privateKeyPath(state), privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
}

/** Whether it was put there; what is there stays. */
function place(path: string, content: string, mode: number): boolean {
  if (existsSync(path)) return false;
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, content, { mode, flag: 'wx', flush: true });
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writable<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new AjarError('store-unavailable', `${path} cannot be written (${String(error.code)})`, {
      cause: error,
      cure: 'make its folder one that this user may write to',
    });
  }
}

function readKey(path: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path));
  } catch (error) {
    throw unusable(path, error);
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw unusable(path);
  return key;
}

function unusable(path: string, cause?: unknown): AjarError {
  return new AjarError('bad-input', `${path}: no private key of the curve P-256 can be read there`, {
    cause,
    cure: 'restore it from where you kept it; without it nothing is sealed, and nothing was changed',
  });
}
