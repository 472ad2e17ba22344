import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { exchange } from './exchange.ts';
import { classPath, javaArguments } from './java.ts';
import { answers } from './ready.ts';

interface SolrVariant extends Variant {
  /** Absent: no security.json at all. */
  readonly blockUnknown?: boolean;
}

const PORT = 8983;

export const SOLR_VARIANTS: readonly SolrVariant[] = [
  variant('solr-open', '127.0.36.1', 'no security.json'),
  variant('solr-basic', '127.0.36.2', 'BasicAuthPlugin, blockUnknown = true', true),
  // A configured plugin that lets everybody through who does not say a name.
  variant('solr-unblocked', '127.0.36.3', 'BasicAuthPlugin, blockUnknown = false', false),
];

function variant(id: string, host: string, note: string, blockUnknown?: boolean): SolrVariant {
  const base: Variant = { id, kind: 'solr', engine: 'solr', host, port: PORT, note, tls: 'plain' };
  return blockUnknown === undefined ? base : { ...base, blockUnknown };
}

/** The account of Solr's own documentation (`solr:SolrRocks`), salted and hashed as the plugin wants it. */
const CREDENTIALS = 'IV0EHq1OnNrj6gvRCwvFwTrZ1+z1oBbnQdiVC3otuq0= Ndd7LKvVBAaZIF0QAVi1ekCfAJXr1GGfLtRUXhgrF8c=';
const ACCOUNT = 'solr:SolrRocks';

export async function startSolr(
  bench: Bench,
  _certificates: Certificates,
  variants: readonly SolrVariant[],
): Promise<void> {
  await Promise.all(
    variants.map(async ({ id, host, blockUnknown }) => {
      const folder = bench.place(id);
      lay(bench, id, blockUnknown);
      await bench.launch({
        id,
        host,
        port: PORT,
        folder,
        command: 'java',
        args: [
          ...javaArguments(192),
          `-Djava.io.tmpdir=${folder}`,
          '-Dsolr.log.dir=.',
          ...classPath('solr'),
          ...['SolrLauncher', folder, host, String(PORT)],
        ],
        deadlineMs: 240_000,
        ready: () => answers({ host, port: PORT }, '/solr/admin/cores?action=STATUS&wt=json'),
      });
      await plant(host, blockUnknown === undefined ? undefined : ACCOUNT);
    }),
  );
}

/** A home with one core, of a schema that takes every field as it comes. */
function lay(bench: Bench, id: string, blockUnknown: boolean | undefined): void {
  const home = join(bench.folder, id);
  writeFileSync(join(home, 'solr.xml'), '<solr></solr>\n');
  const core = bench.place(join(id, 'device-users'));
  const conf = bench.place(join(id, 'device-users', 'conf'));
  writeFileSync(join(core, 'core.properties'), 'name=device-users\n');
  writeFileSync(
    join(conf, 'solrconfig.xml'),
    `<config><luceneMatchVersion>9.0</luceneMatchVersion><directoryFactory name="DirectoryFactory"
class="solr.NIOFSDirectoryFactory"/><schemaFactory class="ClassicIndexSchemaFactory"/>
<requestHandler name="/select" class="solr.SearchHandler"/></config>\n`,
  );
  writeFileSync(
    join(conf, 'schema.xml'),
    `<schema name="bench" version="1.6"><uniqueKey>id</uniqueKey><fieldType name="string" class="solr.StrField"/>
<field name="id" type="string"/><field name="email" type="string"/><field name="wifi_ssid" type="string"/></schema>\n`,
  );
  if (blockUnknown === undefined) return;
  const security = {
    authentication: { blockUnknown, class: 'solr.BasicAuthPlugin', credentials: { solr: CREDENTIALS } },
  };
  writeFileSync(join(home, 'security.json'), JSON.stringify(security));
}

async function plant(host: string, account: string | undefined): Promise<void> {
  const body = JSON.stringify([{ id: '1', email: 'CANARY-solr@example.invalid', wifi_ssid: 'CANARY-ssid' }]);
  const path = '/solr/device-users/update?commit=true&wt=json';
  const named = account === undefined ? {} : { account };
  const ask = () => exchange({ host, port: PORT }, { method: 'POST', path, body, ...named });
  let reply = await ask();
  // The cores load after the server has begun to answer.
  for (let tries = 0; reply.status === 503 && tries < 100; tries++) {
    await sleep(200);
    reply = await ask();
  }
  if (reply.status >= 300) throw new Error(`planting in Solr: ${reply.status} ${reply.body}`);
}
