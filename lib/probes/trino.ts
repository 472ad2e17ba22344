/**
 * Trino, Presto and Starburst (probes.md section 4.7).
 * Asked, TLS first: `GET /v1/info` (answers anyone), `GET /v1/node`, and where that is answered a path that cannot exist.
 * 401 that wants a user named, by header and without a password, is no authentication; naming one would be to pass for
 * somebody, so it is not done, and nothing is concluded.
 * Never sent: X-Trino-User. Never asked: /v1/statement, /v1/query (it holds the texts of queries), the UI.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readTrino, readTrinoNodes } from '../wire/warehouses.ts';

const LISTING: Listing = {
  id: 'trino',
  product: 'Trino',
  kind: 'table',
  welcome: { path: '/v1/info', read: readTrino },
  list: { path: '/v1/node' },
  read: readTrinoNodes,
};

export const trino: Probe = {
  id: 'trino',
  speaks: 'http',
  sends: [
    { what: 'GET /v1/info', why: 'product and version' },
    { what: 'GET /v1/node', why: 'the proof: addresses of nodes; not kept' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'addresses of nodes are shown to anyone',
    recognised:
      'Trino, which did not say whether it asks for credentials; that a user has to be named is no authentication',
  },
  engines: ['trino'],
  defaultPort: 8080,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
