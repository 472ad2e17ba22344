/**
 * The status port of a TiDB server (probes.md section 4.15), which has no authentication of its own.
 * Asked, TLS first: `GET /status`, `GET /schema`, and where that is answered a path that cannot exist.
 * Names of schemas shown to anyone are an open door to metadata; rows are behind port 4000.
 * Never asked: /settings, /mvcc, /regions, /debug, a table.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readTidbSchemas, readTidbStatus } from '../wire/multi-model.ts';

const LISTING: Listing = {
  id: 'tidb-status',
  product: 'TiDB',
  kind: 'database',
  welcome: { path: '/status', read: readTidbStatus },
  list: { path: '/schema' },
  read: readTidbSchemas,
  isSystem: (name) => /^(?:mysql|sys|information_schema|performance_schema|metrics_schema)$/iu.test(name),
};

export const tidbStatus: Probe = {
  id: 'tidb-status',
  speaks: 'http',
  sends: [
    { what: 'GET /status', why: 'product and version' },
    { what: 'GET /schema', why: 'the proof: names of schemas' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'names of schemas are shown to anyone',
  },
  engines: ['tidb-status'],
  defaultPort: 10080,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
