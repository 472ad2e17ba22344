/**
 * Apache Pinot, its controller (probes.md section 4.6).
 * Asked, TLS first: `GET /version`, `GET /tables`, and where that is answered a path that cannot exist.
 * Controller and broker are authorised each by itself: what one refuses says nothing of the other.
 * Never asked: /query/sql, /sql, schemas, segments.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readPinot, readPinotTables } from '../wire/warehouses.ts';

const LISTING: Listing = {
  id: 'pinot',
  product: 'Pinot',
  kind: 'table',
  welcome: { path: '/version', read: readPinot },
  list: { path: '/tables' },
  read: readPinotTables,
};

export const pinot: Probe = {
  id: 'pinot',
  speaks: 'http',
  sends: [
    { what: 'GET /version', why: 'product and version' },
    { what: 'GET /tables', why: 'the proof: names of tables' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    refused: 'the controller asks for credentials; brokers have an access control of their own',
  },
  engines: ['pinot'],
  defaultPort: 9000,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
