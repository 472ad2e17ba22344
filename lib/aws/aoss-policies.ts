/**
 * Policies of OpenSearch Serverless and what they say of one collection (aws-services.md section 2.2). A policy names
 * collections by pattern, so one policy speaks of many; a network policy that lets the public in outranks all others.
 * Documents that are not of the documented form are unread, and leave unknown whatever they might have said.
 */
import {
  GetAccessPolicyCommand,
  GetSecurityPolicyCommand,
  ListAccessPoliciesCommand,
  ListSecurityPoliciesCommand,
  OpenSearchServerlessClient,
} from '@aws-sdk/client-opensearchserverless';
import * as z from 'zod/mini';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';
import { ABSENT, type Cell } from './cell.ts';
import { type Pages, pagesOf } from './pages.ts';

/** A document with more is not read. AWS takes 20 KB. */
const MAX_ENTRIES = 1_000;
const MAX_TEXT = 2_048;
const PAGE = 100;

const text = z.string().check(z.maxLength(MAX_TEXT));
const texts = z.array(text).check(z.maxLength(MAX_ENTRIES));
const rules = z
  .array(z.object({ ResourceType: text, Resource: texts, Permission: z.optional(texts) }))
  .check(z.maxLength(MAX_ENTRIES));
const documents = {
  network: z
    .array(
      z.object({
        Rules: rules,
        AllowFromPublic: z.optional(z.boolean()),
        SourceVPCEs: z.optional(texts),
        SourceServices: z.optional(texts),
      }),
    )
    .check(z.maxLength(MAX_ENTRIES)),
  encryption: z.pipe(
    z.object({ Rules: rules, AWSOwnedKey: z.optional(z.boolean()), KmsARN: z.optional(text) }),
    z.transform((document) => [document]),
  ),
  data: z.array(z.object({ Rules: rules, Principal: texts })).check(z.maxLength(MAX_ENTRIES)),
};
type Documents = typeof documents;
export type PolicyKind = keyof Documents;
/** One entry of a policy's document. */
export type Entry<K extends PolicyKind> = z.output<Documents[K]>[number] & { readonly policy: string };

export interface Policies<K extends PolicyKind> {
  readonly entries: readonly Entry<K>[];
  /** What could not be read; empty where `entries` is all there is. */
  readonly unread: readonly string[];
}

export async function readPolicies<K extends PolicyKind>(cell: Cell, kind: K): Promise<Policies<K>> {
  const { items, whole } = await (kind === 'data' ? listDataPolicies(cell) : listSecurityPolicies(cell, kind));
  const named = items.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const unread = whole && named.length === items.length ? [] : [`the list of ${kind} policies`];
  const read = await Promise.all(named.map(async (name) => ({ name, document: await getDocument(cell, kind, name) })));
  const entries: Entry<K>[] = [];
  for (const { name, document } of read) {
    // Deleted since it was listed.
    if (document === ABSENT) continue;
    const parsed = documents[kind].safeParse(document);
    if (parsed.success) entries.push(...parsed.data.map((entry) => ({ ...entry, policy: name }) as Entry<K>));
    else unread.push(`${kind} policy ${name}`);
  }
  return { entries, unread };
}

type Listed = Pages<{ readonly name?: string | undefined }>;

async function listSecurityPolicies(cell: Cell, type: 'network' | 'encryption'): Promise<Listed> {
  const client = cell.client(OpenSearchServerlessClient);
  return pagesOf(cell, `${type} policies`, {
    action: 'aoss:ListSecurityPolicies',
    call: (nextToken) => client.send(new ListSecurityPoliciesCommand({ type, nextToken, maxResults: PAGE })),
    items: (page) => page.securityPolicySummaries,
    next: (page) => page.nextToken,
  });
}

async function listDataPolicies(cell: Cell): Promise<Listed> {
  const client = cell.client(OpenSearchServerlessClient);
  return pagesOf(cell, 'data policies', {
    action: 'aoss:ListAccessPolicies',
    call: (nextToken) => client.send(new ListAccessPoliciesCommand({ type: 'data', nextToken, maxResults: PAGE })),
    items: (page) => page.accessPolicySummaries,
    next: (page) => page.nextToken,
  });
}

async function getDocument(cell: Cell, kind: PolicyKind, name: string): Promise<unknown> {
  const client = cell.client(OpenSearchServerlessClient);
  const gone = ['ResourceNotFoundException'];
  if (kind === 'data') {
    const call = () => client.send(new GetAccessPolicyCommand({ type: kind, name }));
    const answer = await cell.askMaybe('aoss:GetAccessPolicy', call, gone, name);
    return answer === ABSENT ? ABSENT : answer?.accessPolicyDetail?.policy;
  }
  const call = () => client.send(new GetSecurityPolicyCommand({ type: kind, name }));
  const answer = await cell.askMaybe('aoss:GetSecurityPolicy', call, gone, name);
  return answer === ABSENT ? ABSENT : answer?.securityPolicyDetail?.policy;
}

/** What a network policy opens: a collection's API, or its dashboards. */
export type DoorKind = 'collection' | 'dashboard';

/** Public where any policy says so, whatever the others say; not on any network where none names the collection. */
export function networkOf({ entries, unread }: Policies<'network'>, kind: DoorKind, name: string): Protection {
  const named = entries.filter(({ Rules }) =>
    Rules.some(({ ResourceType, Resource }) => ResourceType === kind && namesCollection(Resource, name)),
  );
  const open = named.filter(({ AllowFromPublic }) => AllowFromPublic === true);
  if (open.length > 0) return declaredOff(`${kind}: AllowFromPublic=true in network policy ${policyNames(open)}`);
  const vague = named.filter(({ AllowFromPublic }) => AllowFromPublic === undefined);
  const doubts = [...unread, ...vague.map(({ policy }) => `AllowFromPublic of network policy ${policy}`)];
  if (doubts.length > 0) return declaredUnknown(`${kind}: not read: ${doubts.join(', ')}`);
  if (named.length === 0) return declaredOn(`${kind}: no network policy names it`);
  const sources = named.flatMap(({ SourceVPCEs = [], SourceServices = [] }) => [...SourceVPCEs, ...SourceServices]);
  return declaredOn(
    `${kind}: AllowFromPublic=false in network policy ${policyNames(named)}, from ${sources.join(' ')}`,
  );
}

const PRINCIPAL = /^(?:arn:[a-z-]+:(?:iam|sts)::(\d{12}):|(?:saml|iamfederation)\/(\d{12})\/|(iamidentitycenter)\/)/;

/**
 * Who may read and write. AWS takes explicit principals only, so `*` is never expected; principals of other accounts,
 * whole login groups and grants that cover every collection are wider than they could be.
 */
export function dataAccessOf({ entries, unread }: Policies<'data'>, name: string, account: string): Protection {
  const named = entries.filter(({ Rules }) => Rules.some(({ Resource }) => namesCollection(Resource, name)));
  const wide: string[] = [];
  const doubts = [...unread];
  for (const { policy, Principal: principals, Rules } of named) {
    if (principals.includes('*')) return declaredOff(`data policy ${policy}: Principal *`);
    for (const principal of principals) {
      const [known, iam, login] = PRINCIPAL.exec(principal) ?? [];
      const owner = iam ?? login;
      if (known === undefined) doubts.push(`principal ${principal} of data policy ${policy}`);
      else if (owner !== undefined && owner !== account) wide.push(`${policy}: account ${owner}`);
      else if (principal.endsWith('*')) wide.push(`${policy}: ${principal}`);
    }
    const covers = Rules.some(
      ({ Resource, Permission = [] }) =>
        Permission.includes('aoss:*') && Resource.some((resource) => collectionPattern(resource) === '*'),
    );
    if (covers) wide.push(`${policy}: aoss:* on every collection`);
  }
  if (doubts.length > 0) return declaredUnknown(`not read: ${doubts.join(', ')}`);
  if (wide.length > 0) return declaredPartial(`data policy ${wide.join(', ')}`);
  return declaredOn(named.length === 0 ? 'no data policy names it' : `named principals in ${policyNames(named)}`);
}

/** Always encrypted: read for the key that does it. */
export function encryptionOf({ entries }: Policies<'encryption'>, name: string, key: string | undefined): Protection {
  const policy = entries.find(({ Rules }) => Rules.some(({ Resource }) => namesCollection(Resource, name)));
  const said =
    policy === undefined ? [] : [`policy ${policy.policy}: AWSOwnedKey=${String(policy.AWSOwnedKey ?? false)}`];
  return declaredOn(['always encrypted', `kmsKeyArn=${key ?? 'absent'}`, ...said].join(', '));
}

function policyNames(entries: readonly { readonly policy: string }[]): string {
  return [...new Set(entries.map(({ policy }) => policy))].join(', ');
}

/** Resources are `collection/<pattern>`, `index/<pattern>/<index>` and `model/<pattern>/<model>`. */
function namesCollection(resources: readonly string[], name: string): boolean {
  return resources.some((resource) => patternMatches(collectionPattern(resource), name));
}

function collectionPattern(resource: string): string {
  return resource === '*' ? '*' : (resource.split('/', 2)[1] ?? '');
}

/** `*` is any run of characters. Names are short and each part is searched for once, so this never takes long. */
function patternMatches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
