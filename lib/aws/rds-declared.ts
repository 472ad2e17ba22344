/** Protections that read the same in the whole RDS family. */
import { declaredOff, declaredOn, declaredUnknown } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';

/**
 * `StorageEncrypted` is false as well where AWS encrypts with a key of its own (`sse-rds`), so the type outranks it. A
 * missing type comes from before there was one.
 */
export function atRestOf(
  encrypted: boolean | undefined,
  { StorageEncryptionType: type }: { readonly StorageEncryptionType?: string | undefined },
): Protection {
  const evidence = `StorageEncrypted=${String(encrypted)}, StorageEncryptionType=${type ?? 'absent'}`;
  if (encrypted === true || type === 'sse-rds' || type === 'sse-kms') return declaredOn(evidence);
  return encrypted === false || type === 'none' ? declaredOff(evidence) : declaredUnknown(evidence);
}

/** RDS has no account without a password or a token: IAM is one more way to sign in, not the only one. */
export function credentialsOf({
  IAMDatabaseAuthenticationEnabled: iam,
  PendingModifiedValues: pending,
}: {
  readonly IAMDatabaseAuthenticationEnabled?: boolean | undefined;
  readonly PendingModifiedValues?: { readonly IAMDatabaseAuthenticationEnabled?: boolean | undefined } | undefined;
}): Protection {
  const coming = pending?.IAMDatabaseAuthenticationEnabled;
  const change = coming === undefined ? '' : `, pending ${String(coming)}`;
  return declaredOn(`credentials always asked for, IAMDatabaseAuthenticationEnabled=${String(iam)}${change}`);
}
