/** Allowances and endpoints that meet often enough, and an evaluator written as the documentation reads, to hold ours against. */
import fc from 'fast-check';
import type { Allowance } from '../../lib/model/allowlist.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { anAllowance, anEndpoint } from './readings.ts';

const ACCOUNTS = ['111122223333', '999988887777'];
const HOSTS = ['es.example.test', 'db.example.test'];
const arnOf = (account: string, name: string): string => `arn:aws:es:us-east-1:${account}:domain/${name}`;

/** Given one time in five: several entries are to match one endpoint. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const some = <T>(...values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values], { minLength: 1 });

const match = fc
  .record({
    accounts: some(...ACCOUNTS),
    protocols: fc.constantFrom<Allowance['match']['protocols']>(
      ['elasticsearch'],
      ['elasticsearch', 'redis'],
      ['redis'],
    ),
    ports: maybe(some(9200, 9300)),
    regions: maybe(some('us-east-1', 'eu-west-1')),
    arns: maybe(some(...ACCOUNTS.flatMap((a) => ['web', 'w*', '*', '?eb', 'x'].map((name) => arnOf(a, name))))),
    tags: maybe(fc.constantFrom<Record<string, string>>({ env: 'lab' }, { env: 'prod' }, { env: 'lab', team: 'a' })),
    hostnames: maybe(some(...HOSTS, 'ES.example.test')),
    addresses: maybe(some('203.0.113.0/28', '203.0.113.10/32', '198.51.100.0/28')),
  })
  .map(
    (given) =>
      Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)) as unknown as Allowance['match'],
  );

const permit = fc.record({
  reachable: fc.constantFrom<'from-internet' | 'from-cidrs'>('from-internet', 'from-internet', 'from-cidrs'),
  fromCidrs: some('8.8.8.0/24', '9.9.9.0/24', '9.0.0.0/8'),
  plaintext: fc.boolean(),
  minTls: fc.constantFrom<'1.2' | '1.3'>('1.2', '1.3'),
  glass: maybe(
    fc.record({
      anonymous: fc.constantFrom<'read' | 'metadata'>('read', 'metadata'),
      from: fc.constantFrom('2019-12-04T09:30:00Z', '2019-12-04T10:00:00Z', '2019-12-04T10:02:00Z'),
    }),
  ),
});

const entry = fc
  .record({
    n: fc.nat(99),
    match,
    permit,
    approvedOn: fc.constantFrom('2019-11-01', '2019-11-01', '2019-11-01', '2019-12-05'),
    expires: fc.constantFrom('2019-12-03', '2019-12-04', '2020-10-01', '2020-10-01'),
  })
  .map(({ n, match, permit: { glass, fromCidrs, ...given }, ...days }): Allowance => {
    const rest = given.reachable === 'from-cidrs' ? { ...given, fromCidrs } : given;
    const breakGlass = glass === undefined ? {} : { breakGlass: { ...glass, maxHours: 1, secondApprover: 'cto' } };
    return anAllowance({
      id: `entry-${n}`,
      match,
      ...days,
      permit: { authentication: 'required', ...rest, ...breakGlass },
    });
  });

export const entryLists = fc.uniqueArray(entry, { selector: (e) => e.id, minLength: 1, maxLength: 6 });

export const ENDPOINTS: readonly Endpoint[] = ACCOUNTS.flatMap((account) =>
  ['web', 'x'].flatMap((name) =>
    [9200, 9300].flatMap((port) =>
      [{ env: 'lab', team: 'a' }, { env: 'prod' }, {}].map((tags, i) =>
        anEndpoint({
          id: `${account}/${name}/${port}/${i}`,
          ...{ account, port, tags, host: HOSTS[i % 2] ?? '', arn: arnOf(account, name) },
          region: i === 2 ? 'eu-west-1' : 'us-east-1',
        }),
      ),
    ),
  ),
);

/** As docs/allowlist.md says it, a line for each respect; slow, and with other means than ours. */
export function naiveMatch(e: Allowance, endpoint: Endpoint, addresses: readonly string[], at: string): boolean {
  const { match: m, permit } = e;
  const now = Date.parse(at);
  const glass = permit.breakGlass;
  const begins = glass === undefined ? -Infinity : Date.parse(glass.from);
  return [
    now >= Date.parse(`${e.approvedOn}T00:00:00.000Z`) && now <= Date.parse(`${e.expires}T23:59:59.999Z`),
    now >= begins && (glass === undefined || now < begins + glass.maxHours * 3_600_000),
    endpoint.account !== undefined && m.accounts.some((a) => a === endpoint.account),
    m.protocols.some((p) => p === endpoint.engine),
    (m.ports ?? [endpoint.port]).some((p) => p === endpoint.port),
    (m.regions ?? [endpoint.region]).some((r) => r === endpoint.region),
    m.arns === undefined || m.arns.some((glob) => naiveGlob(glob).test(endpoint.arn ?? '')),
    Object.entries(m.tags ?? {}).every(([k, v]) => endpoint.tags[k] === v),
    m.hostnames === undefined || m.hostnames.some((h) => h.toLowerCase() === endpoint.host.toLowerCase()),
    m.addresses === undefined ||
      (addresses.length > 0 && addresses.every((a) => m.addresses?.some((block) => inBlock(a, block)))),
  ].every(Boolean);
}

const globs = new Map<string, RegExp>();
function naiveGlob(glob: string): RegExp {
  const known = globs.get(glob);
  if (known !== undefined) return known;
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const made = new RegExp(`^${body}$`);
  globs.set(glob, made);
  return made;
}

export function inBlock(address: string, block: string): boolean {
  const [network = '', bits = ''] = block.split('/');
  const number = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(network) / size);
}
