/** Bench targets: N loopback addresses 127.10.x.y with TLS, each answering like Elasticsearch, `delay` ms late. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';

const [port, total, delay] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'ajar-bench-tls-'));
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
const self = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
execFileSync('openssl', ['req', ...self, '-subj', '/CN=bench', '-keyout', key, '-out', cert], { stdio: 'ignore' });
const pair = { key: readFileSync(key), cert: readFileSync(cert) };
rmSync(folder, { recursive: true });
const body =
  '{"cluster_name":"bench","version":{"number":"8.14.3","lucene_version":"9"},"tagline":"You Know, for Search"}';
const reply = `HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
for (let n = 1; n <= (total ?? 0); n++) {
  const server = createServer(pair, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => setTimeout(() => socket.end(reply), delay ?? 0));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, `127.10.${n >> 8}.${n & 255}`, resolve));
}
console.log('ready');
