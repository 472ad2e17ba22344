/**
 * Machines that play everything to everybody (probes.md section 5 "Honeypot"), and two servers that play nothing: what is
 * open must be seen to be open, or the lab would be green because nothing works.
 */
import { encodeBson } from '../../lib/wire/bson.ts';
import { hex } from '../support/bytes.ts';
import { type HostileServer, table, type Talk } from './server.ts';

const BANNERS = [
  'SSH-2.0-OpenSSH_9.2\r\n',
  '220 mx ESMTP\r\n',
  '+OK POP3 ready\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  '-ERR unknown\r\n',
  'VERSION 1.6.18\r\n',
];
const ELASTIC =
  '{"name":"n","cluster_name":"c","cluster_uuid":"u","version":{"number":"7.10.0","build_hash":"x","lucene_version":"8.7.0"},"tagline":"You Know, for Search"}';
const EVERYTHING = JSON.stringify({
  ...(JSON.parse(ELASTIC) as object),
  ...{
    databases: [{ name: 'x' }],
    results: [],
    data: [],
    collections: [],
    result: [],
    status: 'ok',
    couchdb: 'Welcome',
    uuid: 'u',
    header: {},
  },
  ...{
    etcdserver: '3.5.0',
    etcdcluster: '3.5.0',
    count: '5',
    items: [],
    objects: [],
    classes: [],
    health: 'ok',
    title: 'qdrant',
    responseHeader: { status: 0 },
  },
});
const reply = (body: string, type = 'application/json'): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
const mongo = (to: Buffer, document: Buffer): Buffer => {
  const head = Buffer.alloc(21);
  [head.length + document.length, 7, to.length < 8 ? 0 : to.readInt32LE(4), 2013].forEach((value, n) =>
    head.writeInt32LE(value, n * 4),
  );
  return Buffer.concat([head, document]);
};

/** Which protocol these first bytes are of, and something of that protocol back. */
function mimic(chunk: Buffer): Buffer | string {
  const said = chunk.toString('latin1');
  if (/^(?:GET|POST|HEAD) /u.test(said)) return reply(EVERYTHING);
  if (said.startsWith('*') || said.startsWith('PING')) return said.includes('PING') ? '+PONG\r\n' : '$0\r\n\r\n';
  if (said.startsWith('version')) return 'VERSION 1.6.18\r\n';
  if (said.startsWith('stats')) return 'END\r\n';
  if (/^(?:srvr|ruok|stat|envi)/u.test(said)) return 'imok';
  if (chunk.length === 8) return 'N';
  if (chunk.length > 16 && chunk.readInt32LE(12) === 2013) return mongo(chunk.subarray(0, 16), encodeBson({ ok: 1 }));
  return hex('00000004 00000000');
}

const POTS = table('honeypot', 'E5.5 honeypots that mimic every protocol; P5', [
  { name: 'a banner for each connection', serve: ({ nth, say }) => say(BANNERS[nth % BANNERS.length] ?? '') },
  { name: 'all banners at once', serve: ({ say }) => say(BANNERS.join('')) },
  { name: 'something of every protocol', serve: ({ hear, say }) => hear((chunk) => say(mimic(chunk))) },
  {
    name: 'something of every protocol, late',
    serve: ({ hear, say, after }) => hear((chunk) => after(150, () => say(mimic(chunk)))),
  },
  {
    name: 'something of every protocol, for ever',
    serve: ({ asked, flood }) => asked((chunk) => flood(() => mimic(chunk))),
  },
  {
    name: 'the same JSON for every path',
    serve: ({ asked, say, end }) => asked(() => (say(reply(EVERYTHING)), end())),
  },
  { name: 'Elasticsearch for every path', serve: ({ asked, say, end }) => asked(() => (say(reply(ELASTIC)), end())) },
  {
    name: 'every JSON as a list',
    serve: ({ asked, say, end }) => asked(() => (say(reply(`[${EVERYTHING},"a"]`)), end())),
  },
  {
    name: 'every status with every body',
    serve: ({ nth, asked, say, end }) =>
      asked(() => (say(reply(EVERYTHING).replace('200 OK', `${[200, 401, 403, 404, 500][nth % 5] ?? 200} X`)), end())),
  },
  {
    name: 'MongoDB that answers the wrong question',
    spec: 'P5 wrong respTo',
    serve: ({ hear, say }) =>
      hear(() => say(mongo(Buffer.alloc(8, 9), encodeBson({ databases: { 0: { name: 'x' } }, ok: 1 })))),
  },
  {
    name: 'every port speaks TLS 1.3 and HTTP',
    serve: ({ asked, say }) => asked((chunk) => say(chunk[0] === 0x16 ? hex('15 0303 0002 02 28') : reply(EVERYTHING))),
  },
]);

const INFO =
  '# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nrun_id:0123456789abcdef0123456789abcdef01234567\r\ntcp_port:6379\r\nuptime_in_seconds:7\r\n';
const KEYSPACE = '# Keyspace\r\ndb0:keys=3,expires=0,avg_ttl=0\r\n';
const bulk = (body: string): string => `$${body.length}\r\n${body}\r\n`;
const openRedis = ({ hear, say }: Talk): void =>
  hear((chunk) =>
    say(
      chunk.includes('PING')
        ? '+PONG\r\n'
        : chunk.includes('keyspace')
          ? bulk(KEYSPACE)
          : chunk.includes('INFO')
            ? bulk(INFO)
            : '-ERR unknown command\r\n',
    ),
  );
const openMemcached = ({ hear, say }: Talk): void =>
  hear((chunk) =>
    say(
      chunk.includes('version')
        ? 'VERSION 1.6.18\r\n'
        : chunk.includes('stats')
          ? 'STAT pid 1\r\nSTAT version 1.6.18\r\nSTAT curr_items 5\r\nSTAT bytes 50\r\nEND\r\n'
          : 'ERROR\r\n',
    ),
  );

const OPEN = table('honeypot', 'the lab sees', [
  { name: 'an open Redis', serve: openRedis, opens: ['redis'] },
  { name: 'an open memcached', serve: openMemcached, opens: ['memcached'] },
]);

export const HONEYPOTS: readonly HostileServer[] = [...POTS, ...OPEN].map((row) => ({
  ...row,
  speaks: 'anybody' as const,
}));
