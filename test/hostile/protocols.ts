/** Servers that begin like a protocol and then lie in it (evidence-and-alerts.md section 5.5 "Protocols"). */
import { encodeBson } from '../../lib/wire/bson.ts';
import { hex, u16, u32 } from '../support/bytes.ts';
import { type HostileServer, table, type Talk, text } from './server.ts';

const u32le = (value: number): Buffer => Buffer.from(u32(value)).reverse();
const join = (...parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((p) => (typeof p === 'string' ? text(p) : p)));
/** The same to each chunk that arrives. */
const each =
  (bytes: Buffer | string) =>
  ({ hear, say }: Talk): void =>
    hear(() => say(bytes));
const first =
  (bytes: Buffer | string) =>
  ({ say }: Talk): void =>
    say(bytes);
const flooding =
  (bytes: Buffer | string) =>
  ({ asked, flood }: Talk): void =>
    asked(() => flood(() => bytes));
const dripping =
  (bytes: (n: number) => Buffer | string) =>
  ({ asked, drip }: Talk): void =>
    asked(() => drip(100, bytes));

const packet = (nth: number, body: Buffer): Buffer => join(u32le(body.length).subarray(0, 3), Buffer.from([nth]), body);
const GREETING = join(
  hex('0a'),
  '8.0.36\0',
  hex('08000000'),
  'abcdefgh\0',
  hex('ffff ff 0200 ffff 15'),
  Buffer.alloc(10),
  'ijklmnopqrst\0',
  'caching_sha2_password\0',
);
const MYSQL = table('protocol', 'E5.5 MySQL', [
  {
    name: 'MySQL: a greeting of 16 MB',
    serve: ({ say, flood }) => (say(hex('ffffff00 0a')), flood(() => Buffer.alloc(4_096, 'x'))),
  },
  { name: 'MySQL: a greeting of no bytes', serve: first(hex('00000000')) },
  { name: 'MySQL: a greeting longer than it is', serve: ({ say, end }) => (say(hex('400000 00 0a 38')), end()) },
  { name: 'MySQL: a version without an end', serve: first(packet(0, join(hex('0a'), 'v'.repeat(9_000)))) },
  {
    name: 'MySQL: a version of controls',
    serve: first(packet(0, join(hex('0a'), '\u001b[2J\r\n\u202e\0', GREETING.subarray(8)))),
  },
  {
    name: 'MySQL: asks for another plugin for ever',
    serve: ({ say, flood }) => (
      say(packet(0, GREETING)), flood(() => packet(2, join(hex('fe'), 'mysql_clear_password\0')))
    ),
  },
  {
    name: 'MySQL: LOAD DATA LOCAL',
    serve: ({ say, hear }) => (say(packet(0, GREETING)), hear(() => say(packet(1, join(hex('fb'), '/etc/passwd'))))),
  },
  {
    name: 'MySQL: bytes behind the greeting',
    serve: first(join(packet(0, GREETING), packet(1, hex('00000002000000')))),
  },
  { name: 'MySQL: an error of 60 kB', serve: first(packet(0, join(hex('ff 6a04'), 'x'.repeat(60_000)))) },
  {
    name: 'MySQL: greets, then no TLS',
    serve: ({ say, asked, end }) => (say(packet(0, GREETING)), asked(() => end())),
  },
]);

const pg = (type: string, body: Buffer): Buffer => join(type, u32(body.length + 4), body);
const ifTls =
  (reply: (talk: Talk) => void) =>
  (talk: Talk): void =>
    talk.hear((chunk) => (chunk.length === 8 && chunk.readUInt32BE(4) === 80_877_103 ? talk.say('N') : reply(talk)));
const POSTGRES = table('protocol', 'E5.5 PostgreSQL', [
  { name: 'PostgreSQL: N to everything', serve: each('N') },
  { name: 'PostgreSQL: E to everything', serve: each('E') },
  { name: 'PostgreSQL: S, then silence', serve: ({ asked, say }) => asked(() => say('S')) },
  {
    name: 'PostgreSQL: S with plaintext behind it',
    serve: ({ asked, say }) => asked(() => say('SR\u0000\u0000\u0000\u0008\u0000\u0000\u0000\u0000')),
  },
  { name: 'PostgreSQL: a message of 2 GB', serve: ifTls(({ say }) => say(hex('52 7fffffff 00000000'))) },
  { name: 'PostgreSQL: a message of negative length', serve: ifTls(({ say }) => say(hex('52 ffffffff 00000000'))) },
  { name: 'PostgreSQL: a message of length 0', serve: ifTls(({ flood }) => flood(() => hex('53 00000000'))) },
  {
    name: 'PostgreSQL: AuthenticationOk, then parameters for ever',
    serve: ifTls(({ say, flood }) => (say(pg('R', u32(0))), flood(() => pg('S', text('a\0b\0'))))),
  },
  { name: 'PostgreSQL: notices for ever', serve: ifTls(({ flood }) => flood(() => pg('N', text('SNOTICE\0Mx\0\0')))) },
  { name: 'PostgreSQL: authentication 99', serve: ifTls(({ say }) => say(pg('R', u32(99)))) },
  {
    name: 'PostgreSQL: SASL with a thousand mechanisms',
    serve: ifTls(({ say }) => say(pg('R', join(u32(10), 'SCRAM-SHA-256\0'.repeat(1_000), '\0')))),
  },
  {
    name: 'PostgreSQL: an error without an end',
    serve: ifTls(({ say, end }) => (say(join('E', u32(100), 'SFATAL\0C28000\0Mno')), end())),
  },
]);

const op = (to: number, body: Buffer, length = body.length + 21): Buffer =>
  join(u32le(length), u32le(7), u32le(to), u32le(2013), hex('00000000 00'), body);
const HELLO = encodeBson({ ismaster: true, maxWireVersion: 21, ok: 1 });
const nested = (levels: number): Buffer => {
  let document = encodeBson({ ok: 1 });
  for (let i = 0; i < levels; i++) document = join(u32le(document.length + 8), hex('03 61 00'), document, hex('00'));
  return document;
};
const MONGO = table('protocol', 'E5.5 MongoDB', [
  { name: 'MongoDB: a length of 2 GB', serve: each(op(1, HELLO, 0x7fffffff)) },
  { name: 'MongoDB: a negative length', serve: each(op(1, HELLO, -5)) },
  { name: 'MongoDB: a length of 0', serve: flooding(u32le(0)) },
  { name: 'MongoDB: an answer to another question', serve: each(op(999, HELLO)) },
  {
    name: 'MongoDB: compressed, 2 GB when opened',
    serve: each(
      join(u32le(30), u32le(7), u32le(1), u32le(2012), u32le(2013), hex('ffffff7f 02'), Buffer.alloc(5, 0x78)),
    ),
  },
  { name: 'MongoDB: a document 5,000 deep', serve: each(op(1, nested(5_000))) },
  { name: 'MongoDB: a document longer than its message', serve: each(op(1, join(u32le(1 << 30), HELLO.subarray(4)))) },
  { name: 'MongoDB: hello to everything', serve: each(op(1, HELLO)) },
  {
    name: 'MongoDB: databases that were never asked for',
    serve: each(op(2, encodeBson({ databases: { 0: { name: 'x' } }, ok: 1 }))),
  },
  {
    name: 'MongoDB: strings of negative length',
    serve: each(op(1, hex('16000000 02 6100 ffffffff 41414141414141 00 00'))),
  },
]);

const REDIS = table('protocol', 'E5.5 Redis', [
  { name: 'Redis: $-2', serve: each('$-2\r\n') },
  { name: 'Redis: 2^31 elements', serve: each('*2147483647\r\n$1\r\na\r\n') },
  { name: 'Redis: 2^63 bytes', serve: each('$9223372036854775808\r\nabc') },
  { name: 'Redis: arrays in arrays', serve: each('*1\r\n'.repeat(10_000)) },
  { name: 'Redis: arrays in arrays without end', serve: flooding('*1\r\n'.repeat(500)) },
  { name: 'Redis: RESP3 attributes without end', serve: flooding('|1\r\n+key\r\n+value\r\n') },
  { name: 'Redis: pushes without end', serve: flooding('>2\r\n+message\r\n+x\r\n') },
  { name: 'Redis: -NOAUTH of 60 kB', serve: each(`-NOAUTH ${'x'.repeat(60_000)}\r\n`) },
  { name: 'Redis: +PONG to everything', serve: each('+PONG\r\n') },
  { name: 'Redis: +OK to everything', serve: each('+OK\r\n') },
  { name: 'Redis: a line without an end', serve: flooding('+PONGPONG') },
  {
    name: 'Redis: a bulk that never comes',
    serve: ({ hear, say }) =>
      hear((chunk) => say(chunk.includes('PING') ? '+PONG\r\n' : '$60000\r\nredis_version:7.0.0\r\n')),
  },
  {
    name: 'Redis: a bulk a byte at a time',
    serve: ({ hear, say, drip }) =>
      hear((chunk) =>
        chunk.includes('PING')
          ? say('+PONG\r\n')
          : drip(100, (n) => '$60000\r\n# Server\r\nredis_version:7'.charAt(n) || 'x'),
      ),
  },
  {
    name: 'Redis: junk in INFO',
    serve: ({ hear, say }) =>
      hear((chunk) => say(chunk.includes('PING') ? '+PONG\r\n' : '$12\r\n\u001b[2J\u0000\u202e:::\r\n')),
  },
]);

const MEMCACHED = table('protocol', 'E5.5 memcached', [
  { name: 'memcached: STAT without end', serve: flooding('STAT pid 1\r\n') },
  {
    name: 'memcached: VERSION, then STAT without end',
    serve: ({ hear, say, flood }) =>
      hear((chunk) => (chunk.includes('version') ? say('VERSION 1.6.18\r\n') : flood(() => 'STAT a 1\r\n'))),
  },
  {
    name: 'memcached: STAT a line every 100 ms',
    serve: ({ hear, say, drip }) =>
      hear((chunk) => (chunk.includes('version') ? say('VERSION 1.6.18\r\n') : drip(100, (n) => `STAT s${n} 1\r\n`))),
  },
  { name: 'memcached: VERSION to everything', serve: each('VERSION 1.6.18\r\n') },
  { name: 'memcached: ERROR to everything', serve: each('ERROR\r\n') },
  { name: 'memcached: binary, 4 GB', serve: each(hex('810b 0000 00 00 0000 ffffffff 00000000 0000000000000000')) },
  { name: 'memcached: a VALUE nobody asked for', serve: each('VALUE secret 0 5\r\nhello\r\nEND\r\n') },
]);

/** Four bytes of length, then whatever. */
const sized = (length: number, body: Buffer | string = ''): Buffer =>
  join(u32(length), typeof body === 'string' ? text(body) : body);
const FRAMES = table('protocol', 'E5.5 Kafka, Cassandra, ZooKeeper, etc.', [
  { name: 'Kafka: a length of 2 GB', serve: each(sized(0x7fffffff, hex('00000001'))) },
  { name: 'Kafka: a negative length', serve: each(sized(-1, hex('00000001'))) },
  {
    name: 'Kafka: the right id, 2^31 API keys',
    serve: ({ hear, say }) =>
      hear((chunk) => say(sized(14, join(chunk.subarray(8, 12), u16(0), u32(0x7fffffff), u32(0))))),
  },
  { name: 'Kafka: frames of nothing without end', serve: flooding(sized(0)) },
  {
    name: 'Kafka: an empty reply with the right id',
    serve: ({ hear, say }) => hear((chunk) => say(sized(4, chunk.subarray(8, 12)))),
  },
  { name: 'Cassandra: a body of 2 GB', serve: each(hex('84 00 0000 06 7fffffff')) },
  { name: 'Cassandra: READY with a body', serve: each(join(hex('84 00 0000 02'), u32(5), 'xxxxx')) },
  {
    name: 'Cassandra: SUPPORTED with 65,535 options',
    serve: each(join(hex('84 00 0000 06'), u32(10), hex('ffff 0001 41 ffff 0001'))),
  },
  { name: 'Cassandra: events without end', serve: flooding(join(hex('84 00 ffff 0c'), u32(4), hex('00000000'))) },
  { name: 'ZooKeeper: srvr without end', serve: flooding('Zookeeper version: 3.8.0\nNode count: 5\n') },
  {
    name: 'ZooKeeper: mode a byte at a time',
    serve: dripping(
      (n) => 'Zookeeper version: 3.8.0-x, built on y\nLatency min/avg/max: 0/0/0\nMode: standalone\n'.charAt(n) || 'x',
    ),
  },
  { name: 'TDS: a packet of 64 KB that never ends', serve: each(hex('04 00 ffff 0000 01 00')) },
  {
    name: 'TDS: prelogin offsets outside of the packet',
    serve: each(hex('04 01 0013 0000 01 00 00 ffff ffff ff 00 00 00 00 00')),
  },
  { name: 'TDS: packets without a last one', serve: flooding(hex('04 00 0009 0000 01 00 00')) },
  { name: 'Oracle: REFUSE longer than it is', serve: each(hex('00ff 0000 04 00 0000 2200 00f0')) },
  { name: 'Oracle: RESEND for ever', serve: each(hex('0008 0000 0b 00 0000')) },
  {
    name: 'Oracle: a redirect elsewhere',
    serve: each(join(hex('003a 0000 05 00 0000 0030'), '(ADDRESS=(PROTOCOL=TCP)(HOST=169.254.169.254)(PORT=80))')),
  },
  { name: 'Bolt: a version nobody asked for', serve: each(hex('ffffffff')) },
  {
    name: 'Bolt: chunks without end',
    serve: ({ hear, say, flood }) =>
      hear((chunk) => (chunk[0] === 0x60 ? say(hex('00000405')) : flood(() => hex('0001 b1')))),
  },
  {
    name: 'Bolt: structures 10,000 deep',
    serve: ({ hear, say }) =>
      hear((chunk) =>
        say(chunk[0] === 0x60 ? hex('00000405') : join(u16(20_000), hex('b170'.repeat(10_000)), hex('0000'))),
      ),
  },
  {
    name: 'Bolt: a map of 2^32 entries',
    serve: ({ hear, say }) =>
      hear((chunk) => say(chunk[0] === 0x60 ? hex('00000405') : hex('0007 b170 daffffffff 0000'))),
  },
  { name: 'ClickHouse: an exception of 2^63 bytes', serve: each(hex('02 fc000000 ffffffffffffffff7f')) },
  { name: 'ClickHouse: a varint without end', serve: flooding(Buffer.alloc(1_024, 0x80)) },
  {
    name: 'AMQP: Start with tables in tables',
    serve: each(
      join(
        hex('01 0000'),
        u32(4_008),
        hex('000a 000a 00 09'),
        hex('00000fa0'),
        Buffer.from('0161460000'.repeat(800), 'hex'),
        hex('ce'),
      ),
    ),
  },
  { name: 'AMQP: frames of 4 GB', serve: each(hex('01 0000 ffffffff 000a000a')) },
  { name: 'MessagePack without end', serve: flooding(Buffer.alloc(1_024, 0x91)) },
  { name: 'Thrift: a string of 2 GB', serve: each(hex('80010002 7fffffff')) },
  {
    name: 'RethinkDB: JSON without an end',
    serve: ({ asked, say, flood }) =>
      asked(() => (say('{"max_protocol_version":0,'), flood(() => '"a":1,'.repeat(100)))),
  },
  {
    name: 'NATS: INFO without an end',
    serve: ({ say, flood }) => (say('INFO {"server_id":"x",'), flood(() => '"a":1,'.repeat(100))),
  },
  {
    name: 'Tarantool: a banner without a salt',
    serve: first(
      'Tarantool 2.11.0 (Binary) 00000000-0000-0000-0000-000000000000'.padEnd(63) + '\n' + ' '.repeat(63) + '\n',
    ),
  },
  { name: 'protobuf: every field a gigabyte', serve: each(hex('0affffffff07 12ffffffff07')) },
  { name: 'LDAP: a length of 2^31', serve: each(hex('30 84 7fffffff 02 01 01 61')) },
]);

export const PROTOCOLS: readonly HostileServer[] = [
  ...MYSQL,
  ...POSTGRES,
  ...MONGO,
  ...REDIS,
  ...MEMCACHED,
  ...FRAMES,
].map((row) => ({ ...row, speaks: 'anybody' as const }));
