/**
 * CloudSearch domains (aws-services.md section 2.21).
 * Calls: DescribeDomains (all at once); access policies and endpoint options of each domain.
 * Search and document hosts are always on the internet, without security groups; with EnforceHTTPS off they listen on
 * port 80 too. The policy has no Resource element, and decides by itself whether unsigned requests are answered. What
 * is not active yet is `pending`: the deployed version is asked for besides. No encryption at rest, no audit log.
 */
import {
  CloudSearchClient,
  DescribeDomainEndpointOptionsCommand,
  DescribeDomainsCommand,
  DescribeServiceAccessPoliciesCommand,
  type DomainEndpointOptions,
  type DomainStatus,
  type OptionStatus,
} from '@aws-sdk/client-cloudsearch';
import type { Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf } from '../aws/dependencies.ts';
import { type Door, doorOf } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import {
  declaredOff,
  declaredOn,
  declaredPartial,
  declaredUnknown,
  notApplicable,
  withPending,
} from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { type Callers, policyProtection, whoMayCall } from '../reach/policy.ts';

const ACTIONS = {
  search: ['cloudsearch:search', 'cloudsearch:suggest'],
  doc: ['cloudsearch:document'],
} as const;

export const cloudsearch: Collector = {
  service: 'cloudsearch',
  scope: 'regional',
  actions: [
    'cloudsearch:DescribeDomains',
    'cloudsearch:DescribeServiceAccessPolicies',
    'cloudsearch:DescribeDomainEndpointOptions',
  ],
  cost: { empty: 1, each: 2 },
  async collect(cell) {
    const client = cell.client(CloudSearchClient);
    const answer = await cell.ask('cloudsearch:DescribeDomains', () => client.send(new DescribeDomainsCommand({})));
    const domains = (answer?.DomainStatusList ?? []).filter(({ Deleted }) => Deleted !== true);
    const endpoints = await Promise.all(domains.map((domain) => endpointsOf(cell, domain)));
    return endpoints.flat();
  },
  async exists(cell, { name = '', port }) {
    const client = cell.client(CloudSearchClient);
    const call = () => client.send(new DescribeDomainsCommand({ DomainNames: [name] }));
    const answer = await cell.ask('cloudsearch:DescribeDomains', call, name);
    // Names that do not exist are left out of the answer.
    const listed = answer?.DomainStatusList?.some(({ DomainName, Deleted }) => DomainName === name && Deleted !== true);
    if (listed !== true || port === 443) return listed;
    const { now } = await optionsOf(cell, name);
    return now === undefined ? undefined : now.EnforceHTTPS !== true;
  },
};

type Service = keyof typeof ACTIONS;

async function endpointsOf(cell: Cell, domain: DomainStatus): Promise<readonly Endpoint[]> {
  const { DomainName: name, ARN: arn, SearchService: search, DocService: doc } = domain;
  const hosts = [
    ['search', search?.Endpoint],
    ['doc', doc?.Endpoint],
  ] as const;
  if (name === undefined || hosts.every(([, host]) => host === undefined)) {
    cell.gap('incomplete', `domain ${name ?? 'unnamed'} has no endpoint yet: still being created`, name);
    return [];
  }
  for (const [service] of hosts.filter(([, host]) => host === undefined)) {
    cell.gap('incomplete', `domain ${name} has no ${service} endpoint`, name);
  }
  const dependencies = keysOf('cloudsearch:domain', name);
  const options = await optionsOf(cell, name);
  const policy = await policyOf(cell, name);
  const https = options.now?.EnforceHTTPS === true;
  return hosts.flatMap(([service, host]) => {
    if (host === undefined) return [];
    const judge = (text: string | undefined): Callers => callersOf(cell, domain, service, text, https);
    const declared = {
      network: declaredOff('CloudSearch endpoints are always public: no security group applies'),
      authentication: overTime(policy, (text) => authenticationOf(judge(text)), 'access policy not read'),
      'access-policy': overTime(policy, (text) => policyProtection(judge(text)), 'access policy not read'),
      tls: overTime(options, tlsOf, 'endpoint options not read'),
      'encryption-at-rest': notApplicable('CloudSearch has none'),
      'audit-log': notApplicable('CloudSearch has none'),
    };
    const incarnation = search?.Endpoint ?? doc?.Endpoint;
    return doorsOf(service, host, https).map((door) =>
      awsEndpoint(cell, { name, ...doorOf(door), engine: 'cloudsearch', arn, declared, incarnation, dependencies }),
    );
  });
}

function doorsOf(service: Service, host: string, https: boolean): readonly Door[] {
  const tls = { door: service === 'search' ? '' : service, host, port: 443 };
  return https ? [tls] : [tls, { door: service === 'search' ? 'http' : `${service}-http`, host, port: 80 }];
}

/** An option as it works now and as it will: `later` only where a change is on its way. Undefined: not read. */
interface Option<T> {
  readonly now: T | undefined;
  readonly later?: T;
}
type Answer<T> = { readonly Options: T | undefined; readonly Status: OptionStatus | undefined } | undefined;

/** `none` is what an option falls back to when it is deleted. */
async function optionOf<T>(none: T, read: (deployed: boolean) => Promise<Answer<T>>): Promise<Option<T>> {
  const latest = await read(false);
  const { State: state, PendingDeletion: deleted } = latest?.Status ?? {};
  if (latest === undefined || (state === 'Active' && deleted !== true)) return { now: latest?.Options };
  const deployed = await read(true);
  const later = deleted === true ? none : latest.Options;
  // What does not validate never comes into force.
  return { now: deployed?.Options, ...(later === undefined || state === 'FailedToValidate' ? {} : { later }) };
}

async function policyOf(cell: Cell, DomainName: string): Promise<Option<string>> {
  const client = cell.client(CloudSearchClient);
  return optionOf('', async (Deployed) => {
    const call = () => client.send(new DescribeServiceAccessPoliciesCommand({ DomainName, Deployed }));
    const answer = await cell.ask('cloudsearch:DescribeServiceAccessPolicies', call, DomainName);
    return answer?.AccessPolicies;
  });
}

async function optionsOf(cell: Cell, DomainName: string): Promise<Option<DomainEndpointOptions>> {
  const client = cell.client(CloudSearchClient);
  return optionOf<DomainEndpointOptions>({ EnforceHTTPS: false }, async (Deployed) => {
    const call = () => client.send(new DescribeDomainEndpointOptionsCommand({ DomainName, Deployed }));
    const answer = await cell.ask('cloudsearch:DescribeDomainEndpointOptions', call, DomainName);
    return answer?.DomainEndpointOptions;
  });
}

function overTime<T>({ now, later }: Option<T>, judge: (option: T) => Protection, unread: string): Protection {
  const current = now === undefined ? declaredUnknown(unread) : judge(now);
  return later === undefined ? current : withPending(current, judge(later).level);
}

function callersOf(cell: Cell, { ARN }: DomainStatus, service: Service, policy: string | undefined, https: boolean) {
  return whoMayCall(policy, {
    resourceArn: ARN ?? '',
    accountId: cell.place.account,
    organizationId: cell.place.organization,
    region: cell.place.region,
    service: 'cloudsearch',
    dataActions: ACTIONS[service],
    families: ['v4', 'v6'],
    resourceless: true,
    plaintextPort: !https,
  });
}

function authenticationOf({ anonymous, unreadable, absent }: Callers): Protection {
  if (unreadable !== undefined) return declaredUnknown(`access policy: ${unreadable}`);
  if (absent === true || anonymous.breadth === 'NONE')
    return declaredOn('the access policy accepts signed requests only');
  const by = `statement ${anonymous.statements.join(', ')} accepts unsigned ${anonymous.actions.join(', ')}`;
  return anonymous.breadth === 'LIMITED' ? declaredPartial(`${by} from some addresses`) : declaredOff(by);
}

function tlsOf({ EnforceHTTPS: https, TLSSecurityPolicy: policy }: DomainEndpointOptions): Protection {
  if (https === undefined) return declaredUnknown('EnforceHTTPS absent');
  const said = `EnforceHTTPS=${String(https)}, ${policy ?? 'TLSSecurityPolicy absent'}`;
  if (!https || policy?.startsWith('Policy-Min-TLS-1-0') === true) return declaredPartial(said);
  return policy === undefined ? declaredUnknown(said) : declaredOn(said);
}
