/** Checks a ledger that is still being written, and that it is the one whose hours were sealed. */
import type { LedgerEntry } from '../model/ledger.ts';
import type { LedgerVerified } from '../model/verified.ts';
import { BEGINNING, canonicalOf, type Head, soundLine } from './verify-lines.ts';
import { Watched, type Watching } from './verify-watched.ts';

export async function verifyLedger(
  place: string,
  entries: AsyncIterable<LedgerEntry>,
  watching: Pick<Watching, 'named' | 'maxPauseMs'>,
): Promise<LedgerVerified> {
  const watched = new Watched({ keys: new Map(), kept: [], ...watching });
  let head: Head = BEGINNING;
  for await (const entry of entries) {
    const at = { where: place, line: head.seq + 1 };
    const sound = soundLine(Buffer.from(canonicalOf(entry) ?? ''), head);
    if (typeof sound === 'string') {
      watched.broken({ ...at, seq: head.seq + 1, why: sound });
      break;
    }
    watched.line(sound, at);
    head = sound;
  }
  return { place, entries: head.seq, lastSeq: head.seq, headHash: head.hash, ...watched.ended(head.seq) };
}
