/**
 * What became of findings that were sent to Security Hub. An answer of 200 may refuse some of them (`FailedFindings`); what it
 * does not account for is not taken as imported: it goes again, which changes nothing where it was.
 */
import type { BatchImportFindingsCommandOutput } from '@aws-sdk/client-securityhub';
import { failureOf } from '../aws/errors.ts';
import { AjarError } from '../model/errors.ts';
import { type Refusal, refused } from '../model/sink.ts';
import { printable } from '../model/text.ts';
import type { Sent } from './securityhub-batches.ts';

const UNTIL_MENDED_MS = 5 * 60_000;
const CURE =
  'enable Security Hub there, and let ajar assume a role there that may call securityhub:BatchImportFindings on the default product';

/** None where all of them were imported. */
export function refusalsOf(
  batch: readonly Sent[],
  answer: Pick<BatchImportFindingsCommandOutput, 'FailedFindings' | 'SuccessCount' | 'FailedCount'>,
  place: string,
): ReadonlyMap<Sent, Refusal> {
  const { FailedFindings: failed = [], SuccessCount = 0, FailedCount = failed.length } = answer;
  const refusals = new Map<Sent, Refusal>();
  for (const one of batch) {
    const failure = failed.find(({ Id }) => Id === one.finding.Id);
    if (failure === undefined) continue;
    const said = `${failure.ErrorCode ?? 'refused'}: ${failure.ErrorMessage ?? 'Security Hub gave no reason'}`;
    refusals.set(one, { error: `${place}: ${printable(said)}` });
  }
  if (SuccessCount + refusals.size === batch.length && FailedCount === refusals.size) return refusals;
  const error = `${place}: of ${batch.length} findings Security Hub counts ${SuccessCount} imported and ${FailedCount} not, and names ${refusals.size}`;
  return new Map(batch.map((one) => [one, refusals.get(one) ?? { error }]));
}

/** The call failed: by now nobody knows whether it was carried out. */
export function notImported(error: unknown, place: string): Refusal {
  const { code, detail } = failureOf(error);
  // Not of these findings: a human has to mend something there.
  const isOfTheAccount = code === 'denied' || code === 'not-enabled' || error instanceof AjarError;
  const cure = error instanceof AjarError && error.cure !== undefined ? error.cure : CURE;
  return refused(
    new AjarError('sink-refused', `${place}: ${detail}`, {
      ...(isOfTheAccount ? { cure, retryAfterMs: UNTIL_MENDED_MS } : {}),
    }),
  );
}
