/**
 * One message of the collect queue: reads some cells of one place, keeps what they answered, and says what has to be
 * looked at now. May be delivered again at any point: what it saves and sends is the same.
 */
import { createHash } from 'node:crypto';
import { codeOfStatus, mergePlace } from '../assess/presence.ts';
import { keysOfEndpoint } from '../model/change.ts';
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import { cellKey, type Inventory, type InventorySource, type PlaceRecord } from '../model/inventory.ts';
import type { CollectMessage, ProbeMessage } from '../model/messages.ts';
import type { Queued } from '../model/queue.ts';
import type { Reading } from '../model/reading.ts';
import type { StateStore } from '../model/store.ts';
import { collect } from './collect.ts';
import { dueTasks, listedOf } from './inventory.ts';
import { InventoryPass } from './inventory-pass.ts';
import { deletion, inventoryLines, nothingHeard } from './listed.ts';

export interface PlaceRun {
  readonly source: InventorySource;
  readonly store: Pick<StateStore, 'read' | 'inventory' | 'append'>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly runId: string;
  readonly vantage: string;
}

export interface Collected {
  /** Absent where it was read for somebody else meanwhile. */
  readonly inventory: Inventory | undefined;
  readonly probes: readonly ProbeMessage[];
  /** Deletions that the API confirmed. */
  readonly gone: readonly Reading[];
  /** The same cells once more, later: what an event told of does not show yet. */
  readonly again?: Queued<CollectMessage>;
}

/** Told of one endpoint: more say no more. */
const MAX_GAPS = 20;

/** Seconds from one look after an event to the next: at 0, 30 s, 2 min and 10 min. */
export const RECHECK_SECONDS = [30, 90, 480] as const;

/** `undefined` where nothing is due: it was read since this was planned. */
export async function collectPlace(message: CollectMessage, run: PlaceRun): Promise<Collected | undefined> {
  const { place } = message;
  const before = await run.store.inventory.read(place.account, place.region);
  const services = message.services.length > 0 ? message.services : await dueServices(message, run);
  if (services.length === 0) return undefined;
  if (isCovered(before, services, message)) {
    return { inventory: undefined, probes: [], gone: [], ...nextOf(message, undefined, run) };
  }
  const { inventory, record } = await readPlace(message, services, run);
  run.signal.throwIfAborted();
  await tellLedger(inventory, before, record, services, run);
  const read = inventory.endpoints.filter((e) => services.includes(e.service ?? ''));
  return {
    inventory,
    probes: read.map((endpoint) => probeOf(endpoint, inventory)),
    gone: inventory.gone.map((endpoint) => deletion(endpoint, run)),
    ...againOf(message, read, run),
  };
}

/**
 * Whether what this look was for has been read meanwhile, for another event or by plan: a storm of events in one place
 * is a few sweeps, not one for each.
 */
function isCovered(record: PlaceRecord | undefined, services: readonly string[], { recheck }: CollectMessage): boolean {
  if (recheck === undefined) return false;
  const delay = RECHECK_SECONDS[recheck.attempt - 1] ?? 0;
  const since = new Date(Date.parse(recheck.since) - (delay / 2) * 1_000).toISOString();
  return services.every((service) => {
    const cell = record?.cells[service];
    return cell?.status === 'complete' && cell.triedAt >= since;
  });
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
  // Whole zones: only what nobody registered may need a name to be known by.
  const names = pass.hasDoors() ? await listedOf(place.account, (a) => source.names(a)) : { items: [], gaps: [] };
  return { inventory: await pass.inventory(names, run), record };
}

/** What began and what ended since the ledger was told; said again where a delivery died before that was noted. */
async function tellLedger(
  inventory: Inventory,
  before: PlaceRecord | undefined,
  record: PlaceRecord | undefined,
  services: readonly string[],
  run: PlaceRun,
): Promise<void> {
  const cells = services.flatMap((service) => {
    const cell = record?.cells[service];
    return record === undefined || cell === undefined
      ? []
      : [{ subject: cellKey(record.place, service), service, cell }];
  });
  const heard = nothingHeard();
  const gaps: CoverageGap[] = [];
  for (const { subject, cell } of cells) {
    const { told, status, detail = status } = cell;
    const code = codeOfStatus(status);
    if (told !== undefined) heard.gaps.set(`${told} ${subject}`, { stage: 'inventory', subject, code: told, detail });
    if (code !== undefined) gaps.push({ stage: 'inventory', subject, code, detail });
  }
  for (const { known } of Object.values(before?.cells ?? {}))
    for (const id of Object.keys(known)) heard.forgotten.add(id);
  await run.store.append(inventoryLines(run, { ...inventory, gaps }, run.now().toISOString(), heard));
  const changed = cells.filter(({ cell }) => cell.told !== codeOfStatus(cell.status));
  if (record === undefined || changed.length === 0) return;
  const { account, region } = record.place;
  const latest = (await run.store.inventory.read(account, region)) ?? record;
  await run.store.inventory.save(
    mergePlace(
      latest,
      latest.place,
      withTold(
        latest,
        changed.map((c) => c.service),
      ),
    ),
  );
}

function withTold({ cells }: PlaceRecord, services: readonly string[]): PlaceRecord['cells'] {
  return Object.fromEntries(
    services.flatMap((service) => {
      const cell = cells[service];
      if (cell === undefined) return [];
      const { told: _before, ...rest } = cell;
      const code = codeOfStatus(cell.status);
      return [[service, code === undefined ? rest : { ...rest, told: code }]];
    }),
  );
}

function probeOf(endpoint: Endpoint, { since, gaps }: Inventory): ProbeMessage {
  const own: CoverageGap[] = gaps.filter((gap) => gap.subject === endpoint.id).slice(0, MAX_GAPS);
  return { kind: 'probe', endpoint, since, ...(own.length === 0 ? {} : { gaps: own }) };
}

function againOf(
  message: CollectMessage,
  read: readonly Endpoint[],
  run: Pick<PlaceRun, 'now'>,
): Pick<Collected, 'again'> {
  const { recheck } = message;
  if (recheck === undefined) return {};
  const touched = read.filter((endpoint) => isTouched(endpoint, recheck.touched));
  const digest = digestOf(touched);
  // What was made a moment ago is not there yet: nothing that was found says that nothing will be.
  const isFound = touched.length > 0 || recheck.touched.length === 0;
  const isSettled =
    isFound && touched.every(({ declared }) => Object.values(declared).every((p) => p.pending === undefined));
  return isSettled && digest === recheck.digest ? {} : nextOf(message, digest, run);
}

function nextOf(
  { recheck, ...message }: CollectMessage,
  digest: string | undefined,
  { now }: Pick<PlaceRun, 'now'>,
): Pick<Collected, 'again'> {
  const delaySeconds = RECHECK_SECONDS[recheck?.attempt ?? RECHECK_SECONDS.length];
  if (recheck === undefined || delaySeconds === undefined) return {};
  const since = new Date(now().getTime() + delaySeconds * 1_000).toISOString();
  const next = { touched: recheck.touched, attempt: recheck.attempt + 1, since };
  return { again: { delaySeconds, body: { ...message, recheck: digest === undefined ? next : { ...next, digest } } } };
}

/** `keys` are scoped; none stands for everything. */
function isTouched(endpoint: Endpoint, keys: readonly string[]): boolean {
  return keys.length === 0 || keysOfEndpoint(endpoint).some((key) => keys.includes(key));
}

/** Of what is declared, whenever it was read. */
function digestOf(endpoints: readonly Endpoint[]): string {
  const all = endpoints.map(({ id, declared }) => [id, declared] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
