/** A key in KMS that signs: ECC_NIST_P256, so that its signatures are those of a local key, and are checked the same way. */
import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { sha256 } from '../model/canonical.ts';
import { AjarError } from '../model/errors.ts';
import type { Signer } from '../model/evidence.ts';

/** What it calls; deploy/roles.yml gives it to one role. */
export const SIGNING_ACTIONS = ['kms:GetPublicKey', 'kms:Sign'] as const;

export async function kmsSigner(kms: KMSClient, KeyId: string): Promise<Signer> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  if (PublicKey === undefined) throw new AjarError('invariant', `key ${KeyId} has no public half`);
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey), type: 'spki', format: 'der' });
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new AjarError('bad-input', `key ${KeyId} is not of the kind ECC_NIST_P256`);
  }
  return {
    fingerprint: sha256(PublicKey),
    publicKey,
    async sign(Message) {
      const asked = { KeyId, Message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' } as const;
      const { Signature } = await kms.send(new SignCommand(asked));
      if (Signature === undefined) throw new AjarError('invariant', `key ${KeyId} gave no signature`);
      return Signature;
    },
  };
}
