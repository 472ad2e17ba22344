/**
 * Apache Druid (probes.md section 4.5): router, broker or, on 8081, coordinator.
 * Asked, TLS first: `GET /status` (product and version), the list of data sources, and where that is answered a path that
 * cannot exist. `/status/health` answers anyone and is not asked.
 * Never asked: /druid/v2/sql, /druid/v2, /druid/indexer (the sampler runs what it is sent).
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readDatasources, readDruid } from '../wire/warehouses.ts';

const LISTING: Listing = {
  id: 'druid',
  product: 'Druid',
  kind: 'table',
  welcome: { path: '/status', read: readDruid },
  list: { path: '/druid/v2/datasources' },
  read: readDatasources,
};

const COORDINATOR = 8081;
const AT_COORDINATOR: Listing = { ...LISTING, list: { path: '/druid/coordinator/v1/datasources?simple' } };

export const druid: Probe = {
  id: 'druid',
  speaks: 'http',
  sends: [
    { what: 'GET /status', why: 'product and version' },
    { what: 'GET /druid/v2/datasources', why: 'the proof: names of data sources' },
    { what: 'GET /druid/coordinator/v1/datasources?simple', why: 'the same, with sizes, on 8081' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: LIST_RULES,
  engines: ['druid'],
  defaultPort: 8888,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, { port }, options) => visitListing(access, options, port === COORDINATOR ? AT_COORDINATOR : LISTING),
};
