/** Passes over an organisation in this process, judged as a scan judges them. */
import { decide } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Incident } from '../../lib/model/incident.ts';
import type { Inventory } from '../../lib/model/inventory.ts';
import { takeInventory } from '../../lib/pipeline/inventory.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { Organisation } from './organisation.ts';

export const NEVER = new AbortController().signal;

/** An organisation, a store, and passes that judge what they find, as the scan does. */
export function passesOver(accounts: readonly string[], regions: readonly string[] = ['eu-west-1', 'us-east-1']) {
  const organisation = new Organisation(accounts, regions);
  const store = memoryStore({ sinks: [] });
  const judge = async (endpoint: Endpoint, run: number, deleted = false): Promise<void> => {
    const before = await store.read(endpoint.id);
    const at = organisation.now.toISOString();
    const reading = {
      id: `${run}/${endpoint.id}`,
      runId: String(run),
      at,
      endpoint,
      vantage: 'v',
      observations: [],
      vantageAlive: !deleted,
      ...(deleted ? { deleted } : {}),
    };
    const { state, lines, notices, incidents } = decide(before, reading, EMPTY_ALLOWLIST, organisation.now);
    await store.commit({ state, expected: before?.version ?? 0, lines, notices, incidents });
  };
  let run = 0;
  const pass = async (
    options: { full?: boolean; judged?: boolean; registered?: readonly Endpoint[] } = {},
  ): Promise<Inventory> => {
    run++;
    organisation.now = new Date(organisation.now.getTime() + 1_000);
    organisation.asked.length = 0;
    const taken = {
      source: organisation,
      store,
      now: () => organisation.now,
      signal: NEVER,
      full: options.full ?? true,
      registered: options.registered ?? [],
    };
    const inventory = await takeInventory(taken);
    if (options.judged !== false) {
      for (const endpoint of inventory.endpoints) await judge(endpoint, run);
      for (const endpoint of inventory.gone) await judge(endpoint, run, true);
    }
    return inventory;
  };
  const later = (minutes: number): void => {
    organisation.now = new Date(organisation.now.getTime() + minutes * 60_000);
  };
  const incidents = async (): Promise<readonly Incident[]> => {
    const all: Incident[] = [];
    for await (const incident of store.incidents()) all.push(incident);
    return all;
  };
  return { organisation, store, pass, later, incidents };
}
