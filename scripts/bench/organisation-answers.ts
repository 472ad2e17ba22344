/** What AWS answers in the simulated organisation: made when asked for, from the place's own number, and kept nowhere. */
import type { Place } from '../../lib/model/inventory.ts';

export interface Plan {
  readonly accounts: readonly string[];
  readonly planted: number;
  /** How many of each kind stand in a place. */
  count(place: Place): { readonly domains: number; readonly databases: number };
}

const FIRST_ACCOUNT = 100_000_000_000;

/** Spreads so many endpoints over all places: one door a domain, one a database. */
export function planOf(accounts: number, regions: readonly string[], endpoints: number): Plan {
  const places = accounts * regions.length;
  const index = ({ account, region }: Place): number =>
    (Number(account) - FIRST_ACCOUNT) * regions.length + regions.indexOf(region);
  const share = (of: number, i: number): number => Math.floor(((i + 1) * of) / places) - Math.floor((i * of) / places);
  const half = Math.floor(endpoints / 2);
  return {
    accounts: Array.from({ length: accounts }, (_, i) => String(FIRST_ACCOUNT + i)),
    planted: half * 2,
    count: (place) => ({ domains: share(half, index(place)), databases: share(half, index(place)) }),
  };
}

const PAGE = 100;

export function answerOf(
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
