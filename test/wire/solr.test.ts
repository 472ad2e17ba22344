/** Solr's admin pages one by one; whole visits are in test/probes/solr.test.ts. */
import { describe, expect, it } from 'vitest';
import { readCores, readSchema, readSystem } from '../../lib/wire/solr.ts';
import { page } from '../support/recorded-site.ts';

const REALM = { 'www-authenticate': 'Basic realm="solr"' };

/** A 401 and 403 in what words, and what each page makes of it. */
const REFUSALS: readonly (readonly [string, string, Record<string, string>, number])[] = [
  ['in the words of the plugin', '<title>Error 401 require authentication</title>', {}, 1],
  ['of a password', 'Bad credentials', {}, 1],
  ['by its realm', '', REALM, 2],
  ['by its realm and in words', 'require authentication', { 'www-authenticate': 'xBasic REALM="Solr", x' }, 2],
];

describe('401', () => {
  it.each(REFUSALS)('%s is a refusal', (_name, body, headers, markers) => {
    expect(readSystem(page(body, 401, headers))).toEqual({ markers, version: '', refused: true });
    expect(readCores(page(body, 401, headers))).toBe('refused');
  });

  it.each(REFUSALS)('%s is one in no other status', (_name, body, headers) => {
    for (const status of [200, 403, 407, 500]) {
      expect(readSystem(page(body, status, headers))).toBeUndefined();
      expect(readCores(page(body, status, headers))).toBeUndefined();
    }
  });

  it('of somebody else says nothing', () => {
    for (const headers of [{}, { 'www-authenticate': 'Basic realm="solaris"' }]) {
      expect(readSystem(page('Unauthorized', 401, headers))).toBeUndefined();
      expect(readCores(page('Unauthorized', 401, headers))).toBeUndefined();
    }
  });
});

describe('the system page', () => {
  const system = (version: unknown, responseHeader: unknown = { status: 0 }) => ({
    responseHeader,
    lucene: { 'solr-spec-version': version },
  });

  it.each(['9.10.1', '4.0', '123.4-SNAPSHOT'])('tells version %s', (version) => {
    expect(readSystem(page(system(version)))).toEqual({ markers: 2, version });
    expect(readSystem(page(system(version, null)))).toEqual({ markers: 1, version });
    for (const status of [201, 404, 500]) expect(readSystem(page(system(version), status))).toBeUndefined();
  });

  it.each(['', '9', '9.', '9x1', 'v9.1', '1234.5', 9.1, undefined])('does not tell version %j', (version) => {
    expect(readSystem(page(system(version)))).toBeUndefined();
  });
});

describe('the list of cores', () => {
  const cores = (status: unknown, code: unknown = 0) => ({ responseHeader: { status: code }, status });
  const users = { index: { numDocs: 12, sizeInBytes: 900 } };

  it.each<[string, unknown, unknown]>([
    ['with counts and sizes', { users }, [{ name: 'users', records: 12, bytes: 900 }]],
    ['without', { a: {}, b: null }, [{ name: 'a' }, { name: 'b' }]],
    ['with what are none', { a: { index: { numDocs: -1, sizeInBytes: '9' } } }, [{ name: 'a' }]],
    ['one without a name', { '': users, a: {} }, [{ name: 'a' }]],
    ['of nothing', {}, []],
  ])('%s', (_name, status, rows) => {
    expect(readCores(page(cores(status)))).toEqual({ rows, truncated: false });
  });

  it.each<[string, unknown, number]>([
    ['that failed', cores({ users }, 1), 200],
    ['without its head', { status: { users } }, 200],
    ['that is a list', cores([users]), 200],
    ['of nameless ones alone', cores({ '': users }), 200],
    ['in another status', cores({ users }), 500],
    ['forbidden by somebody else', 'Forbidden', 403],
  ])('%s says nothing', (_name, body, status) => {
    expect(readCores(page(body, status))).toBeUndefined();
  });

  it('that a rule forbids is restricted', () => {
    expect(readCores(page({ error: { msg: 'Unauthorized request, Response code: 403' } }, 403))).toBe('restricted');
    expect(readCores(page({ error: { msg: 'Unauthorized request, Response code: 403' } }, 404))).toBeUndefined();
  });

  it('cut by our own cap is as open as a whole one', () => {
    const whole = JSON.stringify(cores({ users, orders: users }));
    const body = Buffer.from(whole.slice(0, -20));
    expect(readCores({ ...page(''), body, truncated: true })).toEqual({
      rows: [{ name: 'users', records: 12, bytes: 900 }],
      truncated: true,
    });
    expect(readCores({ ...page(''), body })).toBeUndefined();
  });
});

it('the schema tells names and types of fields, and only with status 200', () => {
  const fields = [{ name: 'email', type: 'string' }, { name: 'age', type: 5 }, { type: 'x' }];
  expect(readSchema(page({ fields }))).toEqual([
    { name: 'email', type: 'string' },
    { name: 'age', type: '' },
  ]);
  expect(readSchema(page({ fields }, 404))).toEqual([]);
  expect(readSchema(page('not found'))).toEqual([]);
});
