/**
 * What a check says of one account. It names at most `MAX_CHECK_SUBJECTS` of what decided it, and nothing of what did not: an
 * account of which it names none passes only where all that decided it are named and known to be elsewhere, and where nothing in
 * the account itself was unseen. Else it is an error.
 */
import type { Report } from '../../model/report.ts';
import type { ReportCheck } from '../../model/report-evidence.ts';

/** Endpoints of a file without an account. */
const FILE = 'file';
/** There is nothing to see where a region is off or has no such service. */
const SEEN: ReadonlySet<string> = new Set(['complete', 'not-enabled', 'not-offered']);
/** Where there is no account at all. */
const ALL = 'all';

export interface Accounts {
  readonly names: readonly string[];
  /** By endpoint, incident, cell or account. */
  readonly of: ReadonlyMap<string, string>;
  /** Something in it was not seen at the end of the period. */
  readonly inDoubt: ReadonlySet<string>;
}

export type Outcome =
  | { readonly kind: 'pass' }
  | { readonly kind: 'failure' | 'error'; readonly message: string; readonly text: string };

export function accountsOf({ endpoints, incidents, gaps, evidence }: Report): Accounts {
  const of = new Map<string, string>();
  const [names, inDoubt] = [new Set<string>(), new Set<string>()];
  const put = (subject: string, account: string): void => {
    names.add(account);
    of.set(subject, account);
  };
  for (const { endpoint, posture } of endpoints) {
    put(endpoint.id, endpoint.account ?? FILE);
    if (posture.verdict.name === 'unknown' || !posture.verdict.confirmed) inDoubt.add(endpoint.account ?? FILE);
  }
  for (const { id, endpointId, account } of incidents) {
    put(id, account ?? FILE);
    if (!of.has(endpointId)) of.set(endpointId, account ?? FILE);
  }
  for (const { account, region, service, status } of evidence.population.cells) {
    put(`${account}/${region}/${service}`, account);
    if (!SEEN.has(status)) inDoubt.add(account);
  }
  for (const name of names) if (!of.has(name)) of.set(name, name);
  for (const { subject } of gaps) {
    const account = of.get(subject) ?? subject.split('/', 1)[0] ?? '';
    if (names.has(account)) inDoubt.add(account);
  }
  return { names: names.size === 0 ? [ALL] : [...names].sort(), of, inDoubt };
}

export function outcomeOf(check: ReportCheck, account: string, { of, inDoubt }: Accounts): Outcome {
  const { id, state, text, subjects, count } = check;
  if (state === 'satisfied') return { kind: 'pass' };
  const own = subjects.filter((subject) => of.get(subject) === account);
  const isEverywhere = count === 0 || subjects.some((subject) => !of.has(subject));
  if (state === 'not-satisfied' && (own.length > 0 || isEverywhere)) {
    return { kind: 'failure', message: `${id} is not satisfied`, text: told(text, own) };
  }
  const isWhole = subjects.length === count;
  if (own.length === 0 && !isEverywhere && isWhole && !inDoubt.has(account)) return { kind: 'pass' };
  return { kind: 'error', message: `${id} is not known of ${account}`, text: told(text, own) };
}

function told(text: string, own: readonly string[]): string {
  return own.length === 0 ? text : `${text} Here: ${own.join(', ')}`;
}
