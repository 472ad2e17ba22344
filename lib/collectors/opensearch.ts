/**
 * OpenSearch Service domains, Elasticsearch versions included (aws-services.md section 2.1).
 * Calls: ListDomainNames, DescribeDomains in chunks of five; DescribeDomain to confirm a deletion.
 * A domain without VPCOptions is on the internet: no security group applies, its access policy and fine-grained access
 * control decide. With EnforceHTTPS off it also listens on port 80. A VPC domain's interfaces never hold a public IPv4
 * address; with IPv6 its groups and routes decide. What stands in front of it is found by the fronts' collectors.
 * Never calls the domain's own API: roles and users inside it are data plane.
 */
import {
  DescribeDomainCommand,
  DescribeDomainsCommand,
  type DomainStatus,
  ListDomainNamesCommand,
  OpenSearchClient,
} from '@aws-sdk/client-opensearch';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, keysOf, kmsKeys, networkKeys } from '../aws/dependencies.ts';
import { type Door, doorOf, hasDoor } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { logKeys } from '../aws/log-groups.ts';
import {
  declaredOff,
  declaredOn,
  declaredPartial,
  declaredSwitch,
  declaredUnknown,
  withPending,
} from '../model/declared.ts';
import type { DependencyKey } from '../model/change.ts';
import { doorName, type Endpoint } from '../model/endpoint.ts';
import type { Protection, Protections } from '../model/protection.ts';
import { insideProtection, speaksIpv6 } from '../reach/inside-vpc.ts';
import { indexNetwork } from '../reach/network-index.ts';
import { type Callers, policyProtection, whoMayCall } from '../reach/policy.ts';

/** DescribeDomains takes no more names than this. */
const CHUNK = 5;
const DATA_ACTIONS = ['Get', 'Head', 'Post', 'Put', 'Delete', 'Patch'].map((verb) => `es:ESHttp${verb}`);

export const opensearch: Collector = {
  service: 'opensearch',
  scope: 'regional',
  actions: ['es:ListDomainNames', 'es:DescribeDomains', 'es:DescribeDomain'],
  cost: { empty: 1, each: 0.2 },
  async collect(cell) {
    const client = cell.client(OpenSearchClient);
    const listed = await cell.ask('es:ListDomainNames', () => client.send(new ListDomainNamesCommand({})));
    const names = (listed?.DomainNames ?? []).flatMap(({ DomainName }) => {
      if (DomainName === undefined) cell.gap('incomplete', 'a domain without DomainName');
      return DomainName ?? [];
    });
    const endpoints: Endpoint[] = [];
    for (let i = 0; i < names.length; i += CHUNK) {
      const chunk = names.slice(i, i + CHUNK);
      const answer = await cell.ask('es:DescribeDomains', () =>
        client.send(new DescribeDomainsCommand({ DomainNames: chunk })),
      );
      if (answer === undefined) continue;
      const domains = answer.DomainStatusList ?? [];
      for (const name of chunk) {
        if (domains.some(({ DomainName }) => DomainName === name)) continue;
        cell.gap('incomplete', `domain ${name} is listed, but not described`);
      }
      for (const domain of domains) endpoints.push(...(await endpointsOf(cell, domain)));
    }
    return endpoints;
  },
  async exists(cell, endpoint) {
    const { name } = endpoint;
    const client = cell.client(OpenSearchClient);
    const call = () => client.send(new DescribeDomainCommand({ DomainName: name }));
    const answer = await cell.askMaybe('es:DescribeDomain', call, ['ResourceNotFoundException'], name);
    if (answer === ABSENT) return false;
    const domain = answer?.DomainStatus;
    if (domain === undefined) return undefined;
    if (domain.Deleted === true) return false;
    // Custom names and port 80 are options of the domain: without those nothing is said of either.
    if (domain.DomainEndpointOptions === undefined && doorName(endpoint) === 'custom') return undefined;
    return hasDoor(endpoint, doorsOf(domain));
  },
};

async function endpointsOf(cell: Cell, domain: DomainStatus): Promise<readonly Endpoint[]> {
  const { DomainName: name, Deleted: deleted } = domain;
  if (name === undefined || deleted === true) return [];
  const doors = doorsOf(domain);
  if (doors.length === 0) cell.gap('incomplete', `domain ${name} has no endpoint yet: still being created`, name);
  const declared = declaredOf(cell, domain);
  const { networkOf, keys } = await surroundingsOf(cell, domain);
  return doors.map((door) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: domain.EngineVersion?.startsWith('Elasticsearch') === true ? 'elasticsearch' : 'opensearch',
      arn: domain.ARN,
      declared: { network: networkOf(door.port), ...declared },
      // The id in DomainId is made of account and name, so only the host's own hash tells two lives apart.
      incarnation: doors[0]?.host,
      dependencies: [...dependenciesOf(domain), ...keys],
    }),
  );
}

function dependenciesOf(domain: DomainStatus): readonly DependencyKey[] {
  const { LogPublishingOptions: logs } = domain;
  return [
    ...keysOf('es:domain', domain.DomainName),
    ...kmsKeys(domain.EncryptionAtRestOptions?.KmsKeyId),
    ...logKeys(logs?.AUDIT_LOGS?.CloudWatchLogsLogGroupArn),
  ];
}

interface Surroundings {
  readonly networkOf: (port: number) => Protection;
  readonly keys: readonly DependencyKey[];
}

async function surroundingsOf(
  cell: Cell,
  { VPCOptions: options, IPAddressType: type }: DomainStatus,
): Promise<Surroundings> {
  const { VPCId: vpcId, SecurityGroupIds: groupIds = [], SubnetIds: subnetIds = [] } = options ?? {};
  if (vpcId === undefined) {
    const open = declaredOff('public endpoint: no VPCOptions, so no security group applies');
    return { networkOf: () => open, keys: [] };
  }
  if (!speaksIpv6(type)) {
    const closed = declaredOn(`VPCOptions.VPCId=${vpcId}, security groups ${groupIds.join(' ') || 'unknown'}`);
    return { networkOf: () => closed, keys: ec2Keys(vpcId, ...groupIds, ...subnetIds) };
  }
  const network = await cell.network();
  const index = indexNetwork(network);
  return {
    networkOf: (port) => insideProtection(index, { port, groupIds, subnetIds, said: `IPAddressType=${type}` }),
    keys: networkKeys(network)({ groupIds, subnetIds, vpcId }),
  };
}

/** Every name on 443, and 80 beside it until the API says that HTTPS is enforced. */
function doorsOf(domain: DomainStatus): readonly Door[] {
  const doors = hostsOf(domain).map(([door, host]) => ({ door, host, port: 443 }));
  const [first] = doors;
  if (first === undefined || domain.DomainEndpointOptions?.EnforceHTTPS === true) return doors;
  return [...doors, { door: 'http', host: first.host, port: 80 }];
}

/** Door name and host; the first is the one every domain has. */
function hostsOf({
  Endpoint: open,
  EndpointV2,
  Endpoints,
  DomainEndpointOptions,
}: DomainStatus): readonly (readonly [string, string])[] {
  const custom =
    DomainEndpointOptions?.CustomEndpointEnabled === true ? DomainEndpointOptions.CustomEndpoint : undefined;
  const hosts: readonly (readonly [string, string | undefined])[] = [
    ['', open ?? Endpoints?.['vpc']],
    ['dualstack', EndpointV2 ?? Endpoints?.['vpcv2']],
    ['custom', custom],
  ];
  return hosts.flatMap(([door, host]) => (host === undefined ? [] : [[door, host] as const]));
}

function callersOf(cell: Cell, domain: DomainStatus, policy: string | undefined): Callers {
  return whoMayCall(policy, {
    resourceArn: domain.ARN ?? '',
    accountId: cell.place.account,
    organizationId: cell.place.organization,
    region: cell.place.region,
    service: 'es',
    dataActions: DATA_ACTIONS,
    families: domain.IPAddressType === 'ipv4' ? ['v4'] : ['v4', 'v6'],
    plaintextPort: domain.DomainEndpointOptions?.EnforceHTTPS !== true,
  });
}

/** All but the network. */
function declaredOf(cell: Cell, domain: DomainStatus): Protections {
  const callers = callersOf(cell, domain, domain.AccessPolicies);
  const changed = pendingOf(domain, 'AccessPolicies');
  const then = changed === undefined ? callers : callersOf(cell, domain, changed);
  return {
    authentication: withPending(authenticationOf(domain, callers), authenticationOf(domain, then).level),
    'access-policy': withPending(policyProtection(callers), policyProtection(then).level),
    tls: tlsOf(domain),
    'encryption-at-rest': declaredSwitch('EncryptionAtRestOptions.Enabled', domain.EncryptionAtRestOptions?.Enabled),
    'audit-log': auditOf(domain),
  };
}

/** Matrix of aws-services.md section 3.3: fine-grained access control, and what the policy lets through unsigned. */
function authenticationOf({ AdvancedSecurityOptions: fgac }: DomainStatus, callers: Callers): Protection {
  if (fgac?.Enabled === true) {
    if (fgac.AnonymousAuthEnabled === true) {
      return declaredOff(
        `AnonymousAuthEnabled until ${fgac.AnonymousAuthDisableDate?.toISOString() ?? 'an unknown date'}`,
      );
    }
    return declaredOn(
      `AdvancedSecurityOptions.Enabled=true, internal users ${String(fgac.InternalUserDatabaseEnabled ?? 'unknown')}`,
    );
  }
  if (callers.unreadable !== undefined) return declaredUnknown(`access policy: ${callers.unreadable}`);
  const { breadth, statements } = callers.anonymous;
  const by = `fine-grained access control off, statement ${statements.join(', ')} accepts unsigned requests`;
  if (breadth === 'NONE') return declaredOn('the access policy accepts signed requests only');
  return breadth === 'LIMITED' ? declaredPartial(`${by} from some addresses`) : declaredOff(by);
}

/** What a property is changing to, by the end of its name: `DomainEndpointOptions.EnforceHTTPS`. */
function pendingOf({ ModifyingProperties: changes }: DomainStatus, property: string): string | undefined {
  return changes?.find(({ Name }) => Name?.endsWith(property) === true)?.PendingValue;
}

function tlsOf(domain: DomainStatus): Protection {
  const { EnforceHTTPS: https, TLSSecurityPolicy: policy } = domain.DomainEndpointOptions ?? {};
  const now = tlsAs(https, policy);
  const change = pendingOf(domain, 'EnforceHTTPS')?.toLowerCase();
  const then = change === 'true' || change === 'false' ? change === 'true' : https;
  return withPending(now, tlsAs(then, pendingOf(domain, 'TLSSecurityPolicy') ?? policy).level);
}

function tlsAs(https: boolean | undefined, policy: string | undefined): Protection {
  if (https === undefined) return declaredUnknown('EnforceHTTPS absent');
  const said = `EnforceHTTPS=${String(https)}, ${policy ?? 'TLSSecurityPolicy absent'}`;
  if (!https || policy?.startsWith('Policy-Min-TLS-1-0') === true) return declaredPartial(said);
  return policy === undefined ? declaredUnknown(said) : declaredOn(said);
}

/** Audit logs need fine-grained access control; whether auditing is switched on inside the domain is not visible. */
function auditOf({ LogPublishingOptions: logs, AdvancedSecurityOptions: fgac }: DomainStatus): Protection {
  const audit = logs?.AUDIT_LOGS;
  if (audit?.Enabled !== true) return declaredOff('LogPublishingOptions.AUDIT_LOGS is not enabled');
  return fgac?.Enabled === true
    ? declaredOn('AUDIT_LOGS published; their content is not verified')
    : declaredOff('AUDIT_LOGS published, but without fine-grained access control nothing is written');
}
