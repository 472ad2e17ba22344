/**
 * Reads the signed checkpoints of a report's period as `ajar verify` does, and holds the ledger that the report is of against
 * what they name. What the objects hold is not read: the ledger is, and each checkpoint names an entry of it by its hash.
 */
import type { KeyObject } from 'node:crypto';
import { hourAfter, hourOf, hoursBetween } from '../model/checkpoint.ts';
import { AjarError } from '../model/errors.ts';
import type { EvidenceReader } from '../model/evidence.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import type { Report } from '../model/report.ts';
import type { ReportSealed } from '../model/report-evidence.ts';
import type { SealedInputs } from '../model/report-inputs.ts';
import { printable } from '../model/text.ts';
import { MAX_FINDINGS } from '../model/verified.ts';
import type { Kept } from './checkpoint.ts';
import { counted } from './guard-words.ts';
import { verifyEvidence } from './verify.ts';

/** Where sealed hours lie, and the keys that may have signed them, by fingerprint. */
export interface SealedSource {
  readonly evidence: EvidenceReader;
  readonly keys: () => Promise<ReadonlyMap<string, KeyObject>>;
}

/** Of hours that begin at or after `from` and are over by `to`. What cannot be read is not read, and ends no report. */
export async function readSealed(
  source: SealedSource | undefined,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): Promise<SealedInputs> {
  if (source === undefined) return unread('no place of sealed hours is known here');
  try {
    if ((await source.evidence.names('ledger/')).length === 0) return unread('nothing of this ledger was ever sealed');
    const keys = await source.keys();
    if (keys.size === 0) return unread('there is no public key to check sealed hours with');
    return await checked(source.evidence, keys, from, to);
  } catch (error) {
    if (!(error instanceof AjarError) || error.code !== 'store-unavailable') throw error;
    return unread(`sealed hours could not be read: ${printable(error.message, 200)}`);
  }
}

/** A report of no reading is none; nothing is due before it. */
const EPOCH = new Date(0).toISOString();

const unread = (why: string): SealedInputs => ({ isRead: false, why });

async function checked(
  evidence: EvidenceReader,
  keys: ReadonlyMap<string, KeyObject>,
  from: string | undefined,
  to: string | undefined,
): Promise<SealedInputs> {
  const kept: Kept[] = [];
  const hours = {
    ...(from === undefined ? {} : { from: hourOf(from) }),
    ...(to === undefined ? {} : { before: hourOf(to) }),
  };
  const found = await verifyEvidence({
    ...{ evidence, keys, kept: [], named: [], until: to ?? EPOCH, hours, checkpointsOnly: true },
    onCheckpoint: (one) => kept.push(one),
  });
  const last = kept.at(-1);
  if (found.hours === 0) return unread('no hour of the period is sealed');
  return {
    isRead: true,
    checkpoints: found.hours,
    ...(found.from === undefined ? {} : { from: found.from }),
    ...(last === undefined ? {} : lastOf(last)),
    heads: kept.map(({ checkpoint: { hour, lastSeq: seq, headHash: hash } }) => ({ hour, seq, hash })),
    problems: found.broken.map(({ where, why }) => `${printable(where)}: ${printable(why, 200)}`),
  };
}

function lastOf({ checkpoint: { hour, lastSeq, key }, digest: sha256 }: Kept) {
  return { to: hourAfter(hour), last: { hour, lastSeq, sha256 }, key };
}

/** Gathered in the one pass over the ledger. */
export class SealedRecord {
  readonly #sealed: SealedInputs;
  readonly #named = new Map<number, { readonly hour: string; readonly hash: string }[]>();
  readonly #problems: string[] = [];
  #firstAt: string | undefined;

  constructor(sealed: SealedInputs) {
    this.#sealed = sealed;
    for (const { hour, seq, hash } of sealed.isRead ? sealed.heads : [])
      if (seq > 0) this.#named.set(seq, [...(this.#named.get(seq) ?? []), { hour, hash }]);
  }

  add({ seq, hash: found, recordedAt }: LedgerEntry): void {
    this.#firstAt ??= recordedAt;
    for (const { hour, hash } of this.#named.get(seq) ?? [])
      if (hash !== found)
        this.#problems.push(`entry ${seq} of the ledger is not the one that the checkpoint of ${hour} names`);
    this.#named.delete(seq);
  }

  found({ from, to }: Report['period']): ReportSealed {
    const sealed = this.#sealed;
    const due = { from: [hourOf(from), hourOf(this.#firstAt ?? to)].toSorted().at(-1) ?? from, to: hourOf(to) };
    const length = Math.max(0, hoursBetween(due.from, due.to));
    if (!sealed.isRead)
      return { state: 'not-read', text: `${upper(sealed.why)}.`, checkpoints: 0, hoursMissing: length, problems: [] };
    const { isRead: _, heads: _heads, problems, ...known } = sealed;
    const gone = [...this.#named].flatMap(([seq, of]) =>
      of.map(({ hour }) => `the checkpoint of ${hour} names entry ${seq}, which is not in the ledger`),
    );
    const all = [...problems, ...this.#problems, ...gone];
    const hoursMissing = missingHours(sealed, due, length);
    const state = all.length > 0 ? 'broken' : hoursMissing > 0 ? 'incomplete' : 'verified';
    const text = textOf(state, { ...sealed, hoursMissing, problems: all });
    return { state, text, ...known, hoursMissing, problems: all.slice(0, MAX_FINDINGS) };
  }
}

/** Before the first checkpoint and behind the last; one that is missing between them is a problem of its own. */
function missingHours(
  { from, to }: { from?: string; to?: string },
  due: { from: string; to: string },
  length: number,
): number {
  if (from === undefined || to === undefined) return length;
  return Math.max(0, hoursBetween(due.from, from)) + Math.max(0, hoursBetween(to, due.to));
}

function textOf(
  state: ReportSealed['state'],
  { checkpoints, to, hoursMissing, problems }: Pick<ReportSealed, 'checkpoints' | 'to' | 'hoursMissing' | 'problems'>,
): string {
  const [first] = problems;
  const signed = counted(checkpoints, 'signed checkpoint');
  if (state === 'broken')
    return `Of ${signed} ${problems.length} ${problems.length === 1 ? 'thing does' : 'things do'} not hold: ${first}.`;
  if (state === 'incomplete')
    return `${upper(signed)}, to ${to}, agree with the ledger; ${counted(hoursMissing, 'hour')} of the period not sealed.`;
  return `${upper(signed)}, to ${to}, agree with the ledger; no hour is missing.`;
}

const upper = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
