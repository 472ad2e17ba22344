/**
 * Prometheus, VictoriaMetrics, and what answers their API (probes.md section 4.13).
 * Asked, TLS first: `GET /api/v1/status/buildinfo` (product and version), `GET /api/v1/labels`, and where that is answered a
 * path that cannot exist.
 * Names of labels shown to anyone are an open door: samples are read the same way. Health pages prove nothing.
 * Never asked: /api/v1/query, /targets, /status/config, /federate, /metrics, anything of /admin.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readBuild, readLabels } from '../wire/monitoring.ts';

const LISTING: Listing = {
  id: 'prometheus',
  product: 'Prometheus',
  kind: 'index',
  welcome: { path: '/api/v1/status/buildinfo', read: readBuild },
  list: { path: '/api/v1/labels' },
  read: readLabels,
};

export const prometheus: Probe = {
  id: 'prometheus',
  speaks: 'http',
  sends: [
    { what: 'GET /api/v1/status/buildinfo', why: 'product and version' },
    { what: 'GET /api/v1/labels', why: 'the proof: names of labels' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: { ...LIST_RULES, list: 'names of labels are shown to anyone, and samples are read the same way' },
  engines: ['prometheus'],
  defaultPort: 9090,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
