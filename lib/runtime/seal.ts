/** Seals what a state directory recorded, beside it: `evidence/` and `keys/`. */
import { join } from 'node:path';
import { AjarError } from '../model/errors.ts';
import type { StateStore } from '../model/store.ts';
import { seal, type SealOutcome } from '../pipeline/seal.ts';
import { evidenceFolder } from '../stores/evidence-folder.ts';
import { localSigner, publicKeyPath } from '../stores/ledger-key.ts';

/** One ledger, one chain. */
export const SHARD = 'main';

export function evidencePlace(state: string): string {
  return join(state, 'evidence');
}

export interface LocalSealing {
  readonly now?: () => Date;
  /** A key was made: the line says where its public half is, and why to copy it away. */
  readonly onKey: (line: string) => void;
}

export async function sealState(
  store: Pick<StateStore, 'ledger' | 'ledgerHead'>,
  state: string,
  { now = () => new Date(), onKey }: LocalSealing,
): Promise<SealOutcome> {
  const onMade = (fingerprint: string): void => {
    onKey(`ajar: made a key that signs what is recorded here: SHA-256 fingerprint ${fingerprint}`);
    onKey(`ajar: keep a copy of ${publicKeyPath(state)} elsewhere, for ajar verify --public-key`);
  };
  const signer = () => Promise.resolve().then(() => localSigner(state, onMade));
  return seal({ store, evidence: evidenceFolder(evidencePlace(state)), signer, shard: SHARD, now });
}

/**
 * At the end of a pass. What cannot be sealed ends nothing: it is told, once as long as it is the same, and handed back to be
 * given to the next pass as `told`.
 */
export async function sealAfterPass(
  store: Pick<StateStore, 'ledger' | 'ledgerHead'>,
  state: string,
  tell: (line: string) => void,
  told?: string,
): Promise<string | undefined> {
  try {
    await sealState(store, state, { onKey: tell });
    return undefined;
  } catch (error) {
    // Another seals the same hours at this moment: then it is done.
    if (error instanceof AjarError && error.code === 'conflict') return undefined;
    if (!(error instanceof AjarError)) throw error;
    if (error.message !== told) {
      tell(`ajar: not sealed: ${error.message}`);
      if (error.cure !== undefined) tell(`ajar: ${error.cure}`);
    }
    return error.message;
  }
}
