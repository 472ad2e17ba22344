import type { Reply } from './http-front.ts';
import { parseBody } from './json-cut.ts';
import { asObject, member, parseJson, textMember } from './json.ts';
import { amounts, type Field, fieldsOf, type Listed, nameOf, rowsOf, type Welcome } from './listing.ts';

/** Solr's admin replies (probes.md section 3.17), pure and bounded. */

/** Of the system page the version alone: its other members hold paths and the arguments of the JVM. */
export function readSystem(reply: Reply): Welcome | undefined {
  if (isRefusal(reply)) return { markers: isRealm(reply) ? 2 : 1, version: '', refused: true };
  const json = reply.status === 200 ? parseJson(reply.body.toString('utf8')) : undefined;
  const version = textMember(json, 'lucene', 'solr-spec-version');
  if (!/^\d{1,3}\.\d/u.test(version)) return undefined;
  return { markers: asObject(member(json, 'responseHeader')) === undefined ? 1 : 2, version };
}

/** Cores by name, with counts and sizes, as a standalone node and a node of a cloud both list them. */
export function readCores(reply: Reply): Listed {
  if (isRefusal(reply)) return 'refused';
  if (reply.status === 403)
    return /unauthorized request/iu.test(reply.body.toString('utf8')) ? 'restricted' : undefined;
  const json = reply.status === 200 ? parseBody(reply, 2) : undefined;
  const cores = asObject(member(json, 'status'));
  if (cores === undefined || member(json, 'responseHeader', 'status') !== 0) return undefined;
  return rowsOf(Object.entries(cores), reply, (item) => {
    const [key, core] = item as [string, unknown];
    const name = nameOf(key);
    const counts = amounts({ records: member(core, 'index', 'numDocs'), bytes: member(core, 'index', 'sizeInBytes') });
    return name === undefined ? undefined : { name, ...counts };
  });
}

/** `/solr/<core>/schema/fields`. */
export function readSchema(reply: Reply): readonly Field[] {
  const fields = reply.status === 200 ? member(parseBody(reply, 2), 'fields') : undefined;
  return fieldsOf(fields, (field) => textMember(field, 'type'));
}

function isRefusal(reply: Reply): boolean {
  const body = reply.body.toString('utf8');
  return reply.status === 401 && (/require authentication|bad credentials/iu.test(body) || isRealm(reply));
}

function isRealm({ headers }: Reply): boolean {
  return /realm="solr"/iu.test(headers['www-authenticate'] ?? '');
}
