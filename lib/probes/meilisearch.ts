/**
 * Meilisearch (probes.md section 3.19).
 * Asked, TLS first: `GET /stats`, which is proof and metadata in one: indexes, counts and names of fields where no master
 * key is set, and otherwise a refusal by which the product is known; before anything is called open, a path that cannot
 * exist. `/health` answers anyone and proves nothing, so it is not asked. Never asked: a document, a search, keys, tasks.
 */
import type { Probe, ProbeOptions } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readMeilisearch, readMeilisearchList } from '../wire/vector-engines.ts';

const LISTING: Listing = {
  id: 'meilisearch',
  product: 'Meilisearch',
  kind: 'index',
  welcome: { path: '/stats', maxBytes: 256 * 1024, read: readMeilisearch },
  read: readMeilisearchList,
};

export const meilisearch: Probe = {
  id: 'meilisearch',
  speaks: 'http',
  sends: [
    { what: 'GET /stats', why: 'the proof: names, counts and fields of indexes, or the refusal' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: LIST_RULES,
  engines: ['meilisearch'],
  defaultPort: 7700,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options: ProbeOptions) => visitListing(access, options, LISTING),
};
