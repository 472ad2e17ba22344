/**
 * The set of source addresses from which a caller may make requests: what some Allow can grant, less what a Deny
 * always takes (aws-services.md section 3.2). An Allow may count too much and a Deny too little, never otherwise.
 */
import { PUBLIC } from './breadth.ts';
import { type Addresses, type Family, intersect, NOBODY, perFamily, subtract, union } from './ipset.ts';
import type { Caller, Owner } from './policy-caller.ts';
import { type Weighed, weigh } from './policy-condition.ts';
import type { Listed, Statement } from './policy-document.ts';
import { ANYTHING, arnIncludes, arnOverlaps, includes, overlaps, type Pattern } from './policy-pattern.ts';
import { isAbout } from './policy-principal.ts';
import type { Request } from './policy-service.ts';

/** Requests that the same statements are about. */
export interface RuleSet {
  readonly actions: readonly string[];
  readonly allows: readonly Statement[];
  /** `full`: whatever the request, the statement is about it. */
  readonly denies: readonly { readonly statement: Statement; readonly full: boolean }[];
}

/** Actions and resources do not depend on the caller, so they are matched once. */
export function ruleSetsOf(statements: readonly Statement[], requests: readonly Request[]): readonly RuleSet[] {
  const sets = new Map<string, RuleSet>();
  for (const request of requests) {
    const covered = statements.map((statement) => ({ statement, ...coverage(statement, request) }));
    const key = covered.map(({ may, must }) => (must ? '2' : may ? '1' : '0')).join('');
    const touching = covered.filter(({ may }) => may);
    const of = (effect: Statement['effect']) => touching.filter(({ statement }) => statement.effect === effect);
    sets.set(key, {
      actions: [...(sets.get(key)?.actions ?? []), request.name],
      allows: of('Allow').map(({ statement }) => statement),
      denies: of('Deny').map(({ statement, must }) => ({ statement, full: must })),
    });
  }
  return [...sets.values()];
}

interface Coverage {
  readonly may: boolean;
  readonly must: boolean;
}

function coverage({ effect, actions, resources }: Statement, request: Request): Coverage {
  const action = actionCoverage(actions, request.action);
  if (!action.may || (effect === 'Allow' && !grants(actions, request))) return { may: false, must: false };
  const resource = invertedIf(resources.inverted, {
    may: resources.values.some(({ pattern, exact }) => (exact ? arnOverlaps : overlaps)(pattern, request.resource)),
    must: resources.values.some(({ pattern, exact }) => exact && coversAll(pattern, request.resource)),
  });
  return { may: resource.may, must: action.must && resource.must };
}

function actionCoverage({ inverted, values }: Listed, action: Pattern): Coverage {
  return invertedIf(inverted, {
    may: values.some(({ pattern }) => overlaps(pattern, action)),
    must: values.some(({ pattern, exact }) => exact && includes(pattern, action)),
  });
}

function invertedIf(inverted: boolean, { may, must }: Coverage): Coverage {
  return inverted ? { may: !must, must: !may } : { may, must };
}

function grants({ inverted, values }: Listed, { action, apartFrom }: Request): boolean {
  if (apartFrom === undefined) return true;
  return !inverted && values.some(({ pattern }) => overlaps(pattern, action) && !overlaps(pattern, apartFrom));
}

function coversAll(pattern: Pattern, shape: Pattern): boolean {
  return includes(pattern, ANYTHING) || arnIncludes(pattern, shape);
}

export interface Allowed {
  /** As the policy writes them, of the endpoint's families: special ranges are in. */
  readonly written: Addresses;
  /** Those of them that the internet routes. */
  readonly addresses: Addresses;
  readonly actions: readonly string[];
  readonly statements: readonly string[];
  readonly undecided: readonly string[];
}

export function allowed(caller: Caller, sets: readonly RuleSet[], owner: Owner, families: readonly Family[]): Allowed {
  const weighed = new Map<Statement, Weighed>();
  const weigher = (statement: Statement): Weighed => {
    const known = weighed.get(statement) ?? weighStatement(statement, caller, owner);
    weighed.set(statement, known);
    return known;
  };
  const open = sets.map((set) => openBy(set, weigher, families)).filter(({ addresses }) => !isEmpty(addresses));
  const all = (pick: (one: Allowed) => readonly string[]): readonly string[] => [...new Set(open.flatMap(pick))];
  return {
    written: unionOf(open.map(({ written }) => written)),
    addresses: unionOf(open.map(({ addresses }) => addresses)),
    actions: all(({ actions }) => actions),
    statements: all(({ statements }) => statements),
    undecided: all(({ undecided }) => undecided),
  };
}

/** The condition, and whether the statement is about the caller at all. */
function weighStatement({ principals, tests, doubts }: Statement, caller: Caller, owner: Owner): Weighed {
  const about = isAbout(principals, caller, owner);
  if (!about.may) return { may: NOBODY, must: NOBODY, undecided: [] };
  const { may, must, undecided } = weigh(tests, caller, owner);
  return { may, must: about.must && doubts.length === 0 ? must : NOBODY, undecided: [...undecided, ...doubts] };
}

function openBy(
  { actions, allows, denies }: RuleSet,
  weigher: (statement: Statement) => Weighed,
  families: readonly Family[],
): Allowed {
  const granted = unionOf(allows.map((statement) => weigher(statement).may));
  const refused = unionOf(denies.map(({ statement, full }) => (full ? weigher(statement).must : NOBODY)));
  const written = perFamily((family) =>
    families.includes(family) ? subtract(granted[family], refused[family], family) : [],
  );
  const addresses = perFamily((family) => intersect(written[family], PUBLIC[family]));
  const matters = (statement: Statement): boolean => meet(weigher(statement).may, addresses);
  const granting = allows.filter(matters);
  // What a Deny leaves open because it could not be decided is as unsure as what an Allow opens that way.
  const unsure = [...granting, ...denies.map(({ statement }) => statement).filter(matters)];
  return {
    written,
    addresses,
    actions,
    statements: granting.map(({ id }) => id),
    undecided: unsure.flatMap((statement) => weigher(statement).undecided),
  };
}

function unionOf(list: readonly Addresses[]): Addresses {
  const [first = NOBODY, ...others] = list.filter((addresses) => !isEmpty(addresses));
  return others.length === 0 ? first : perFamily((family) => union(first[family], ...others.map((one) => one[family])));
}

function isEmpty({ v4, v6 }: Addresses): boolean {
  return v4.length === 0 && v6.length === 0;
}

/** Whether any address is in both. */
function meet(a: Addresses, b: Addresses): boolean {
  return intersect(a.v4, b.v4).length > 0 || intersect(a.v6, b.v6).length > 0;
}
