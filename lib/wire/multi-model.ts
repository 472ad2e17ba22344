import type { Reply } from './http-front.ts';
import { member, parseJson, textMember } from './json.ts';
import { parseBody } from './json-cut.ts';
import { fieldsOf, type Listed, nameOf, plainRows, rowsOf, unlessRefused, type Welcome } from './listing.ts';

/** ArangoDB, Dgraph, SurrealDB, and the status pages of TiDB and CockroachDB (probes.md sections 4.2 to 4.4, 4.15, 4.17), pure. */

export function readArango({ status, headers, body }: Reply): Welcome | undefined {
  const json = parseJson(body.toString('utf8'));
  const isHeaded = headers['server'] === 'ArangoDB';
  if (status === 401) {
    const isWorded = member(json, 'errorNum') === 11 || /realm="ArangoDB"/u.test(headers['www-authenticate'] ?? '');
    const markers = [isHeaded, isWorded].filter(Boolean).length;
    return markers === 0 ? undefined : { markers, version: '', refused: true };
  }
  if (status !== 200 || textMember(json, 'server') !== 'arango') return undefined;
  const version = textMember(json, 'version');
  return { markers: 1 + (isHeaded || version !== '' ? 1 : 0), version };
}

export function readArangoDatabases(reply: Reply): Listed {
  return unlessRefused(reply, () => {
    const json = parseBody(reply, 2);
    return member(json, 'error') === true ? undefined : plainRows(member(json, 'result'), reply);
  });
}

/** An alpha's health, which answers anyone. */
export function readDgraph({ status, body }: Reply): Welcome | undefined {
  const json = status === 200 ? parseJson(body.toString('utf8')) : undefined;
  const [first] = Array.isArray(json) ? (json as readonly unknown[]) : [];
  const version = textMember(first, 'version');
  return textMember(first, 'instance') === 'alpha' && version !== '' ? { markers: 2, version } : undefined;
}

/** Predicates are what other stores call fields: one object holds them, at metadata level 2. */
export function readDgraphSchema(reply: Reply): Listed {
  return unlessRefused(reply, () => {
    const schema = member(parseBody(reply, 3), 'data', 'schema');
    if (!Array.isArray(schema)) return undefined;
    const predicates = schema.map((entry: unknown) => ({
      name: textMember(entry, 'predicate'),
      type: member(entry, 'type'),
    }));
    const fields = fieldsOf(predicates, (entry) => textMember(entry, 'type'));
    return fields.length === 0 ? undefined : { rows: [{ name: 'schema', fields }], truncated: reply.truncated };
  });
}

/** With access control on, errors come with status 200. */
export function isDgraphRefusal({ status, body }: Reply): boolean {
  const errors = status === 200 ? member(parseJson(body.toString('utf8')), 'errors') : undefined;
  const [first] = Array.isArray(errors) ? (errors as readonly unknown[]) : [];
  return /no accessJwt available|PermissionDenied|unauthorized/iu.test(textMember(first, 'message'));
}

export function readSurreal({ status, body }: Reply): Welcome | undefined {
  const version =
    status === 200 ? /^surrealdb-(\d[\w.+-]{0,40})\s*$/u.exec(body.toString('utf8', 0, 80))?.[1] : undefined;
  return version === undefined ? undefined : { markers: 1, version };
}

export function readTidbStatus({ status, body }: Reply): Welcome | undefined {
  const json = status === 200 ? parseJson(body.toString('utf8')) : undefined;
  const version = textMember(json, 'version');
  const isStatus = typeof member(json, 'connections') === 'number' && textMember(json, 'git_hash') !== '';
  return isStatus && /tidb/iu.test(version) ? { markers: 2, version } : undefined;
}

export function readTidbSchemas(reply: Reply): Listed {
  return unlessRefused(reply, () =>
    rowsOf(parseBody(reply, 1), reply, (item) => {
      const name = nameOf(member(item, 'db_name', 'O'));
      return name === undefined ? undefined : { name };
    }),
  );
}

/** The console's list of databases: shown, or refused in words of its own. */
export function readCockroach(reply: Reply): Welcome | undefined {
  const text = reply.body.toString('utf8', 0, 500);
  if (reply.status === 401 && text.includes('a valid authentication cookie is required')) {
    return { markers: member(parseJson(text), 'code') === 16 ? 2 : 1, version: '', refused: true };
  }
  const list = reply.status === 200 ? member(parseBody(reply, 2), 'databases') : undefined;
  // `system` is always there, and so are these two unless somebody dropped them.
  if (!Array.isArray(list) || !list.includes('system')) return undefined;
  return { markers: list.includes('defaultdb') || list.includes('postgres') ? 2 : 1, version: '' };
}

export function readCockroachDatabases(reply: Reply): Listed {
  return unlessRefused(reply, () => plainRows(member(parseBody(reply, 2), 'databases'), reply));
}
