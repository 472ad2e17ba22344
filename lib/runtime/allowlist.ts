/** Allowlist commands over files and state: check, explain, diff. */
import { type AlertChange, alertChanges } from '../assess/allowlist-diff.ts';
import { seenOf } from '../assess/allowlist.ts';
import { type Approved, approvedFor } from '../assess/approved.ts';
import { type Known, type KnownEndpoint, LINT_ERRORS, lintAllowlist, type LintWarning } from '../assess/lint.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { AjarError } from '../model/errors.ts';
import type { Incident } from '../model/incident.ts';
import type { EndpointState } from '../model/state.ts';
import type { Verdict } from '../model/verdict.ts';
import { badInput, type Settings } from './config.ts';
import { hasState, readEndpoints, withState } from './local.ts';

export { LINT_ERRORS };

export interface Lint {
  readonly warnings: readonly LintWarning[];
  /** False without an inventory: an entry that matches nothing then looks like any other. */
  readonly useJudged: boolean;
}

export async function lint(allowlist: Allowlist, settings: Settings, now: Date): Promise<Lint> {
  const known = await knownBy(settings);
  return { warnings: lintAllowlist(allowlist, known, now.toISOString()), useJudged: known !== undefined };
}

/** An inventory, or else what was scanned. Addresses come from visits alone. */
async function knownBy({ files, state, aws }: Settings): Promise<Known | undefined> {
  const isScanned = hasState(state);
  if (files.length === 0 && !isScanned) return undefined;
  const seen = isScanned ? await seenIn(state) : { endpoints: [], accounts: [] };
  const accounts = [...seen.accounts, ...(aws?.accounts ?? [])];
  if (files.length === 0) return { endpoints: seen.endpoints, accounts };
  // What stands in an inventory is there today, whenever it was looked at.
  const visited = new Map(seen.endpoints.map(({ decidedAt: _today, ...known }) => [known.endpoint.id, known]));
  const endpoints = (await readEndpoints(files)).map((endpoint): KnownEndpoint => {
    return { ...visited.get(endpoint.id), endpoint };
  });
  return { endpoints, accounts };
}

function seenIn(state: string): Promise<Known> {
  return withState(state, async (store) => {
    const endpoints: KnownEndpoint[] = [];
    const accounts = new Set<string>();
    for await (const { endpoint, posture, lastReadingAt } of store.states())
      endpoints.push({
        ...{ endpoint, addresses: posture.addresses, network: posture.observed.network.level },
        decidedAt: lastReadingAt,
      });
    for await (const { place } of store.inventory.all()) accounts.add(place.account);
    return { endpoints, accounts: [...accounts] };
  });
}

export interface Explanation extends Approved {
  readonly endpoint: string;
  /** In words: what posture is accepted today. */
  readonly accepted: string;
  /** Of the allowlist. */
  readonly digest: string;
  /** As last seen, or why that is not known. */
  readonly now: Now | { readonly unknown: string };
}

/** What an allowance accepts and what is so are two things: an open door is open also where an entry matches. */
export interface Now {
  readonly verdict: Verdict;
  readonly at: string;
  readonly incidents: readonly Incident[];
}

export async function explainEndpoint(
  id: string,
  settings: Settings,
  allowlist: Allowlist,
  now: Date,
): Promise<Explanation> {
  const { endpoint, seen, now: stands } = await findEndpoint(id, settings);
  const approved = approvedFor(allowlist, endpoint, seen, now.toISOString());
  return { endpoint: id, accepted: acceptedBy(approved), digest: allowlist.digest, ...approved, now: stands };
}

function acceptedBy({ posture }: Approved): string {
  const accepts = posture.flatMap(({ protection, by, within }) => {
    if (by.length === 0 || (protection !== 'network' && protection !== 'tls')) return [];
    const whose = within === undefined ? '' : ` by its configuration to ${within} alone`;
    if (protection === 'tls') return [`without TLS${whose} (${by.join(', ')})`];
    const what = within === undefined ? 'reachable from the internet' : `open${whose},`;
    return [`${what} with authentication (${by.join(', ')})`];
  });
  return accepts.length === 0
    ? 'nothing is accepted: being reachable alerts'
    : `accepted: ${accepts.join('; ')}. Never anonymous access; the removal of a protection still alerts`;
}

function nowOf({ posture, lastReadingAt, incidents }: EndpointState): Now {
  const open = incidents.filter((i) => i.status === 'open');
  return { verdict: posture.verdict, at: lastReadingAt, incidents: open };
}

interface Found {
  readonly endpoint: Endpoint;
  readonly seen: Parameters<typeof approvedFor>[2];
  readonly now: Explanation['now'];
}

async function findEndpoint(id: string, settings: Settings): Promise<Found> {
  if (settings.files.length > 0) {
    const endpoint = (await readEndpoints(settings.files)).find((e) => e.id === id);
    if (endpoint === undefined) throw badInput([`${id}: not in ${settings.files.join(', ')}`]);
    const state = await stateWhereKnown(id, settings.state);
    return 'unknown' in state ? { endpoint, seen: { addresses: [] }, now: state } : { ...foundIn(state), endpoint };
  }
  const state = await withState(settings.state, (store) => store.read(id));
  if (state === undefined)
    throw badInput([`${id}: never scanned into ${settings.state}`], 'pass --file inventory.yaml, or scan first');
  return foundIn(state);
}

function foundIn(state: EndpointState): Found {
  return { endpoint: state.endpoint, seen: seenOf(state.posture), now: nowOf(state) };
}

/** With an inventory, a state directory is welcome and not needed. */
async function stateWhereKnown(id: string, dir: string): Promise<EndpointState | { readonly unknown: string }> {
  try {
    const state = await withState(dir, (store) => store.read(id));
    return state ?? { unknown: `never scanned into ${dir}` };
  } catch (error) {
    if (error instanceof AjarError && error.code === 'store-unavailable') return { unknown: error.message };
    throw error;
  }
}

export interface AllowlistDiff {
  readonly endpoints: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  readonly alerts: readonly AlertChange[];
}

/** Judged on the last look of each endpoint that the state knows. */
export async function diffAllowlists(
  before: Allowlist,
  after: Allowlist,
  dir: string,
  now: Date,
): Promise<AllowlistDiff> {
  const [old, fresh] = [before, after].map(({ entries }) => new Map(entries.map((e) => [e.id, JSON.stringify(e)])));
  const ids = (of: typeof old): string[] => [...(of?.keys() ?? [])].sort();
  const alerts: AlertChange[] = [];
  const endpoints = await withState(dir, async (store) => {
    let count = 0;
    for await (const state of store.states()) {
      count++;
      alerts.push(...alertChanges(state, before, after, now));
    }
    return count;
  });
  return {
    endpoints,
    added: ids(fresh).filter((id) => old?.has(id) !== true),
    removed: ids(old).filter((id) => fresh?.has(id) !== true),
    changed: ids(old).filter((id) => fresh?.has(id) === true && fresh.get(id) !== old?.get(id)),
    alerts,
  };
}
