/** Pages, lists and refusals of the vector and light search engines; counts are in vector-counts.test.ts, whatever comes in vector-engines.test.ts. */
import { describe, expect, it } from 'vitest';
import type { Listed, Row, Welcome } from '../../lib/wire/listing.ts';
import * as wire from '../../lib/wire/vector-engines.ts';
import { page } from '../support/recorded-site.ts';

type Page = ReturnType<typeof page>;
const cut = (text: string): Page => ({ ...page(text), truncated: true });
const rows = (...list: readonly (string | Row)[]) => ({
  rows: list.map((row) => (typeof row === 'string' ? { name: row } : row)),
  truncated: false,
});
const refused = (markers: number): Welcome => ({ markers, version: '', refused: true });
const known = (markers: number, version = ''): Welcome => ({ markers, version });

interface Engine {
  readonly welcome: (reply: Page) => Welcome | undefined;
  readonly list: (reply: Page) => Listed;
  readonly pages: readonly (readonly [string, Page, Welcome | undefined])[];
  readonly lists: readonly (readonly [string, Page, Listed])[];
}

const KEY = 'Must provide an API key or an Authorization bearer token';
const TITLE = { title: 'qdrant - vector search engine', version: '1.5.1' };
const qdrantList = (...collections: unknown[]) => ({ result: { collections }, status: 'ok' });

const META = { hostname: 'http://[::]:8080', modules: {}, version: '1.21.2' };
const ANONYMOUS = { code: 401, message: 'anonymous access not enabled, please provide an auth scheme' };
const forbidden = 'forbidden: user anonymous has insufficient permissions';
const property = (name: string, ...dataType: unknown[]) => ({ name, dataType });

const AUTH = 'the user hasn’t authenticated, or the token is wrong';
const milvusList = (data: unknown, over: object = {}) => ({ code: 200, data, ...over });

const MISSING = { code: 'missing_authorization_header', link: 'https://docs.meilisearch.com/errors' };
const meili = (indexes: unknown, over: object = {}) => ({ databaseSize: 9, lastUpdate: null, indexes, ...over });
const movies = { numberOfDocuments: 5, rawDocumentDbSize: 900, fieldDistribution: { id: 5 } };

const ASKED = { message: 'Forbidden - a valid `x-typesense-api-key` header must be sent.' };
const books = { name: 'books', num_documents: 5, fields: [{ name: 'title', type: 'string' }, { name: 'x' }] };
const booksRow = {
  name: 'books',
  records: 5,
  fields: [
    { name: 'title', type: 'string' },
    { name: 'x', type: '' },
  ],
};

const ENGINES: Readonly<Record<string, Engine>> = {
  Qdrant: {
    welcome: wire.readQdrant,
    list: wire.readQdrantList,
    pages: [
      ['by title and version', page(TITLE), known(2, '1.5.1')],
      ['by title alone', page({ title: 'Qdrant', version: 'x1.5' }), known(1, 'x1.5')],
      ['with a version of one number', page({ ...TITLE, version: '1' }), known(1, '1')],
      ['with a version of many digits', page({ ...TITLE, version: '10.15.0' }), known(2, '10.15.0')],
      ['of another title', page({ ...TITLE, title: 'a qdrant' }), undefined],
      ['of a longer title', page({ ...TITLE, title: 'qdrants' }), undefined],
      ['that failed', page(TITLE, 500), undefined],
      ['that refuses', page(KEY, 401), refused(1)],
      ['that forbids', page({ status: { error: 'Invalid api-key' } }, 403), refused(1)],
      ['that forbids in other words', page('Invalid apikey', 403), refused(1)],
      ['refused by somebody else', page('Unauthorized', 401), undefined],
      ['whose title answers with a refusal', page({ ...TITLE, title: KEY }), undefined],
    ],
    lists: [
      ['by name', page(qdrantList({ name: 'users' }, { name: '' }, { id: 1 })), rows('users')],
      ['of none', page(qdrantList()), rows()],
      ['of something else', page({ result: [] }), undefined],
      ['that failed', page(qdrantList({ name: 'users' }), 500), undefined],
      ['that refuse', page(KEY, 403), 'refused'],
      ['refused by somebody else', page('Forbidden', 403), undefined],
      ['with a collection of that name', page(qdrantList({ name: KEY })), rows(KEY)],
      ['cut', cut('{"result":{"collections":[{"name":"users"},{"na'), { ...rows('users'), truncated: true }],
    ],
  },
  Weaviate: {
    welcome: wire.readWeaviate,
    list: wire.readWeaviateList,
    pages: [
      ['by three members', page(META), known(2, '1.21.2')],
      ['without a host', page({ ...META, hostname: '' }), undefined],
      ['with modules that are none', page({ ...META, modules: [] }), undefined],
      ['of another version', page({ ...META, version: 'v1.21.2' }), undefined],
      ['of one number', page({ ...META, version: '1' }), undefined],
      ['of a version of many digits', page({ ...META, version: '12.21' }), known(2, '12.21')],
      ['that failed', page(META, 500), undefined],
      ['that refuses', page(ANONYMOUS, 401), refused(2)],
      ['that refuses without OIDC', page({ message: 'OIDC auth is not configured' }, 401), refused(2)],
      ['that refuses in a list', page({ error: [{ message: ANONYMOUS.message }] }, 401), refused(2)],
      ['that says so with 403', page(ANONYMOUS, 403), undefined],
      ['refused by somebody else', page({ message: 'Unauthorized' }, 401), undefined],
      ['refused in text', page(ANONYMOUS.message, 401), undefined],
      ['refused in no list', page({ error: { 0: { message: ANONYMOUS.message } } }, 401), undefined],
    ],
    lists: [
      [
        'with fields',
        page({
          classes: [
            {
              class: 'Users',
              properties: [property('email', 'text', 'x'), property('n', 7), { name: 'm', dataType: 'text' }],
            },
            { class: '' },
          ],
        }),
        rows({
          name: 'Users',
          fields: [
            { name: 'email', type: 'text' },
            { name: 'n', type: '' },
            { name: 'm', type: '' },
          ],
        }),
      ],
      ['of none', page({ classes: [] }), rows()],
      ['of something else', page({ classes: 'Users' }), undefined],
      ['that failed', page({ classes: [{ class: 'Users' }] }, 500), undefined],
      ['that refuse', page(ANONYMOUS, 401), 'refused'],
      ['that the anonymous may not see', page({ error: [{ message: forbidden }] }, 403), 'restricted'],
      ['that others may not see', page({ error: [{ message: 'forbidden: user anonymously' }] }, 403), undefined],
      ['that nobody may see', page(forbidden, 403), undefined],
      [
        'cut',
        cut('{"classes":[{"class":"Users","properties":[]},{"cl'),
        { ...rows({ name: 'Users', fields: [] }), truncated: true },
      ],
    ],
  },
  Milvus: {
    welcome: wire.readMilvus,
    list: wire.readMilvusList,
    pages: [
      ['by its list', page(milvusList(['users'])), known(1)],
      ['of nothing', page(milvusList([])), known(1)],
      ['that refuses', page({ code: 1800, message: "user hasn't authenticated" }), refused(1)],
      ['of something else', page({ data: ['users'] }), undefined],
    ],
    lists: [
      ['of 2.4', page({ code: 0, data: ['users', 7] }), rows('users')],
      ['of 2.2', page(milvusList(['users'], { message: '', cost: 0 })), rows('users')],
      ['of another code', page(milvusList(['users'], { code: 100 })), undefined],
      ['with a member of somebody else', page(milvusList(['users'], { total: 1 })), undefined],
      ['that are none', page(milvusList('users')), undefined],
      ['that failed', page(milvusList(['users']), 500), undefined],
      ...[1800, 65_535, 80_001].flatMap((code) =>
        [200, 401].map(
          (status) =>
            [
              `that refuse with ${code} and ${status}`,
              page({ code, message: 'auth check failure' }, status),
              'refused',
            ] as const,
        ),
      ),
      ['without authorization', page({ code: 1800, message: 'No authorization' }), 'refused'],
      ['that refuse in typographic words', page({ code: 1800, message: AUTH }), 'refused'],
      ['that refuse in plain ones', page({ code: 1800, message: 'user hasnt authenticated' }), 'refused'],
      ['that fail for another reason', page({ code: 1800, message: 'no' }), undefined],
      ['refused by another code', page({ code: 1801, message: 'auth check failure' }), undefined],
      ['cut', cut('{"code":0,"data":["users","ev'), { ...rows('users'), truncated: true }],
    ],
  },
  Meilisearch: {
    welcome: wire.readMeilisearch,
    list: wire.readMeilisearchList,
    pages: [
      ['by its list', page(meili({})), known(2)],
      ['that refuses', page(MISSING, 401), refused(2)],
      ['of something else', page({ indexes: {} }), undefined],
    ],
    lists: [
      [
        'with counts, sizes and fields',
        page(meili({ movies, a: {}, '': movies })),
        rows(
          { name: 'movies', records: 5, bytes: 900, fields: [{ name: 'id', type: 'unknown' }] },
          { name: 'a', fields: [] },
        ),
      ],
      ['of none', page(meili({})), rows()],
      ['without a size', page(meili({ movies }, { databaseSize: '9' })), undefined],
      ['in a list', page(meili([movies])), undefined],
      ['that failed', page(meili({ movies }), 500), undefined],
      ...['missing_authorization_header', 'missing_master_key', 'invalid_api_key'].flatMap((code) => [
        [`that refuse: ${code}`, page({ code }, 401), 'refused'] as const,
        [`that refuse in older words: ${code}`, page({ errorCode: code }, 403), 'refused'] as const,
        [`that do not refuse: x${code}`, page({ code: `x${code}` }, 403), undefined] as const,
        [`that do not refuse: ${code}s`, page({ code: `${code}s` }, 403), undefined] as const,
        [`that refuse in another status: ${code}`, page({ code }, 404), undefined] as const,
      ]),
      [
        'cut',
        cut('{"databaseSize":9,"indexes":{"movies":{"numberOfDocuments":5},"ev'),
        { ...rows({ name: 'movies', records: 5, fields: [] }), truncated: true },
      ],
    ],
  },
  Typesense: {
    welcome: wire.readTypesense,
    list: wire.readTypesenseList,
    pages: [
      ['by a collection', page([books]), known(2)],
      ['of none', page([]), undefined],
      ['that refuses', page(ASKED, 401), refused(2)],
      ['refused by somebody else', page({ message: 'Forbidden' }, 401), undefined],
      ['of something else', page({ books }), undefined],
    ],
    lists: [
      ['with counts and fields', page([books, { name: 'a' }, { num_documents: 1 }]), rows(booksRow)],
      ['of a count that is none', page([{ name: 'a', num_documents: -1 }]), rows({ name: 'a', fields: [] })],
      ['of none', page([]), rows()],
      ['that failed', page([books], 500), undefined],
      ['that refuse', page(ASKED, 403), 'refused'],
      ['that refuse in another status', page(ASKED, 400), undefined],
      ['cut', cut(`[${JSON.stringify(books)},{"na`), { ...rows(booksRow), truncated: true }],
    ],
  },
  Chroma: {
    welcome: wire.readChroma,
    list: wire.readChromaList,
    pages: [
      ['by its heart', page({ 'nanosecond heartbeat': 1_700_000_000_000_000_000 }), known(2)],
      ['of another beat', page({ 'nanosecond heartbeat': '17' }), undefined],
      ['that failed', page({ 'nanosecond heartbeat': 17 }, 500), undefined],
    ],
    lists: [
      ['by name and id', page([{ id: '1', name: 'users' }, { name: 'x' }, { id: '2' }]), rows('users')],
      ['of none', page([]), rows()],
      ['that failed', page([{ id: '1', name: 'users' }], 500), undefined],
      ['that refuse', page({ error: 'AuthError' }, 401), 'refused'],
      ['that forbid', page({ error: "ChromaAuthzError('Forbidden')" }, 403), 'refused'],
      ['that refuse at length', page({ error: `${'x'.repeat(20)}Auth${'x'.repeat(20)}Error` }, 401), 'refused'],
      ['that refuse at too great a length', page({ error: `${'x'.repeat(21)}AuthError` }, 401), undefined],
      ['that refuse at a greater', page({ error: `Auth${'x'.repeat(21)}Error` }, 401), undefined],
      ['refused within words', page({ error: 'an AuthError' }, 401), undefined],
      ['refused by somebody else', page({ error: 'Unauthorized' }, 401), undefined],
      ['cut', cut('[{"id":"1","name":"users"},{"id'), { ...rows('users'), truncated: true }],
    ],
  },
  Vespa: {
    welcome: wire.readVespa,
    list: wire.readVespaList,
    pages: [
      ['by its version', page({ version: '8.200.12' }), known(1, '8.200.12')],
      ['of the least version', page({ version: '5.1.1' }), known(1, '5.1.1')],
      ['of the greatest', page({ version: '9.99999.99999' }), known(1, '9.99999.99999')],
      ...['4.1.1', '18.1.1', '8.100000.1', '8.1.100000', '8.1', 'v8.1.1', '8.1.1-beta', '8x1.1', '8.1x1'].map(
        (version) => [`of version ${version}`, page({ version }), undefined] as const,
      ),
      ['that failed', page({ version: '8.200.12' }, 500), undefined],
    ],
    lists: [
      ['by name', page({ tenants: ['default', 7] }), rows('default')],
      ['of something else', page(['default']), undefined],
      ['that failed', page({ tenants: ['default'] }, 500), undefined],
      ['cut', cut('{"tenants":["default","ac'), { ...rows('default'), truncated: true }],
    ],
  },
};

describe.each(Object.entries(ENGINES))('%s', (_engine, { welcome, list, pages, lists }) => {
  it.each([...pages])('%s', (_name, reply, expected) => {
    expect(welcome(reply)).toEqual(expected);
  });
  it.each([...lists])('lists %s', (_name, reply, expected) => {
    expect(list(reply)).toEqual(expected);
  });
});
