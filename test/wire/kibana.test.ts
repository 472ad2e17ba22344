/** What Kibana and OpenSearch Dashboards say of themselves, page by page; whole visits are in test/probes/kibana.test.ts. */
import { describe, expect, it } from 'vitest';
import { countSpaces, readAccount, readMe, readStatus, type Status } from '../../lib/wire/kibana.ts';
import { page } from '../support/recorded-site.ts';

type Headers = Readonly<Record<string, string>>;
const KBN = { 'kbn-name': 'kibana-1' };
const OSD = { 'osd-name': 'osd-1' };
const kibana = (over: Partial<Status>): Status => ({
  row: 'full',
  product: 'Kibana',
  markers: 2,
  version: '',
  notes: [],
  ...over,
});
const osd = (over: Partial<Status>): Status => kibana({ product: 'OpenSearch Dashboards', ...over });

const FULL = { name: 'kibana-1', version: { number: '8.11.1' }, status: { overall: { level: 'available' } } };
const REDACTED = { status: { overall: { level: 'available' } } };

describe('the status', () => {
  it.each<[string, unknown, Headers, Status | undefined]>([
    ['of a Kibana', FULL, KBN, kibana({ markers: 3, version: '8.11.1' })],
    ['by its licence', FULL, { 'kbn-license-sig': 'x' }, kibana({ markers: 3, version: '8.11.1' })],
    ['without its headers', FULL, {}, kibana({ version: '8.11.1' })],
    ['in the words of 7', { ...FULL, status: { overall: { state: 'green' } } }, {}, kibana({ version: '8.11.1' })],
    ['of the Dashboards', FULL, OSD, osd({ markers: 3, version: '8.11.1' })],
    ['of the Dashboards by version', FULL, { 'osd-version': '2.9.0' }, osd({ markers: 3, version: '8.11.1' })],
    ['of both', FULL, { ...KBN, ...OSD }, osd({ markers: 3, version: '8.11.1' })],
    ['redacted', REDACTED, { ...KBN, 'kbn-version': '8.0.0' }, kibana({ row: 'redacted', version: '8.0.0' })],
    ['redacted, of the Dashboards', REDACTED, { 'osd-version': '2.9.0' }, osd({ row: 'redacted', version: '2.9.0' })],
    ['without a name', { ...FULL, name: '' }, KBN, kibana({ row: 'redacted', version: '8.11.1' })],
    ['without a version', { ...FULL, version: {} }, KBN, kibana({ row: 'redacted' })],
    ['redacted and without headers', REDACTED, {}, undefined],
    ['without a level', { ...FULL, status: { overall: {} } }, KBN, undefined],
    ['of a page', '<html>', KBN, undefined],
  ])('%s', (_name, body, headers, expected) => {
    expect(readStatus(page(body, 200, headers))).toEqual(expected);
    expect(readStatus(page(body, 500, headers))).toBeUndefined();
  });

  it.each([
    ['8.0', '8.0'],
    ['123.0.0-SNAPSHOT', '123.0.0-SNAPSHOT'],
    [`8.0${'x'.repeat(30)}`, `8.0${'x'.repeat(30)}`],
    [`8.0${'x'.repeat(31)}`, ''],
    ['v8.0', ''],
    ['1234.0', ''],
    ['8.0 beta', ''],
    ['8', ''],
    ['8.x', ''],
  ])('tells version %s as "%s"', (number, version) => {
    expect(readStatus(page({ ...FULL, version: { number } }))?.version).toBe(version);
  });
});

describe('a closed door', () => {
  it.each<[number, Headers, string]>([
    [302, { location: '/login?next=%2F' }, 'a path of its own'],
    [300, { location: 'https://idp.example/OAuth2?secret=1' }, 'idp.example'],
    [399, { location: 'https://idp.example/saml' }, 'idp.example'],
    [307, { location: 'https://idp.example/openid' }, 'idp.example'],
    [303, { location: 'https://idp.example/oidc' }, 'idp.example'],
  ])('%i sends to sign in: %j', (status, headers, host) => {
    const notes = [`sent to sign in at ${host}`];
    expect(readStatus(page('', status, { ...headers, ...KBN }))).toEqual(kibana({ row: 'login', markers: 1, notes }));
    expect(readStatus(page('', status, headers))).toBeUndefined();
  });

  it.each([
    [302, { location: '/app/home' }],
    [302, {}],
    [400, { location: '/login' }],
    [299, { location: '/login' }],
  ] as const)('%i with %j sends nobody to sign in', (status, headers) => {
    expect(readStatus(page('', status, { ...headers, ...KBN }))).toBeUndefined();
  });

  it('is one by its headers alone', () => {
    expect(readStatus(page('', 401, KBN))).toEqual(kibana({ row: 'refused', markers: 1 }));
    expect(readStatus(page('', 401, OSD))).toEqual(osd({ row: 'refused', markers: 1 }));
    expect(readStatus(page('', 401))).toBeUndefined();
    expect(readStatus(page('', 403, KBN))).toBeUndefined();
  });

  it('of a domain of AWS is its access policy', () => {
    const says = 'User: anonymous is not authorized to perform: es:ESHttpGet';
    for (const body of [{ Message: says }, { message: says }]) {
      expect(readStatus(page(body, 403))).toEqual(osd({ row: 'aws-policy', markers: 1 }));
      expect(readStatus(page(body, 401))).toBeUndefined();
    }
    for (const other of [`So: ${says}`, says.replace('es:', 's3:'), says.replace('anonymous', 'a b'), '']) {
      expect(readStatus(page({ Message: other }, 403)), other).toBeUndefined();
    }
  });
});

it.each([
  ['Kibana server is not ready yet', 503, {}, kibana({ row: 'not-ready', markers: 1 })],
  ['OpenSearch Dashboards server is not ready yet', 503, OSD, osd({ row: 'not-ready' })],
  ['Kibana server is not ready yet', 500, KBN, undefined],
  ['Kibana is not ready yet', 503, KBN, undefined],
] as const)('"%s" with %i is a server that starts', (body, status, headers, expected) => {
  expect(readStatus(page(body, status, headers))).toEqual(expected);
});

describe('who a stranger is', () => {
  const unknown = { statusCode: 404, error: 'Not Found' };
  it.each([
    ['readMe', readMe, { username: 'viewer' }, { username: '' }],
    ['readAccount', readAccount, { data: { user_name: 'viewer' } }, { data: { user_name: '' } }],
    ['readAccount of the plugin itself', readAccount, { user_name: 'viewer' }, { user_name: 7 }],
  ] as const)('%s', (_name, read, somebody, nobody) => {
    expect(read(page(somebody))).toBe('anonymous-user');
    expect(read(page(nobody))).toBeUndefined();
    expect(read(page('<html>'))).toBeUndefined();
    expect(read(page('', 401))).toBe('refused');
    expect(read(page('', 302))).toBe('refused');
    expect(read(page(unknown, 404))).toBe('no-security');
    expect(read(page('not found', 404))).toBeUndefined();
    expect(read(page(unknown, 400))).toBeUndefined();
    for (const status of [201, 403, 500]) expect(read(page(somebody, status))).toBeUndefined();
  });
});

it.each<[unknown, number | undefined]>([
  [[{ id: 'default' }], 1],
  [[{ id: 'default', name: 'Default' }, { id: 'ops' }], 2],
  [[], undefined],
  [[{ id: 'default' }, { id: '' }], undefined],
  [[{ id: 'default' }, ['ops']], undefined],
  [[{ id: 'default' }, null], undefined],
  [{ id: 'default' }, undefined],
  ['<html>', undefined],
])('spaces of %j are %j', (body, count) => {
  expect(countSpaces(page(body))).toBe(count);
  expect(countSpaces(page(body, 404))).toBeUndefined();
});
