/** What lib/pipeline/history.ts and lib/pipeline/standing.ts make of ledgers that are cut, foreign or out of order. */
import { expect, it } from 'vitest';
import { GENESIS_HASH, type LedgerEntry } from '../../lib/model/ledger.ts';
import { LONGEST_PAUSE_MS } from '../../lib/assess/overdue.ts';
import { readHistory } from '../../lib/pipeline/history.ts';
import { incidentAt } from '../../lib/pipeline/standing.ts';
import { anIncident } from '../support/builders.ts';
import { lived, OPEN } from '../support/history.ts';
import { instant } from '../support/readings.ts';

async function* of(entries: readonly LedgerEntry[]): AsyncIterable<LedgerEntry> {
  yield* entries;
}
async function ledgerOf(...readings: Parameters<typeof lived>[0]): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const entry of (await lived(readings)).ledger()) entries.push(entry);
  return entries;
}
const ES = new Set(['es-1']);

it('an empty ledger knows nothing', async () => {
  const history = await readHistory(of([]), instant(0), ES);
  expect(history.ledger).toEqual({ entries: 0, firstSeq: 0, lastSeq: 0, headHash: GENESIS_HASH });
  expect([history.firstReadingAt, history.lastLookAt, history.postureOf('es-1')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it('a ledger that lost its beginning is described as it is, and what went with it is not guessed', async () => {
  const entries = (await ledgerOf({ at: 0 }, { at: 600, ...OPEN })).filter((e) => e.observedAt > instant(60));
  const history = await readHistory(of(entries), instant(300), ES);
  expect(history.ledger).toMatchObject({ entries: entries.length, firstSeq: entries[0]?.seq });
  expect(history.firstReadingAt).toBe(instant(600));
  expect(history.postureOf('es-1')).toBeUndefined();
  expect(history.nextReadingOf('es-1')).toBe(instant(600));
});

it('the last change by its own time counts, whatever order it was written in', async () => {
  const entries = await ledgerOf({ at: 0 }, { at: 60, ...OPEN });
  for (const written of [entries, entries.toReversed()]) {
    const history = await readHistory(of(written), instant(90), ES);
    expect(history.postureOf('es-1')).toMatchObject({ at: instant(60), posture: { auth: 'open-anonymous' } });
  }
});

it('an entry that this ajar cannot read is no posture and no incident', async () => {
  const entries = (await ledgerOf({ at: 0 }, { at: 60, ...OPEN })).map(
    (e): LedgerEntry => ({ ...e, body: { ...e.body, verdict: 'fine', incident: { id: 'x' } } }),
  );
  const history = await readHistory(of(entries), instant(90), ES);
  expect(history.postureOf('es-1')).toBeUndefined();
  expect(history.incidentOf('es-1', 'x')).toBeUndefined();
});

it('keeps nothing of endpoints it was not asked about', async () => {
  const history = await readHistory(of(await ledgerOf({ at: 0 })), instant(90), new Set());
  expect(history.postureOf('es-1')).toBeUndefined();
});

it.each([
  [LONGEST_PAUSE_MS, 0],
  [LONGEST_PAUSE_MS + 1_000, 1],
])('a pause of %d ms is %d stretches unwatched', async (ms, wanted) => {
  const entries = await ledgerOf({ at: 0 }, { at: ms / 1_000 });
  expect((await readHistory(of(entries), instant(90), ES)).pauses).toHaveLength(wanted);
});

it('an incident that closed exactly at the instant is closed', () => {
  const closed = { lower: instant(60), upper: instant(90), cause: 'fixed' as const };
  const incident = anIncident({ closed, status: 'closed' });
  expect(incidentAt(incident, undefined, instant(90))).toEqual(incident);
  expect(incidentAt(incident, undefined, instant(89))).toMatchObject({ status: 'open', closedLater: closed });
});

it('what people did about an incident is as it was at the instant', () => {
  const said = (at: number) => ({ by: 'jdoe', at: instant(at) });
  const handling = {
    acked: { ...said(50), severity: 'critical' as const },
    assigned: { ...said(100), to: 'dba' },
    notes: [
      { ...said(60), text: 'early' },
      { ...said(100), text: 'late' },
    ],
  };
  const incident = anIncident({ handling, ladder: { since: instant(10), step: 3 } });
  const then = incidentAt(incident, anIncident({ handling: {} }), instant(90));
  expect(then.handling).toEqual({ acked: handling.acked, notes: [handling.notes[0]] });
  expect(then).not.toHaveProperty('ladder');
  expect(incidentAt(incident, undefined, instant(40))).not.toHaveProperty('handling');
});
