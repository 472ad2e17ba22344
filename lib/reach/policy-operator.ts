/** Names of condition operators: `ForAnyValue:StringNotLikeIfExists` taken apart, whatever its case. */

export type OperatorKind =
  | 'string'
  | 'string-ignoring-case'
  | 'string-like'
  | 'arn'
  | 'numeric'
  | 'date'
  | 'bool'
  | 'binary'
  | 'ip'
  | 'null'
  /** A name AWS does not document, or a combination it does not allow. */
  | 'unknown';

export interface Operator {
  readonly kind: OperatorKind;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly quantifier?: 'all' | 'any';
}

const POSITIVE: ReadonlyMap<string, OperatorKind> = new Map([
  ['stringequals', 'string'],
  ['stringequalsignorecase', 'string-ignoring-case'],
  ['stringlike', 'string-like'],
  ['arnequals', 'arn'],
  ['arnlike', 'arn'],
  ...withOrder('numeric'),
  ...withOrder('date'),
  ['bool', 'bool'],
  ['binaryequals', 'binary'],
  ['ipaddress', 'ip'],
  ['null', 'null'],
]);
const NEGATED: ReadonlyMap<string, OperatorKind> = new Map([
  ['stringnotequals', 'string'],
  ['stringnotequalsignorecase', 'string-ignoring-case'],
  ['stringnotlike', 'string-like'],
  ['arnnotequals', 'arn'],
  ['arnnotlike', 'arn'],
  ['numericnotequals', 'numeric'],
  ['datenotequals', 'date'],
  ['notipaddress', 'ip'],
]);

function withOrder(kind: 'numeric' | 'date'): readonly (readonly [string, OperatorKind])[] {
  return ['equals', 'lessthan', 'lessthanequals', 'greaterthan', 'greaterthanequals'].map((name) => [
    kind + name,
    kind,
  ]);
}

export function parseOperator(name: string): Operator {
  const [, set, base = '', suffix] = /^(?:for(allvalues|anyvalue):)?(.*?)(ifexists)?$/s.exec(name.toLowerCase()) ?? [];
  const ifExists = suffix !== undefined;
  const kind = POSITIVE.get(base) ?? NEGATED.get(base) ?? 'unknown';
  if (kind === 'null' && (ifExists || set !== undefined)) return { kind: 'unknown', negated: false, ifExists: false };
  const operator = { kind, negated: NEGATED.has(base), ifExists };
  return set === undefined ? operator : { ...operator, quantifier: set === 'allvalues' ? 'all' : 'any' };
}

/** What the operator makes of a key that the request does not hold. */
export function truthIfAbsent({ negated, ifExists, quantifier }: Operator): boolean {
  if (ifExists) return true;
  return quantifier === undefined ? negated : quantifier === 'all';
}
