/** lib/reach/policy.ts against an evaluator that tries one concrete request at a time. */
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { BITS, contains, type Family } from '../../lib/reach/ipset.ts';
import { PUBLIC } from '../../lib/reach/breadth.ts';
import { type Callers, whoMayCall } from '../../lib/reach/policy.ts';
import { type NaiveRequest, type NaiveStatement, naivelyAllowed } from '../support/naive-policy.ts';
import { DOMAIN } from '../support/policies.ts';

const ACTIONS = ['es:ESHttpGet', 'es:ESHttpHead', 'es:ESHttpDelete'];
const CONTEXT = { ...DOMAIN, dataActions: ACTIONS, plaintextPort: false };
const ARN = DOMAIN.resourceArn;

/** Blocks that nest, touch and overlap, so that borders fall on each other. */
const v4Block = fc
  .tuple(
    fc.constantFrom('8.8.8.8', '8.8.0.0', '9.0.0.0', '127.255.255.255', '128.0.0.0', '52.94.76.77', '10.0.0.0'),
    fc.constantFrom(0, 1, 2, 7, 8, 9, 16, 24, 31, 32),
  )
  .map(([address, bits]) => `${address}/${bits}`);
const v6Block = fc
  .tuple(
    fc.constantFrom('2600::', '2600:1f18::1', '2a00:1450:4001::', 'fd00::', '::'),
    fc.constantFrom(0, 3, 12, 31, 32, 48, 64, 128),
  )
  .map(([address, bits]) => `${address}/${bits}`);
const bareAddress = fc.constantFrom('8.8.8.8', '9.9.9.9', '2600::1');
const blocks = fc.array(fc.oneof({ weight: 4, arbitrary: v4Block }, { weight: 2, arbitrary: v6Block }, bareAddress), {
  minLength: 1,
  maxLength: 4,
});
type Condition = readonly [operator: string, key: string, values: readonly string[]];

const source = fc.tuple(
  fc.constantFrom(
    'IpAddress',
    'NotIpAddress',
    'IpAddressIfExists',
    'NotIpAddressIfExists',
    'ForAnyValue:IpAddress',
    'ForAllValues:NotIpAddress',
  ),
  fc.constantFrom('aws:SourceIp', 'AWS:sourceIP'),
  blocks,
);
const set = fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:');
const suffix = fc.constantFrom('', 'IfExists');
const stringOperator = fc
  .tuple(
    set,
    fc.constantFrom(
      'StringEquals',
      'StringNotEquals',
      'StringLike',
      'StringNotLike',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
    ),
    suffix,
  )
  .map((parts) => parts.join(''));
const organization = fc.tuple(
  stringOperator,
  fc.constant('aws:PrincipalOrgID'),
  fc.subarray(['o-mine', 'o-*', 'o-partner', '*', 'O-MINE'], { minLength: 1 }),
);
const account = fc.tuple(
  stringOperator,
  fc.constant('aws:PrincipalAccount'),
  fc.subarray(['111111111111', '222222222222', '*'], { minLength: 1 }),
);
const network = fc.tuple(
  stringOperator,
  fc.constantFrom('aws:SourceVpc', 'aws:SourceVpce', 'aws:sourcearn'),
  fc.subarray(['vpc-1', '*'], { minLength: 1 }),
);
const principalArn = fc.tuple(
  fc.tuple(set, fc.constantFrom('ArnLike', 'ArnNotLike'), suffix).map((parts) => parts.join('')),
  fc.constant('aws:PrincipalArn'),
  fc.subarray(['arn:aws:iam::111111111111:*', 'arn:aws:iam::222222222222:role/x', 'arn:aws:*::*:*', 'arn:*:*:*:*:*'], {
    minLength: 1,
  }),
);
const isNull = fc.tuple(
  fc.constant('Null'),
  fc.constantFrom('aws:SourceIp', 'aws:PrincipalOrgID', 'aws:SourceVpc', 'aws:PrincipalArn', 'aws:PrincipalAccount'),
  fc.subarray(['true', 'false'], { minLength: 1 }),
);
const transport = fc.tuple(
  fc.constantFrom('Bool', 'BoolIfExists'),
  fc.constantFrom('aws:SecureTransport', 'aws:ViaAWSService'),
  fc.subarray(['true', 'false'], { minLength: 1 }),
);
/** What is the same for every request that a caller can send: allowed then means allowed. */
const decidable = fc.oneof(
  { weight: 4, arbitrary: source },
  { weight: 2, arbitrary: organization },
  account,
  network,
  principalArn,
  isNull,
  transport,
);
/** What a caller may choose, or nobody knows. */
const open = fc.oneof(
  fc.tuple(
    stringOperator,
    fc.constantFrom('aws:Referer', 'aws:UserAgent', 'foo:bar', 'aws:PrincipalTag/team', 'aws:username'),
    fc.subarray(['a', 'b*', '*'], { minLength: 1 }),
  ),
  fc.tuple(
    fc.constantFrom('NumericLessThan', 'NumericLessThanIfExists'),
    fc.constantFrom('foo:num', 'aws:MultiFactorAuthAge'),
    fc.constant(['5']),
  ),
  fc.tuple(
    fc.constant('Null'),
    fc.constantFrom('foo:bar', 'aws:Referer', 'aws:PrincipalTag/team'),
    fc.subarray(['true', 'false'], { minLength: 1 }),
  ),
  fc.tuple(
    fc.constantFrom('Bool', 'BoolIfExists'),
    fc.constantFrom('aws:MultiFactorAuthPresent', 'foo:flag'),
    fc.constantFrom(['true'], ['false']),
  ),
);

const action = fc.constantFrom(
  { Action: 'es:*' },
  { Action: ['es:ESHttpGet', 'ES:ESHTTPP*'] },
  { Action: 'es:ESHttp???' },
  { NotAction: 'es:ESHttpDelete' },
  { NotAction: ['es:ESHttpGet', 's3:*'] },
  { Action: 'es:DescribeDomain' },
);
const wholeResource = fc.constantFrom(
  { Resource: '*' },
  { Resource: `${ARN}/*` },
  { Resource: ARN },
  { Resource: 'arn:aws:es:*:*:domain/*' },
  { NotResource: `${ARN}/*` },
  { NotResource: `${ARN}2/*` },
);
const anyResource = fc.oneof(
  wholeResource,
  fc.constantFrom({ Resource: `${ARN}/logs*` }, { NotResource: [`${ARN}/logs/_search`] }, { Resource: `${ARN}/?*` }),
);
const principal = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom({ Principal: '*' }, { Principal: { AWS: ['*'] } }) },
  fc.constantFrom(
    { Principal: { AWS: 'arn:aws:iam::222222222222:root' } },
    { NotPrincipal: { AWS: ['arn:aws:iam::111111111111:root'] } },
    { NotPrincipal: { AWS: '*' } },
  ),
);

function statementOf(resource: typeof anyResource, condition: fc.Arbitrary<Condition>): fc.Arbitrary<NaiveStatement> {
  return fc
    .tuple(
      fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Deny'),
      principal,
      action,
      resource,
      fc.array(condition, { maxLength: 3 }),
    )
    .map(([Effect, who, what, where, conditions]) => {
      const Condition: Record<string, Record<string, readonly string[]>> = {};
      for (const [operator, key, values] of conditions) {
        const keys = (Condition[operator] ??= {});
        // Two spellings of one key in one object are refused as a whole.
        if (!Object.keys(keys).some((other) => other.toLowerCase() === key.toLowerCase())) keys[key] = values;
      }
      return { Effect, ...who, ...what, ...where, Condition };
    });
}

function textOf(value: bigint, family: Family): string {
  const bytes = Array.from({ length: BITS[family] / 8 }, (_, i) =>
    Number((value >> BigInt(BITS[family] - 8 * (i + 1))) & 255n),
  );
  return ipaddr.fromByteArray(bytes).toString();
}

/** Places where an answer can change: both ends of every block and their neighbours; and one elsewhere. */
function pointsOf(statements: readonly NaiveStatement[], random: bigint): readonly { family: Family; value: bigint }[] {
  const found = new Map<string, { family: Family; value: bigint }>();
  const add = (family: Family, value: bigint): void => {
    if (contains(PUBLIC[family], value)) found.set(`${family} ${value}`, { family, value });
  };
  for (const text of JSON.stringify(statements).match(/[0-9a-f:.]+\/\d+/g) ?? []) {
    if (!ipaddr.isValidCIDR(text)) continue;
    const [network, bits] = ipaddr.parseCIDR(text);
    const family = network.kind() === 'ipv4' ? 'v4' : 'v6';
    const value = network.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const size = 1n << BigInt(BITS[family] - bits);
    const first = value - (value % size);
    for (const point of [first - 1n, first, value, first + size - 1n, first + size]) add(family, point);
  }
  add('v4', 0x08080808n);
  add('v4', ((random % 0xdfn) << 24n) | 0x0a0b0cn);
  add('v6', 0x2600n << 112n);
  add('v6', (0x2n << 124n) | random);
  return [...found.values()];
}

const SENT = { 'aws:securetransport': 'true', 'aws:viaawsservice': 'false' };
const SIGNED = {
  ...SENT,
  'aws:principalaccount': '999999999999',
  'aws:principalarn': 'arn:aws:iam::999999999999:role/r',
};
const CALLERS: readonly {
  name: 'anonymous' | 'anyAwsPrincipal' | 'standaloneAccount';
  account?: string;
  keys: Record<string, string>;
}[] = [
  { name: 'anonymous', keys: SENT },
  { name: 'anyAwsPrincipal', account: '999999999999', keys: { ...SIGNED, 'aws:principalorgid': 'o-stranger' } },
  { name: 'standaloneAccount', account: '999999999999', keys: SIGNED },
];

function isIn(
  callers: Callers,
  name: (typeof CALLERS)[number]['name'],
  { family, value }: { family: Family; value: bigint },
): boolean {
  return contains(callers[name].addresses[family], value);
}

describe('against one request at a time', () => {
  it('allows exactly the same addresses, over at least 100,000 of them', () => {
    let points = 0;
    let allowed = 0;
    fc.assert(
      fc.property(
        fc.array(statementOf(wholeResource, decidable), { minLength: 1, maxLength: 5 }),
        fc.bigInt(0n, 1n << 120n),
        (statements, random) => {
          const callers = whoMayCall({ Statement: statements }, CONTEXT);
          expect(callers.undecided).toEqual([]);
          for (const { name, account, keys } of CALLERS) {
            for (const point of pointsOf(statements, random)) {
              const request = {
                address: textOf(point.value, point.family),
                resource: `${ARN}/logs/_search`,
                keys,
                ...(account === undefined ? {} : { account }),
              };
              const naive = ACTIONS.some((action) => naivelyAllowed(statements, { ...request, action }));
              if (isIn(callers, name, point) !== naive) {
                throw new Error(
                  `${name} from ${request.address}: ${naive ? 'allowed' : 'refused'} by the naive evaluator`,
                );
              }
              points++;
              if (naive) allowed++;
            }
          }
        },
      ),
      { numRuns: 4_000 },
    );
    expect(points).toBeGreaterThan(100_000);
    // Both answers have to be common, or the comparison says little.
    expect(allowed).toBeGreaterThan(points / 10);
    expect(allowed).toBeLessThan((points * 9) / 10);
  }, 120_000);

  const text = fc.constantFrom('a', 'b', 'bc', '7', '3', 'true', 'false');
  const free = fc.record(
    { 'aws:referer': text, 'aws:useragent': text, 'foo:bar': text, 'foo:num': text, 'foo:flag': text },
    { requiredKeys: [] },
  );
  const freeWhenSigned = fc.record(
    {
      'aws:principaltag/team': text,
      'aws:username': text,
      'aws:multifactorauthage': text,
      'aws:multifactorauthpresent': text,
    },
    { requiredKeys: [] },
  );

  it('never leaves out an address from which some request gets through, whatever the caller sends', () => {
    let through = 0;
    fc.assert(
      fc.property(
        fc.array(statementOf(anyResource, fc.oneof(decidable, open)), { minLength: 1, maxLength: 4 }),
        fc.bigInt(0n, 1n << 120n),
        free,
        freeWhenSigned,
        fc.constantFrom('', 'logs/_search', 'secret'),
        (statements, random, sent, sentWhenSigned, path) => {
          const callers = whoMayCall({ Statement: statements }, CONTEXT);
          for (const { name, account, keys } of CALLERS) {
            const all = { ...keys, ...sent, ...(account === undefined ? {} : sentWhenSigned) };
            for (const point of pointsOf(statements, random)) {
              const request: Omit<NaiveRequest, 'action'> = {
                address: textOf(point.value, point.family),
                resource: `${ARN}/${path}`,
                keys: all,
                ...(account === undefined ? {} : { account }),
              };
              if (!ACTIONS.some((action) => naivelyAllowed(statements, { ...request, action }))) continue;
              through++;
              if (!isIn(callers, name, point)) throw new Error(`${name} from ${request.address} gets through`);
            }
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(through).toBeGreaterThan(10_000);
  }, 120_000);
});
