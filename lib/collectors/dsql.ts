/**
 * Aurora DSQL clusters (aws-services.md section 2.16).
 * Calls: ListClusters, GetCluster, GetClusterPolicy. Every cluster is on the internet, without security groups, and
 * asks for an IAM token over TLS. Only its policy can keep the internet out: by refusing whoever comes from outside a
 * VPC. Whether one does is asked of the policy with everybody let in but those whom it refuses by network.
 */
import {
  DSQLClient,
  GetClusterCommand,
  type GetClusterCommandOutput,
  GetClusterPolicyCommand,
  ListClustersCommand,
} from '@aws-sdk/client-dsql';
import { addressOf } from '../aws/address.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, kmsKeys } from '../aws/dependencies.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown, notApplicable } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection, Protections } from '../model/protection.ts';
import { entriesOf, readJson, stringsOf } from '../reach/policy-json.ts';
import { type Callers, policyProtection, whoMayCall } from '../reach/policy.ts';

const PAGE = 100;
const GONE = ['ResourceNotFoundException'];
const CONNECT = ['dsql:DbConnect', 'dsql:DbConnectAdmin'];
/** Condition keys that tell where a request comes from. */
const NETWORK_KEYS: ReadonlySet<string> = new Set([
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpcarn',
  'aws:sourcevpce',
  'aws:vpcsourceip',
]);

export const dsql: Collector = {
  service: 'dsql',
  scope: 'regional',
  actions: ['dsql:ListClusters', 'dsql:GetCluster', 'dsql:GetClusterPolicy'],
  cost: { empty: 1, each: 2 },
  async collect(cell) {
    const client = cell.client(DSQLClient);
    const listed = await cell.list(
      'dsql:ListClusters',
      (nextToken) => client.send(new ListClustersCommand({ nextToken, maxResults: PAGE })),
      (page) => page.clusters,
      (page) => page.nextToken,
    );
    const endpoints = await Promise.all(
      listed.map(async ({ identifier }) => {
        if (identifier === undefined) {
          cell.gap('incomplete', 'a cluster without identifier');
          return [];
        }
        // Without its answer there is no host: the list is then in doubt as a whole.
        const call = () => client.send(new GetClusterCommand({ identifier }));
        const answer = await cell.askMaybe('dsql:GetCluster', call, GONE);
        return answer === ABSENT || answer === undefined ? [] : endpointOf(cell, identifier, answer);
      }),
    );
    return endpoints.flat();
  },
  async exists(cell, { name: identifier }) {
    const client = cell.client(DSQLClient);
    const call = () => client.send(new GetClusterCommand({ identifier }));
    const answer = await cell.askMaybe('dsql:GetCluster', call, GONE, identifier);
    if (answer === ABSENT) return false;
    return answer === undefined ? undefined : answer.status !== 'DELETED';
  },
};

async function endpointOf(cell: Cell, name: string, cluster: GetClusterCommandOutput): Promise<readonly Endpoint[]> {
  if (cluster.status === 'DELETED') return [];
  const at = addressOf(cluster.endpoint, 5432);
  if (at === undefined) {
    cell.gap('incomplete', `cluster ${name} has no endpoint yet: ${cluster.status ?? 'no status'}`, name);
    return [];
  }
  const client = cell.client(DSQLClient);
  const call = () => client.send(new GetClusterPolicyCommand({ identifier: name }));
  const answer = await cell.askMaybe('dsql:GetClusterPolicy', call, GONE, name);
  return [
    awsEndpoint(cell, {
      name,
      ...at,
      engine: 'postgres',
      arn: cluster.arn,
      tags: tagsOf(cluster.tags),
      declared: {
        ...policyOf(cell, cluster.arn, answer),
        authentication: declaredOn('IAM tokens only'),
        tls: declaredOn('TLS only, by design'),
        'encryption-at-rest': restOf(cluster),
        'audit-log': notApplicable('no audit log besides CloudTrail'),
      },
      incarnation: name,
      dependencies: [...keysOf('dsql:cluster', name), ...kmsKeys(cluster.encryptionDetails?.kmsKeyArn)],
    }),
  ];
}

function policyOf(
  cell: Cell,
  arn: string | undefined,
  answer: { readonly policy: string | undefined } | typeof ABSENT | undefined,
): Protections {
  const ask = (policy: string | object | undefined): Callers =>
    whoMayCall(policy, {
      resourceArn: arn ?? '',
      accountId: cell.place.account,
      organizationId: cell.place.organization,
      region: cell.place.region,
      service: 'dsql',
      dataActions: CONNECT,
      families: ['v4', 'v6'],
    });
  const policy = answer === ABSENT ? '' : answer?.policy;
  if (policy === undefined) {
    const unread = declaredUnknown('cluster policy not read');
    return { network: unread, 'access-policy': unread };
  }
  return { network: networkOf(policy, ask, cell.place.account), 'access-policy': policyProtection(ask(policy)) };
}

/** Public by default; closed by a refusal that only the network decides, narrowed by one with exceptions. */
function networkOf(policy: string, ask: (policy: object) => Callers, account: string): Protection {
  const open = 'public endpoint: no security group applies';
  if (policy.trim() === '') return declaredOff(`${open}, no cluster policy`);
  const json = readJson(policy);
  if (!json.ok) return declaredUnknown(`cluster policy not understood: ${json.why}`);
  const listed = entriesOf(json.value)?.get('Statement');
  const statements: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  const left = (exceptions: 'kept' | 'ignored') => {
    const denies = statements.flatMap((statement) => refusalOf(statement, exceptions, account));
    const everybody = { Effect: 'Allow', Principal: '*', Action: 'dsql:*', Resource: '*' };
    return ask({ Version: '2012-10-17', Statement: [everybody, ...denies] }).anyAwsPrincipal.breadth;
  };
  const strict = left('kept');
  if (strict === 'NONE') return declaredOn('the cluster policy refuses whoever comes from outside a VPC');
  if (strict === 'LIMITED') return declaredPartial(`${open}; the cluster policy refuses most addresses`);
  return left('ignored') === 'NONE'
    ? declaredPartial(`${open}; the cluster policy refuses whoever comes from outside a VPC, with exceptions`)
    : declaredOff(`${open}; no statement of the cluster policy refuses whoever comes from outside a VPC`);
}

/**
 * A Deny for every principal of the account that looks at the network, or at nothing. One with other conditions besides
 * keeps nobody out for certain: it is left out where exceptions are kept, and stripped of them where they are ignored.
 */
function refusalOf(statement: unknown, exceptions: 'kept' | 'ignored', account: string): readonly object[] {
  const elements = entriesOf(statement) ?? new Map<string, unknown>();
  if (elements.get('Effect') !== 'Deny' || !isEverybody(elements.get('Principal'), account)) return [];
  const element = elements.get('Condition');
  if (element === undefined) return [{ ...Object.fromEntries(elements), Principal: '*' }];
  const strange = new Map<string, unknown>([['not understood', element]]);
  const blocks = [...(entriesOf(element) ?? strange)].map(
    ([operator, keys]) => [operator, [...(entriesOf(keys) ?? strange)]] as const,
  );
  const network = blocks.map(([operator, keys]) => [operator, keys.filter(([key]) => isNetwork(key))] as const);
  const found = network.filter(([, keys]) => keys.length > 0);
  const rest = blocks.flatMap(([, keys]) => keys.filter(([key]) => !isNetwork(key)));
  if (found.length === 0 || (exceptions === 'kept' && rest.length > 0)) return [];
  const Condition = Object.fromEntries(found.map(([operator, keys]) => [operator, Object.fromEntries(keys)]));
  return [{ ...Object.fromEntries(elements), Principal: '*', Condition }];
}

function isNetwork(key: string): boolean {
  return NETWORK_KEYS.has(key.toLowerCase());
}

function isEverybody(principal: unknown, account: string): boolean {
  const { strings } = stringsOf(entriesOf(principal)?.get('AWS') ?? principal);
  return strings.some((name) => name === '*' || name === account || name.endsWith(`:iam::${account}:root`));
}

function restOf({ encryptionDetails: details }: GetClusterCommandOutput): Protection {
  if (details?.encryptionStatus === undefined) return declaredUnknown('encryptionDetails absent');
  return declaredOn(
    `always encrypted, ${details.encryptionType ?? 'encryptionType absent'}, ${details.encryptionStatus}`,
  );
}
