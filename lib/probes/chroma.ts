/**
 * Chroma (probes.md section 3.19).
 * Asked, TLS first: the heartbeat of its second API, of the first where there is no second; the collections of the default
 * database; before anything is called open, a path that cannot exist.
 * A list of collections is an open door. The heartbeat beats for anyone and proves nothing; so does /api/v2/auth/identity.
 * Never asked: a record, a count that reads records, other tenants, a reset. Values in a collection's metadata are dropped.
 */
import type { ProbeAnswer } from '../model/observation.ts';
import type { Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readChroma, readChromaList } from '../wire/vector-engines.ts';

const V2: Listing = {
  id: 'chroma',
  product: 'Chroma',
  kind: 'collection',
  welcome: { path: '/api/v2/heartbeat', read: readChroma },
  list: { path: '/api/v2/tenants/default_tenant/databases/default_database/collections?limit=50' },
  read: readChromaList,
};
const V1: Listing = {
  ...V2,
  welcome: { path: '/api/v1/heartbeat', read: readChroma },
  list: { path: '/api/v1/collections?limit=50' },
};

export const chroma: Probe = {
  id: 'chroma',
  speaks: 'http',
  sends: [
    { what: 'GET /api/v2/heartbeat', why: 'product' },
    { what: `GET ${V2.list?.path}`, why: 'the proof: names of collections' },
    { what: 'GET /api/v1/heartbeat', why: 'product, of a server before 0.6' },
    { what: `GET ${V1.list?.path}`, why: 'the proof there' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: LIST_RULES,
  engines: ['chroma'],
  defaultPort: 8000,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  const answer = await visitListing(access, options, V2);
  const isUnknown = answer.rule === 'chroma/generic-http' && answer.notes.some((note) => note.startsWith('status 404'));
  return isUnknown ? visitListing(access, options, V1) : answer;
}
