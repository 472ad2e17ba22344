/** The Principal and NotPrincipal elements: who a statement is about (aws-services.md section 3.2). */
import { accountOf, type Caller, type Owner, principalShapes } from './policy-caller.ts';
import { entriesOf, stringsOf } from './policy-json.ts';
import { glob, overlaps, type Pattern } from './policy-pattern.ts';

export interface Principals {
  /** NotPrincipal: everybody else. */
  readonly inverted: boolean;
  readonly everyone: boolean;
  /** Accounts named as a whole. */
  readonly accounts: ReadonlySet<string>;
  /** Accounts of which a user, role or session is named. */
  readonly members: ReadonlySet<string>;
  /** Names with a wildcard inside, which AWS does not expand as far as is known. */
  readonly patterns: readonly Pattern[];
  /** Part of it is no text, or of no known type. */
  readonly unread: boolean;
}

/** These are services, identity providers and S3 users: neither a stranger nor another account. */
const OTHER_TYPES: ReadonlySet<string> = new Set(['service', 'federated', 'canonicaluser']);

export function readPrincipals(element: unknown, inverted: boolean): Principals {
  const types = entriesOf(element) ?? new Map([['AWS', element]]);
  const names: string[] = [];
  let unread = false;
  for (const [type, listed] of types) {
    if (OTHER_TYPES.has(type.toLowerCase())) continue;
    const { strings, unread: strange } = stringsOf(listed);
    names.push(...strings);
    // AWS has no variables here: one that is written all the same could mean anybody.
    unread ||= strange || (type !== '*' && type.toLowerCase() !== 'aws') || strings.some((name) => name.includes('${'));
  }
  return { inverted, unread, ...sorted(names) };
}

function sorted(names: readonly string[]): Pick<Principals, 'everyone' | 'accounts' | 'members' | 'patterns'> {
  const accounts = new Set<string>();
  const members = new Set<string>();
  const patterns: Pattern[] = [];
  for (const name of names) {
    const [, , service, , account = '', who] = name.split(':', 6);
    if (/^\d{12}$/.test(name)) accounts.add(name);
    else if (name !== '*' && /[*?]/.test(name)) patterns.push(glob(name));
    else if (service === 'iam' && who === 'root') accounts.add(account);
    else if (account !== '') members.add(account);
  }
  return { everyone: names.includes('*'), accounts, members, patterns };
}

/** Whether it can be about this caller, and whether it is about everybody this caller stands for. */
export function isAbout(
  principals: Principals,
  caller: Caller,
  owner: Owner,
): { readonly may: boolean; readonly must: boolean } {
  const must = principals.everyone || (caller.kind === 'account' && principals.accounts.has(caller.id));
  const may = must || principals.unread || mayName(principals, caller, owner);
  return principals.inverted ? { may: !must, must: !may } : { may, must };
}

function mayName({ members, patterns }: Principals, caller: Caller, { partition }: Owner): boolean {
  if (caller.kind === 'anonymous') return false;
  if (caller.kind === 'account' && members.has(caller.id)) return true;
  const shapes = [accountOf(caller), ...principalShapes(caller, partition)];
  return patterns.some((pattern) => shapes.some((shape) => overlaps(pattern, shape)));
}
