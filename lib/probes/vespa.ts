/**
 * Vespa, its config server above all (probes.md section 3.19).
 * Asked, TLS first: `GET /state/v1/version`, which config servers and containers have; the config server's list of tenants;
 * before anything is called open, a path that cannot exist.
 * A list of tenants is an open config server: whoever reads it may deploy. A container (8080) has no such list, and what it
 * lets a stranger do cannot be asked without reading documents: recognised, and no verdict. Vespa Cloud demands a client
 * certificate. Never asked: /document/v1 (visits records), /search, /ApplicationStatus (dumps every component).
 */
import type { Probe, ProbeOptions } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readVespa, readVespaList } from '../wire/vector-engines.ts';

const LISTING: Listing = {
  id: 'vespa',
  product: 'Vespa',
  kind: 'database',
  welcome: { path: '/state/v1/version', read: readVespa },
  list: { path: '/application/v2/tenant/' },
  read: readVespaList,
};

export const vespa: Probe = {
  id: 'vespa',
  speaks: 'http',
  sends: [
    { what: 'GET /state/v1/version', why: 'product and version' },
    { what: 'GET /application/v2/tenant/', why: 'the proof of an open config server: its tenants' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: LIST_RULES,
  engines: ['vespa'],
  defaultPort: 19_071,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options: ProbeOptions) => visitListing(access, options, LISTING),
};
