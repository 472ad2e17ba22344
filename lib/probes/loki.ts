/**
 * Grafana Loki (probes.md section 4.13).
 * Asked, TLS first: `GET /loki/api/v1/status/buildinfo` (product and version), `GET /loki/api/v1/labels`, and where that is
 * answered a path that cannot exist.
 * Names of labels shown to anyone are an open door. 401 `no org id` asks which tenant is meant, not who asks: Loki has no
 * authentication of its own, so that is none, and no proof either, as no tenant is named here.
 * Never asked: query, query_range, series, tail, push, config.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readLabels, readLokiBuild } from '../wire/monitoring.ts';

const LISTING: Listing = {
  id: 'loki',
  product: 'Loki',
  kind: 'index',
  welcome: { path: '/loki/api/v1/status/buildinfo', read: readLokiBuild },
  list: { path: '/loki/api/v1/labels' },
  read: readLabels,
};

export const loki: Probe = {
  id: 'loki',
  speaks: 'http',
  sends: [
    { what: 'GET /loki/api/v1/status/buildinfo', why: 'product and version' },
    { what: 'GET /loki/api/v1/labels', why: 'the proof: names of labels' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'names of labels are shown to anyone, and lines of logs are read the same way',
    recognised: 'Loki, which did not say whether it asks for credentials; that a tenant has to be named is none',
  },
  engines: ['loki'],
  defaultPort: 3100,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
