/** The key that signs, where KMS refuses or answers otherwise than it should: nothing is sealed that was not signed. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { kmsSigner } from '../../lib/aws/kms-signer.ts';
import { seal } from '../../lib/pipeline/seal.ts';
import { verifyEvidence } from '../../lib/pipeline/verify.ts';
import { awsError } from '../support/aws.ts';
import { ledgerOf, memoryEvidence, minutesIn } from '../support/sealed.ts';

const kms = mockClient(KMSClient);
afterEach(() => kms.reset());
const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const half = (key: { export(o: { type: 'spki'; format: 'der' }): Buffer }) =>
  key.export({ type: 'spki', format: 'der' });
const signer = () => kmsSigner(new KMSClient({ region: 'eu-west-1' }), 'key-1');

function works(): void {
  kms.on(GetPublicKeyCommand).resolves({ PublicKey: half(pair.publicKey) });
  kms.on(SignCommand).callsFake(({ Message }: { Message: Uint8Array }) => ({
    Signature: createSign('sha256').update(Message).sign(pair.privateKey),
  }));
}

describe('a key in KMS', () => {
  it('whose use is denied seals nothing; once it is allowed the same hours are sealed whole', async () => {
    works();
    kms.on(SignCommand).rejects(awsError('AccessDeniedException', 400));
    const [store, evidence] = [await ledgerOf([1, 2, 70]), memoryEvidence()];
    const now = () => new Date(minutesIn(140));
    const run = () => seal({ store, evidence, signer, shard: 'main', now, signal: new AbortController().signal });
    await expect(run()).rejects.toThrow('AccessDenied');
    expect([...evidence.files.keys()].filter((name) => name.includes('checkpoint'))).toEqual([]);
    works();
    await run();
    const { fingerprint, publicKey } = await signer();
    const keys = new Map([[fingerprint, publicKey]]);
    const asked = { evidence, keys, kept: [], named: [], until: minutesIn(120) };
    expect(await verifyEvidence(asked)).toMatchObject({ broken: [], gaps: [], entries: 3 });
  });

  it('of another kind is refused before anything is signed', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    kms.on(GetPublicKeyCommand).resolves({ PublicKey: half(rsa.publicKey) });
    await expect(signer()).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('that gives no public half, or no signature, is an error', async () => {
    kms.on(GetPublicKeyCommand).resolves({});
    await expect(signer()).rejects.toThrow('no public half');
    works();
    kms.on(SignCommand).resolves({});
    await expect((await signer()).sign(Buffer.from('x'))).rejects.toThrow('gave no signature');
  });
});
