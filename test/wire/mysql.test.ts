/** The first packet of a MySQL server, without a connection; whole visits are in test/probes/mysql.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  type Greeting,
  isSphinx,
  MAX_PAYLOAD,
  packetLength,
  parseFirstPacket,
  productOf,
  shownVersion,
  SSL_REQUEST,
} from '../../lib/wire/mysql.ts';
import { failureOf } from '../support/wire-failure.ts';

interface Sketch {
  readonly version?: string;
  readonly filler?: number;
  readonly low?: number;
  readonly high?: number;
  readonly saltLength?: number;
  readonly extended?: number;
  readonly salt2?: Buffer;
  readonly plugin?: string;
}
const SALT = Buffer.from('abcdefgh');
const SALT_2 = Buffer.from('ijklmnopqrst\0');

function u(bytes: number, value: number): Buffer {
  const out = Buffer.alloc(bytes);
  out.writeUIntLE(value, 0, bytes);
  return out;
}
function head({ version = '8.0.36', filler = 0, low = 0xffff }: Sketch = {}): Buffer {
  return Buffer.concat([
    u(1, 10),
    Buffer.from(`${version}\0`, 'latin1'),
    u(4, 0x01020304),
    SALT,
    u(1, filler),
    u(2, low),
  ]);
}
function greeting(sketch: Sketch = {}): Buffer {
  const { high = 0xffff, saltLength = 21, extended = 0, salt2 = SALT_2, plugin = 'mysql_native_password\0' } = sketch;
  return Buffer.concat([
    head(sketch),
    Buffer.from([0x21, 2, 0]),
    u(2, high),
    u(1, saltLength),
    Buffer.alloc(6),
    u(4, extended),
    salt2,
    Buffer.from(plugin, 'latin1'),
  ]);
}
const read = (sketch: Sketch): Greeting => parseFirstPacket(greeting(sketch)) as Greeting;

describe('the head of a packet', () => {
  it('gives its length where it is a first one, within the limit', () => {
    expect(packetLength(Buffer.from([0x4a, 0, 0, 0]))).toBe(0x4a);
    expect(packetLength(Buffer.concat([u(3, MAX_PAYLOAD), u(1, 0)]))).toBe(MAX_PAYLOAD);
    expect(failureOf(() => packetLength(Buffer.concat([u(3, MAX_PAYLOAD + 1), u(1, 0)])))).toEqual([
      'limit',
      `first packet of ${MAX_PAYLOAD + 1} bytes`,
    ]);
    for (const bytes of [
      [0, 0, 0, 0],
      [5, 0, 0, 1],
    ]) {
      expect(failureOf(() => packetLength(Buffer.from(bytes)))).toEqual(['malformed', 'not a first packet']);
    }
  });
});

describe('a greeting', () => {
  it('is read whole', () => {
    expect(read({})).toEqual({
      kind: 'greeting',
      version: '8.0.36',
      threadId: 0x01020304,
      tls: true,
      salt: Buffer.from('abcdefghijklmnopqrst'),
      plugin: 'mysql_native_password',
      mariadb: false,
    });
  });

  it('of a server before 4.1 ends after its first capabilities', () => {
    expect(parseFirstPacket(head({ version: '4.0.1', low: 0x0800 }))).toEqual({
      kind: 'greeting',
      version: '4.0.1',
      threadId: 0x01020304,
      tls: true,
      salt: SALT,
      mariadb: false,
    });
  });

  it('offers TLS by one bit alone', () => {
    expect(read({ low: 0xffff - 0x0800 }).tls).toBe(false);
    expect(read({ low: 0x0800, high: 0 }).tls).toBe(true);
  });

  it('has a second salt where its own bit says so: 13 bytes, or as many as it says', () => {
    expect(read({ low: 0x0001, salt2: Buffer.alloc(0), plugin: '' }).salt).toEqual(SALT);
    const long = Buffer.from(`${'x'.repeat(19)}\0`);
    expect(read({ saltLength: 28, salt2: long })).toMatchObject({
      salt: Buffer.from(`abcdefgh${'x'.repeat(19)}`),
      plugin: 'mysql_native_password',
    });
    expect(read({ saltLength: 8 }).salt).toEqual(Buffer.from('abcdefghijklmnopqrst'));
  });

  it('names a plugin where its bit says so, with its NUL or without, up to 64 bytes', () => {
    expect(read({ high: 0xfff7 })).not.toHaveProperty('plugin');
    expect(read({ high: 0x0008, plugin: 'sha2.x-y_z' }).plugin).toBe('sha2.x-y_z');
    expect(read({ plugin: 'a'.repeat(80) }).plugin).toBe('a'.repeat(64));
    expect(read({ plugin: '' }).plugin).toBe('');
    for (const plugin of ['no name\0', ' a\0', 'a \0']) {
      expect(failureOf(() => read({ plugin }))).toEqual(['malformed', 'plugin name is not a name']);
    }
  });

  it("is MariaDB's where the lowest bit is clear and its own bits are set, and only then", () => {
    expect(read({ low: 0xfffe, extended: 0x1d }).mariadb).toBe(true);
    expect(read({ low: 0xffff, extended: 0x1d }).mariadb).toBe(false);
    expect(read({ low: 0xfffe, extended: 0 }).mariadb).toBe(false);
    expect(read({ low: 0xfffe, extended: 1, high: 0 }).mariadb).toBe(true);
  });

  it.each([
    ['of another protocol', Buffer.from([9, 0]), 'protocol 9, not 10'],
    ['without a filler', greeting({ filler: 1 }), 'no filler after the salt'],
    ['with an empty version', greeting({ version: '' }), 'version is not printable'],
    ['with a version that ends in a control byte', greeting({ version: '8.0\x07' }), 'version is not printable'],
    ['with a version that begins with one', greeting({ version: '\x078.0' }), 'version is not printable'],
    ['with a version without an end', Buffer.from(`\x0a${'8'.repeat(201)}\0`), 'no end of text within 200 bytes'],
  ])('is none %s', (_name, bytes, why) => {
    expect(failureOf(() => parseFirstPacket(bytes))).toEqual(['malformed', why]);
  });
});

describe('an error in place of a greeting', () => {
  const error = (code: number, text: string): Buffer => Buffer.concat([u(1, 0xff), u(2, code), Buffer.from(text)]);

  it.each([
    [1130, "Host '1.2.3.4' is not allowed", { text: "Host '1.2.3.4' is not allowed" }],
    [1040, '#08004Too many connections', { sqlstate: '08004', text: 'Too many connections' }],
    [1000, 'x #08004', { text: 'x #08004' }],
    [1040, '#0800', { text: '#0800' }],
    [1129, 'x'.repeat(2_000), { text: 'x'.repeat(1_024) }],
  ])('%i %s', (code, text, said) => {
    expect(parseFirstPacket(error(code, text))).toEqual({ kind: 'error', code, ...said });
  });

  it('has a code that servers use', () => {
    expect(failureOf(() => parseFirstPacket(error(999, 'x')))).toEqual([
      'malformed',
      "error 999 is none of a server's",
    ]);
  });
});

describe('who greets', () => {
  const named = (version: string, over: Partial<Greeting> = {}): Greeting => ({
    kind: 'greeting',
    version,
    threadId: 1,
    tls: false,
    salt: SALT,
    mariadb: false,
    ...over,
  });

  it.each([
    ['5.7.25-TiDB-v7.1.0', 'TiDB'],
    ['8.0.30-Vitess', 'Vitess'],
    ['8.0.33-dolt', 'Dolt'],
    ['8.0.11 (ProxySQL)', 'ProxySQL'],
    ['10.5.8 2.5.12-maxscale', 'MaxScale'],
    ['5.7.99 Doris', 'Doris'],
    ['8.0.33-StarRocks', 'StarRocks'],
    ['5.7.25-OceanBase', 'OceanBase'],
    ['5.7.32-SingleStore', 'SingleStore'],
    ['5.5.58-MemSQL', 'SingleStore'],
    ['9.0.0-heatwave', 'HeatWave'],
    ['8.0.36-28-Percona', 'Percona Server'],
    ['11.4.2-MariaDB', 'MariaDB'],
    ['8.0.36', 'MySQL'],
  ])('%s is %s', (version, product) => {
    expect(productOf(named(version))).toBe(product);
  });

  it('is MariaDB by its bits where its version does not say', () => {
    expect(productOf(named('11.4.2-log', { mariadb: true }))).toBe('MariaDB');
  });

  it('shows the version that MariaDB hid, and no other', () => {
    expect(shownVersion('5.5.5-10.6.12-MariaDB')).toBe('10.6.12-MariaDB');
    for (const version of ['5.5.5-9.1', '5.5.5', '5x5x5-10.6', '8-5.5.5-10.6', '5.5.5-1x.2', '8.0.36']) {
      expect(shownVersion(version)).toBe(version);
    }
  });

  const sphinx = Buffer.from('0102030405060708090a0b0c', 'hex');
  it.each([
    ['6.2.12 dc5144d35@230822', { plugin: 'mysql_native_password' }],
    ['10.20.30 abcdef@20230822 (columnar 2)', {}],
    ['any', { salt: Buffer.concat([sphinx, Buffer.alloc(8)]) }],
    ['2.2.11-id64-release (95ae9a6)', {}],
    ['3-r (95ae9a6)', {}],
  ])('%j %j is Sphinx or Manticore', (version, over) => {
    expect(isSphinx(named(version, over))).toBe(true);
  });

  it.each([
    ['any', { salt: Buffer.concat([sphinx, Buffer.alloc(8)]), plugin: 'caching_sha2_password' }],
    ['2.2.11-id64-release (95ae9a6)', { plugin: '' }],
    ['8.0.36', {}],
    ['x6.2.12 dc5144d35@230822', { plugin: 'x' }],
    ['6.2 dc5144d35@230822', { plugin: 'x' }],
    ['6.2.12 dc514@230822', { plugin: 'x' }],
    ['6.2.12 dc5144d35@23082', { plugin: 'x' }],
    ['x2.2.11-id64-release (95ae9a6)', {}],
    ['2.2.11-id64-release (95ae9)', {}],
    ['2.2.11-id64-release', {}],
  ])('%j %j is not', (version, over) => {
    expect(isSphinx(named(version, over))).toBe(false);
  });
});

describe('our only packet', () => {
  it('asks for TLS and names nobody', () => {
    expect(SSL_REQUEST.readUIntLE(0, 3)).toBe(SSL_REQUEST.length - 4);
    expect(SSL_REQUEST.toString('hex')).toBe(`20000001008a08000000000121${'00'.repeat(23)}`);
  });
});
