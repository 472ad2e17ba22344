/**
 * One message of the collect queue: reads some cells of one place, keeps what they answered, and says what has to be
 * looked at now. May be delivered again at any point: what it saves and sends is the same.
 */
import { createHash } from 'node:crypto';
import { codeOfStatus } from '../assess/presence.ts';
import { scopedKey } from '../model/change.ts';
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import { cellKey, type Inventory, type InventorySource, type PlaceRecord } from '../model/inventory.ts';
import type { CollectMessage, ProbeMessage } from '../model/messages.ts';
import type { Queued } from '../model/queue.ts';
import type { Reading } from '../model/reading.ts';
import type { StateStore } from '../model/store.ts';
import { collect } from './collect.ts';
import { faultLine } from './fault.ts';
import { dueTasks } from './inventory.ts';
import { InventoryPass } from './inventory-pass.ts';
import { deletion, type Heard, inventoryLines, nothingHeard } from './listed.ts';

export interface PlaceRun {
  readonly source: InventorySource;
  readonly store: Pick<StateStore, 'read' | 'inventory' | 'append'>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly runId: string;
  readonly vantage: string;
}

export interface Collected {
  readonly inventory: Inventory;
  readonly probes: readonly ProbeMessage[];
  /** Deletions that the API confirmed. */
  readonly gone: readonly Reading[];
  /** The same cells once more, later: what an event told of does not show yet. */
  readonly again?: Queued<CollectMessage>;
}

/** Seconds from one look after an event to the next: at 0, 30 s, 2 min and 10 min. */
export const RECHECK_SECONDS = [30, 90, 480] as const;

/** `undefined` where nothing is due: it was read since this was planned. */
export async function collectPlace(message: CollectMessage, run: PlaceRun): Promise<Collected | undefined> {
  const { place } = message;
  const before = await run.store.inventory.read(place.account, place.region);
  const services = message.services.length > 0 ? message.services : await dueServices(message, run);
  if (services.length === 0) return undefined;
  const { inventory, record } = await readPlace(message, services, run);
  run.signal.throwIfAborted();
  const heard = { ...nothingHeard(), gaps: cellGaps(before, services) };
  const told = { ...inventory, gaps: [...cellGaps(record, services).values()] };
  await run.store.append(inventoryLines(run, told, run.now().toISOString(), heard));
  const read = inventory.endpoints.filter((e) => services.includes(e.service ?? ''));
  return {
    inventory,
    probes: read.map((endpoint) => probeOf(endpoint, inventory)),
    gone: inventory.gone.map((endpoint) => deletion(endpoint, run)),
    ...againOf(message, read),
  };
}

async function dueServices({ place }: CollectMessage, run: PlaceRun): Promise<readonly string[]> {
  const [task] = await dueTasks([place], { ...run, full: false });
  return task?.services ?? [];
}

async function readPlace(
  { place }: CollectMessage,
  services: readonly string[],
  run: PlaceRun,
): Promise<{ readonly inventory: Inventory; readonly record: PlaceRecord | undefined }> {
  const { source, store } = run;
  const pass = new InventoryPass(run.now().toISOString(), 1, [place], []);
  await collect([{ place, services }], {
    ...{ source, records: store.inventory, states: store, now: run.now, signal: run.signal },
    onPlace: async (result) => pass.add(result),
  });
  const record = await store.inventory.read(place.account, place.region);
  if (record !== undefined) await pass.recall(record, run);
  return { inventory: await pass.inventory(await namesOf(place.account, source), run), record };
}

async function namesOf(account: string, source: InventorySource): ReturnType<InventorySource['names']> {
  try {
    return await source.names(account);
  } catch (error) {
    return { items: [], gaps: [{ stage: 'inventory', subject: account, code: 'fault', detail: faultLine(error) }] };
  }
}

/** One for each of these cells that is not whole, as its record says: the ledger is told of what began and ended. */
function cellGaps(record: PlaceRecord | undefined, services: readonly string[]): Heard['gaps'] {
  const gaps = new Map<string, CoverageGap>();
  for (const service of services) {
    const cell = record?.cells[service];
    const code = cell === undefined ? undefined : codeOfStatus(cell.status);
    if (record === undefined || cell === undefined || code === undefined) continue;
    const subject = cellKey(record.place, service);
    gaps.set(`${code} ${subject}`, { stage: 'inventory', subject, code, detail: cell.detail ?? cell.status });
  }
  return gaps;
}

function probeOf(endpoint: Endpoint, { since, gaps }: Inventory): ProbeMessage {
  const own: CoverageGap[] = gaps.filter((gap) => gap.subject === endpoint.id);
  return { kind: 'probe', endpoint, since, ...(own.length === 0 ? {} : { gaps: own }) };
}

function againOf(message: CollectMessage, read: readonly Endpoint[]): Pick<Collected, 'again'> {
  const { recheck } = message;
  const delaySeconds = RECHECK_SECONDS[recheck?.attempt ?? RECHECK_SECONDS.length];
  if (recheck === undefined || delaySeconds === undefined) return {};
  const touched = read.filter((endpoint) => isTouched(endpoint, recheck.touched));
  const digest = digestOf(touched);
  const isSettled = touched.every(({ declared }) => Object.values(declared).every((p) => p.pending === undefined));
  if (isSettled && digest === recheck.digest) return {};
  const next = { touched: recheck.touched, attempt: recheck.attempt + 1, digest };
  return { again: { delaySeconds, body: { ...message, recheck: next } } };
}

/** `keys` are scoped; none stands for everything. */
export function isTouched(
  { account = '', region = '', dependencies = [] }: Endpoint,
  keys: readonly string[],
): boolean {
  return keys.length === 0 || dependencies.some((key) => keys.includes(scopedKey(key, account, region)));
}

/** Of what is declared, whenever it was read. */
function digestOf(endpoints: readonly Endpoint[]): string {
  const all = endpoints.map(({ id, declared }) => [id, declared] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
