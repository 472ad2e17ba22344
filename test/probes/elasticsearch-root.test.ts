import { describe, expect, it } from 'vitest';
import { ANONYMOUS_403, CAT, MAIN, type Reply, ROWS, security, visitSite as visit } from '../support/search-site.ts';

describe('rows of probes.md section 3.7 for the root page', () => {
  const basic = (realm: string): Record<string, string> => ({
    'www-authenticate': `Basic realm="${realm}" charset="UTF-8"`,
  });
  const aws = (tail: string): Reply => ({
    status: 403,
    body: { Message: `User: anonymous is not authorized to perform: es:ESHttpGet${tail}` },
  });
  const NOTHING = 'generic-http: generic-http tentative, undetermined P0, -';
  const rows: readonly [string, Reply, string][] = [
    [
      'ES 401',
      { ...security('missing authentication credentials for REST request [/]', 401), headers: basic('security') },
      'missing-credentials: match firm, auth-required P2, elasticsearch',
    ],
    [
      'ES 401, older text',
      security('missing authentication token for REST request [/]', 401),
      'missing-credentials: match firm, auth-required P2, elasticsearch',
    ],
    [
      'ES 401, other text',
      security('hm', 401),
      'missing-credentials: match tentative, auth-required P2, elasticsearch',
    ],
    [
      'ES anonymous, role too small',
      security('action [cluster:monitor/main] is unauthorized for user [_anonymous] with effective roles [x]', 403),
      'anonymous-forbidden: match firm, open-restricted P2, elasticsearch',
    ],
    [
      'ES anonymous by another name',
      security('action [cluster:monitor/main] is unauthorized for user [guest]', 403),
      'anonymous-forbidden: match firm, open-restricted P2, elasticsearch',
    ],
    [
      'OpenSearch 401',
      { status: 401, body: 'Unauthorized', headers: basic('OpenSearch Security') },
      'opensearch-security: match firm, auth-required P2, opensearch',
    ],
    [
      'Open Distro 401',
      { status: 401, body: 'Unauthorized', headers: basic('Open Distro Security') },
      'opensearch-security: match firm, auth-required P2, opensearch',
    ],
    [
      'Search Guard 401',
      { status: 401, body: 'hm', headers: basic('Search Guard') },
      'opensearch-security: match tentative, auth-required P2, elasticsearch',
    ],
    [
      'OpenSearch anonymous, role too small',
      security(ANONYMOUS_403, 403),
      'anonymous-role: match firm, open-restricted P2, opensearch',
    ],
    [
      'OpenSearch not initialised',
      { status: 503, body: 'OpenSearch Security not initialized.' },
      'not-initialized: match tentative, undetermined P1, opensearch',
    ],
    [
      'another security exception',
      security('current license is non-compliant for [security]', 403),
      'security-forbidden: match tentative, undetermined P1, elasticsearch',
    ],
    ['no master elected', { status: 503, body: MAIN }, 'main-unavailable: match firm, undetermined P1, elasticsearch'],
    ['AWS policy', aws(''), 'aws-policy: match firm, auth-required P2, aws opensearch service'],
    [
      'AWS policy, long text',
      aws(' on resource: d with an explicit deny in a resource-based policy'),
      'aws-policy: match firm, auth-required P2, aws opensearch service',
    ],
    [
      'AOSS network policy',
      { status: 403, headers: { 'x-aoss-response-hint': 'X01:gw-helper-deny' } },
      'aoss-network: match tentative, source-acl P2, aws opensearch serverless',
    ],
    [
      'Elastic Cloud without a cluster',
      { status: 404, headers: { 'x-cloud-request-id': 'x' }, body: { ok: false } },
      'elastic-cloud: generic-http tentative, undetermined P1, elastic cloud proxy',
    ],
    [
      '401 of nginx',
      { status: 401, headers: basic('Restricted'), body: '<html>' },
      'proxy-auth: generic-http tentative, auth-required P1, -',
    ],
    ['403 of a balancer', { status: 403, headers: { server: 'awselb/2.0' } }, NOTHING],
    ['200 HTML', { body: '<html>welcome</html>' }, NOTHING],
    ['200 without tagline', { body: { ...MAIN, tagline: undefined } }, NOTHING],
    ['200 without version', { body: { ...MAIN, version: undefined } }, NOTHING],
    ['200 with a version that is none', { body: { ...MAIN, version: { number: 8 } } }, NOTHING],
    ['404', { status: 404, body: {} }, NOTHING],
    [
      'an AWS WAF',
      { status: 202, headers: { 'x-amzn-waf-action': 'challenge' } },
      'waf: generic-http tentative, undetermined P0, -',
    ],
    [
      'a Cloudflare wall',
      { status: 403, headers: { 'cf-ray': 'x' }, body: '<html>' },
      'waf: generic-http tentative, undetermined P0, -',
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://login.example.org/' } },
      'redirect: generic-http tentative, undetermined P0, -',
    ],
  ];
  it.each(rows)('%s', async (_name, root, expected) => {
    const { l4, proto, tls, auth, proof, rule } = await visit({ https: { '/': root } });
    expect([l4, tls.state]).toEqual(['open', 'implicit']);
    const product = proto.product ?? '-';
    expect(`${rule}: ${proto.state} ${proto.confidence}, ${auth.state} P${proof}, ${product}`).toBe(
      `elasticsearch/${expected}`,
    );
  });

  it('OpenSearch Serverless without the hint asks for credentials, known by its name', async () => {
    for (const status of [401, 403]) {
      const site = { https: { '/': { status, body: { message: 'Forbidden' } } } };
      expect(await visit(site, 1, 'x.eu-west-1.aoss.amazonaws.com')).toMatchObject({
        rule: 'elasticsearch/aoss-credentials',
        auth: { state: 'auth-required' },
      });
      expect((await visit(site, 1, 'aoss.amazonaws.com.example.org')).proto.state).toBe('generic-http');
    }
  });

  it.each([
    ['Basic', { 'www-authenticate': 'Basic realm="security" charset="UTF-8", ApiKey' }, 'auth-weak'],
    ['a bearer token', { 'www-authenticate': 'Bearer realm="security"' }, 'auth-weak'],
    ['Negotiate', { 'www-authenticate': 'Negotiate' }, 'auth-required'],
    ['nothing named', {}, 'auth-required'],
  ])('credentials by %s over plain HTTP', async (_name, headers, state) => {
    const seen = await visit({ http: { '/': { ...security('missing authentication credentials', 401), headers } } });
    expect(seen).toMatchObject({ auth: { state }, tls: { state: 'absent', clientCert: 'no' } });
    expect(seen.auth.weakness).toEqual(state === 'auth-weak' ? ['cleartext'] : undefined);
  });

  it('never shows more of a redirect than its host, nor follows it', async () => {
    const seen = await visit({
      https: { '/': { status: 301, headers: { location: 'https://login.example.org/a?b=secret' } } },
    });
    expect(seen.notes).toEqual(['redirects to login.example.org']);
    expect(seen.asked).toHaveLength(1);
  });

  it('keeps the words of the server that say its security is off', async () => {
    const headers = {
      'x-elastic-product': 'Elasticsearch',
      warning: '299 Elasticsearch-7.17.0-x "Elasticsearch built-in security features are not enabled."',
    };
    const seen = await visit({ https: { '/': { body: MAIN, headers }, [CAT]: { body: ROWS } } });
    expect(seen.notes).toContain('the server itself warns that its security is off');
  });

  it('takes the product header in place of a tagline', async () => {
    const root = { body: { ...MAIN, tagline: 'ours' }, headers: { 'x-elastic-product': 'Elasticsearch' } };
    expect(await visit({ https: { '/': root, [CAT]: { body: [] } } })).toMatchObject({
      proto: { state: 'match', confidence: 'firm' },
    });
  });
});
