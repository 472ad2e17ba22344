/**
 * A policy as statements. An element that is not what AWS accepts is a doubt: an Allow then counts as if it held,
 * a Deny as if it did not.
 */
import { printable } from '../model/text.ts';
import type { Owner } from './policy-caller.ts';
import { compileCondition, type Test } from './policy-condition.ts';
import { entriesOf, readJson, stringsOf } from './policy-json.ts';
import { glob, type Pattern } from './policy-pattern.ts';
import { type Principals, readPrincipals } from './policy-principal.ts';
import { type Value, valueOf } from './policy-variable.ts';

export const MAX_STATEMENTS = 1_000;

/** An Action or Resource element; `inverted` is NotAction and NotResource. */
export interface Listed {
  readonly inverted: boolean;
  readonly values: readonly Value[];
}

export interface Statement {
  /** Its Sid, or `#` and its place where it has none of its own. */
  readonly id: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: Principals;
  readonly actions: Listed;
  readonly resources: Listed;
  readonly tests: readonly Test[];
  readonly doubts: readonly string[];
}

export type PolicyDocument =
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly why: string }
  | {
      readonly state: 'read';
      readonly statements: readonly Statement[];
      /** Statements of which not even the effect is known. */
      readonly doubts: readonly string[];
    };

export interface ReadingRules extends Owner {
  /** The service's policies have no Resource element. */
  readonly resourceless: boolean;
}

export function readPolicy(policy: string | object | undefined, rules: ReadingRules): PolicyDocument {
  if (policy === undefined || (typeof policy === 'string' && policy.trim() === '')) return { state: 'absent' };
  const json = readJson(policy);
  if (!json.ok) return { state: 'unreadable', why: json.why };
  const element = entriesOf(json.value)?.get('Statement');
  if (element === undefined) return { state: 'unreadable', why: 'no Statement' };
  const listed: readonly unknown[] = Array.isArray(element) ? element : [element];
  if (listed.length > MAX_STATEMENTS) return { state: 'unreadable', why: `more than ${MAX_STATEMENTS} statements` };
  const ids = idsOf(listed);
  const doubts: string[] = [];
  const statements = listed.flatMap((item, index) => {
    const elements = entriesOf(item) ?? new Map<string, unknown>();
    const effect = elements.get('Effect');
    const id = ids[index] ?? `#${index}`;
    if (effect === 'Allow' || effect === 'Deny') return [readStatement(elements, effect, id, rules)];
    doubts.push(`statement ${id}: Effect`);
    return [];
  });
  return { state: 'read', statements, doubts };
}

/** A Sid of plain characters that no other statement has; anything else could pass for another statement. */
function idsOf(listed: readonly unknown[]): readonly string[] {
  const sids = listed.map((item) => {
    const sid = entriesOf(item)?.get('Sid');
    return typeof sid === 'string' && /^\w[\w .-]{0,63}$/.test(sid) ? sid : undefined;
  });
  const counts = new Map<string, number>();
  for (const sid of sids) if (sid !== undefined) counts.set(sid, (counts.get(sid) ?? 0) + 1);
  return sids.map((sid, index) => (sid !== undefined && counts.get(sid) === 1 ? sid : `#${index}`));
}

const ELEMENTS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

function readStatement(
  elements: ReadonlyMap<string, unknown>,
  effect: 'Allow' | 'Deny',
  id: string,
  rules: ReadingRules,
): Statement {
  const who = eitherOf(elements, 'Principal');
  const principals = readPrincipals(who.value, who.inverted);
  const actions = readListed(eitherOf(elements, 'Action'), (text) => glob(text.toLowerCase()), rules);
  const resources = readListed(resourceOf(elements, rules), glob, rules);
  const condition = elements.get('Condition');
  const tests = condition === undefined ? [] : compileCondition(condition, rules);
  const doubts = [
    ...[...elements.keys()].filter((name) => !ELEMENTS.has(name)),
    ...(who.doubtful || principals.unread ? ['Principal'] : []),
    ...(actions.doubtful ? ['Action'] : []),
    ...(resources.doubtful ? ['Resource'] : []),
    ...(tests === undefined ? ['Condition'] : []),
  ].map((name) => `statement ${id}: ${printable(name, 64)}`);
  return { id, effect, principals, actions, resources, tests: tests ?? [], doubts };
}

interface Element {
  readonly value: unknown;
  readonly inverted: boolean;
  readonly doubtful: boolean;
}
const EVERYTHING: Element = { value: '*', inverted: false, doubtful: false };

/** `Action` or `NotAction`: exactly one of both has to be there. */
function eitherOf(elements: ReadonlyMap<string, unknown>, name: string): Element {
  const [plain, not] = [elements.get(name), elements.get(`Not${name}`)];
  if ((plain === undefined) === (not === undefined)) return { ...EVERYTHING, doubtful: true };
  return { value: plain ?? not, inverted: plain === undefined, doubtful: false };
}

function resourceOf(elements: ReadonlyMap<string, unknown>, { resourceless }: ReadingRules): Element {
  if (!resourceless) return eitherOf(elements, 'Resource');
  const unwritten = !elements.has('NotResource') && (elements.get('Resource') ?? '*') === '*';
  return { ...EVERYTHING, doubtful: !unwritten };
}

function readListed(
  { value, inverted, doubtful }: Element,
  make: (text: string) => Pattern,
  rules: ReadingRules,
): Listed & { readonly doubtful: boolean } {
  const { strings, unread } = stringsOf(value);
  if (unread) return { inverted: false, values: [valueOf('*', rules, make)], doubtful: true };
  const values = strings.map((text) => valueOf(text, rules, make));
  return { inverted, values, doubtful: doubtful || values.some(({ exact }) => !exact) };
}
