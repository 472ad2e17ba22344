import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AddressPolicy, checkAddress } from '../../lib/net/guard.ts';
import { canonicalName } from '../../lib/net/resolve.ts';

const PUBLIC: AddressPolicy = { allowPrivate: false, only: [] };
const LAB: AddressPolicy = { allowPrivate: true, only: [] };

const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.169.253',
  '169.254.169.123',
  '169.254.0.1',
  '100.100.100.200',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd00:ec2::253',
  'fd00:0ec2:0:0:0:0:0:254',
  '168.63.129.16',
  'fd20:ce::254',
  'fe80::1',
  'febf::1',
  // The same, carried inside of an IPv6 address.
  '::ffff:169.254.169.254',
  '::ffff:0:a9fe:a9fe',
  '::a9fe:a9fe',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  '2001:0:808:808:0:0:5601:5601', // Teredo turns the bits over
];
const PRIVATE = [
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.254',
  '127.0.0.1',
  '127.255.255.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.255.255',
  '::1',
  'fc00::1',
  'fdff::1',
  '0:0:0:0:0:0:0:1',
];
const RESERVED = [
  '0.0.0.0',
  '0.1.2.3',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:0:7f00:1',
  '::ffff:0:8.8.8.8',
  '::ffff:7f00:1',
  '::7f00:1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:0:7f00:1::',
  '2001:db8::1',
  '2002:7f00:1::',
  '1::1',
  '100:0:0:1::1',
  '2001:2::1',
  '2001:10::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fec0::1',
  'ff02::1',
  'ff0e::1',
];
const DISGUISED = [
  '010.0.0.1',
  '0177.0.0.1',
  '0x7f.0.0.1',
  '0x7f000001',
  '0X7F000001',
  '2130706433',
  '017700000001',
  '127.1',
  '127.0.1',
  '10.1',
  '1',
  '0',
  '127.0.0.1.',
  '127.0.0.01',
  '127.0.0.1:80',
  '127.0.0.1/8',
  ' 127.0.0.1',
  '127.0.0.1 ',
  '127.0.0.1\n',
  '127.0.0.1%00',
  '①②⑦.0.0.1',
  '127。0。0。1',
  '127.0.0.256',
  '1.2.3',
  '1.2.3.4.5',
  '',
  '::1%lo',
  'fe80::1%eth0',
  '[::1]',
  '::ffff:0x7f.1',
  'localhost',
  'user@10.0.0.1',
  '-1.0.0.1',
  '1e1.0.0.1',
  '127.0.0.1#',
  '0:0:0:0:0:ffff:127.1',
  ':::1',
  '12345::',
  'metadata.google.internal',
];
const FINE = [
  '8.8.8.8',
  '1.1.1.1',
  '54.239.28.85',
  '100.63.255.255',
  '100.128.0.1',
  '172.32.0.1',
  '172.15.255.255',
  '192.167.1.1',
  '198.17.255.255',
  '223.255.255.255',
  '2600:1f18::1',
  '2a05:d018::1',
  '2001:4860:4860::8888',
];

describe('the guard', () => {
  it.each(METADATA)('refuses %s whatever the run says', (address) => {
    for (const policy of [PUBLIC, LAB, { allowPrivate: true, only: ['0.0.0.0/0', '::/0'] }]) {
      expect(checkAddress(address, 80, policy)).toMatchObject({ allowed: false, reason: 'never' });
    }
  });

  it.each(PRIVATE)('refuses %s unless the run opens private ranges', (address) => {
    expect(checkAddress(address, 9200, PUBLIC)).toMatchObject({ allowed: false, reason: 'private' });
    expect(checkAddress(address, 9200, LAB)).toEqual({ allowed: true });
  });

  it.each(RESERVED)('refuses %s also in a lab', (address) => {
    expect(checkAddress(address, 9200, LAB).allowed).toBe(false);
    expect(checkAddress(address, 9200, PUBLIC).allowed).toBe(false);
  });

  it.each(DISGUISED)('takes %j for no address at all', (address) => {
    expect(checkAddress(address, 9200, LAB)).toMatchObject({ allowed: false, reason: 'malformed' });
  });

  it.each(FINE)('lets %s pass', (address) => {
    expect(checkAddress(address, 9200, PUBLIC)).toEqual({ allowed: true });
  });

  it('refuses the Lambda Runtime API on any loopback address', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1']) {
      expect(checkAddress(address, 9001, LAB)).toMatchObject({ allowed: false, reason: 'never' });
    }
  });

  it('restricts to `only` on top of everything else', () => {
    const policy = { allowPrivate: true, only: ['127.0.0.0/8', '::1/128'] };
    expect(checkAddress('127.3.2.1', 9200, policy)).toEqual({ allowed: true });
    expect(checkAddress('::1', 9200, policy)).toEqual({ allowed: true });
    expect(checkAddress('10.0.0.1', 9200, policy)).toMatchObject({ allowed: false, reason: 'outside-only' });
    expect(checkAddress('8.8.8.8', 9200, policy)).toMatchObject({ allowed: false, reason: 'outside-only' });
    expect(checkAddress('127.0.0.1', 9200, { ...policy, allowPrivate: false })).toMatchObject({ reason: 'private' });
  });

  it('takes a block of `only` that does not parse for one that holds nothing', () => {
    for (const block of ['everywhere', '', '10.0.0.0', '10.0.0.0/33', '::/129']) {
      expect(checkAddress('8.8.8.8', 9200, { allowPrivate: true, only: [block] })).toMatchObject({
        allowed: false,
        reason: 'outside-only',
      });
    }
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4Extended(), fc.ipV6(), fc.ipV4()), (text) => {
        expect(typeof checkAddress(text, 9200, PUBLIC).allowed).toBe('boolean');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('host names', () => {
  it.each([
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    'user@host',
    'a b',
    'host:80',
    '[::1]',
    'a..b',
    '-',
    '',
    '.',
    '1.2.3.4.5',
    'x'.repeat(64),
    `${'a.'.repeat(130)}b`,
    'h\u0000st',
    'a/b',
  ])('%j is none', (host) => {
    expect(canonicalName(host)).toBeUndefined();
  });
  it.each([
    ['ES.Example.com.', 'es.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['localhost', 'localhost'],
    ['10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['my_host.internal', 'my_host.internal'],
  ])('%s is %s', (host, name) => {
    expect(canonicalName(host)).toBe(name);
  });
});
