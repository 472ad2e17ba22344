/**
 * Weaviate over HTTP (probes.md section 3.19).
 * Asked, TLS first: `GET /v1/meta` (product and version, or that nobody is anonymous), `GET /v1/schema`, a path that cannot
 * exist before anything is called open, and counts of objects by `GET /v1/nodes`.
 * A schema is an open door, its classes and the names and types of their properties in one reply. What lies under
 * `/.well-known` answers anyone and proves nothing. Never asked: an object, GraphQL, a backup.
 */
import { PeerError } from '../model/errors.ts';
import type { Probe, ProbeOptions } from '../model/probe.ts';
import type { Site } from '../talk/http.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { amounts, type Row } from '../wire/listing.ts';
import { readWeaviate, readWeaviateCounts, readWeaviateList } from '../wire/vector-engines.ts';

const LISTING: Listing = {
  id: 'weaviate',
  product: 'Weaviate',
  kind: 'collection',
  welcome: { path: '/v1/meta', read: readWeaviate },
  list: { path: '/v1/schema', maxBytes: 256 * 1024 },
  read: readWeaviateList,
  more: counted,
};

export const weaviate: Probe = {
  id: 'weaviate',
  speaks: 'http',
  sends: [
    { what: 'GET /v1/meta', why: 'product and version' },
    { what: 'GET /v1/schema', why: 'the proof: classes and their properties' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
    { what: 'GET /v1/nodes?output=verbose', why: 'counts of objects' },
  ],
  rules: LIST_RULES,
  engines: ['weaviate'],
  defaultPort: 8080,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options: ProbeOptions) => visitListing(access, options, LISTING),
};

async function counted(site: Site, rows: readonly Row[]): Promise<readonly Row[]> {
  const reply = await site.ask('/v1/nodes?output=verbose');
  const counts = reply instanceof PeerError ? new Map<string, number>() : readWeaviateCounts(reply);
  return rows.map((row) => ({ ...row, ...amounts({ records: counts.get(row.name) }) }));
}
