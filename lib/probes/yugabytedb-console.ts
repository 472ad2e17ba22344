/**
 * The web pages of a YugabyteDB master (7000) or tablet server (9000) (probes.md section 4.17); its SQL is the `postgres` probe's.
 * Asked, TLS first: `GET /tables`, and a path that cannot exist. Names of tables shown to anyone are an open door to metadata.
 * Never asked: a table's page, /varz, /memz, /threadz, /tablets.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readYugabyte, readYugabyteTables } from '../wire/consoles.ts';

const LISTING: Listing = {
  id: 'yugabytedb-console',
  product: 'YugabyteDB',
  kind: 'table',
  welcome: { path: '/tables', accept: 'text/html', read: readYugabyte },
  read: readYugabyteTables,
  isSystem: (name) => /^system(?:_\w{1,40})?\./u.test(name),
};

export const yugabytedbConsole: Probe = {
  id: 'yugabytedb-console',
  speaks: 'http',
  sends: [
    { what: 'GET /tables', why: 'product; the proof: names of tables' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: { ...LIST_RULES, list: 'names of tables are shown to anyone' },
  engines: ['yugabytedb-console'],
  defaultPort: 7000,
  maxConnections: 3,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
