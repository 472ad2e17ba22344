/**
 * One message of the change queue: what an event touched is read again at once and until it shows, and open incidents
 * that it explains are told so. The event is never a state by itself. Delivered twice, late or out of order, it
 * causes looks and nothing else.
 */
import { explained, isUnexplained } from '../assess/attribution.ts';
import { normalise } from '../events/normalise.ts';
import type { Allowlist } from '../model/allowlist.ts';
import { type Attribution, type Change, scopedKey } from '../model/change.ts';
import type { Place } from '../model/inventory.ts';
import type { CollectMessage } from '../model/messages.ts';
import type { Queue, Queued } from '../model/queue.ts';
import type { StateStore } from '../model/store.ts';
import { commitUntilDone } from './assess.ts';
import { whoDid } from './explain.ts';

export interface ChangeRun {
  readonly store: StateStore;
  readonly collect: Queue<CollectMessage>;
  readonly placeOf: (account: string, region: string) => Promise<Place | undefined>;
  readonly allowlist: Allowlist;
  readonly runId: string;
  readonly vantage: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export type Handled =
  | { readonly kind: 'change'; readonly change: Change; readonly explained: number }
  | { readonly kind: 'ignored' | 'malformed'; readonly why: string };

/** Places that one event leads to, and incidents that it may explain at once: beyond, sweeps and later searches see it. */
const MAX_PLACES = 200;
const MAX_EXPLAINED = 100;

export async function handleChange(event: unknown, run: ChangeRun): Promise<Handled> {
  const normal = normalise(event, run.now());
  if (normal.kind !== 'change') return normal;
  const { change } = normal;
  // First what explains it, so that the look which finds it can name who did it.
  await run.store.changes.add(change);
  const keys = change.touched.map((key) => scopedKey(key, change.account, change.region));
  const dependents = await run.store.dependents(keys);
  await look(change, { touched: keys, dependents }, run);
  return { kind: 'change', change, explained: await explainOpen(dependents, run) };
}

/** The cells that it names, and those of other accounts that depend on what was touched: shared subnets, prefix lists. */
async function look(
  change: Change,
  { touched, dependents }: { readonly touched: readonly string[]; readonly dependents: readonly string[] },
  run: ChangeRun,
): Promise<void> {
  const { account, region } = change;
  const cells = new Map<string, { account: string; region: string; services: Set<string> }>();
  const add = (at: { account: string; region: string }, names: readonly string[]): void => {
    const key = `${at.account}/${at.region}`;
    const cell = cells.get(key) ?? { ...at, services: new Set<string>() };
    for (const name of names) cell.services.add(name);
    cells.set(key, cell);
  };
  add({ account, region }, await concerned(change, run));
  for (const id of dependents) {
    const [owner, where, service] = id.split('/');
    if (owner === undefined || where === undefined || service === undefined) continue;
    add({ account: owner, region: where }, [service]);
  }
  const since = run.now().toISOString();
  const messages: Queued<CollectMessage>[] = [];
  for (const cell of [...cells.values()].slice(0, MAX_PLACES)) {
    const place = cell.services.size === 0 ? undefined : await run.placeOf(cell.account, cell.region);
    if (place === undefined) continue;
    const services = [...cell.services].toSorted();
    messages.push({
      body: { kind: 'collect', place, services, recheck: { touched: [...touched], attempt: 0, since } },
    });
  }
  await run.collect.send(messages);
}

/**
 * A rule of the network may concern every service that listens there: those that hold nothing, as far as a whole list
 * says, are left out. What a service itself was told is always looked at.
 */
async function concerned(
  { account, region, kind, services, touched }: Change,
  { store }: ChangeRun,
): Promise<readonly string[]> {
  // A key or a log group is touched all day long, mostly by services: who depends on it is known.
  if (kind === 'guardrail' && touched.length > 0) return [];
  if (kind !== 'net') return services;
  const record = await store.inventory.read(account, region);
  return services.filter((service) => {
    const cell = record?.cells[service];
    const isEmpty = cell?.status === 'complete' && Object.keys(cell.known).length === 0 && cell.watched === undefined;
    return service === INTERFACES || !isEmpty;
  });
}
/** Finds what nobody registered, so what was not there a moment ago. */
const INTERFACES = 'interfaces';

/** Incidents that a probe or a sweep found before the event came. */
async function explainOpen(dependents: readonly string[], run: ChangeRun): Promise<number> {
  let count = 0;
  for (const id of dependents.slice(0, MAX_EXPLAINED)) {
    // What is left is searched for all the same, some minutes later.
    if (run.signal.aborted) break;
    count += await explainEndpoint(id, run);
  }
  return count;
}

/** How many open incidents of an endpoint got their attribution. `isLast`: those that nothing explains are told so. */
export async function explainEndpoint(
  endpointId: string,
  run: Pick<ChangeRun, 'store' | 'allowlist' | 'runId' | 'vantage' | 'now'>,
  isLast = false,
): Promise<number> {
  const { store } = run;
  const decision = await commitUntilDone(endpointId, store, async (state) => {
    if (state === undefined) return undefined;
    const found = new Map(await whoDid(state.endpoint, state.incidents, store.changes, isLast));
    const nameless = isLast ? state.incidents.filter(isUnexplained) : [];
    for (const { id } of nameless) if (!found.has(id)) found.set(id, NOBODY);
    return explained(state, found, run, run.allowlist, run.now());
  });
  return decision?.changed === true ? decision.incidents.length : 0;
}

/** Every place where an event would be was searched. */
const NOBODY: Attribution = { changes: [] };
