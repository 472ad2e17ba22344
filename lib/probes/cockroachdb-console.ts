/**
 * The console of CockroachDB (probes.md section 4.17): what its SQL port does not tell, as that refuses a role it does not have
 * in the same words with authentication on and off.
 * Asked, TLS first: `GET /_admin/v1/databases`, and where that is answered a path that cannot exist.
 * Names of databases shown to anyone: the cluster was started --insecure, and lets anyone in as root. A secure one asks for a
 * session. `/health` and `/_status/vars` answer anyone and are not asked.
 * Never asked: statements, sessions, events, settings, logs.
 */
import type { Probe } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readCockroach, readCockroachDatabases } from '../wire/multi-model.ts';

const LISTING: Listing = {
  id: 'cockroachdb-console',
  product: 'CockroachDB',
  kind: 'database',
  welcome: { path: '/_admin/v1/databases', read: readCockroach },
  read: readCockroachDatabases,
  isSystem: (name) => name === 'system',
};

export const cockroachdbConsole: Probe = {
  id: 'cockroachdb-console',
  speaks: 'http',
  sends: [
    { what: 'GET /_admin/v1/databases', why: 'the proof: names of databases, or the refusal' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    refused: 'the console asks for a session',
  },
  engines: ['cockroachdb-console'],
  defaultPort: 8080,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit: (access, _endpoint, options) => visitListing(access, options, LISTING),
};
