/** Each row of probes.md section 3.7 as the reply to `GET /` tells it, and what is too little for it. */
import { describe, expect, it } from 'vitest';
import { readRoot } from '../../lib/wire/elasticsearch.ts';
import { page } from '../support/recorded-site.ts';

const HOST = 'es.example.test';
type Headers = Readonly<Record<string, string>>;
const root = (body: unknown, status = 200, headers: Headers = {}, host = HOST) =>
  readRoot(page(body, status, headers), host);
const TAGLINE = 'You Know, for Search';
const NAMED = { name: 'node-1', cluster_name: 'prod', cluster_uuid: 'uuid' };
const HEADER = { 'x-elastic-product': 'Elasticsearch' };
const main = (over: Record<string, unknown> = {}) => ({
  ...NAMED,
  version: { number: '8.11.0' },
  tagline: TAGLINE,
  ...over,
});

describe('the main page', () => {
  it.each([
    ['all of it', main(), {}, 3],
    ['with the header', main(), HEADER, 4],
    ['the header for a tagline', main({ tagline: 'Hello' }), HEADER, 3],
    ['without a name', main({ cluster_uuid: '' }), {}, 3],
    ['without a uuid or a name', main({ cluster_uuid: '', name: '' }), {}, 2],
    ['a uuid alone', main({ name: '' }), {}, 3],
  ] as const)('%s', (_what, body, headers, markers) => {
    expect(root(body, 200, headers)).toEqual({
      ...{ row: 'main', markers, product: 'elasticsearch', version: '8.11.0', notes: [] },
    });
  });

  it('of OpenSearch is known by its tagline or its distribution', () => {
    const tagline = 'The OpenSearch Project: https://opensearch.org/';
    expect(root(main({ tagline, version: { number: '2.11.0' } }))).toMatchObject({
      row: 'main',
      product: 'opensearch',
    });
    expect(root(main({ version: { number: '7.10.2', distribution: 'opensearch' } }))).toMatchObject({
      product: 'opensearch',
    });
    expect(root(main({ version: { number: '7.10.2', distribution: 'default' } })).product).toBe('elasticsearch');
  });

  it('in a 503 has no elected master, and in any other status it is none', () => {
    expect(root(main(), 503).row).toBe('main-unavailable');
    for (const status of [201, 204, 404, 500]) expect(root(main(), status).row).toBe('generic-http');
  });

  it.each([
    ['another tagline', main({ tagline: 'You Know, for search' })],
    ['a tagline with more', main({ tagline: `x ${TAGLINE}` })],
    ['no version', main({ version: {} })],
    ['a version that is text', main({ version: { number: 'x8.11.0' } })],
    ['a version of one number', main({ version: { number: '8' } })],
    ['a version that is no year', main({ version: { number: '12345.1' } })],
    ['a version of letters', main({ version: { number: '8.x' } })],
  ])('with %s is not it', (_what, body) => {
    expect(root(body)).toMatchObject({ row: 'generic-http', markers: 0 });
  });

  it('warns, where the server itself does', () => {
    const warning = '299 Elasticsearch-7.17 "Elasticsearch built-in security features are not enabled. Without"';
    expect(root(main(), 200, { warning }).notes).toEqual(['the server itself warns that its security is off']);
    expect(root(main(), 200, { warning: '299 something else' }).notes).toEqual([]);
  });

  it('behind the proxy of Elastic Cloud says so', () => {
    for (const name of ['x-found-handling-cluster', 'x-cloud-request-id'])
      expect(root(main(), 200, { [name]: 'x' }).notes).toEqual(['behind the Elastic Cloud proxy']);
  });
});

describe('a 401', () => {
  const realm = (name: string): Headers => ({ 'www-authenticate': `Basic realm="${name}"` });
  it.each([
    ['OpenSearch Security', 'Unauthorized', 2, 'opensearch'],
    ['OpenSearch Security', ' Unauthorized\n', 2, 'opensearch'],
    ['OpenSearch Security', 'Authentication finally failed', 1, 'opensearch'],
    ['Open Distro Security', 'Unauthorized', 2, 'opensearch'],
    ['Search Guard', 'Unauthorized', 2, 'elasticsearch'],
    ['search guard', 'Unauthorized', 2, 'elasticsearch'],
  ])('of %s saying %j', (name, body, markers, product) => {
    const found = { row: 'opensearch-security', markers, product, notes: [`realm ${name}`] };
    expect(root(body, 401, realm(name))).toEqual(found);
    expect(root(body, 403, realm(name)).row).toBe('generic-http');
  });

  const security = (reason: string) => ({ error: { type: 'security_exception', reason }, status: 401 });
  it.each([
    ['missing authentication credentials for REST request [/]', {}, 2],
    ['missing authentication token for REST request [/]', {}, 2],
    ['unable to authenticate user [x] for REST request [/]', {}, 2],
    ['something new', realm('security'), 2],
    ['something new', {}, 1],
    ['something new', realm('insecurity'), 1],
  ])('of Elasticsearch: %s', (reason, headers, markers) => {
    const found = { row: 'missing-credentials', markers, product: 'elasticsearch', notes: [reason] };
    expect(root(security(reason), 401, headers)).toEqual(found);
  });

  it('that names no product is of whatever stands in front', () => {
    expect(root({ error: { type: 'other' } }, 401, realm('security'))).toMatchObject({ row: 'proxy-auth', markers: 0 });
    expect(root('', 401, realm('OpenSearch'))).toMatchObject({ row: 'proxy-auth', markers: 0 });
  });
});

describe('a 403', () => {
  const aws = { Message: 'User: anonymous is not authorized to perform: es:ESHttpGet' };
  const hint = 'an address condition in the access policy gives the same answer to outsiders';
  it('of an access policy is known by its words, in either spelling', () => {
    const found = { row: 'aws-policy', markers: 2, product: 'aws opensearch service', notes: [aws.Message, hint] };
    expect(root(aws, 403)).toEqual(found);
    expect(root({ message: aws.Message }, 403)).toEqual(found);
    for (const Message of [
      `x ${aws.Message}`,
      'User: a b is not authorized to perform: es:x',
      'User: a is not authorized to perform: s3:x',
    ])
      expect(root({ Message }, 403).row).toBe('generic-http');
    expect(root(aws, 401).row).toBe('proxy-auth');
  });

  it('of a serverless collection is one of its network, by the hint, or of credentials, by the host', () => {
    expect(root('', 403, { 'x-aoss-response-hint': 'X01:gw-helper-deny' })).toEqual({
      ...{ row: 'aoss-network', markers: 1, product: 'aws opensearch serverless', notes: [] },
    });
    expect(root('', 403, { 'x-aoss-response-hint': 'X01:other' }).row).toBe('generic-http');
    const found = { row: 'aoss-credentials', markers: 1, product: 'aws opensearch serverless', notes: [] };
    for (const host of [
      'x.eu-west-1.aoss.amazonaws.com',
      'x.aoss.amazonaws.com.',
      'x.cn-north-1.aoss.amazonaws.com.cn',
    ])
      for (const status of [401, 403]) expect(root('', status, {}, host)).toEqual(found);
    for (const host of ['xaoss.amazonaws.com', 'x.aoss.amazonaws.com.example.test', 'x.aoss.amazonaws.comx'])
      expect(root('', 403, {}, host).row, host).toBe('generic-http');
    expect(root('', 404, {}, 'x.aoss.amazonaws.com').row).toBe('generic-http');
  });

  const because = (reason: string, type = 'security_exception') => ({ error: { type, reason } });
  const role = 'no permissions for [cluster:monitor/main] and User [name=opendistro_security_anonymous]';
  const action = (who: string): string => `action [cluster:monitor/main] is unauthorized for ${who} [x]`;
  it.each([
    [role, 'anonymous-role', 'opensearch'],
    [action('user'), 'anonymous-forbidden', 'elasticsearch'],
    [action('API key'), 'anonymous-forbidden', 'elasticsearch'],
    [action('service account'), 'anonymous-forbidden', 'elasticsearch'],
  ])('%s', (reason, row, product) => {
    expect(root(because(reason), 403)).toEqual({ row, markers: 2, product, notes: [reason] });
    expect(root(because(reason, 'other'), 403)).toMatchObject({ row, markers: 1 });
    expect(root(because(`x ${reason}`), 403)).toMatchObject({ row: 'security-forbidden', markers: 1 });
    expect(root(because(`x ${reason}`, 'other'), 403).row).toBe('generic-http');
  });

  it.each([
    'no permissions for [] and User [name=x]',
    `no permissions for [${'x'.repeat(201)}] and User [name=x]`,
    'no permissions for [x] and User ',
    action('nobody'),
    `action [${'x'.repeat(201)}] is unauthorized for user [x]`,
  ])('in other words is of security and no more: %s', (reason) => {
    expect(root(because(reason), 403)).toMatchObject({
      row: 'security-forbidden',
      product: 'elasticsearch',
      markers: 1,
    });
  });
});

describe('a 503', () => {
  it.each([
    ['OpenSearch Security', 'opensearch'],
    ['Open Distro Security', 'opensearch'],
    ['Search Guard', 'elasticsearch'],
  ])('of %s that is not initialized', (name, product) => {
    const body = `${name} not initialized for indices:data`;
    expect(root(body, 503)).toEqual({ row: 'not-initialized', markers: 1, product, notes: [] });
    expect(root(`x${body}`, 503).row).toBe('generic-http');
    expect(root(body, 500).row).toBe('generic-http');
  });

  it('of anybody else', () => {
    expect(root('upstream is down', 503)).toMatchObject({ row: 'generic-http', markers: 0 });
  });
});

describe('in front', () => {
  it('is the proxy of Elastic Cloud, which is no product', () => {
    expect(root({ ok: false }, 404, { 'x-cloud-request-id': 'x' })).toEqual({
      ...{
        row: 'elastic-cloud',
        markers: 0,
        product: 'elastic cloud proxy',
        notes: ['behind the Elastic Cloud proxy'],
      },
    });
    const challenge = { 'x-cloud-request-id': 'x', 'www-authenticate': 'Basic' };
    expect(root('', 401, challenge)).toMatchObject({ row: 'proxy-auth', markers: 0 });
  });

  it('is what says its name in a header alone, unless a wall or a redirect answers', () => {
    expect(root('Not found', 404, HEADER)).toEqual({
      ...{ row: 'headed', markers: 1, product: 'elasticsearch', notes: ['status 404 with no JSON object'] },
    });
    expect(root('', 404, { 'x-elastic-product': 'elasticsearch' }).row).toBe('generic-http');
    expect(root('', 302, HEADER).row).toBe('redirect');
    expect(root('', 200, { ...HEADER, 'cf-mitigated': 'x' }).row).toBe('waf');
  });
});
