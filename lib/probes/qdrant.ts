/**
 * Qdrant over HTTP (probes.md section 3.19).
 * Asked, TLS first: `GET /` (product and version, which answer with a key set as well), `GET /collections`, a path that
 * cannot exist before anything is called open, and of two collections, which is what a visit's connections leave, the
 * count of points and the indexed fields of their payload.
 * A list of collections is an open door. Never asked: a point, scroll, query, a snapshot, /telemetry, /metrics.
 */
import { PeerError } from '../model/errors.ts';
import type { Probe, ProbeOptions } from '../model/probe.ts';
import type { Site } from '../talk/http.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import type { Row } from '../wire/listing.ts';
import { readQdrant, readQdrantCollection, readQdrantList } from '../wire/vector-engines.ts';

const MAX_COUNTED = 2;

const LISTING: Listing = {
  id: 'qdrant',
  product: 'Qdrant',
  kind: 'collection',
  welcome: { path: '/', read: readQdrant },
  list: { path: '/collections' },
  read: readQdrantList,
  more: counted,
};

export const qdrant: Probe = {
  id: 'qdrant',
  speaks: 'http',
  sends: [
    { what: 'GET /', why: 'product and version' },
    { what: 'GET /collections', why: 'the proof: names of collections' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
    { what: 'GET /collections/{}', why: 'points and indexed payload fields of two collections' },
  ],
  rules: LIST_RULES,
  engines: ['qdrant'],
  defaultPort: 6333,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options: ProbeOptions) => visitListing(access, options, LISTING),
};

async function counted(site: Site, rows: readonly Row[]): Promise<readonly Row[]> {
  const found: Row[] = [];
  let asked = 0;
  for (const row of rows) {
    // A name that a path cannot carry as it is, is not asked about.
    const isPlain = /^[\w-][\w.-]{0,99}$/u.test(row.name);
    const reply = isPlain && asked++ < MAX_COUNTED ? await site.ask(`/collections/${row.name}`) : undefined;
    found.push(reply === undefined || reply instanceof PeerError ? row : { ...row, ...readQdrantCollection(reply) });
  }
  return found;
}
