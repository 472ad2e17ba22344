/**
 * Makes lib/runtime/demo/replies.json from replies captured from a real server by test/engines/capture.ts: the demo's
 * stand-in then says, byte for byte, what that server said without and with its security plugin.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Capture {
  readonly captured: string;
  readonly exchanges: readonly { request: string; status: number; headers: [string, string][]; body: string }[];
}

const read = (name: string): Capture =>
  JSON.parse(
    readFileSync(new URL(`../test/fixtures/http/elasticsearch/${name}.json`, import.meta.url), 'utf8'),
  ) as Capture;

const replies = ({ exchanges }: Capture) =>
  exchanges.map(({ request, status, headers, body }) => ({
    // Queries and nonces vary; what the server answers does not.
    path: request
      .replace(/^GET /, '')
      .replace(/(\?|exposure-probe\/).*$/, '$1*')
      .replace('?*', '*'),
    status,
    headers: Object.fromEntries(headers.filter(([name]) => name.toLowerCase() !== 'content-length')),
    body,
  }));

const open = read('opensearch-2.19.4-open');
const secured = read('opensearch-2.19.4-basic-http');
const source = `OpenSearch 2.19.4 replies, captured from a real server on ${open.captured.slice(0, 10)} by test/engines/capture.ts`;
const file = new URL('../lib/runtime/demo/replies.json', import.meta.url);
writeFileSync(file, `${JSON.stringify({ source, secured: replies(secured), open: replies(open) }, null, 2)}\n`);
