import type { Names } from './names.ts';

/** The files of a new HTTP probe: a made-up server with a version page and a list, to be replaced row by row. */
export function httpFiles({ id, camel, port }: Names): Readonly<Record<string, string>> {
  return {
    [`lib/probes/${id}.ts`]: probe(id, camel, port),
    [`lib/wire/${id}.ts`]: codec(id),
    [`test/probes/${id}.test.ts`]: test(id, camel),
    [`test/fixtures/http/${id}/open.json`]: fixture(id, 200, ['orders'], 'open-anonymous', 'open'),
    [`test/fixtures/http/${id}/secured.json`]: fixture(id, 401, { error: 'unauthorized' }, 'auth-required', 'refused'),
  };
}

const probe = (id: string, camel: string, port: number): string => `/**
 * ${id} (which document or section tells what it answers).
 * Asked, TLS first: \`GET /version\`, and where that is ${id}: \`GET /collections\`, and before anything is called open a path
 * that cannot exist. A list is an open door; 401 and 403 ask for credentials.
 * Never asked: anything that reads a record or changes something.
 */
import { PeerError } from '../model/errors.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import {
  type Finding,
  HTTP_RULES,
  recognised,
  type Site,
  unlessCatchAll,
  visitByMarks,
} from '../talk/http.ts';
import { type Identity, readCollections, readIdentity } from '../wire/${id}.ts';

export const ${camel}: Probe = {
  id: '${id}',
  speaks: 'http',
  sends: [
    { what: 'GET /version', why: 'product and version' },
    { what: 'GET /collections', why: 'the proof: names of collections' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...HTTP_RULES,
    open: 'names of collections are shown to anyone',
    refused: 'the list asks for credentials',
    version: '${id}, and no answer that says whether it asks for credentials',
  },
  engines: ['${id}'],
  defaultPort: ${port},
  maxConnections: 4,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  return visitByMarks(access, '${id}', { path: '/version' }, readIdentity, (site, marks) => judge(site, marks, options));
}

async function judge(site: Site, { markers, version }: Identity, options: ProbeOptions): Promise<Finding> {
  const proto = recognised(markers, '${id}', version);
  const unsaid: Finding = { rule: 'version', proto, auth: 'undetermined', proof: 1 };
  const list = await site.ask('/collections');
  if (list instanceof PeerError) return unsaid;
  if (list.status === 401 || list.status === 403) return { rule: 'refused', proto, auth: 'auth-required', proof: 2 };
  const found = readCollections(list);
  if (found === undefined) return unsaid;
  const objects = found.names.map((name) => ({ name, kind: 'collection' as const, system: false }));
  return unlessCatchAll(site, options.nonce, list, {
    rule: 'open',
    proto,
    auth: 'open-anonymous',
    proof: 3,
    ...(options.metadata === 0 ? {} : { metadata: { objects, truncated: found.truncated } }),
  });
}
`;

const codec = (id: string): string => `import { printable } from '../model/text.ts';
import { type Reply, wholeText } from './http-front.ts';
import { parseJson, textMember } from './json.ts';

/** ${id}'s metadata replies, pure and bounded. */

const MAX_NAMES = 200;
const MAX_NAME = 255;

export interface Identity {
  /** Independent marks of the product: one is tentative, two are firm. */
  readonly markers: number;
  readonly version: string;
}

/** Undefined where nothing of ${id} shows. */
export function readIdentity(reply: Reply): Identity | undefined {
  const json = parseJson(reply.body.toString('utf8'));
  if (reply.status !== 200 || textMember(json, 'product') !== '${id}') return undefined;
  const version = textMember(json, 'version');
  return { markers: version === '' ? 1 : 2, version };
}

/** Names of collections, at most 200. Undefined where this is no such list. */
export function readCollections(
  reply: Reply,
): { readonly names: readonly string[]; readonly truncated: boolean } | undefined {
  const list = reply.status === 200 ? parseJson(wholeText(reply, '",', ']')) : undefined;
  if (!Array.isArray(list) || !list.every((name): name is string => typeof name === 'string')) return undefined;
  const names = list.slice(0, MAX_NAMES).map((name) => printable(name, MAX_NAME));
  return { names, truncated: reply.truncated || list.length > MAX_NAMES };
}
`;

const test = (id: string, camel: string): string => `import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ${camel} } from '../../lib/probes/${id}.ts';
import { readCollections, readIdentity } from '../../lib/wire/${id}.ts';

// What every HTTP probe owes is in test/contract/probes-site.test.ts, which runs the fixtures of this one too.

describe('replies of ${id}, whatever they hold', () => {
  const reply = (body: string, status = 200) => ({ status, headers: {}, body: Buffer.from(body), truncated: false });

  it('are read or refused, and never throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom(200, 401, 500), (text, status) => {
        readIdentity(reply(text, status));
        expect(readCollections(reply(text, status))?.names.length ?? 0).toBeLessThanOrEqual(200);
      }),
      { numRuns: 10_000 },
    );
  });

  it('that are half a list or a page are no list', () => {
    expect(readCollections(reply('["a","b'))).toBeUndefined();
    expect(readCollections(reply('<html>'))).toBeUndefined();
  });

  it('name the product and its version', () => {
    expect(readIdentity(reply('{"product":"${id}","version":"1.2"}'))).toEqual({ markers: 2, version: '1.2' });
    expect(${camel}.engines).toEqual(['${id}']);
  });
});
`;

function fixture(id: string, status: number, list: unknown, auth: string, rule: string): string {
  const json = [['content-type', 'application/json']];
  const page = (request: string, code: number, body: unknown) => ({
    request,
    status: code,
    headers: json,
    body: JSON.stringify(body),
  });
  const exchanges = [
    page('GET /version', 200, { product: id, version: '1.2' }),
    page('GET /collections', status, list),
    page('GET /.exposure-probe/0123456789abcdef', 404, { error: 'no such path' }),
  ];
  const expect = { auth, rule: `${id}/${rule}` };
  return `${JSON.stringify({ note: 'made up by npm run new:probe: replace it', tls: true, expect, exchanges }, null, 2)}\n`;
}
