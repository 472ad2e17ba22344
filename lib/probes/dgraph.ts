/**
 * Dgraph, an alpha (probes.md section 4.3).
 * Asked, TLS first: `GET /health` (answers anyone), the schema by `POST /query` (a read that is taken no other way), and where
 * that is answered a path that cannot exist.
 * Predicates shown to anyone are an open door. With access control on the refusal comes with status 200.
 * Never asked: /admin, /alter, /mutate, a query of anything but the schema.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { isDgraphRefusal, readDgraph, readDgraphSchema } from '../wire/multi-model.ts';

const LISTING: Listing = {
  id: 'dgraph',
  product: 'Dgraph',
  kind: 'database',
  welcome: { path: '/health', read: readDgraph },
  list: { path: '/query', post: { type: 'application/dql', body: 'schema {}' } },
  read: (reply) => (isDgraphRefusal(reply) ? 'refused' : readDgraphSchema(reply)),
};

export const dgraph: Probe = {
  id: 'dgraph',
  speaks: 'http',
  sends: [
    { what: 'GET /health', why: 'product and version' },
    { what: 'POST /query', why: 'the proof: predicates and their types' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'the schema is shown to anyone',
  },
  engines: ['dgraph'],
  defaultPort: 8080,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
