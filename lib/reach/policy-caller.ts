/**
 * Who may be calling, and what each context key then holds (aws-services.md section 3.2). A key that a caller
 * cannot set is known; one that it can set holds anything; one that nobody wrote down is unknown.
 */
import { ANYTHING, joined, literal, NAMELESS_WORD, type Pattern } from './policy-pattern.ts';

/** `member` belongs to some organization that is not the owner's, `standalone` to none. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'member' | 'standalone' }
  | { readonly kind: 'account' | 'organization'; readonly id: string };
type SignedCaller = Exclude<Caller, { readonly kind: 'anonymous' }>;

/** What is known of the resource's own side. */
export interface Owner {
  readonly accountId: string;
  readonly organizationId?: string | undefined;
  /** Empty where it is not known. */
  readonly partition: string;
  readonly region: string;
  /** Whether a request without TLS can be sent; unknown where absent. */
  readonly plaintextPort?: boolean;
}

export interface Knowledge {
  readonly present: 'always' | 'never' | 'maybe';
  /** The values it may hold, as shapes. */
  readonly shapes: readonly Pattern[];
  readonly unknown?: true;
}

const NEVER: Knowledge = { present: 'never', shapes: [] };
const FREE: Knowledge = { present: 'maybe', shapes: [ANYTHING] };
const UNKNOWN: Knowledge = { ...FREE, unknown: true };
const always = (...shapes: readonly Pattern[]): Knowledge => ({ present: 'always', shapes });
const maybe = (...shapes: readonly Pattern[]): Knowledge => ({ present: 'maybe', shapes });

export function accountOf(caller: SignedCaller): Pattern {
  return caller.kind === 'account' ? literal(caller.id) : NAMELESS_WORD;
}

/** The ARNs of the principals of an account: root, users and roles; federated users. */
export function principalShapes(caller: SignedCaller, partition: string): readonly Pattern[] {
  const prefix = joined(literal('arn:'), partition === '' ? ANYTHING : literal(partition));
  return [':iam::', ':sts::'].map((service) =>
    joined(prefix, literal(service), accountOf(caller), literal(':'), ANYTHING),
  );
}

function organizationOf(caller: SignedCaller, path: Pattern): Knowledge {
  switch (caller.kind) {
    case 'member':
      return always(joined(literal('o-'), NAMELESS_WORD, path));
    case 'standalone':
      return NEVER;
    case 'organization':
      return always(joined(literal(caller.id), path));
    case 'account':
      // It may be a sibling in the owner's organization.
      return maybe(joined(literal('o-'), ANYTHING));
  }
}

function userIdOf(caller: SignedCaller): Knowledge {
  if (caller.kind === 'account') return FREE;
  return always(NAMELESS_WORD, joined(NAMELESS_WORD, literal(':'), ANYTHING));
}

const PRINCIPAL_TYPES = ['Account', 'User', 'FederatedUser', 'AssumedRole'].map(literal);

const SIGNED: ReadonlyMap<string, (caller: SignedCaller, owner: Owner) => Knowledge> = new Map<
  string,
  (caller: SignedCaller, owner: Owner) => Knowledge
>([
  ['aws:principalaccount', (caller) => always(accountOf(caller))],
  ['aws:principalarn', (caller, owner) => always(...principalShapes(caller, owner.partition))],
  ['aws:principalorgid', (caller) => organizationOf(caller, [])],
  ['aws:principalorgpaths', (caller) => organizationOf(caller, joined(literal('/'), ANYTHING))],
  ['aws:principalisawsservice', () => always(literal('false'))],
  ['aws:principaltype', () => always(...PRINCIPAL_TYPES)],
  ['aws:userid', userIdOf],
  ['aws:username', () => FREE],
  ['aws:tokenissuetime', () => FREE],
  ['aws:multifactorauthpresent', () => FREE],
  ['aws:multifactorauthage', () => FREE],
  ['aws:sourceidentity', () => FREE],
  ['aws:federatedprovider', () => FREE],
]);

/** Some services send these for an unsigned request, others do not. */
const UNSIGNED: ReadonlyMap<string, Knowledge> = new Map([
  ['aws:principalisawsservice', maybe(literal('false'))],
  ['aws:principaltype', maybe(literal('Anonymous'))],
  ['aws:userid', maybe(literal('anonymous'))],
]);

const EVERY_REQUEST: ReadonlyMap<string, (owner: Owner) => Knowledge> = new Map<string, (owner: Owner) => Knowledge>([
  ['aws:referer', () => FREE],
  ['aws:useragent', () => FREE],
  // No clock here: a window that is shut today was open or will be.
  ['aws:currenttime', () => always(ANYTHING)],
  ['aws:epochtime', () => always(ANYTHING)],
  ['aws:requestedregion', (owner) => always(literal(owner.region))],
  ['aws:resourceaccount', (owner) => always(literal(owner.accountId))],
  ['aws:resourceorgid', ({ organizationId: id }) => (id === undefined ? UNKNOWN : always(literal(id)))],
  ['aws:viaawsservice', () => always(literal('false'))],
  [
    'aws:securetransport',
    (owner) => always(...(owner.plaintextPort === false ? ['true'] : ['true', 'false']).map(literal)),
  ],
]);

/** Only requests through a VPC endpoint, or made by an AWS service, carry these. */
const NOT_FROM_THE_INTERNET: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcevpc',
  'aws:sourcevpcarn',
  'aws:sourcevpce',
  'aws:tagkeys',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
  'aws:vpcsourceip',
]);

/** `key` in lower case. */
export function knowledgeOf(key: string, caller: Caller, owner: Owner): Knowledge {
  if (NOT_FROM_THE_INTERNET.has(key) || key.startsWith('aws:requesttag/')) return NEVER;
  const signed = key.startsWith('aws:principaltag/') ? () => FREE : SIGNED.get(key);
  if (signed === undefined) return EVERY_REQUEST.get(key)?.(owner) ?? UNKNOWN;
  return caller.kind === 'anonymous' ? (UNSIGNED.get(key) ?? NEVER) : signed(caller, owner);
}
