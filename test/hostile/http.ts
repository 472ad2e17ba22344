/** Web servers that lie about lengths, never end, or lead elsewhere (evidence-and-alerts.md section 5.5 "Transport"). */
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { hex } from '../support/bytes.ts';
import { type HostileServer, table, type Talk } from './server.ts';

const head = (lines: string, status = '200 OK'): string => `HTTP/1.1 ${status}\r\n${lines}\r\n\r\n`;
const JSON_TYPE = 'content-type: application/json';
const page = (body: Buffer | string, lines = JSON_TYPE, status = '200 OK'): Buffer => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return Buffer.concat([
    Buffer.from(head(`${lines}\r\ncontent-length: ${bytes.length}\r\nconnection: close`, status)),
    bytes,
  ]);
};
/** Says the same to every request, whatever it asks for, and closes. */
const always =
  (bytes: Buffer | string) =>
  ({ asked, say, end }: Talk): void =>
    asked(() => (say(bytes), end()));
/** Says this and leaves the connection as it is. */
const opens =
  (bytes: Buffer | string) =>
  ({ asked, say }: Talk): void =>
    asked(() => say(bytes));
const then =
  (bytes: string, next: (talk: Talk) => void) =>
  (talk: Talk): void =>
    talk.asked(() => {
      talk.say(bytes);
      next(talk);
    });

const ENDLESS = table('http', 'E5.5 slowloris, infinite body', [
  {
    name: 'head a byte at a time',
    serve: then('', ({ drip }) => drip(100, (n) => (head(JSON_TYPE) + 'x'.repeat(1e4)).charAt(n))),
  },
  {
    name: 'head a byte every five seconds',
    serve: then('', ({ drip }) => drip(5_000, (n) => head(JSON_TYPE).charAt(n))),
  },
  {
    name: 'a header line every 100 ms',
    serve: then('HTTP/1.1 200 OK\r\n', ({ drip }) => drip(100, (n) => `x-${n}: y\r\n`)),
  },
  { name: 'body a byte at a time', serve: then(head('content-length: 60000'), ({ drip }) => drip(100, () => '{')) },
  {
    name: 'chunks without end',
    serve: then(head('transfer-encoding: chunked'), ({ flood }) => flood(() => '400\r\n' + 'a'.repeat(1024) + '\r\n')),
  },
  {
    name: 'chunks of one byte, every 100 ms',
    serve: then(head('transfer-encoding: chunked'), ({ drip }) => drip(100, () => '1\r\n[\r\n')),
  },
  {
    name: 'a chunk extension without end',
    serve: then(`${head('transfer-encoding: chunked')}1;`, ({ flood }) => flood(() => 'x=y;'.repeat(1_000))),
  },
  {
    name: 'trailers without end',
    serve: then(`${head('transfer-encoding: chunked')}0\r\n`, ({ flood }) => flood((n) => `x-${n}: y\r\n`)),
  },
  {
    name: 'a body until the close that never comes',
    serve: then(head(JSON_TYPE), ({ flood }) => flood(() => '[1,'.repeat(10_000))),
  },
  { name: 'a head without end', serve: then('HTTP/1.1 200 OK\r\nx: ', ({ flood }) => flood(() => 'a'.repeat(4_096))) },
  { name: 'a status line without end', serve: then('HTTP/1.1 200 ', ({ flood }) => flood(() => 'OK '.repeat(1_000))) },
  {
    name: '10,000 header lines',
    serve: always(head(Array.from({ length: 10_000 }, (_, i) => `h${i}: 1`).join('\r\n'))),
  },
  {
    name: '101 header lines',
    serve: always(head(`${Array.from({ length: 100 }, (_, i) => `h${i}: 1`).join('\r\n')}\r\ncontent-length: 0`)),
  },
  { name: 'a storm of 100 Continue', serve: then('', ({ flood }) => flood(() => 'HTTP/1.1 100 Continue\r\n\r\n')) },
  {
    name: 'early hints every 100 ms',
    serve: then('', ({ drip }) => drip(100, (n) => head(`link: </${n}>`, '103 Early Hints'))),
  },
  { name: 'keep-alive lines before the head', serve: then('', ({ drip }) => drip(100, () => '\r\n')) },
  { name: 'one reply after another', serve: then('', ({ flood }) => flood(() => page('{}'))) },
]);

const LIES = table('http', 'E5.5 Content-Length lie, HTTP/0.9, response splitting', [
  { name: 'promises more than it sends', serve: always(head('content-length: 5000') + '{"a":1}') },
  { name: 'promises more and waits', serve: opens(head('content-length: 5000') + '{"a":1}') },
  { name: 'sends more than it promises', serve: always(head('content-length: 2') + '{}'.repeat(500)) },
  { name: 'a length of 2^63', serve: opens(head('content-length: 9223372036854775808') + '{') },
  { name: 'a negative length', serve: always(head('content-length: -1') + '{}') },
  { name: 'two lengths', serve: always(head('content-length: 2\r\ncontent-length: 200') + '{}') },
  {
    name: 'a length and chunks',
    serve: always(head('content-length: 2\r\ntransfer-encoding: chunked') + '2\r\n{}\r\n0\r\n\r\n'),
  },
  { name: 'a chunk of 2^64 bytes', serve: opens(head('transfer-encoding: chunked') + 'ffffffffffffffff\r\n{}') },
  { name: 'a chunk length that is none', serve: always(head('transfer-encoding: chunked') + 'zz\r\n{}\r\n0\r\n\r\n') },
  { name: 'HTTP/0.9', serve: always('{"version":{"number":"8.0.0"},"tagline":"You Know, for Search"}') },
  { name: 'HTTP/9.9', serve: always('HTTP/9.9 200 OK\r\ncontent-length: 2\r\n\r\n{}') },
  { name: 'status 000', serve: always('HTTP/1.1 000 No\r\ncontent-length: 0\r\n\r\n') },
  { name: 'status 99999', serve: always('HTTP/1.1 99999 Over\r\ncontent-length: 0\r\n\r\n') },
  {
    name: '101 to something else',
    serve: always(head('upgrade: h2c\r\nconnection: upgrade', '101 Switching Protocols')),
  },
  { name: '204 with a body', serve: always(`${head('content-length: 2', '204 No Content')}{}`) },
  { name: 'a body without a head', serve: always('\r\n\r\n{}') },
  { name: 'NUL in a header', serve: always(head('x-a: b\u0000c\r\ncontent-length: 0')) },
  { name: 'bare CR in a header', serve: always(head('x-a: b\rset-cookie: c\r\ncontent-length: 0')) },
  { name: 'a header without a name', serve: always(head(': x\r\ncontent-length: 0')) },
  { name: 'folded headers', serve: always(head('x-a: b\r\n c\r\n\td\r\ncontent-length: 0')) },
  { name: 'two replies in one', serve: always(head('x: y\r\ncontent-length: 0') + page('{"version":1}').toString()) },
  { name: '__proto__ as a header', serve: always(head('__proto__: x\r\nconstructor: y\r\ncontent-length: 0')) },
  {
    name: 'HTTP/2 preface',
    spec: 'E5.5 h2',
    serve: opens(Buffer.concat([hex('00000c 04 00 00000000 000300000064 0004000fffff')])),
  },
  {
    name: 'HTTP/2 RST and CONTINUATION without end',
    spec: 'E5.5 h2 floods',
    serve: then('', ({ flood }) =>
      flood((n) => (n % 2 === 0 ? hex('000004 03 00 00000001 00000008') : hex('000001 09 00 00000001 00'))),
    ),
  },
]);

const REDIRECTS = table(
  'http',
  'E5.5 never follow',
  [
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
    'https://elsewhere.example.org/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_x',
    '//127.0.0.1/',
    '/',
    '',
    `/${'a'.repeat(10_000)}`,
  ].map((location) => ({
    name: `leads to ${location.slice(0, 40) || 'nothing'}`,
    serve: always(page('', `location: ${location}`, '302 Found')),
  })),
);

const ZEROS = Buffer.alloc(32 * 1024 * 1024);
const encoded = (name: string, body: Buffer) => ({
  name: `${name} that was not asked for`,
  serve: always(page(body, `${JSON_TYPE}\r\ncontent-encoding: ${name}`)),
});
const BOMBS = table('http', 'E5.5 gzip/br/zstd bombs, stacked Content-Encoding', [
  encoded('gzip', gzipSync(ZEROS)),
  encoded('br', brotliCompressSync(ZEROS)),
  encoded('zstd', zstdCompressSync(ZEROS)),
  encoded('gzip, gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(ZEROS)))),
  encoded('no-such', Buffer.from('{}')),
]);

const deep = (open: string, close: string, levels: number): string => open.repeat(levels) + close.repeat(levels);
const json = (name: string, body: Buffer | string) => ({ name, serve: always(page(body)) });
const DOCUMENTS = table('http', 'E5.5 JSON', [
  json('JSON 100,000 deep', deep('[', ']', 100_000)),
  json('JSON 30,000 objects deep', deep('{"a":', '}', 30_000).replace('}', '1}')),
  json('JSON with 10^6 keys', `{${Array.from({ length: 1_000_000 }, (_, i) => `"${i.toString(36)}":1`).join(',')}}`),
  json(
    'JSON with 8,000 keys, within the cap',
    `{${Array.from({ length: 8_000 }, (_, i) => `"${i.toString(36)}":1`).join(',')}}`,
  ),
  json('JSON with the same key 5,000 times', `{${'"version":{"number":1},'.repeat(2_500)}"version":null}`),
  json(
    'JSON with __proto__',
    '{"__proto__":{"tagline":"You Know, for Search","version":{"number":"8"}},"constructor":{"prototype":{"x":1}}}',
  ),
  json('JSON with huge numbers', `{"version":1e999,"a":${'9'.repeat(20_000)},"b":-0,"c":1e-999}`),
  json(
    'JSON in invalid UTF-8',
    Buffer.concat([Buffer.from('{"tagline":"'), hex('c328fffe80f8a1a1a1a1'), Buffer.from('"}')]),
  ),
  json('JSON behind a BOM', Buffer.concat([hex('efbbbf'), Buffer.from('{"version":{"number":"8.0.0"}}')])),
  json('JSON in UTF-16', Buffer.from('\ufeff{"version":{"number":"8.0.0"}}', 'utf16le')),
  json('JSON with lone surrogates', '{"version":{"number":"\\ud800\\udfff\\ud800"},"name":"\\u0000\\u202e"}'),
  json('JSON that is a number', '42'),
  json('JSON that is null', 'null'),
  json('JSON cut in the middle', '{"version":{"number":"8.0'),
  json('a string of 60 kB', JSON.stringify('a'.repeat(60_000))),
  json('empty', ''),
  {
    name: 'HTML for every path',
    serve: always(page('<!doctype html><title>It works</title>', 'content-type: text/html')),
  },
  { name: '{} for every path', serve: always(page('{}')) },
  { name: '[] for every path', serve: always(page('[]')) },
  { name: 'true for every path', serve: always(page('true')) },
  { name: 'OK for every path', serve: always(page('OK\n', 'content-type: text/plain')) },
  {
    name: '401 for every path',
    serve: always(page('{}', `${JSON_TYPE}\r\nwww-authenticate: Basic realm="<script>"`, '401 Unauthorized')),
  },
  {
    name: '503 for every path',
    serve: always(page('no healthy upstream', 'server: envoy', '503 Service Unavailable')),
  },
  {
    name: 'the path back as JSON',
    spec: 'P5 catch-all',
    serve: ({ asked, say, end }) =>
      asked((chunk) => (say(page(JSON.stringify({ path: chunk.toString('latin1').split(' ')[1] }))), end())),
  },
]);

export const HTTP: readonly HostileServer[] = [...ENDLESS, ...LIES, ...REDIRECTS, ...BOMBS, ...DOCUMENTS];
