import type { Reply } from './http-front.ts';
import { parseBody } from './json-cut.ts';
import { asObject, member, parseJson, textMember } from './json.ts';
import { amounts, fieldsOf, type Listed, nameOf, type Row, rowsOf, type Welcome } from './listing.ts';

/** Marks, lists and refusals of the vector and light search engines (probes.md section 3.19), pure and bounded. */

const text = ({ body }: Reply): string => body.toString('utf8');
const json = (reply: Reply): unknown => parseJson(text(reply));
const isRefusal = ({ status }: Reply): boolean => status === 401 || status === 403;

// Qdrant

/** `{"title":"qdrant - vector search engine","version":...}`, which answers with a key set as well. */
export function readQdrant(reply: Reply): Welcome | undefined {
  const found = json(reply);
  const version = textMember(found, 'version');
  if (isRefusal(reply) && isQdrantRefusal(reply)) return { markers: 1, version: '', refused: true };
  if (reply.status !== 200 || !/^qdrant\b/iu.test(textMember(found, 'title'))) return undefined;
  return { markers: /^\d+\.\d/u.test(version) ? 2 : 1, version };
}

export function readQdrantList(reply: Reply): Listed {
  if (isRefusal(reply)) return isQdrantRefusal(reply) ? 'refused' : undefined;
  const items = reply.status === 200 ? member(parseBody(reply, 3), 'result', 'collections') : undefined;
  return rowsOf(items, reply, (item) => named(member(item, 'name')));
}

function isQdrantRefusal(reply: Reply): boolean {
  return /must provide an api key or an authorization bearer token|invalid api.?key/iu.test(text(reply));
}

/** `/collections/{name}`: how many points, and the fields of their payload that are indexed. */
export function readQdrantCollection(reply: Reply): Omit<Row, 'name'> {
  const result = reply.status === 200 ? member(json(reply), 'result') : undefined;
  const fields = fieldsOf(member(result, 'payload_schema'), (field) => textMember(field, 'data_type'));
  return { ...amounts({ records: member(result, 'points_count') }), ...(fields.length === 0 ? {} : { fields }) };
}

// Weaviate

/** `/v1/meta`: hostname, modules and version; or one of the two ways to say that nobody is anonymous. */
export function readWeaviate(reply: Reply): Welcome | undefined {
  const found = json(reply);
  if (isWeaviateRefusal(reply)) return { markers: 2, version: '', refused: true };
  const version = textMember(found, 'version');
  const isMeta = asObject(member(found, 'modules')) !== undefined && textMember(found, 'hostname') !== '';
  if (reply.status !== 200 || !isMeta || !/^\d+\.\d/u.test(version)) return undefined;
  return { markers: 2, version };
}

export function readWeaviateList(reply: Reply): Listed {
  if (isWeaviateRefusal(reply)) return 'refused';
  if (reply.status === 403) return /\banonymous\b/u.test(weaviateSays(reply)) ? 'restricted' : undefined;
  const classes = reply.status === 200 ? member(parseBody(reply, 2), 'classes') : undefined;
  return rowsOf(classes, reply, (item) => {
    const row = named(member(item, 'class'));
    const fields = fieldsOf(member(item, 'properties'), (field) => {
      const types = member(field, 'dataType');
      return Array.isArray(types) && typeof types[0] === 'string' ? types[0] : '';
    });
    return row === undefined ? undefined : { ...row, fields };
  });
}

function isWeaviateRefusal(reply: Reply): boolean {
  const isAsking = /anonymous access not enabled|oidc auth is not configured/iu.test(weaviateSays(reply));
  return reply.status === 401 && isAsking;
}

function weaviateSays(reply: Reply): string {
  const said = json(reply);
  return textMember(said, 'message') || textMember(list(member(said, 'error'))[0], 'message');
}

/** `/v1/nodes?output=verbose`: objects per class. A shard that several nodes have is one, with the highest count. */
export function readWeaviateCounts(reply: Reply): ReadonlyMap<string, number> {
  const nodes = reply.status === 200 ? member(json(reply), 'nodes') : undefined;
  const shards = new Map<string, { readonly name: string; readonly records: number }>();
  for (const shard of list(nodes).flatMap((node) => list(member(node, 'shards')))) {
    const name = textMember(shard, 'class');
    const key = `${name} ${textMember(shard, 'name')}`;
    const { records = 0 } = amounts({ records: member(shard, 'objectCount') });
    if (name !== '' && records >= (shards.get(key)?.records ?? 0)) shards.set(key, { name, records });
  }
  const counts = new Map<string, number>();
  for (const { name, records } of shards.values()) counts.set(name, (counts.get(name) ?? 0) + records);
  return counts;
}

// Milvus

/** The list of collections of the RESTful API, v2 or v1. Nothing of it names the product: shape and code are the marks. */
export function readMilvus(reply: Reply): Welcome | undefined {
  if (isMilvusRefusal(reply)) return { markers: 1, version: '', refused: true };
  return readMilvusList(reply) === undefined ? undefined : { markers: 1, version: '' };
}

export function readMilvusList(reply: Reply): Listed {
  if (isMilvusRefusal(reply)) return 'refused';
  const found = reply.status === 200 ? parseBody(reply, 2) : undefined;
  const [code, keys] = [member(found, 'code'), Object.keys(asObject(found) ?? {})];
  const isReply =
    (code === 0 || code === 200) && keys.every((key) => ['code', 'data', 'message', 'cost'].includes(key));
  return isReply ? rowsOf(member(found, 'data'), reply, named) : undefined;
}

function isMilvusRefusal(reply: Reply): boolean {
  const found = json(reply);
  const code = member(found, 'code');
  const words = textMember(found, 'message');
  const isCode = code === 1800 || code === 65_535 || code === 80_001;
  return isCode && /hasn.?t authenticat|auth check failure|no authorization/iu.test(words);
}

// Meilisearch

/** `/stats`: the list itself, or the refusal with its code and its link. */
export function readMeilisearch(reply: Reply): Welcome | undefined {
  if (isMeilisearchRefusal(reply)) return { markers: 2, version: '', refused: true };
  return readMeilisearchList(reply) === undefined ? undefined : { markers: 2, version: '' };
}

export function readMeilisearchList(reply: Reply): Listed {
  if (isMeilisearchRefusal(reply)) return 'refused';
  const found = reply.status === 200 ? parseBody(reply, 2) : undefined;
  const indexes = asObject(member(found, 'indexes'));
  if (indexes === undefined || typeof member(found, 'databaseSize') !== 'number') return undefined;
  return rowsOf(Object.entries(indexes), reply, (item) => {
    const [key, index] = item as [string, unknown];
    const row = named(key);
    const fields = fieldsOf(member(index, 'fieldDistribution'), () => 'unknown');
    const counts = amounts({ records: member(index, 'numberOfDocuments'), bytes: member(index, 'rawDocumentDbSize') });
    return row === undefined ? undefined : { ...row, ...counts, fields };
  });
}

function isMeilisearchRefusal(reply: Reply): boolean {
  const found = json(reply);
  const code = textMember(found, 'code') || textMember(found, 'errorCode');
  return isRefusal(reply) && /^(?:missing_authorization_header|missing_master_key|invalid_api_key)$/u.test(code);
}

// Typesense

const TYPESENSE_ASKS = /a valid `x-typesense-api-key` header must be sent/iu;

/** `/collections`: the refusal names the product; a list is known by what every collection has. */
export function readTypesense(reply: Reply): Welcome | undefined {
  if (isTypesenseRefusal(reply)) return { markers: 2, version: '', refused: true };
  const listed = readTypesenseList(reply);
  return typeof listed === 'object' && listed.rows.length > 0 ? { markers: 2, version: '' } : undefined;
}

export function readTypesenseList(reply: Reply): Listed {
  if (isTypesenseRefusal(reply)) return 'refused';
  return rowsOf(reply.status === 200 ? parseBody(reply, 1) : undefined, reply, (item) => {
    const [row, records] = [named(member(item, 'name')), member(item, 'num_documents')];
    const fields = fieldsOf(member(item, 'fields'), (field) => textMember(field, 'type'));
    return row === undefined || typeof records !== 'number' ? undefined : { ...row, ...amounts({ records }), fields };
  });
}

function isTypesenseRefusal(reply: Reply): boolean {
  return isRefusal(reply) && TYPESENSE_ASKS.test(textMember(json(reply), 'message'));
}

// Chroma

/** A heartbeat in nanoseconds, under a name that nothing else has. It beats for anyone. */
export function readChroma(reply: Reply): Welcome | undefined {
  const beat = member(json(reply), 'nanosecond heartbeat');
  return reply.status === 200 && typeof beat === 'number' ? { markers: 2, version: '' } : undefined;
}

export function readChromaList(reply: Reply): Listed {
  if (isRefusal(reply))
    return /^\w{0,20}Auth\w{0,20}Error/u.test(textMember(json(reply), 'error')) ? 'refused' : undefined;
  return rowsOf(reply.status === 200 ? parseBody(reply, 1) : undefined, reply, (item) =>
    textMember(item, 'id') === '' ? undefined : named(member(item, 'name')),
  );
}

// Vespa

/** A config server's version page, or the same of a container. */
export function readVespa(reply: Reply): Welcome | undefined {
  const version = textMember(json(reply), 'version');
  return reply.status === 200 && /^[5-9]\.\d{1,5}\.\d{1,5}$/u.test(version) ? { markers: 1, version } : undefined;
}

export function readVespaList(reply: Reply): Listed {
  const found = reply.status === 200 ? parseBody(reply, 2) : undefined;
  return rowsOf(member(found, 'tenants'), reply, named);
}

function named(value: unknown): Row | undefined {
  const name = nameOf(value);
  return name === undefined ? undefined : { name };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
