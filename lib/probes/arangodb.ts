/**
 * ArangoDB (probes.md section 4.2).
 * Asked, TLS first: `GET /_api/version`, `GET /_api/database/user`, and where that is answered a path that cannot exist.
 * Names of databases shown to anyone are an open door. Where credentials are asked for, Foxx apps may stay public all the
 * same: `authentication-system-only` protects the API alone.
 * Never asked: a document, a cursor, /_admin, /_open, a Foxx app.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readArango, readArangoDatabases } from '../wire/multi-model.ts';

const LISTING: Listing = {
  id: 'arangodb',
  product: 'ArangoDB',
  kind: 'database',
  welcome: { path: '/_api/version', read: readArango },
  list: { path: '/_api/database/user' },
  read: readArangoDatabases,
  isSystem: (name) => name.startsWith('_'),
};

export const arangodb: Probe = {
  id: 'arangodb',
  speaks: 'http',
  sends: [
    { what: 'GET /_api/version', why: 'product and version' },
    { what: 'GET /_api/database/user', why: 'the proof: names of databases' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    refused: 'the API asks for credentials; Foxx apps may be public all the same',
  },
  engines: ['arangodb'],
  defaultPort: 8529,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
