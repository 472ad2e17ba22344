/** What the inventory adds to a run besides the endpoints to probe: deletions, gaps, and lines for the ledger. */
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import type { Inventory } from '../model/inventory.ts';
import type { LedgerLine } from '../model/ledger.ts';
import type { Reading } from '../model/reading.ts';
import type { ProbeRun } from './probe-run.ts';

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

/** What a reading is told of that pass: by the pass itself, or by the message that asked for the visit. */
interface ListedBy extends Pick<Inventory, 'since'> {
  readonly gaps?: readonly CoverageGap[] | undefined;
  readonly page?: string | undefined;
}

/**
 * A reading in the light of the pass that listed its endpoint: with the gaps, as old as its oldest part, and marked where
 * what is declared was read by an earlier pass. Else a removal would seem as young as the last look at something else.
 */
export function withInventory(inventory: ListedBy | undefined): (reading: Reading) => Reading {
  if (inventory === undefined) return (reading) => reading;
  const { page, gaps: listed = [] } = inventory;
  const gapsOf = bySubject(listed);
  return (reading) => {
    const { id, declaredAt } = reading.endpoint;
    const gaps = gapsOf.get(id);
    const began = [reading.began ?? reading.at, declaredAt ?? reading.at].toSorted()[0];
    const isRemembered = declaredAt !== undefined && declaredAt < inventory.since;
    return {
      ...reading,
      ...(isRemembered ? { remembered: true as const } : began === undefined ? {} : { began }),
      ...(gaps === undefined ? {} : { gaps: [...gaps, ...(reading.gaps ?? [])] }),
      ...(page === undefined ? {} : { page }),
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

/** What the ledger was told of and that had not ended, by the passes of this process before. */
export interface Heard {
  /** By code and subject. */
  readonly gaps: Map<string, CoverageGap>;
  /** Ids of doors. */
  readonly forgotten: Set<string>;
}

export function nothingHeard(): Heard {
  return { gaps: new Map(), forgotten: new Set() };
}

/** One line for what was asked and how it answered, one per gap that began or ended, one per resource created anew. */
export function inventoryLines(
  { runId }: Pick<ProbeRun, 'runId'>,
  { coverage, gaps, forgotten, recreated, gone }: Omit<Inventory, 'endpoints'>,
  at: string,
  heard: Heard,
): readonly LedgerLine[] {
  const line = (kind: LedgerLine['kind'], subject: string, body: LedgerLine['body']): LedgerLine => ({
    kind,
    runId,
    subject,
    observedAt: at,
    recordedAt: at,
    body,
  });
  const gapLine = (event: 'began' | 'ended', { subject, code, detail }: CoverageGap): LedgerLine =>
    line('gap', subject, { stage: 'inventory', event, code, detail });
  const { accounts, places, cells, calls } = coverage;
  const { began, ended } = changesOf(gaps, heard.gaps);
  const found = forgotten.filter(({ endpointId }) => !heard.forgotten.has(endpointId));
  heard.forgotten.clear();
  for (const { endpointId } of forgotten) heard.forgotten.add(endpointId);
  return [
    line('inventory', runId, { accounts, places, cells, calls, gaps: gaps.length, gone: gone.map((e) => e.id) }),
    ...began.map((gap) => gapLine('began', gap)),
    ...ended.map((gap) => gapLine('ended', gap)),
    ...found.map(({ endpointId, why }) => line('inventory', endpointId, { event: 'forgotten', why })),
    ...recreated.map(({ endpointId, from, to }) => line('inventory', endpointId, { event: 're-created', from, to })),
  ];
}

/** What lasts is written once: a gap in every place of an organisation, every minute, would bury what matters. */
function changesOf(
  gaps: readonly CoverageGap[],
  heard: Heard['gaps'],
): { readonly began: readonly CoverageGap[]; readonly ended: readonly CoverageGap[] } {
  const now = new Map(gaps.map((gap) => [`${gap.code} ${gap.subject}`, gap]));
  const began = [...now].filter(([key]) => !heard.has(key));
  const ended = [...heard].filter(([key]) => !now.has(key));
  for (const [key, gap] of began) heard.set(key, gap);
  for (const [key] of ended) heard.delete(key);
  return { began: began.map(([, gap]) => gap), ended: ended.map(([, gap]) => gap) };
}
