/** Public keys that may have signed checkpoints: P-256, PEM. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { EvidenceReader } from '../model/evidence.ts';
import { fingerprintOf, readSmall } from './checkpoint.ts';

const MAX_PEM_BYTES = 4_096;
/** A key is changed once in years. */
const MAX_KEYS = 100;

/** `undefined` where the text holds none. */
export function publicKeyOf(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** Those that seal put beside what they signed, by fingerprint. Whose they are only somebody with a copy from elsewhere can tell. */
export async function keysBeside(evidence: EvidenceReader): Promise<ReadonlyMap<string, KeyObject>> {
  const keys = new Map<string, KeyObject>();
  const names = (await evidence.names('keys/')).filter((name) => /^[0-9a-f]{64}\.pub\.pem$/.test(name));
  for (const name of names.slice(0, MAX_KEYS)) {
    const bytes = await readSmall(evidence, `keys/${name}`, MAX_PEM_BYTES);
    const key = bytes === undefined ? undefined : publicKeyOf(bytes.toString('utf8'));
    if (key !== undefined) keys.set(fingerprintOf(key), key);
  }
  return keys;
}
