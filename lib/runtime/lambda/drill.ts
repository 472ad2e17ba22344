/**
 * What a stranger hears at the drill's door: an Elasticsearch that asks for credentials, and while it is open one that
 * does not, with one empty index. Of a request it reads the path, gives nothing of it back and keeps nothing of it.
 */
import { DRILL_INDEX, drillSchedule, isDrillOpen } from '../../model/drill.ts';
import { setting } from './environment.ts';

export interface DrillReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `event` is a function URL's; whatever it is, there is an answer. */
export function answer(event: unknown, now: Date = new Date()): DrillReply {
  if (!isDrillOpen(drillSchedule(setting('AJAR_DRILL')), now)) return CLOSED;
  return OPEN.get(pathOf(event)) ?? ABSENT;
}

function pathOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'rawPath' in event ? event.rawPath : undefined;
}

function reply(statusCode: number, body: unknown, more: Readonly<Record<string, string>> = {}): DrillReply {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...more };
  return { statusCode, headers: { ...headers, 'x-elastic-product': 'Elasticsearch' }, body: JSON.stringify(body) };
}

const CHALLENGE = 'Basic realm="security", charset="UTF-8"';
const REFUSAL = {
  type: 'security_exception',
  reason: 'missing authentication credentials for REST request',
  header: { 'WWW-Authenticate': CHALLENGE },
};
const CLOSED = reply(
  401,
  { error: { root_cause: [REFUSAL], ...REFUSAL }, status: 401 },
  { 'www-authenticate': CHALLENGE },
);

const MAIN = {
  name: DRILL_INDEX,
  cluster_name: DRILL_INDEX,
  cluster_uuid: 'ajar-opens-this-on-purpose',
  version: { number: '8.0.0', build_flavor: 'default', minimum_wire_compatibility_version: '7.17.0' },
  tagline: 'You Know, for Search',
};
const INDICES = [{ index: DRILL_INDEX, 'docs.count': '0', 'store.size': '0', status: 'open' }];
/** By path; the last is what a server says of an index without fields. */
const OPEN: ReadonlyMap<unknown, DrillReply> = new Map([
  ['/', reply(200, MAIN)],
  ['/_cat/indices', reply(200, INDICES)],
  ['/_mapping', reply(200, {})],
]);
const ABSENT = reply(404, { error: 'no such path here', status: 404 });
