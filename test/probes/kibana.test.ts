import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import { kibana } from '../../lib/probes/kibana.ts';
import { countSpaces, readAccount, readMe, readStatus } from '../../lib/wire/kibana.ts';
import { CONTROL, page, visitRecorded, visitSite } from '../support/recorded-site.ts';

describe('a Kibana', () => {
  it('without security is open once its spaces are shown', async () => {
    const { answer, asked } = await visitRecorded(kibana, 'kibana-8-no-security');
    expect(answer).toMatchObject({
      proto: { confidence: 'firm', product: 'Kibana', version: '8.15.2' },
      proof: 3,
      notes: ['2 spaces'],
    });
    expect(answer).not.toHaveProperty('metadata');
    expect(asked.slice(1)).toEqual([
      'http GET /api/status',
      'http GET /internal/security/me',
      'http GET /api/spaces/space',
      `http GET ${CONTROL}`,
    ]);
  });

  it('that answers its status in full and nothing else has no verdict', async () => {
    for (const reply of [
      page({}, 200),
      page('not found', 404),
      page('', 500),
      new PeerError('protocol', 'closed', ''),
    ]) {
      const { answer } = await visitRecorded(kibana, 'kibana-8-no-security', 1, ({ path }) =>
        path === '/internal/security/me' ? reply : undefined,
      );
      expect(answer).toMatchObject({ rule: 'kibana/status', auth: { state: 'undetermined' }, proof: 1 });
    }
    const { answer } = await visitRecorded(kibana, 'kibana-8-no-security', 1, ({ path }) =>
      path === '/api/spaces/space' ? page([]) : undefined,
    );
    expect(answer).toMatchObject({ rule: 'kibana/status', auth: { state: 'undetermined' } });
  });

  it('that redirects is one only by its header, and the host it sends to is told', async () => {
    const to = { location: 'https://corp.auth.eu-west-1.amazoncognito.com/oauth2/authorize?client_id=x' };
    const at = async (headers: Record<string, string>) =>
      (await visitSite(kibana, () => page('', 302, { ...to, ...headers }))).answer;
    expect(await at({ 'osd-name': 'd' })).toMatchObject({
      rule: 'kibana/login',
      proto: { product: 'OpenSearch Dashboards' },
      notes: ['sent to sign in at corp.auth.eu-west-1.amazoncognito.com'],
    });
    expect(await at({})).toMatchObject({ rule: 'kibana/redirect', auth: { state: 'undetermined' } });
  });

  it('is closed only in a reply that bears its header', async () => {
    const closed = [
      page({ status: { overall: { level: 'available' } } }),
      page({ message: 'Unauthorized' }, 401),
      page('', 302, { location: '/login' }),
    ];
    for (const reply of closed) {
      const headed = { ...reply, headers: { ...reply.headers, 'kbn-name': 'k' } };
      expect((await visitSite(kibana, () => headed)).answer.auth.state).toBe('auth-required');
      const { answer } = await visitSite(kibana, () => reply);
      expect(answer.proto.state).toBe('generic-http');
    }
    const elsewhere = page('', 302, { location: '/spaces/enter', 'kbn-name': 'k' });
    expect((await visitSite(kibana, () => elsewhere)).answer).toMatchObject({ rule: 'kibana/redirect' });
    const denied = page({ statusCode: 403 }, 403, { 'kbn-name': 'k' });
    expect((await visitSite(kibana, () => denied)).answer).toMatchObject({ auth: { state: 'undetermined' } });
  });

  it('of an AWS domain is asked for below its own paths, and its access policy may refuse first', async () => {
    const domain = { host: 'search-x.eu-west-1.es.amazonaws.com', engine: 'opensearch-dashboards' } as const;
    const { asked } = await visitSite(kibana, () => page('', 404), 1, domain);
    expect(asked).toEqual(['https GET /_dashboards/api/status', 'https GET /_plugin/kibana/api/status']);
    const denied = page({ Message: 'User: anonymous is not authorized to perform: es:ESHttpGet' }, 403);
    const { answer } = await visitSite(kibana, () => denied, 1, domain);
    expect(answer).toMatchObject({ rule: 'kibana/aws-policy', auth: { state: 'auth-required' }, proof: 2 });
    const open = await visitRecorded(kibana, 'osd-2-no-security');
    expect(open.answer.auth.state).toBe('open-anonymous');
    const old = page({ name: 'k', version: { number: '7.10.2' }, status: { overall: { state: 'green' } } }, 200, {
      'kbn-name': 'k',
    });
    const account = page({ statusCode: 404 }, 404);
    const at = (path: string) => (path === '/_plugin/kibana/api/status' ? old : account);
    const kept = await visitSite(kibana, ({ path }) => at(path), 1, domain);
    expect(kept.answer).toMatchObject({ rule: 'kibana/status', auth: { state: 'undetermined' } });
    expect(kept.asked).toHaveLength(3);
  });
});

it('its replies, whatever they hold, are read or refused, and never throw', () => {
  const shaped = fc.oneof(
    fc.record({
      status: fc.record({ overall: fc.record({ level: fc.string() }) }),
      name: fc.string(),
      version: fc.record({ number: fc.oneof(fc.constant('8.1.0'), fc.string()) }),
      username: fc.oneof(fc.string(), fc.nat()),
      data: fc.record({ user_name: fc.oneof(fc.string(), fc.nat()) }),
    }),
    fc.array(fc.record({ id: fc.oneof(fc.string(), fc.nat()) })),
  );
  const text = fc.oneof(
    shaped.map((value) => JSON.stringify(value)),
    fc.json({ maxDepth: 2 }),
    fc.string(),
  );
  const headers = fc.dictionary(fc.constantFrom('kbn-name', 'osd-name', 'osd-version', 'location'), fc.string());
  fc.assert(
    fc.property(text, fc.constantFrom(200, 302, 401, 404, 503), headers, (body, status, named) => {
      const any = page(body, status, named);
      expect(readStatus(any)?.version.length ?? 0).toBeLessThanOrEqual(40);
      readMe(any);
      readAccount(any);
      if (countSpaces(any) !== undefined) expect(status).toBe(200);
    }),
    { numRuns: 10_000 },
  );
});
