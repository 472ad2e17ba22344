import type { Reply } from './http-front.ts';
import { member, parseJson, textMember } from './json.ts';
import { parseBody } from './json-cut.ts';
import { amounts, nameOf, rowsOf, type Rows, type Welcome } from './listing.ts';

/** What a Couchbase Server's administration says to a stranger (probes.md section 4.14). Pure. */

export interface Pools extends Welcome {
  /** No credentials were sent, and they were found to be an administrator's. */
  readonly isAdmin: boolean;
}

/** `/pools`, which answers anyone. */
export function readPools({ status, headers, body }: Reply): Pools | undefined {
  const named = /^Couchbase\b/u.test(headers['server'] ?? '') ? 1 : 0;
  if (isCouchbaseRealm({ status, headers })) return { markers: 1 + named, version: '', refused: true, isAdmin: false };
  const json = status === 200 ? parseJson(body.toString('utf8')) : undefined;
  const version = textMember(json, 'implementationVersion');
  const isAdmin = member(json, 'isAdminCreds');
  if (version === '' || typeof isAdmin !== 'boolean' || !Array.isArray(member(json, 'pools'))) return undefined;
  return { markers: 2, version, isAdmin };
}

function isCouchbaseRealm({ status, headers }: Pick<Reply, 'status' | 'headers'>): boolean {
  return status === 401 && /realm="Couchbase/u.test(headers['www-authenticate'] ?? '');
}

export type PoolRow = 'refused' | 'unknown-pool' | 'cluster';

/** `/pools/default`: the cluster, a demand for credentials, or that there is no cluster yet. Undefined: none of these. */
export function readPool(reply: Reply): PoolRow | undefined {
  if (isCouchbaseRealm(reply)) return 'refused';
  const { status, body } = reply;
  if (status === 404) return parseJson(body.toString('utf8')) === 'unknown pool' ? 'unknown-pool' : undefined;
  const json = status === 200 ? parseBody(reply, 3) : undefined;
  return textMember(json, 'name') !== '' && Array.isArray(member(json, 'nodes')) ? 'cluster' : undefined;
}

/** Names, items and bytes of buckets; how to reach them is left unread. */
export function readBuckets(reply: Reply): Rows | undefined {
  const buckets = reply.status === 200 ? parseBody(reply, 1) : undefined;
  return rowsOf(buckets, reply, (bucket) => {
    const name = nameOf(member(bucket, 'name'));
    if (name === undefined) return undefined;
    const [records, bytes] = [member(bucket, 'basicStats', 'itemCount'), member(bucket, 'basicStats', 'dataUsed')];
    return { name, ...amounts({ records, bytes }) };
  });
}
