/**
 * Evaluates a policy the plain way: one request with one address, one caller and the keys it really sends. Written
 * from the AWS documentation, apart from lib/reach, to compare both.
 */
import ipaddr from 'ipaddr.js';

export interface NaiveRequest {
  readonly address: string;
  /** Absent for an unsigned request. */
  readonly account?: string;
  readonly action: string;
  readonly resource: string;
  /** By name in lower case; a key that is not sent is not there. */
  readonly keys: Readonly<Record<string, string>>;
}

export interface NaiveStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export function naivelyAllowed(statements: readonly NaiveStatement[], request: NaiveRequest): boolean {
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.some(({ Effect }) => Effect === 'Allow') && applying.every(({ Effect }) => Effect === 'Allow');
}

function applies(statement: NaiveStatement, request: NaiveRequest): boolean {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  if (Principal === undefined ? names(NotPrincipal, request) : !names(Principal, request)) return false;
  const action = listed(Action ?? NotAction).some((one) => like(one.toLowerCase(), request.action.toLowerCase()));
  if (action === (Action === undefined)) return false;
  const resource = listed(Resource ?? NotResource).some((one) => like(one, request.resource));
  if (resource === (Resource === undefined)) return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, listed(values), request, key.toLowerCase())),
  );
}

function names(principal: unknown, { account }: NaiveRequest): boolean {
  const list = typeof principal === 'string' ? principal : (principal as { AWS: string | string[] }).AWS;
  return listed(list).some((one) => one === '*' || (account !== undefined && one === `arn:aws:iam::${account}:root`));
}

function holds(operator: string, values: readonly string[], request: NaiveRequest, key: string): boolean {
  const value = key === 'aws:sourceip' ? request.address : request.keys[key];
  if (operator === 'Null') return values.some((one) => (one === 'true') === (value === undefined));
  const set = operator.startsWith('ForAllValues:') ? 'all' : operator.startsWith('ForAnyValue:') ? 'any' : 'none';
  const ifExists = operator.endsWith('IfExists');
  const base = operator.replace(/^For(AllValues|AnyValue):/, '').replace(/IfExists$/, '');
  const negated = base.includes('Not');
  if (value === undefined) {
    if (ifExists) return true;
    return set === 'none' ? negated : set === 'all';
  }
  return values.some((one) => compares(base.replace('Not', ''), value, one)) !== negated;
}

function compares(operator: string, value: string, listedValue: string): boolean {
  switch (operator) {
    case 'StringEquals':
      return value === listedValue;
    case 'StringEqualsIgnoreCase':
      return value.toLowerCase() === listedValue.toLowerCase();
    case 'StringLike':
      return like(listedValue, value);
    case 'ArnLike':
    case 'ArnEquals':
      return listedValue.split(':').every((part, i) => like(part, value.split(':')[i] ?? ''));
    case 'Bool':
      return value === listedValue;
    case 'NumericLessThan':
      return Number(value) < Number(listedValue);
    case 'IpAddress':
      return within(value, listedValue);
    default:
      throw new Error(`the naive evaluator has no ${operator}`);
  }
}

function within(address: string, block: string): boolean {
  const parsed = addresses(address);
  const [network, bits] = blocks(block);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}

function like(pattern: string, text: string): boolean {
  return expressions(pattern).test(text);
}

const addresses = remembered((text) => ipaddr.parse(text));
const blocks = remembered((text) =>
  ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`),
);
const expressions = remembered((pattern) => {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
});

function remembered<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const value = made.get(text) ?? make(text);
    made.set(text, value);
    return value;
  };
}

function listed(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
