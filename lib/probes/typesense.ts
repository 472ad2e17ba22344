/**
 * Typesense (probes.md section 3.19).
 * Asked, TLS first: `GET /collections`, whose refusal names the product; before anything is called open, a path that cannot
 * exist. Typesense does not start without a key, so an open one stands behind a proxy that adds it: known by what every
 * collection has, and by nothing where the list is empty. `/health` says `ok` as thousands do, so it is not asked.
 * Never asked: a document, a search, keys, /debug.
 */
import type { Probe, ProbeOptions } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readTypesense, readTypesenseList } from '../wire/vector-engines.ts';

const LISTING: Listing = {
  id: 'typesense',
  product: 'Typesense',
  kind: 'collection',
  welcome: { path: '/collections', maxBytes: 256 * 1024, read: readTypesense },
  read: readTypesenseList,
};

export const typesense: Probe = {
  id: 'typesense',
  speaks: 'http',
  sends: [
    { what: 'GET /collections', why: 'the refusal by which it is known; or names, counts and fields of collections' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: LIST_RULES,
  engines: ['typesense'],
  defaultPort: 8108,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options: ProbeOptions) => visitListing(access, options, LISTING),
};
