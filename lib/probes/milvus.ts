/**
 * Milvus by its RESTful API on the port of its own protocol (probes.md section 3.19).
 * Asked, TLS first: the list of collections in the words of v2 (a POST, as every read there is), of v1 where v2 is not
 * known, and before anything is called open a path that cannot exist.
 * A list of collections is an open door. A refusal is known by its code and its words. Nothing in either names the product,
 * so what is recognised stays tentative. Never asked: an entity, a query, port 9091 (its /webui and /expr run things).
 */
import type { Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readMilvus, readMilvusList } from '../wire/vector-engines.ts';

const V2: Listing = {
  id: 'milvus',
  product: 'Milvus',
  kind: 'collection',
  welcome: {
    path: '/v2/vectordb/collections/list',
    post: { type: 'application/json', body: '{}' },
    read: readMilvus,
  },
  read: readMilvusList,
};
const V1: Listing = { ...V2, welcome: { path: '/v1/vector/collections', read: readMilvus } };

export const milvus: Probe = {
  id: 'milvus',
  speaks: 'http',
  sends: [
    { what: 'POST /v2/vectordb/collections/list', why: 'the proof: names of collections; a read' },
    { what: 'GET /v1/vector/collections', why: 'the same of a server without v2' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: LIST_RULES,
  engines: ['milvus'],
  defaultPort: 19_530,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  const answer = await visitListing(access, options, V2);
  const isUnknown = answer.rule === 'milvus/generic-http' && answer.notes.some((note) => note.startsWith('status 404'));
  return isUnknown ? visitListing(access, options, V1) : answer;
}
