import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SHOWN } from '../../lib/model/text.ts';
import { readRoot } from '../../lib/wire/elasticsearch.ts';
import {
  MAX_FIELD_OBJECTS,
  MAX_FIELDS,
  MAX_INDICES,
  readCat,
  readFields,
  readStats,
} from '../../lib/wire/elasticsearch-indices.ts';
import { isCatchAll, type Reply } from '../../lib/wire/http-front.ts';
import { asObject, MAX_DEPTH, member, parseJson, textMember } from '../../lib/wire/json.ts';

const reply = (body: unknown, more: Partial<Reply> = {}): Reply => ({
  status: 200,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  truncated: false,
  ...more,
});

describe('JSON of a stranger', () => {
  it('parses to its depth limit and not beyond', () => {
    const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parseJson(deep(MAX_DEPTH))).toBeDefined();
    expect(parseJson(deep(MAX_DEPTH + 1))).toBeUndefined();
    expect(parseJson('['.repeat(200_000))).toBeUndefined();
  });

  it('does not count brackets inside of strings', () => {
    const text = JSON.stringify({ a: `\\"${'['.repeat(100)}` });
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('has own members only', () => {
    const hostile = parseJson('{"__proto__":{"tagline":"x"},"a":{"constructor":1}}');
    expect(member(hostile, 'tagline')).toBeUndefined();
    expect(member(hostile, 'toString')).toBeUndefined();
    expect(member(hostile, 'a', 'constructor')).toBe(1);
    expect(member(hostile, '__proto__', 'tagline')).toBe('x');
    expect(textMember(hostile, 'a')).toBe('');
    expect(asObject([])).toBeUndefined();
    expect(({} as Record<string, unknown>)['tagline']).toBeUndefined();
  });
});

describe('index lists', () => {
  it('take a hostile name as a name', () => {
    const list = readCat(reply('[{"index":"__proto__","docs.count":"1"},{"index":"a\\u001b[2J","docs.count":"2"}]'));
    expect(list?.indices).toEqual([
      { name: '__proto__', records: 1 },
      { name: 'aU+001B[2J', records: 2 },
    ]);
    const stats = readStats(reply('{"indices":{"__proto__":{"primaries":{"docs":{"count":3}}}}}'));
    expect(stats?.indices).toEqual([{ name: '__proto__', records: 3 }]);
  });

  it.each(['1e9', '-1', ' 1', '0x10', '9'.repeat(16), '', true, 1.5, -1, {}, null])('take %j for no count', (count) => {
    expect(readCat(reply([{ index: 'a', 'docs.count': count }]))?.indices).toEqual([{ name: 'a' }]);
  });

  it('cut anywhere by the body cap read as the whole elements before the cut', () => {
    const rows = ['a', 'b', 'c'].map((index) => ({ index, 'docs.count': '1', 'store.size': '2', status: 'open' }));
    const text = JSON.stringify(rows);
    const second = text.indexOf('},{') + 2;
    for (let cut = second; cut < text.length; cut++) {
      const list = readCat(reply(text.slice(0, cut), { truncated: true }));
      expect(list?.truncated, `${cut}`).toBe(true);
      expect(list?.indices.map(({ name }) => name)).toEqual(cut > text.lastIndexOf('},{') + 1 ? ['a', 'b'] : ['a']);
    }
    const stats = JSON.stringify({
      indices: Object.fromEntries(['a', 'b'].map((n) => [n, { primaries: { docs: { count: 1 } } }])),
    });
    expect(readStats(reply(stats.slice(0, -10), { truncated: true }))).toEqual({
      indices: [{ name: 'a', records: 1 }],
      truncated: true,
    });
  });

  it('cut before the first whole element are not read', () => {
    expect(readCat(reply('[{"index":"a"', { truncated: true }))).toBeUndefined();
  });

  it('of the wrong shape or status are not read', () => {
    for (const body of ['', 'null', '{}', '[1]', '[{"index":1}]', '[{"index":""}]', '[[]]'])
      expect(readCat(reply(body))).toBeUndefined();
    for (const body of ['', 'null', '[]', '{"indices":[]}', '{"x":1}']) expect(readStats(reply(body))).toBeUndefined();
    expect(readCat(reply([], { status: 206 }))).toBeUndefined();
    expect(readStats(reply({}))).toEqual({ indices: [], truncated: false });
  });
});

describe('mappings', () => {
  const mapping = (properties: unknown): Reply => reply({ i: { mappings: { properties } } });

  it('stop at their limits and say so', () => {
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}`, { type: 'text' }]));
    const fields = readFields(mapping(wide));
    expect(fields?.byIndex.get('i')).toHaveLength(MAX_FIELDS);
    expect(fields?.truncated).toBe(true);
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`i${n}`, { mappings: {} }]));
    expect(readFields(reply(many))?.byIndex.size).toBe(MAX_FIELD_OBJECTS);
    expect(readFields(reply(many))?.truncated).toBe(true);
  });

  it('nested without end are cut, not followed', () => {
    const deep = Array.from({ length: 12 }).reduce<unknown>((inner) => ({ p: { type: 'object', properties: inner } }), {
      x: { type: 'text' },
    });
    const fields = readFields(mapping(deep));
    expect(fields?.truncated).toBe(true);
    expect(fields?.byIndex.get('i')?.length).toBeLessThanOrEqual(8);
  });

  it('take fields called properties and type for fields', () => {
    const fields = readFields(
      mapping({ type: { type: 'keyword' }, properties: { properties: { type: { type: 'date' } } } }),
    );
    expect(fields?.byIndex.get('i')).toEqual([
      { name: 'type', type: 'keyword' },
      { name: 'properties.type', type: 'date' },
    ]);
    expect(fields?.truncated).toBe(false);
  });
});

describe('hostile replies', () => {
  const key = fc.constantFrom(
    'tagline',
    'version',
    'number',
    'error',
    'reason',
    'type',
    'Message',
    'indices',
    'index',
    'mappings',
    'properties',
    '__proto__',
    'constructor',
    'docs.count',
    'primaries',
  );
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'You Know, for Search',
      'security_exception',
      '8.1.0',
      'no permissions for [x] and User [name=a]',
      'User: anonymous is not authorized to perform: es:x',
    ),
  );
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  const hostile = fc.record({
    status: fc.constantFrom(200, 200, 204, 301, 401, 403, 404, 429, 503),
    headers: fc.dictionary(
      fc.constantFrom(
        'www-authenticate',
        'location',
        'warning',
        'x-aoss-response-hint',
        'cf-ray',
        'x-elastic-product',
        'x-cloud-request-id',
      ),
      fc.oneof(
        fc.string(),
        fc.constantFrom('Elasticsearch', 'Basic realm="OpenSearch Security"', 'https://a.b/\u202e'),
      ),
    ),
    body: fc.oneof(
      json.map((v) => Buffer.from(JSON.stringify(v) ?? '')),
      fc.uint8Array({ maxLength: 200 }).map((b) => Buffer.from(b)),
    ),
    truncated: fc.boolean(),
  });

  it('are read without a throw, within every limit', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const root = readRoot(one, 'x.aoss.amazonaws.com');
        for (const line of [...root.notes, root.version ?? '']) {
          expect(line.length).toBeLessThanOrEqual(MAX_SHOWN + 40);
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        }
        if (root.row === 'main') expect(root.markers).toBeGreaterThanOrEqual(2);
        for (const list of [readCat(one), readStats(one)])
          expect(list?.indices.length ?? 0).toBeLessThanOrEqual(MAX_INDICES);
        for (const fields of readFields(one)?.byIndex.values() ?? [])
          expect(fields.length).toBeLessThanOrEqual(MAX_FIELDS);
        expect(isCatchAll(one, one)).toBe(true);
        expect(isCatchAll(one, other)).toBe(isCatchAll(other, one));
      }),
      { numRuns: 2_000 },
    );
  });
});
