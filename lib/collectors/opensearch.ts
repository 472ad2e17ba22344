/**
 * OpenSearch Service domains, Elasticsearch versions included (aws-services.md section 2.1).
 * Calls: ListDomainNames, DescribeDomains in chunks of five; DescribeDomain to confirm a deletion.
 * A domain without VPCOptions is on the internet: no security group applies, its access policy and fine-grained access
 * control decide. With EnforceHTTPS off it also listens on port 80. A VPC domain's interfaces never hold a public
 * address; what stands in front of it is found by the fronts' collectors.
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
import { type Door, doorOf, hasDoor } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import {
  declaredOff,
  declaredOn,
  declaredPartial,
  declaredSwitch,
  declaredUnknown,
  withPending,
} from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection, Protections } from '../model/protection.ts';
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
    const names = (listed?.DomainNames ?? []).flatMap(({ DomainName }) =>
      DomainName === undefined ? [] : [DomainName],
    );
    const endpoints: Endpoint[] = [];
    for (let i = 0; i < names.length; i += CHUNK) {
      const chunk = names.slice(i, i + CHUNK);
      const answer = await cell.ask('es:DescribeDomains', () =>
        client.send(new DescribeDomainsCommand({ DomainNames: chunk })),
      );
      endpoints.push(...(answer?.DomainStatusList ?? []).flatMap((domain) => endpointsOf(cell, domain)));
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
    return hasDoor(endpoint, doorsOf(domain));
  },
};

function endpointsOf(cell: Cell, domain: DomainStatus): readonly Endpoint[] {
  const { DomainName: name, Deleted: deleted } = domain;
  if (name === undefined || deleted === true) return [];
  const doors = doorsOf(domain);
  if (doors.length === 0) cell.gap('incomplete', `domain ${name} has no endpoint yet: still being created`, name);
  const declared = declaredOf(cell, domain);
  return doors.map((door) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: domain.EngineVersion?.startsWith('Elasticsearch') === true ? 'elasticsearch' : 'opensearch',
      arn: domain.ARN,
      declared,
      // The id in DomainId is made of account and name, so only the host's own hash tells two lives apart.
      incarnation: doors[0]?.host,
    }),
  );
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

function declaredOf(cell: Cell, domain: DomainStatus): Protections {
  const callers = whoMayCall(domain.AccessPolicies, {
    resourceArn: domain.ARN ?? '',
    accountId: cell.place.account,
    organizationId: cell.place.organization,
    region: cell.place.region,
    service: 'es',
    dataActions: DATA_ACTIONS,
    families: domain.IPAddressType === 'ipv4' ? ['v4'] : ['v4', 'v6'],
    plaintextPort: domain.DomainEndpointOptions?.EnforceHTTPS !== true,
  });
  const vpc = domain.VPCOptions?.VPCId;
  return {
    network:
      vpc === undefined
        ? declaredOff('public endpoint: no VPCOptions, so no security group applies')
        : declaredOn(
            `VPCOptions.VPCId=${vpc}, security groups ${domain.VPCOptions?.SecurityGroupIds?.join(' ') ?? 'unknown'}`,
          ),
    authentication: authenticationOf(domain, callers),
    'access-policy': policyProtection(callers),
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

function tlsOf({ DomainEndpointOptions: options, ModifyingProperties: changes }: DomainStatus): Protection {
  const policy = options?.TLSSecurityPolicy ?? 'unknown';
  const said = `EnforceHTTPS=${String(options?.EnforceHTTPS)}, ${policy}`;
  const now =
    options?.EnforceHTTPS === undefined
      ? declaredUnknown('EnforceHTTPS absent')
      : !options.EnforceHTTPS || policy.startsWith('Policy-Min-TLS-1-0')
        ? declaredPartial(said)
        : declaredOn(said);
  const change = changes?.find((c) => c.Name?.endsWith('EnforceHTTPS') === true)?.PendingValue?.toLowerCase();
  if (change === 'false') return withPending(now, 'partial');
  return change === 'true' ? withPending(now, 'on') : now;
}

/** Audit logs need fine-grained access control; whether auditing is switched on inside the domain is not visible. */
function auditOf({ LogPublishingOptions: logs, AdvancedSecurityOptions: fgac }: DomainStatus): Protection {
  const audit = logs?.AUDIT_LOGS;
  if (audit?.Enabled !== true) return declaredOff('LogPublishingOptions.AUDIT_LOGS is not enabled');
  return fgac?.Enabled === true
    ? declaredOn('AUDIT_LOGS published; their content is not verified')
    : declaredOff('AUDIT_LOGS published, but without fine-grained access control nothing is written');
}
