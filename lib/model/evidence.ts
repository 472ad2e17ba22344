import type { KeyObject } from 'node:crypto';

/** Sealed evidence, wherever it lies: names are paths with slashes, below a place of its own. */
export interface EvidenceReader {
  /** For people: a folder or `s3://bucket/prefix`. */
  readonly place: string;
  /** What lies in a folder: `''` or one that ends in a slash. Sorted; folders among it end in a slash. Empty where there is none. */
  names(folder: string): Promise<readonly string[]>;
  /** Rejects where it cannot be read. */
  read(name: string): AsyncIterable<Uint8Array>;
}

export interface EvidenceStore extends EvidenceReader {
  /** Durable when it resolves, whole or not at all, and never over another. */
  put(name: string, mediaType: string, body: Uint8Array): Promise<'put' | 'there'>;
}

/** Names of one folder: a day has 48. */
export const MAX_FOLDER_NAMES = 10_000;

/** ECDSA P-256. */
export interface Signer {
  /** SHA-256, hex, of the public key's DER SubjectPublicKeyInfo. */
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
  /** DER, over SHA-256. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
