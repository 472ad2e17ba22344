/** What the inventory adds to a run besides the endpoints to probe: deletions, gaps, and lines for the ledger. */
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import type { Inventory } from '../model/inventory.ts';
import type { LedgerLine } from '../model/ledger.ts';
import type { Reading } from '../model/reading.ts';
import type { ProbeRun } from './probe.ts';

/** The API's word that a resource is gone, as a reading like any other. */
export function deletion(
  endpoint: Endpoint,
  { runId, vantage, now }: Pick<ProbeRun, 'runId' | 'vantage' | 'now'>,
): Reading {
  return {
    id: `${runId}/${endpoint.id}`,
    runId,
    at: now().toISOString(),
    endpoint,
    vantage,
    observations: [],
    vantageAlive: false,
    deleted: true,
  };
}

/**
 * A reading in the light of the pass that listed its endpoint: with the gaps, as old as its oldest part, and marked where
 * what is declared was read by an earlier pass. Else a removal would seem as young as the last look at something else.
 */
export function withInventory(inventory: Omit<Inventory, 'endpoints'> | undefined): (reading: Reading) => Reading {
  if (inventory === undefined) return (reading) => reading;
  const gapsOf = bySubject(inventory.gaps);
  return (reading) => {
    const { id, declaredAt } = reading.endpoint;
    const gaps = gapsOf.get(id);
    const began = [reading.began ?? reading.at, declaredAt ?? reading.at].toSorted()[0];
    const isRemembered = declaredAt !== undefined && declaredAt < inventory.since;
    return {
      ...reading,
      ...(isRemembered ? { remembered: true as const } : began === undefined ? {} : { began }),
      ...(gaps === undefined ? {} : { gaps }),
    };
  };
}

function bySubject(gaps: readonly CoverageGap[]): ReadonlyMap<string, readonly CoverageGap[]> {
  const map = new Map<string, CoverageGap[]>();
  for (const gap of gaps) {
    const known = map.get(gap.subject);
    if (known === undefined) map.set(gap.subject, [gap]);
    else known.push(gap);
  }
  return map;
}

/** One line for what was asked and how it answered, one per gap, one per resource that was created anew. */
export function inventoryLines(
  { runId }: Pick<ProbeRun, 'runId'>,
  { coverage, gaps, forgotten, recreated, gone }: Omit<Inventory, 'endpoints'>,
  at: string,
): readonly LedgerLine[] {
  const line = (kind: LedgerLine['kind'], subject: string, body: LedgerLine['body']): LedgerLine => ({
    kind,
    runId,
    subject,
    observedAt: at,
    recordedAt: at,
    body,
  });
  const { accounts, places, cells, calls } = coverage;
  return [
    line('inventory', runId, { accounts, places, cells, calls, gaps: gaps.length, gone: gone.map((e) => e.id) }),
    ...gaps.map(({ subject, code, detail }) => line('gap', subject, { stage: 'inventory', code, detail })),
    ...forgotten.map(({ endpointId, why }) => line('inventory', endpointId, { event: 'forgotten', why })),
    ...recreated.map(({ endpointId, from, to }) => line('inventory', endpointId, { event: 're-created', from, to })),
  ];
}
