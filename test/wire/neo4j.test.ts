/** Neo4j over HTTP, and its codes in either protocol; whole visits are in test/probes/neo4j.test.ts. */
import { describe, expect, it } from 'vitest';
import { accessRow, LABELS, MAX_NAMES, READ_LABELS, readLabels, readRoot } from '../../lib/wire/neo4j.ts';
import { page } from '../support/recorded-site.ts';

const NEW = {
  ...{ bolt_routing: 'neo4j://db.example:7687', transaction: 'http://db.example:7474/db/{databaseName}/tx' },
  ...{ bolt_direct: 'bolt://db.example:7687', neo4j_version: '5.26.0', neo4j_edition: 'community' },
};
const OLD = { data: 'http://db.example:7474/db/data/', management: 'x', bolt: 'bolt://db.example:7687' };

describe('the page at /', () => {
  it('tells version, marks and how names are read', () => {
    expect(readRoot(page(NEW))).toEqual({ markers: 5, version: '5.26.0', generation: 4 });
    expect(readRoot(page(OLD))).toEqual({ markers: 2, version: '', generation: 3 });
    expect(readRoot(page({ ...OLD, data: 'http://db.example/db/data' }))?.generation).toBe(3);
    expect(readRoot(page({ ...OLD, ...NEW }))).toEqual({ markers: 7, version: '5.26.0', generation: 4 });
  });

  it.each(['bolt://x', 'bolt+s://x', 'neo4j://x', 'neo4j+s://x'])('of %s is new, in either place', (url) => {
    const found = { markers: 2, version: '5', generation: 4 };
    expect(readRoot(page({ bolt_direct: url, neo4j_version: '5' }))).toEqual(found);
    expect(readRoot(page({ bolt_routing: url, neo4j_version: '5' }))).toEqual(found);
    expect(readRoot(page({ bolt_direct: '', bolt_routing: url, neo4j_version: '5' }))).toEqual(found);
  });

  it.each([
    ['one mark', { bolt_direct: 'bolt://x' }],
    ['another scheme', { bolt_direct: 'http://x', neo4j_version: '5' }],
    ['another scheme that holds it', { bolt_direct: 'xbolt://x', neo4j_version: '5' }],
    ['a scheme with more', { bolt_direct: 'bolt+ssc://x', neo4j_version: '5' }],
    ['a path that is longer', { data: 'http://x/db/data/x', neo4j_version: '3' }],
    ['no text', { bolt_direct: 5, neo4j_version: '5' }],
    ['a list', [NEW]],
  ])('with %s is not it', (_what, body) => {
    expect(readRoot(page(body))).toBeUndefined();
  });

  it('is of a 200 alone', () => {
    for (const status of [201, 401, 404, 500]) expect(readRoot(page(NEW, status))).toBeUndefined();
  });
});

describe('a code', () => {
  it.each([
    ['Neo.ClientError.Security.CredentialsExpired', 'expired'],
    ['Neo.ClientError.Security.AuthenticationRateLimit', 'rate-limit'],
    ['Neo.ClientError.Security.Forbidden', 'restricted'],
    ['Neo.ClientError.Security.Unauthorized', 'unauthorized'],
    ['Neo.ClientError.Security.AuthorizationExpired', 'unauthorized'],
    ['Neo.ClientError.Security.TokenExpired', 'unauthorized'],
    ['Memgraph.ClientError.Security.Unauthenticated', 'unauthorized'],
    ['Neo.ClientError.Statement.SyntaxError', 'error'],
    ['', 'error'],
  ])('%j: %s', (code, row) => {
    expect(accessRow(code)).toBe(row);
    const reply = page({ results: [], errors: [{ code }] });
    expect(readLabels(reply)).toEqual({ row: code === '' ? 'error' : row, code, names: [], truncated: false });
  });
});

describe('labels', () => {
  const answer = (...labels: readonly unknown[]) => ({
    results: [{ columns: ['label'], data: labels.map((label) => ({ row: [label], meta: [null] })) }],
    errors: [],
  });

  it('are asked for one more than are shown', () => {
    expect(LABELS).toBe('CALL db.labels() YIELD label RETURN label LIMIT 201');
    expect(JSON.parse(READ_LABELS)).toEqual({ statements: [{ statement: LABELS }] });
  });

  it('are those of a transaction, or of a list of their own', () => {
    const found = { row: 'none', code: '', names: ['Camera', 'User'], truncated: false };
    expect(readLabels(page(answer('Camera', 'User')))).toEqual(found);
    expect(readLabels(page(['Camera', 'User']))).toEqual(found);
    expect(readLabels(page([]))).toEqual({ ...found, names: [] });
  });

  it('are 200 at most, and more are told as cut', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `L${i}`);
    expect(readLabels(page(many(MAX_NAMES)))).toMatchObject({ names: many(200), truncated: false });
    expect(readLabels(page(answer(...many(MAX_NAMES + 1))))).toMatchObject({ names: many(200), truncated: true });
    expect(readLabels({ ...page('["A","B","C'), truncated: true })).toMatchObject({
      row: 'none',
      names: ['A', 'B'],
      truncated: true,
    });
  });

  it.each([
    ['a label that is none', page(answer('Camera', 5))],
    ['a row that is none', page({ results: [{ columns: ['label'], data: [{ row: 'Camera' }, 'x'] }], errors: [] })],
    ['another column', page({ results: [{ columns: ['name'], data: [] }], errors: [] })],
    ['columns that are none', page({ results: [{ columns: 'label', data: [] }], errors: [] })],
    ['data that is none', page({ results: [{ columns: ['label'], data: {} }], errors: [] })],
    ['no result', page({ results: [], errors: [] })],
    ['results that are none', page({ results: { 0: { columns: ['label'], data: [] } }, errors: [] })],
    ['a list of numbers', page([1])],
    ['no JSON', page('labels')],
    ['another status', page(['Camera'], 500)],
  ])('are not known by %s', (_what, reply) => {
    expect(readLabels(reply)).toEqual({ row: 'error', code: '', names: [], truncated: false });
  });

  it('are refused by a 401, whatever it says, and for the reason that it says', () => {
    expect(readLabels(page('', 401))).toMatchObject({ row: 'unauthorized', code: '' });
    const said = (code: string) => readLabels(page({ errors: [{ code }, { code: 'x' }] }, 401));
    expect(said('Neo.ClientError.Security.CredentialsExpired')).toMatchObject({ row: 'expired' });
    expect(said('Neo.ClientError.Security.Forbidden')).toMatchObject({ row: 'restricted' });
    expect(said('Neo.Other')).toMatchObject({ row: 'unauthorized', code: 'Neo.Other' });
    expect(readLabels(page(answer('Camera'), 401))).toMatchObject({ row: 'unauthorized', names: [] });
    expect(readLabels(page({ errors: 'no' }, 401))).toMatchObject({ code: '' });
    expect(said('x'.repeat(300)).code.length).toBeLessThanOrEqual(101);
  });
});
