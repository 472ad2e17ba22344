/**
 * Solr (probes.md section 3.17).
 * Asked, TLS first: the system page (product and version; the rest, which holds paths and arguments, is dropped), the status
 * of cores, which standalone and cloud nodes both have; before anything is called open, a path that cannot exist; at
 * metadata level 2 the field names of two cores, which is what a visit's connections leave.
 * The list of cores is the open door, whether or not an authentication plugin is configured: with `blockUnknown` off it
 * lets everybody through who says no name. Never asked: /select, /admin/metrics, /config, /replication, /dataimport.
 */
import { PeerError } from '../model/errors.ts';
import type { Probe, ProbeOptions } from '../model/probe.ts';
import type { Site } from '../talk/http.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import type { Row } from '../wire/listing.ts';
import { readCores, readSchema, readSystem } from '../wire/solr.ts';

const MAX_DESCRIBED = 2;

const LISTING: Listing = {
  id: 'solr',
  product: 'Solr',
  kind: 'index',
  welcome: { path: '/solr/admin/info/system?wt=json', read: readSystem },
  list: { path: '/solr/admin/cores?action=STATUS&indexInfo=true&wt=json', maxBytes: 256 * 1024 },
  read: readCores,
  more: described,
};

export const solr: Probe = {
  id: 'solr',
  speaks: 'http',
  sends: [
    { what: 'GET /solr/admin/info/system?wt=json', why: 'product and version' },
    {
      what: 'GET /solr/admin/cores?action=STATUS&indexInfo=true&wt=json',
      why: 'the proof: names, counts and sizes of cores',
    },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
    { what: 'GET /solr/{}/schema/fields?wt=json', why: 'field names of two cores, at metadata level 2' },
  ],
  rules: LIST_RULES,
  engines: ['solr'],
  defaultPort: 8983,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options: ProbeOptions) => visitListing(access, options, LISTING),
};

async function described(site: Site, rows: readonly Row[], options: ProbeOptions): Promise<readonly Row[]> {
  if (options.metadata < 2) return rows;
  const found: Row[] = [];
  let asked = 0;
  for (const row of rows) {
    const isPlain = /^\w[\w.-]{0,99}$/u.test(row.name);
    const reply =
      isPlain && asked++ < MAX_DESCRIBED ? await site.ask(`/solr/${row.name}/schema/fields?wt=json`) : undefined;
    found.push(reply === undefined || reply instanceof PeerError ? row : { ...row, fields: readSchema(reply) });
  }
  return found;
}
