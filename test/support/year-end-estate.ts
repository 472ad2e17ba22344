/** Who is watched in the year-end ledger: ten accounts, five regions, ten services, one endpoint of each. What differs follows its number. */
import { type Allowance, type Allowlist, EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Endpoint, Engine } from '../../lib/model/endpoint.ts';
import type { CellRecord, PlaceRecord } from '../../lib/model/inventory.ts';
import { type DeclaredLevels, declaredLevels, type ObservationOverrides, T0 } from './readings.ts';

export const FROM = '2025-10-02T00:00:00.000Z';
export const TO = '2025-12-31T00:00:00.000Z';
export const DAY = 86_400;

/** Of the period, as the seconds that readings are told by. */
export const at = (day: number, seconds = 0): number => (Date.parse(FROM) - T0) / 1_000 + day * DAY + seconds;

const ACCOUNTS = Array.from({ length: 10 }, (_, n) => String(410_000_000_017 + n * 11_111_111));
const REGIONS = ['ap-northeast-1', 'eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'];
const SERVICES: readonly (readonly [service: string, engine: Engine, port: number])[] = [
  ['documentdb', 'documentdb', 27_017],
  ['elasticache', 'redis', 6_379],
  ['interfaces', 'elasticsearch', 9_200],
  ['memorydb', 'valkey', 6_379],
  ['msk', 'kafka', 9_094],
  ['neptune', 'neptune', 8_182],
  ['opensearch', 'opensearch', 443],
  ['rds', 'postgres', 5_432],
  ['redshift', 'redshift', 5_439],
  ['timestream-influxdb', 'influxdb', 8_086],
];
const TEAMS = [
  'billing',
  'catalogue',
  'devices',
  'growth',
  'identity',
  'mobile',
  'orders',
  'search',
  'support',
  'video',
];

/** Partners reach it from the internet, with credentials. */
export const isPartnered = (n: number): boolean => (n * 7 + Math.floor(n / 10)) % 10 === 3;

export const ESTATE: readonly Endpoint[] = SERVICES.flatMap(([service, engine, port], s) =>
  REGIONS.flatMap((region, r) =>
    ACCOUNTS.map((account, a): Endpoint => {
      const n = s * 50 + r * 10 + a;
      const name = `${TEAMS[(a + s) % 10]}-${service}-${n}`;
      const isRegistered = service !== 'interfaces';
      return {
        id: `${account}/${region}/${service}/${name}`,
        host: `${name}.${region}.example.com`,
        ...{ port, engine, source: 'aws', account, region, name, service },
        foundBy: isRegistered ? ['service', 'interface'] : ['interface'],
        tags: { team: TEAMS[(a + s) % 10] ?? '' },
        declared: isRegistered ? declaredLevels(levelsOf(n)) : {},
      };
    }),
  ),
);

function levelsOf(n: number): DeclaredLevels {
  return {
    ...{ network: isPartnered(n) ? 'off' : 'on', authentication: 'on', tls: n % 23 === 7 ? 'partial' : 'on' },
    ...{ 'encryption-at-rest': n % 41 === 11 ? 'off' : 'on', 'audit-log': n % 9 === 4 ? 'unknown' : 'on' },
  };
}

/** As strangers see it on an ordinary day. */
export function usual(n: number): ObservationOverrides {
  return isPartnered(n) ? { auth: 'auth-required', tls: 'required' } : { l4: 'refused' };
}

const PARTNERS: readonly Allowance[] = ACCOUNTS.map((account, a): Allowance => {
  const matched = ESTATE.filter((each, n) => each.account === account && isPartnered(n));
  return {
    ...{ id: `partners-${TEAMS[a]}`, owner: `${TEAMS[a]}@example.com`, ticket: `SEC-${100 + a}` },
    ...{ reason: 'partners read over the internet, with credentials of their own' },
    ...{ approvedBy: ['ciso@example.com', 'platform@example.com'], approvedOn: '2025-09-01' },
    expires: a === 4 ? '2025-12-20' : '2026-02-28',
    match: {
      accounts: [account],
      hostnames: matched.map(({ host }) => host),
      protocols: [...new Set(matched.map(({ engine }) => engine))].sort(),
    },
    permit: { reachable: 'from-internet', authentication: 'required', plaintext: false, minTls: '1.2' },
  };
});

function listOf(entries: readonly Allowance[], digest: string): Allowlist {
  return { ...EMPTY_ALLOWLIST, entries, digest: digest.repeat(64), file: 'allowlist.yaml' };
}

/** As it was when the period began; with an entry that nobody uses and a longer term since day 45. */
export const FIRST_LIST = listOf(PARTNERS, 'a');
export const SECOND_LIST = listOf(
  [
    ...PARTNERS.map((entry, a) => (a === 7 ? { ...entry, expires: '2026-03-31', ticket: 'SEC-207' } : entry)),
    {
      ...(PARTNERS[0] as Allowance),
      ...{ id: 'migration-window', ticket: 'SEC-311', approvedOn: '2025-11-15', expires: '2026-01-05' },
      match: { accounts: ACCOUNTS.slice(0, 1), hostnames: ['old-orders.example.com'], protocols: ['postgres'] },
    },
  ],
  'b',
);

const LAST_SWEEP = '2025-12-30T23:40:00.000Z';

/** Every cell as it answered last: one account forgot a right, one region throttled, one resource is no longer listed. */
export const PLACES: readonly PlaceRecord[] = ACCOUNTS.flatMap((account, a) =>
  REGIONS.map((region, r): PlaceRecord => {
    const cell = ([service]: (typeof SERVICES)[number], s: number): [string, CellRecord] => {
      const ids = ESTATE.filter((e) => e.account === account && e.region === region && e.service === service);
      const known = Object.fromEntries(
        ids.map(({ id }) => [id, { misses: a === 6 && s === 8 && r === 1 ? 2 : 0, hot: false }]),
      );
      if (a === 2 && s === 7) {
        const detail = 'rds:DescribeDBInstances is not allowed';
        return [service, { ...answered('denied', '2025-12-28T10:00:00.000Z'), known, detail }];
      }
      if (a === 8 && r === 0 && s === 4) {
        const detail = 'kafka:ListClustersV2 was throttled five times';
        return [service, { ...answered('throttled', '2025-12-30T20:00:00.000Z'), known, detail }];
      }
      return [service, { ...answered('complete', LAST_SWEEP), known }];
    };
    return { place: { account, region, partition: 'aws' }, cells: Object.fromEntries(SERVICES.map(cell)) };
  }),
);

function answered(status: CellRecord['status'], completeAt: string): Omit<CellRecord, 'known'> {
  return { status, triedAt: LAST_SWEEP, completeAt, calls: status === 'complete' ? 2 : 6 };
}
