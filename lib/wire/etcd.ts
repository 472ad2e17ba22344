import type { Reply } from './http-front.ts';
import { member, parseJson, textMember } from './json.ts';

/** etcd's replies to `/version`, a count of all keys, and one v2 key that cannot exist (probes.md section 3.12), pure. */

export interface Release {
  readonly version: string;
  readonly major: number;
  readonly minor: number;
}

/** Undefined where the two members that etcd's version page has are not both there. */
export function readRelease(reply: Reply): Release | undefined {
  const json = reply.status === 200 ? parseJson(reply.body.toString('utf8')) : undefined;
  const found = /^(\d{1,3})\.(\d{1,3})\.[\w.+-]{1,30}$/u.exec(textMember(json, 'etcdserver'));
  // A member that has not joined yet says `not_decided`.
  if (found === null || textMember(json, 'etcdcluster') === '') return undefined;
  return { version: found[0], major: Number(found[1]), minor: Number(found[2]) };
}

/** Where the JSON gateway lies. None before 3.3: a range sent there with authentication on could spin for ever. */
export function rangePath({ major, minor }: Release): '/v3/kv/range' | '/v3beta/kv/range' | undefined {
  if (major !== 3 || minor < 3) return undefined;
  return minor === 3 ? '/v3beta/kv/range' : '/v3/kv/range';
}

/** The v2 API went with 3.6. */
export function mayServeV2({ major, minor }: Release): boolean {
  return major < 3 || (major === 3 && minor < 6);
}

/** What one of the two APIs said: a number of keys, a refusal, that it is not served here, or nothing that counts. */
export type Said = { readonly keys: number | undefined } | 'refused' | 'absent' | 'unclear';

/** A count that is zero is left out of the reply, so the header is the proof. */
export function readRange(reply: Reply): Said {
  const json = parseJson(reply.body.toString('utf8'));
  if (reply.status === 200 && textMember(json, 'header', 'cluster_id') !== '') {
    const count = member(json, 'count') ?? '0';
    return { keys: typeof count === 'string' && /^\d{1,15}$/u.test(count) ? Number(count) : undefined };
  }
  if (reply.status === 404) return 'absent';
  const words = textMember(json, 'error') || textMember(json, 'message');
  return /user name is empty|invalid auth token|permission denied/iu.test(words) ? 'refused' : 'unclear';
}

/** "No such key" is said only to who may read; nobody's value comes with it. */
export function readKeyV2(reply: Reply): Said {
  const code = member(parseJson(reply.body.toString('utf8')), 'errorCode');
  if (reply.status === 404 && code === 100 && reply.headers['x-etcd-index'] !== undefined) return { keys: undefined };
  if (reply.status === 401) return code === 110 ? 'refused' : 'unclear';
  return reply.status === 404 && code === undefined ? 'absent' : 'unclear';
}
