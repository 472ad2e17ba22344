/** What AWS answers in the simulated organisation: made when asked for, from the place's own number, and kept nowhere. */
import type { ClientMaker } from '../../lib/aws/cell.ts';
import { readNetwork } from '../../lib/aws/network.ts';
import { sweepPlace } from '../../lib/aws/sweep.ts';
import { COLLECTORS } from '../../lib/collectors/catalogue.ts';
import type { InventorySource, Place } from '../../lib/model/inventory.ts';
import { profileOf } from '../../lib/runtime/aws.ts';

export interface Plan {
  readonly accounts: readonly string[];
  readonly planted: number;
  /** How many of each kind stand in a place. */
  count(place: Place): { readonly domains: number; readonly databases: number };
}

const FIRST_ACCOUNT = 100_000_000_000;

/** One place in so many holds something (aws-services.md section 6: 2,000 of 17,000 are active). */
const ACTIVE_SHARE = 8.5;

/** Spreads so many endpoints over the active places: half of them domains, half databases. */
export function planOf(accounts: number, regions: readonly string[], endpoints: number): Plan {
  const active = Math.max(1, Math.floor((accounts * regions.length) / ACTIVE_SHARE));
  const half = Math.floor(endpoints / 2);
  const share = (i: number): number =>
    i >= active ? 0 : Math.floor(((i + 1) * half) / active) - Math.floor((i * half) / active);
  // Active places stand apart, so that they are swept all along and not at the beginning.
  const index = ({ account, region }: Place): number => {
    const i = (Number(account) - FIRST_ACCOUNT) * regions.length + regions.indexOf(region);
    return Math.ceil(i / ACTIVE_SHARE) === Math.ceil((i + 1) / ACTIVE_SHARE)
      ? active
      : Math.floor((i + 1) / ACTIVE_SHARE) - 1;
  };
  return {
    accounts: Array.from({ length: accounts }, (_, i) => String(FIRST_ACCOUNT + i)),
    planted: half * 2,
    count: (place) => ({ domains: share(index(place)), databases: share(index(place)) }),
  };
}

/** The real collectors over SDK clients that answer from memory. */
export function sourceOf(plan: Plan, regions: readonly string[]): InventorySource {
  return {
    services: COLLECTORS.map(profileOf),
    home: 'us-east-1',
    includes: () => true,
    accounts: async () => ({ items: plan.accounts.map((account) => ({ account })), gaps: [] }),
    regions: async (account) => ({ items: regions.map((region) => ({ account, region, partition: 'aws' })), gaps: [] }),
    names: async () => ({ items: [], gaps: [] }),
    exists: async () => undefined,
    sweep: (place, services, signal) =>
      sweepPlace(place, {
        collectors: COLLECTORS.filter((c) => services.includes(c.service)),
        readNetwork,
        now: () => new Date(),
        signal,
        client: <C>(_make: ClientMaker<C>): C =>
          ({
            send: async (command: { constructor: { name: string }; input: unknown }) => answerOf(plan, place, command),
            destroy: () => undefined,
          }) as C,
      }),
  };
}

const PAGE = 100;

function answerOf(
  plan: Plan,
  place: Place,
  { constructor, input }: { constructor: { name: string }; input: unknown },
): unknown {
  const { domains, databases } = plan.count(place);
  switch (constructor.name) {
    case 'ListDomainNamesCommand':
      return { DomainNames: numbered(domains, (i) => ({ DomainName: `domain-${i}`, EngineType: 'OpenSearch' })) };
    case 'DescribeDomainsCommand':
      return {
        DomainStatusList: (input as { DomainNames: readonly string[] }).DomainNames.map((name) =>
          domainOf(place, name),
        ),
      };
    case 'DescribeDBInstancesCommand':
      return page(databases, (input as { Marker?: string }).Marker, (i) => databaseOf(place, i));
    default:
      return {};
  }
}

function numbered<T>(count: number, make: (i: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function page(count: number, marker: string | undefined, make: (i: number) => object): object {
  const from = Number(marker ?? 0);
  const to = Math.min(count, from + PAGE);
  const DBInstances = numbered(to - from, (i) => make(from + i));
  return to < count ? { DBInstances, Marker: String(to) } : { DBInstances };
}

function domainOf({ account, region }: Place, name: string): object {
  return {
    DomainName: name,
    ARN: `arn:aws:es:${region}:${account}:domain/${name}`,
    Endpoint: `search-${name}-${account}.${region}.es.amazonaws.com`,
    EngineVersion: 'OpenSearch_2.19',
    DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
    EncryptionAtRestOptions: { Enabled: true },
    AdvancedSecurityOptions: { Enabled: true },
    AccessPolicies: JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: account },
          Action: 'es:*',
          Resource: `arn:aws:es:${region}:${account}:domain/${name}/*`,
        },
      ],
    }),
  };
}

function databaseOf({ account, region }: Place, i: number): object {
  const name = `db-${i}`;
  return {
    DBInstanceIdentifier: name,
    DbiResourceId: `db-${account}-${region}-${i}`,
    DBInstanceArn: `arn:aws:rds:${region}:${account}:db:${name}`,
    Engine: 'postgres',
    EngineVersion: '17.2',
    Endpoint: { Address: `${name}.abc.${region}.rds.amazonaws.com`, Port: 5432 },
    PubliclyAccessible: false,
    StorageEncrypted: true,
    DBInstanceStatus: 'available',
    VpcSecurityGroups: [],
  };
}
