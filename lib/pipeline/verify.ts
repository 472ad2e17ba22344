/**
 * Checks sealed evidence with public keys alone: every checkpoint against its signature and the one before it, every object
 * against its checkpoint, every line against the one before it. Streams: what it holds at a time is one line. Behind something
 * that is broken it goes on from the next checkpoint that somebody with the key signed, so that one break is told once.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { type Checkpoint, hourAfter, hourOf, hoursBetween } from '../model/checkpoint.ts';
import type { EvidenceReader } from '../model/evidence.ts';
import type { Finding, Verified } from '../model/verified.ts';
import {
  type HourNames,
  type Kept,
  namesOfHour,
  parseCheckpoint,
  readSmall,
  sealedHours,
  signatureProblem,
} from './checkpoint.ts';
import { MerkleTree } from './merkle.ts';
import { type Before, linkProblem } from './verify-links.ts';
import { BEGINNING, type Head, linesOf, soundLine } from './verify-lines.ts';
import { Watched } from './verify-watched.ts';

export interface VerifyRun {
  readonly evidence: EvidenceReader;
  /** By fingerprint. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** Checkpoints that were kept elsewhere. */
  readonly kept: readonly Kept[];
  /** Entries that something else names, such as a report: by seq, what it names and the hash it has there. */
  readonly named: readonly (Head & { readonly by: string })[];
  /** The record should reach that far. */
  readonly until: string;
  /** A stretch without an entry that is longer than this is a gap. */
  readonly maxPauseMs?: number;
  /** Only these hours, `before` not among them. What came before the first is not looked at, so nothing is said of it. */
  readonly hours?: { readonly from?: string; readonly before?: string };
  /** Checkpoints alone: that an object is there, and not what is in it. */
  readonly checkpointsOnly?: true;
  /** Told of every checkpoint that a key signed. */
  readonly onCheckpoint?: (kept: Kept) => void;
}

/** Names that are neither objects nor checkpoints, told at most. */
const MAX_STRANGE = 20;

export async function verifyEvidence(run: VerifyRun): Promise<Verified> {
  const walk = new Walk(run);
  const onStrange = (name: string): void => walk.strange(name);
  const onEarlier = (): void => walk.skipped();
  const { from = '', before = '\uffff' } = run.hours ?? {};
  for await (const names of sealedHours(run.evidence, { from, onStrange, onEarlier })) {
    if (names.hour >= before) break;
    if (names.hour >= from) await walk.hour(names);
    else walk.skipped();
  }
  return walk.end();
}

class Walk {
  readonly #run: VerifyRun;
  readonly #watched: Watched;
  readonly #strange: string[] = [];
  /** `undefined`: not known, behind something that is broken. */
  #before: Before | undefined | 'nothing' = 'nothing';
  #last: Kept | undefined;
  #unsealed: string | undefined;
  #first: string | undefined;
  #hours = 0;
  #objects = 0;
  #entries = 0;

  constructor(run: VerifyRun) {
    this.#run = run;
    this.#watched = new Watched(run);
  }

  strange(name: string): void {
    if (this.#strange.length < MAX_STRANGE) this.#strange.push(name);
  }

  /** An hour before the first that is looked at. */
  skipped(): void {
    this.#before = undefined;
  }

  async hour(names: HourNames): Promise<void> {
    const { hour } = names;
    const { checkpoint: name, object } = namesOfHour(hour);
    if (this.#unsealed !== undefined) {
      this.#watched.broken({ where: this.#unsealed, why: 'its checkpoint is missing' });
      this.#before = undefined;
    }
    this.#unsealed = undefined;
    if (!names.checkpoint) {
      this.#unsealed = object;
      return;
    }
    this.#hours++;
    const kept = await this.#checkpoint(name, hour);
    if (kept === undefined) {
      this.#before = undefined;
      return;
    }
    this.#link(name, kept.checkpoint);
    this.#watched.checkpoint(kept);
    this.#run.onCheckpoint?.(kept);
    this.#first ??= kept.checkpoint.since;
    await this.#object(kept.checkpoint, names.object);
    const { lastSeq: seq, headHash: hash, total, shard } = kept.checkpoint;
    this.#before = { seq, hash, total, shard, digest: kept.digest, next: hourAfter(hour) };
    this.#last = kept;
  }

  /** `undefined` where nobody who holds a key signed what is there. */
  async #checkpoint(where: string, hour: string): Promise<Kept | undefined> {
    const bytes = await readSmall(this.#run.evidence, where);
    const kept = bytes === undefined ? 'is too long' : parseCheckpoint(bytes);
    const problem = typeof kept === 'string' ? kept : signatureProblem(kept.checkpoint, this.#run.keys);
    if (problem !== undefined) this.#watched.broken({ where, why: problem });
    else if (typeof kept !== 'string' && kept.checkpoint.hour !== hour) {
      this.#watched.broken({ where, why: `is the checkpoint of another hour, ${kept.checkpoint.hour}` });
    } else if (typeof kept !== 'string') return kept;
    return undefined;
  }

  /** To the one before it. The first problem says enough: the others follow from it. */
  #link(where: string, at: Checkpoint): void {
    const before = this.#before;
    const why = linkProblem(at, before === 'nothing' ? 'first' : before);
    if (why !== undefined) this.#watched.broken({ where, seq: at.firstSeq, why });
  }

  async #object(
    { object, firstSeq, lastSeq, headHash, merkleRoot, count }: Checkpoint,
    isThere: boolean,
  ): Promise<void> {
    if (object === undefined || !isThere) {
      const where = object?.name ?? 'an object';
      if (object !== undefined) this.#watched.broken({ where, seq: firstSeq, why: 'is missing' });
      else if (isThere) this.#watched.broken({ where, why: 'is there, and its hour was sealed without one' });
      return;
    }
    this.#objects++;
    if (this.#run.checkpointsOnly === true) return;
    const where = object.name;
    const before = this.#before;
    let head: Head | undefined = before === 'nothing' ? BEGINNING : before;
    // Where what comes before is broken, this object is checked by itself.
    if (head !== undefined && head.seq !== firstSeq - 1) head = undefined;
    const hash = createHash('sha256');
    const tree = new MerkleTree();
    let line = 0;
    for await (const { line: text, isCut } of linesOf(counted(this.#run.evidence.read(where), hash))) {
      line++;
      const sound =
        isCut === undefined ? soundLine(text, head) : `the line is ${isCut === 'unended' ? 'cut off' : isCut}`;
      const at: Pick<Finding, 'where' | 'line' | 'seq'> = { where, line, seq: firstSeq + line - 1 };
      if (typeof sound === 'string') return this.#watched.broken({ ...at, why: sound });
      if (sound.seq !== at.seq)
        return this.#watched.broken({ ...at, why: `expected entry ${at.seq}, found ${sound.seq}` });
      if (line > count)
        return this.#watched.broken({ ...at, why: `is behind the last entry that was signed, ${lastSeq}` });
      tree.add(text);
      this.#watched.line(sound, { where, line });
      head = sound;
    }
    this.#entries += line;
    if (line < count) {
      const why = `ends before the last entry that was signed, ${lastSeq}`;
      return this.#watched.broken({ where, line: line + 1, seq: firstSeq + line, why });
    }
    const isSigned = head?.hash === headHash && tree.root() === merkleRoot && hash.digest('hex') === object.sha256;
    if (isSigned) return;
    const why = `its lines follow from each other, and are not those that were signed: one of entries ${firstSeq} to ${lastSeq} was made anew`;
    this.#watched.broken({ where, seq: firstSeq, why });
  }

  end(): Verified {
    const { until, evidence } = this.#run;
    const last = this.#last?.checkpoint;
    const reaches = last === undefined ? undefined : hourAfter(last.hour);
    if (this.#unsealed !== undefined)
      this.#watched.gap(`${this.#unsealed} has no checkpoint yet: nothing in it is proven`);
    const due = hourOf(until);
    if (reaches === undefined) this.#watched.gap('there is no checkpoint: nothing is proven');
    else if (reaches < due) {
      const missing = hoursBetween(reaches, due);
      this.#watched.gap(
        `the sealed record ends ${reaches} and should reach ${due}: ${missing} ${missing === 1 ? 'hour' : 'hours'} not sealed, or taken away`,
      );
    }
    return {
      place: evidence.place,
      hours: this.#hours,
      objects: this.#objects,
      entries: this.#entries,
      ...(this.#first === undefined ? {} : { from: this.#first }),
      ...(reaches === undefined ? {} : { to: reaches }),
      ...(last === undefined ? {} : { lastSeq: last.lastSeq, headHash: last.headHash, key: last.key }),
      ...(this.#last === undefined ? {} : { newestCheckpoint: this.#last.digest }),
      strange: this.#strange,
      ...this.#watched.found(last?.lastSeq ?? 0),
    };
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
