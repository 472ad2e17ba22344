/** Drafts entries from today's posture, for people to fill in who and why: what lacks that does not load. */
import { stringify } from 'yaml';
import type { EndpointState } from '../model/state.ts';
import { withState } from './local.ts';

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
