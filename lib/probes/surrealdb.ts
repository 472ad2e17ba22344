/**
 * SurrealDB (probes.md section 4.4).
 * Asked, TLS first: `GET /version`. Whether guests may do anything is told by no page, only by a query, and none is sent: this
 * probe recognises the product and concludes nothing on authentication.
 * Never asked: /sql, /rpc (a message can stop old servers), /key, /export.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readSurreal } from '../wire/multi-model.ts';

const LISTING: Listing = {
  id: 'surrealdb',
  product: 'SurrealDB',
  kind: 'database',
  welcome: { path: '/version', read: readSurreal },
  read: () => undefined,
};

export const surrealdb: Probe = {
  id: 'surrealdb',
  speaks: 'http',
  sends: [
    { what: 'GET /version', why: 'product and version' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    recognised: 'SurrealDB; whether guests are let in is told by a query alone, and none was sent',
  },
  engines: ['surrealdb'],
  defaultPort: 8000,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
