/** Allowlist commands over files and state: lint, explain, draft. */
import { coverageOf, explainEntry, type MatchAnswer } from '../assess/allowlist.ts';
import { lintAllowlist, type LintWarning } from '../assess/lint.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { AjarError } from '../model/errors.ts';
import type { Incident } from '../model/incident.ts';
import type { EndpointState } from '../model/state.ts';
import type { Verdict } from '../model/verdict.ts';
import { stringify } from 'yaml';
import { badInput, type Settings } from './config.ts';
import { readEndpoints, withState } from './local.ts';

export interface Lint {
  readonly warnings: readonly LintWarning[];
  /** False without an inventory: an entry that matches nothing then looks like any other. */
  readonly useJudged: boolean;
}

export async function lint(allowlist: Allowlist, files: readonly string[], now: Date): Promise<Lint> {
  const endpoints = files.length === 0 ? undefined : await readEndpoints(files);
  return { warnings: lintAllowlist(allowlist, endpoints, now.toISOString()), useJudged: endpoints !== undefined };
}

export interface Explanation {
  readonly endpoint: string;
  /** In words: what posture is accepted today. */
  readonly accepted: string;
  readonly entries: readonly MatchAnswer[];
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
  const { endpoint, addresses, now: stands } = await findEndpoint(id, settings);
  const at = now.toISOString();
  const coverage = coverageOf(allowlist, endpoint, addresses, at);
  const accepts = [
    coverage.reachable.length > 0
      ? `reachable from the internet with authentication (${coverage.reachable.join(', ')})`
      : undefined,
    coverage.plaintext.length > 0 ? `without TLS (${coverage.plaintext.join(', ')})` : undefined,
  ].filter((line) => line !== undefined);
  const accepted =
    accepts.length === 0
      ? 'nothing is accepted: being reachable alerts'
      : `accepted: ${accepts.join('; ')}. Never anonymous access; the removal of a protection still alerts`;
  const entries = allowlist.entries.map((e) => explainEntry(e, endpoint, addresses, at));
  return { endpoint: id, accepted, entries, now: stands };
}

function nowOf({ posture, lastReadingAt, incidents }: EndpointState): Now {
  const open = incidents.filter((i) => i.status === 'open');
  return { verdict: posture.verdict, at: lastReadingAt, incidents: open };
}

interface Found {
  readonly endpoint: Endpoint;
  readonly addresses: readonly string[];
  readonly now: Explanation['now'];
}

async function findEndpoint(id: string, settings: Settings): Promise<Found> {
  if (settings.files.length > 0) {
    const endpoint = (await readEndpoints(settings.files)).find((e) => e.id === id);
    if (endpoint === undefined) throw badInput([`${id}: not in ${settings.files.join(', ')}`]);
    return { endpoint, addresses: [], now: await nowWhereKnown(id, settings.state) };
  }
  const state = await withState(settings.state, (store) => store.read(id));
  if (state === undefined)
    throw badInput([`${id}: never scanned into ${settings.state}`], 'pass --file inventory.yaml, or scan first');
  return { endpoint: state.endpoint, addresses: state.posture.addresses, now: nowOf(state) };
}

/** With an inventory, a state directory is welcome and not needed. */
async function nowWhereKnown(id: string, dir: string): Promise<Explanation['now']> {
  try {
    const state = await withState(dir, (store) => store.read(id));
    return state === undefined ? { unknown: `never scanned into ${dir}` } : nowOf(state);
  } catch (error) {
    if (error instanceof AjarError && error.code === 'store-unavailable') return { unknown: error.message };
    throw error;
  }
}

/** Only what is reachable with authentication in force: a draft must never propose to accept an open door. */
export async function draftAllowances(state: string, now: Date): Promise<string> {
  const states = await withState(state, async (store) => {
    const found: EndpointState[] = [];
    for await (const s of store.states()) if (s.posture.verdict.name === 'reachable') found.push(s);
    return found;
  });
  const { drafts, skipped } = split(states);
  const document = { version: 1, entries: drafts.map((s) => draft(s, now)) };
  const notes = skipped
    .map((s) => `# ${JSON.stringify(s.endpoint.id)} names no account: an allowance needs one\n`)
    .join('');
  const head = `# Drafted by ajar from the posture of ${now.toISOString().slice(0, 10)}. Fill in every empty field; it does not load until then.\n`;
  return (
    head + notes + stringify(document, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 120 })
  );
}

function split(states: readonly EndpointState[]): { drafts: EndpointState[]; skipped: EndpointState[] } {
  const hasAccount = (s: EndpointState): boolean => s.endpoint.account !== undefined;
  return { drafts: states.filter(hasAccount), skipped: states.filter((s) => !hasAccount(s)) };
}

function draft({ endpoint, posture }: EndpointState, now: Date) {
  const { account, arn, host, engine, port, region } = endpoint;
  const slug = endpoint.id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 60);
  return {
    id: slug.length >= 3 ? slug : `entry-${slug}`,
    owner: '',
    reason: '',
    ticket: '',
    approvedBy: [],
    approvedOn: now.toISOString().slice(0, 10),
    expires: new Date(now.getTime() + 90 * 86_400_000).toISOString().slice(0, 10),
    match: {
      accounts: [account],
      ...(region === undefined ? {} : { regions: [region] }),
      ...(arn === undefined ? { hostnames: [host] } : { arns: [arn] }),
      protocols: [engine],
      ports: [port],
    },
    permit: { reachable: 'from-internet', authentication: 'required', plaintext: posture.observed.tls.level === 'off' },
  };
}
