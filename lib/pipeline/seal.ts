/**
 * Seals what the ledger recorded in hours that are over. Each hour becomes an object and then a signed checkpoint, each put
 * once; hours in which nothing was recorded become one checkpoint without an object. An entry stands in the hour in which it
 * was recorded, or in the first one not sealed yet when it came behind a later one; one that bears a time still to come has a
 * wrong clock and stands with the entry before it. So the entries of an object follow each other, and so do the objects.
 *
 * It can be ended between any two writes: an object that is there already says which entries are in it, and is compared. The
 * ledger is checked on the way: one that does not follow from what was sealed is never sealed over it.
 */
import { canonicalText, entryHash, sha256 } from '../model/canonical.ts';
import { hourAfter, hourOf, NO_CHECKPOINT, type UnsignedCheckpoint } from '../model/checkpoint.ts';
import { AjarError } from '../model/errors.ts';
import type { EvidenceStore, Signer } from '../model/evidence.ts';
import { GENESIS_HASH, type LedgerEntry } from '../model/ledger.ts';
import type { StateStore } from '../model/store.ts';
import {
  fileOf,
  type Kept,
  namesOfHour,
  newestHour,
  parseCheckpoint,
  readSmall,
  signatureProblem,
  signed,
  unsigned,
} from './checkpoint.ts';
import { HourInMaking } from './seal-hour.ts';

export interface SealRun {
  readonly store: Pick<StateStore, 'ledger' | 'ledgerHead'>;
  readonly evidence: EvidenceStore;
  /** Asked for when there is something to sign. */
  readonly signer: () => Promise<Signer>;
  /** Of the chain. */
  readonly shard: string;
  readonly now: () => Date;
  /** Of one object. */
  readonly maxBytes?: number;
  /** Ends it behind the checkpoint that is being made; the rest is sealed the next time. */
  readonly signal?: AbortSignal;
}

/** Clocks of writers are that far apart at most. */
const SKEW_MS = 5 * 60_000;

export interface SealOutcome {
  /** Checkpoints that were made. */
  readonly made: number;
  readonly entries: number;
  /** Absent where nothing was ever sealed. */
  readonly newest?: Kept;
}

/** Throws `store-corrupt` where ledger and evidence do not fit; nothing is put then. */
export async function seal(run: SealRun): Promise<SealOutcome> {
  const { store, evidence } = run;
  const now = run.now().toISOString();
  const end = hourOf(now);
  const believable = new Date(Date.parse(now) + SKEW_MS).toISOString();
  const newest = await readNewest(evidence);
  if (newest !== undefined && hourAfter(newest.checkpoint.hour) >= end) return { made: 0, entries: 0, newest };
  const { seq } = await store.ledgerHead();
  if (newest === undefined && seq === 0) return { made: 0, entries: 0 };
  const sealing = new Sealing(run, newest, end);
  if (newest !== undefined) await sealing.checkNewest(seq);
  const after = newest?.checkpoint.lastSeq ?? 0;
  for await (const entry of store.ledger({ from: after + 1 })) {
    sealing.follow(entry);
    const recorded = Number.isNaN(Date.parse(entry.recordedAt)) ? undefined : entry.recordedAt;
    const own = recorded === undefined || recorded > believable ? undefined : hourOf(recorded);
    const line = Buffer.from(`${canonicalText(entry)}\n`);
    if ((await sealing.hourFor(own, line.length)) >= end || run.signal?.aborted === true) return sealing.outcome;
    sealing.add(entry, line);
  }
  await sealing.close(end);
  return sealing.outcome;
}

async function readNewest(evidence: EvidenceStore): Promise<Kept | undefined> {
  const hour = await newestHour(evidence);
  return hour === undefined ? undefined : readCheckpoint(evidence, hour);
}

async function readCheckpoint(evidence: EvidenceStore, hour: string): Promise<Kept> {
  const name = namesOfHour(hour).checkpoint;
  const bytes = await readSmall(evidence, name);
  const kept = bytes === undefined ? 'is too long' : parseCheckpoint(bytes);
  if (typeof kept === 'string') throw broken(`${evidence.place}: ${name} ${kept}`);
  return kept;
}

function broken(message: string): AjarError {
  return new AjarError('store-corrupt', message, {
    cure: 'nothing was sealed over it: run ajar verify, and keep both as they are',
  });
}

class Sealing {
  readonly #run: SealRun;
  readonly #end: string;
  #newest: Kept | undefined;
  #making: HourInMaking | undefined;
  #head: { readonly seq: number; readonly hash: string };
  #made = 0;
  #entries = 0;

  constructor(run: SealRun, newest: Kept | undefined, end: string) {
    this.#run = run;
    this.#newest = newest;
    this.#end = end;
    const { lastSeq: seq, headHash: hash } = newest?.checkpoint ?? { lastSeq: 0, headHash: GENESIS_HASH };
    this.#head = { seq, hash };
  }

  get outcome(): SealOutcome {
    return {
      made: this.#made,
      entries: this.#entries,
      ...(this.#newest === undefined ? {} : { newest: this.#newest }),
    };
  }

  /** What was sealed last is ours, and is the ledger's own past. */
  async checkNewest(ledgerSeq: number): Promise<void> {
    const { place } = this.#run.evidence;
    const { fingerprint, publicKey } = await this.#run.signer();
    const checkpoint = this.#newest?.checkpoint;
    if (checkpoint === undefined) return;
    const problem = signatureProblem(checkpoint, new Map([[fingerprint, publicKey]]));
    if (problem !== undefined) throw broken(`${place}: the checkpoint of ${checkpoint.hour} ${problem}`);
    const { lastSeq, headHash } = checkpoint;
    if (ledgerSeq < lastSeq) {
      throw broken(`the ledger ends with entry ${ledgerSeq}, and ${place} holds sealed entries up to ${lastSeq}`);
    }
    for await (const { hash } of this.#run.store.ledger({ from: lastSeq, to: lastSeq })) {
      if (hash !== headHash) throw broken(`entry ${lastSeq} of the ledger is not the one that was sealed in ${place}`);
    }
  }

  /** Throws where an entry does not follow from the one before it. */
  follow({ hash, ...entry }: LedgerEntry): void {
    const { seq, hash: before } = this.#head;
    const follows = entry.seq === seq + 1 && entry.prevHash === before && entryHash(entry) === hash;
    if (!follows) throw broken(`entry ${entry.seq} of the ledger does not follow from entry ${seq}`);
    this.#head = { seq: entry.seq, hash };
  }

  /** The hour of the next entry, given its own where its clock can be believed; what lies before it is sealed. */
  async hourFor(own: string | undefined, bytes: number): Promise<string> {
    const { making } = this;
    const first = making === undefined ? await this.#first(own) : making;
    const next = first.takes(bytes) ? first.hour : hourAfter(first.hour);
    // What is in an object that a run before left behind is in it whatever its time.
    const hour = first.isPinned(bytes) || own === undefined || own < next ? next : own;
    const to = hour < this.#end ? hour : this.#end;
    if (to > first.hour) await this.#advance(first, to);
    return hour;
  }

  add(entry: LedgerEntry, line: Buffer): void {
    this.#making?.add(entry, line);
  }

  /** Everything before this hour. */
  async close(hour: string): Promise<void> {
    const making = this.#making ?? (await this.#first(undefined));
    if (making.hour < hour) await this.#advance(making, hour);
  }

  get making(): HourInMaking | undefined {
    return this.#making;
  }

  /** Behind what was sealed last, or where the ledger begins. */
  async #first(own: string | undefined): Promise<HourInMaking> {
    const after = this.#newest === undefined ? undefined : hourAfter(this.#newest.checkpoint.hour);
    this.#making = await this.#open(after ?? own ?? hourAfter(this.#end, -1));
    return this.#making;
  }

  #open(hour: string): Promise<HourInMaking> {
    return HourInMaking.open(this.#run.evidence, hour, this.#run.maxBytes);
  }

  /** Seals the hour in making, and those without an entry up to another. */
  async #advance(making: HourInMaking, to: string): Promise<void> {
    let from = making.hour;
    if (making.count > 0 || making.wasLeft) {
      await this.#seal(making, from, from);
      from = hourAfter(from);
    }
    if (from < to) await this.#seal(await this.#open(hourAfter(to, -1)), from, hourAfter(to, -1));
    this.#making = await this.#open(to);
  }

  async #seal(making: HourInMaking, since: string, hour: string): Promise<void> {
    if (this.#run.signal?.aborted === true) return;
    const signer = await this.#run.signer();
    const object = await making.put(this.#run.evidence);
    const before = this.#newest?.checkpoint;
    const firstSeq = (before?.lastSeq ?? 0) + 1;
    const { count } = making;
    const body: UnsignedCheckpoint = {
      ...{ schema: 1, shard: this.#run.shard, since, hour, firstSeq, lastSeq: firstSeq + count - 1, count },
      total: (before?.total ?? 0) + count,
      headHash: making.headHash ?? before?.headHash ?? GENESIS_HASH,
      merkleRoot: making.merkleRoot(),
      ...(object === undefined ? {} : { object }),
      previous: this.#newest?.digest ?? NO_CHECKPOINT,
      key: signer.fingerprint,
    };
    this.#newest = await this.#keep(body, signer);
    this.#made++;
    this.#entries += count;
  }

  async #keep(body: UnsignedCheckpoint, signer: Signer): Promise<Kept> {
    const { evidence } = this.#run;
    const checkpoint = await signed(body, signer);
    const file = fileOf(checkpoint);
    const { checkpoint: name } = namesOfHour(body.hour);
    if ((await evidence.put(name, 'application/json', file)) === 'put') return { checkpoint, digest: sha256(file) };
    // Another sealed the same hour meanwhile: a signature differs each time, and the first one counts.
    const theirs = await readCheckpoint(evidence, body.hour);
    if (canonicalText(unsigned(theirs.checkpoint)) !== canonicalText(body)) throw raced(`${evidence.place}: ${name}`);
    return theirs;
  }
}

/** Nothing is lost. */
function raced(what: string): AjarError {
  return new AjarError('conflict', `${what} was put there meanwhile`, { cure: 'seal again: it goes on behind it' });
}
