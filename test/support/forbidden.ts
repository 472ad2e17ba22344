/**
 * The forbidden ranges once more, from the words of the specification and over Node's own BlockList, so that the guard is
 * not its own judge (evidence-and-alerts.md section 5.5, probes.md section 9); and every way to write one of their addresses
 * that a resolver, a URL parser or a C library is known to accept.
 */
import { BlockList, isIP } from 'node:net';

/** `never`: whatever the run says. `private`: where `--allow-private` opens it. */
export type Kind = 'never' | 'private' | 'reserved';

const V4: Readonly<Record<Kind, readonly string[]>> = {
  never: ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32'],
  private: ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  reserved: [
    ...['0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24'],
    ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ],
};
const V6: Readonly<Record<Kind, readonly string[]>> = {
  never: ['fe80::/10', 'fd00:ec2::/32', 'fd20:ce::254/128'],
  private: ['::1/128', 'fc00::/7'],
  reserved: [
    ...['::/128', '::/96', '::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64'],
    ...['2001::/32', '2001:db8::/32', '2002::/16', 'fec0::/10', 'ff00::/8'],
  ],
};

const LISTS = (['never', 'private', 'reserved'] as const).map((kind) => {
  // One for each family: a BlockList compares mapped addresses with its IPv4 rules.
  const [v4, v6] = [new BlockList(), new BlockList()];
  for (const block of V4[kind]) add(v4, block, 'ipv4');
  for (const block of V6[kind]) add(v6, block, 'ipv6');
  return { kind, v4, v6 };
});

function add(list: BlockList, block: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', bits] = block.split('/');
  list.addSubnet(network, Number(bits), family);
}

export function kindOf(address: string): Kind | 'malformed' | undefined {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return 'malformed';
  return LISTS.find(({ v4, v6 }) => (family === 4 ? v4.check(address, 'ipv4') : v6.check(address, 'ipv6')))?.kind;
}

export interface Encoding {
  /** What stands in the inventory. */
  readonly host: string;
  /** What a gullible resolver makes of it. */
  readonly address: string;
  readonly how: string;
}

const TARGETS = [
  ...['169.254.169.254', '169.254.170.2', '169.254.170.23', '169.254.169.253', '100.100.100.200', '168.63.129.16'],
  ...['127.0.0.1', '127.9.8.7', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1'],
  ...['0.0.0.0', '192.0.2.1', '198.18.0.1', '203.0.113.7', '224.0.0.1', '255.255.255.255'],
];
const PLAIN_V6 = [
  ...['::', '::1', 'fe80::1', 'febf::1', 'fc00::1', 'fdff::1', 'fd00:ec2::254', 'fd00:ec2::23', 'fd00:ec2::253'],
  ...['fd20:ce::254', 'fec0::1', 'ff02::1', 'ff0e::1', '100::1', '2001:db8::1', '2001::1'],
];
const NAMES = [
  ...['metadata.google.internal', 'METADATA.GOOGLE.INTERNAL', 'metadata.google.internal.', 'metadata', 'instance-data'],
  ...['Metadata', 'instance-data.', 'metadata.google.internal\u3002', 'ｍetadata'],
];

/** Every way to write an IPv4 address that some parser takes for it. */
function waysToWrite(address: string): readonly (readonly [how: string, host: string])[] {
  const bytes = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const number = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = number.toString(16).padStart(8, '0');
  const [high, low] = [hex.slice(0, 4), hex.slice(4)];
  const turned = (number ^ 0xffffffff) >>> 0;
  const turnedHex = turned.toString(16).padStart(8, '0');
  const dotted = (write: (byte: number) => string): string => bytes.map(write).join('.');
  const wide = (digits: string): string =>
    Array.from(digits)
      .map((x) => String.fromCodePoint(0xff10 + Number(x)))
      .join('');
  const circled = (byte: number): string =>
    Array.from(String(byte))
      .map((x) => String.fromCodePoint(x === '0' ? 0x24ea : 0x2460 + Number(x) - 1))
      .join('');
  return [
    ['plain', address],
    ['trailing dot', `${address}.`],
    ['two trailing dots', `${address}..`],
    ['decimal', String(number)],
    ['decimal, trailing dot', `${number}.`],
    ['decimal, overflowing', String(number + 2 ** 32)],
    ['hex', `0x${hex}`],
    ['hex, upper case', `0X${hex.toUpperCase()}`],
    ['hex, padded', `0x00000000${hex}`],
    ['octal', `0${number.toString(8)}`],
    ['dotted octal', dotted((byte) => `0${byte.toString(8)}`)],
    ['dotted octal, padded', dotted((byte) => `0000${byte.toString(8)}`)],
    ['dotted hex', dotted((byte) => `0x${byte.toString(16)}`)],
    ['mixed', `0x${a.toString(16)}.0${b.toString(8)}.${c}.${d}`],
    ['three parts', `${a}.${b}.${c * 256 + d}`],
    ['two parts', `${a}.${(b * 256 + c) * 256 + d}`],
    ['leading zeros', dotted((byte) => String(byte).padStart(3, '0'))],
    ['wide digits', address.split('.').map(wide).join('.')],
    ['circled digits', dotted(circled)],
    ['ideographic dots', address.replaceAll('.', '\u3002')],
    [
      'percent-encoded',
      Array.from(address)
        .map((x) => `%${x.charCodeAt(0).toString(16)}`)
        .join(''),
    ],
    ['percent-encoded dots', address.replaceAll('.', '%2e')],
    ['with a port', `${address}:80`],
    ['with a user', `x@${address}`],
    ['in brackets', `[${address}]`],
    ['as a URL', `http://${address}/`],
    ['with a space', `${address} `],
    ['with a line end', `${address}\n`],
    ['with a NUL', `${address}\u0000`],
    ['a NUL after another name', `${address}\u0000.example.org`],
    ['with a prefix length', `${address}/32`],
    ['mapped', `::ffff:${address}`],
    ['mapped, hex', `::ffff:${high}:${low}`],
    ['mapped, long', `0:0:0:0:0:ffff:${high}:${low}`],
    ['mapped, in brackets', `[::ffff:${address}]`],
    ['translated', `::ffff:0:${address}`],
    ['compatible', `::${high}:${low}`],
    ['NAT64', `64:ff9b::${address}`],
    ['NAT64, local', `64:ff9b:1::${high}:${low}`],
    ['6to4', `2002:${high}:${low}::1`],
    ['Teredo', `2001:0:0808:0808:0:0:${turnedHex.slice(0, 4)}:${turnedHex.slice(4)}`],
    ['mapped, with a zone', `::ffff:${address}%lo`],
    ['wildcard name', `${address}.nip.example`],
    ['wildcard name, dashes', `www.${address.replaceAll('.', '-')}.sslip.example`],
  ];
}

export const ENCODINGS: readonly Encoding[] = [
  ...TARGETS.flatMap((address) => waysToWrite(address).map(([how, host]) => ({ host, address, how }))),
  ...PLAIN_V6.flatMap((address) => [
    { host: address, address, how: 'plain' },
    { host: address.toUpperCase(), address, how: 'upper case' },
    { host: `[${address}]`, address, how: 'in brackets' },
    { host: `${address}%eth0`, address, how: 'with a zone' },
    { host: `${address}%25eth0`, address, how: 'with an encoded zone' },
    { host: `${address}.`, address, how: 'trailing dot' },
    { host: 'door.example.org', address, how: 'by name' },
  ]),
  ...NAMES.map((host) => ({ host, address: '169.254.169.254', how: 'metadata name' })),
];
