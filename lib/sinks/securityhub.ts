/**
 * Imports each notice into AWS Security Hub as findings (asff.ts), by BatchImportFindings in the account and region that the
 * finding names: Security Hub takes them from nowhere else, and says AccessDenied to whoever tries (evidence-and-alerts.md
 * section 1.6). At most 100 findings and 6 MB a call, and fewer than its ten calls a second. A notice is accepted when all of
 * its findings are: what an answer says is read in securityhub-answer.ts. Nothing is read back, and nothing of the reader's is
 * overwritten: workflow, notes and suppression are theirs. An end never goes before what opened: an older `UpdatedAt` changes
 * nothing. Sent again it is the same finding, by its id and time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { AjarError } from '../model/errors.ts';
import type { Notice } from '../model/incident.ts';
import type { Outcome, Refusal, Sink } from '../model/sink.ts';
import { unlessAborted } from '../net/abort.ts';
import { findingsOf } from './asff.ts';
import { notImported, refusalsOf } from './securityhub-answer.ts';
import { batchesOf, type Sent } from './securityhub-batches.ts';

/** Ten a second are taken, for each account and region; others may import there too. */
const APART_MS = 200;
const ATTEMPT_MS = 4_000;

export interface SecurityHubOptions {
  readonly id: string;
  /** With credentials of that account. Rejects where there are none. */
  readonly clientFor: (account: string, region: string) => Promise<Pick<SecurityHubClient, 'send'>>;
  readonly attemptMs?: number;
  readonly apartMs?: number;
}

export function securityHubSink(options: SecurityHubOptions): Sink {
  return {
    id: options.id,
    endsLast: true,
    async deliver(notice, signal) {
      const [outcome] = await importAll([notice], options, signal);
      if (outcome !== undefined && 'id' in outcome) return outcome;
      const { error = 'Security Hub said nothing of it', ...wait } = outcome ?? {};
      throw new AjarError('sink-refused', error, wait);
    },
    deliverAll: (notices, signal) => importAll(notices, options, signal),
  };
}

interface Cell {
  readonly account: string;
  readonly region: string;
  readonly sent: Sent[];
}

/** One account and region says nothing of another: side by side. */
async function importAll(
  notices: readonly Notice[],
  options: SecurityHubOptions,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const cells = new Map<string, Cell>();
  for (const [i, notice] of notices.entries()) {
    const { account = '', region = '' } = notice.endpoint;
    for (const finding of findingsOf(notice)) {
      const cell = cells.get(`${account}/${region}`) ?? { account, region, sent: [] };
      cell.sent.push({ notice: i, finding });
      cells.set(`${account}/${region}`, cell);
    }
  }
  const refusals = await Promise.all([...cells.values()].map((cell) => importCell(cell, options, signal)));
  const byNotice = new Map(refusals.flatMap((found) => [...found]));
  return notices.map(({ key, endpoint: { account, region } }, i) => {
    const refusal = byNotice.get(i);
    if (refusal !== undefined) return refusal;
    const count = cells.get(`${account}/${region}`)?.sent.filter(({ notice }) => notice === i).length ?? 0;
    if (count === 0) return { id: `not sent, no AWS account and region have it: ${key}` };
    return { id: `${count} imported ${account}/${region} ${key}` };
  });
}

/** What was refused, by the notice that it is of. After what is wrong with the account nothing more is tried there. */
async function importCell(
  { account, region, sent }: Cell,
  options: SecurityHubOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Refusal>> {
  const { clientFor, attemptMs = ATTEMPT_MS, apartMs = APART_MS } = options;
  const found = new Map<number, Refusal>();
  let stopped: Refusal | undefined;
  for (const [n, batch] of batchesOf(sent).entries()) {
    if (stopped === undefined && n > 0 && !signal.aborted) await sleep(apartMs);
    if (signal.aborted) stopped ??= { error: `${account}/${region}: not sent: there was no time left` };
    for (const [{ notice }, refusal] of stopped === undefined ? await importBatch(batch) : all(batch, stopped)) {
      found.set(notice, refusal);
      if (refusal.retryAfterMs !== undefined) stopped ??= refusal;
    }
  }
  return found;

  async function importBatch(batch: readonly Sent[]): Promise<ReadonlyMap<Sent, Refusal>> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]);
    try {
      const client = await unlessAborted(within, () => clientFor(account, region));
      const { importOf } = await import('./securityhub-call.ts');
      const command = importOf(batch.map(({ finding }) => finding));
      const answer = await unlessAborted(within, () => client.send(command, { abortSignal: within }));
      return refusalsOf(batch, answer, `${account}/${region}`);
    } catch (error) {
      return all(batch, notImported(error, `${account}/${region}`));
    }
  }
}

function all(batch: readonly Sent[], refusal: Refusal): ReadonlyMap<Sent, Refusal> {
  return new Map(batch.map((one) => [one, refusal]));
}
