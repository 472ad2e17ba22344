import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface NginxVariant extends Variant {
  /** What stands in the server block, besides where it listens. */
  readonly block: (certificates: Certificates) => string;
}

const AWS_DENIED =
  '{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action"}';

/** What stands in front of search engines: a realm, a policy, a page for everything, a balancer's default answer. */
export const NGINX_VARIANTS: readonly NginxVariant[] = [
  variant('nginx-realm', '127.0.30.1', 'plain', '401 of OpenSearch security, over plain HTTP', () =>
    location(`add_header WWW-Authenticate 'Basic realm="OpenSearch Security"' always; return 401 'Unauthorized';`),
  ),
  variant('nginx-aws', '127.0.30.2', 'first', '403 of an AWS access policy', (files) =>
    secure(files, location(`default_type application/json; return 403 '${AWS_DENIED}';`)),
  ),
  variant('nginx-catch-all', '127.0.30.3', 'plain', 'one page of HTML for every path', () =>
    location(`default_type text/html; return 200 '<html><title>Welcome</title></html>';`),
  ),
  variant('nginx-catch-all-json', '127.0.30.4', 'plain', 'one index list for every path', () =>
    location(
      `default_type application/json; return 200 '{"name":"n","cluster_name":"c","cluster_uuid":"u","version":{"number":"7.10.2","distribution":"opensearch"},"tagline":"The OpenSearch Project: https://opensearch.org/"}';`,
    ),
  ),
  variant('nginx-balancer', '127.0.30.5', 'plain', 'a balancer whose backends are gone', () =>
    location(`default_type text/html; return 503 '<html><h1>503 Service Temporarily Unavailable</h1></html>';`),
  ),
  variant('nginx-redirect', '127.0.30.6', 'plain', 'everything goes to HTTPS elsewhere', () =>
    location('return 301 https://elsewhere.invalid$request_uri;'),
  ),
  variant('nginx-mtls', '127.0.30.7', 'first', 'client certificate demanded in the handshake', (files) =>
    secure(files, `ssl_client_certificate ${files.authority}; ssl_verify_client on; ${location("return 200 '';")}`),
  ),
  variant('nginx-tls12', '127.0.30.8', 'first', 'TLS 1.2 and no newer, client certificate demanded', (files) =>
    secure(files, `ssl_protocols TLSv1.2; ssl_verify_client on; ssl_client_certificate ${files.authority};`),
  ),
  variant('nginx-basic', '127.0.30.9', 'plain', "a proxy's own Basic realm, over plain HTTP", () =>
    location(`add_header WWW-Authenticate 'Basic realm="Restricted"' always; return 401 'no';`),
  ),
];

function variant(
  id: string,
  host: string,
  tls: 'plain' | 'first',
  note: string,
  block: NginxVariant['block'],
): NginxVariant {
  return { id, kind: 'nginx', engine: 'opensearch', host, port: 9200, note, tls, block };
}

function location(statements: string): string {
  return `location / { ${statements} }`;
}

function secure(files: Certificates, rest: string): string {
  return `ssl_certificate ${files.certificate}; ssl_certificate_key ${files.key}; ${rest}`;
}

/** One process for all of them, as a front is. */
export async function startNginx(
  bench: Bench,
  certificates: Certificates,
  variants: readonly NginxVariant[],
): Promise<void> {
  const folder = bench.place('nginx');
  const file = join(folder, 'nginx.conf');
  const servers = variants.map(({ host, port, tls, block }) => {
    return `server { listen ${host}:${port}${tls === 'first' ? ' ssl' : ''}; ${block(certificates)} }`;
  });
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  writeFileSync(
    file,
    `daemon off; pid nginx.pid; error_log stderr warn; worker_processes 1;
events { worker_connections 64; }
http { access_log off; ${places.join(' ')}
${servers.join('\n')}
}
`,
  );
  const [first] = variants;
  if (first === undefined) return;
  await bench.launch({
    id: 'nginx',
    host: first.host,
    port: first.port,
    command: debianFile('usr/sbin/nginx'),
    folder,
    args: ['-p', folder, '-c', file, '-e', 'stderr'],
    deadlineMs: 10_000,
    ready: () => accepts(first.host, first.port),
  });
}
