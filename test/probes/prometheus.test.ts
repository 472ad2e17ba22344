import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loki } from '../../lib/probes/loki.ts';
import { prometheus } from '../../lib/probes/prometheus.ts';
import { readBuild, readLabels, readLokiBuild } from '../../lib/wire/monitoring.ts';
import { CONTROL, page, visitRecorded } from '../support/recorded-site.ts';

describe('a Prometheus', () => {
  it('that shows its labels is open, and is asked for nothing else', async () => {
    const { answer, asked } = await visitRecorded(prometheus, 'prometheus-2.42.0-open');
    expect(answer).toMatchObject({
      proto: { confidence: 'firm', product: 'Prometheus', version: '2.42.0+ds' },
      tls: { state: 'absent' },
      auth: { state: 'open-anonymous' },
      proof: 3,
      rule: 'prometheus/list',
    });
    expect(answer.metadata?.objects.map(({ name }) => name)).toContain('scrape_job');
    expect(asked.slice(1)).toEqual([
      'http GET /api/v1/status/buildinfo',
      'http GET /api/v1/labels',
      `http GET ${CONTROL}`,
    ]);
    expect((await visitRecorded(prometheus, 'prometheus-2.42.0-open', 0)).answer).not.toHaveProperty('metadata');
  });

  it.each([
    ['prometheus-2.42.0-tls', 'list', { state: 'open-anonymous' }, 'implicit'],
    ['prometheus-2.42.0-basic', 'proxy-auth', { state: 'auth-weak', weakness: ['cleartext'] }, 'absent'],
    ['prometheus-2.42.0-tls-basic', 'proxy-auth', { state: 'auth-required' }, 'implicit'],
    ['victoriametrics-unknown-open', 'list', { state: 'open-anonymous' }, 'absent'],
    ['victoriametrics-unknown-tls', 'list', { state: 'open-anonymous' }, 'implicit'],
    ['victoriametrics-unknown-basic', 'refused', { state: 'auth-weak', weakness: ['cleartext'] }, 'absent'],
  ])('recorded as %s is %s', async (name, rule, auth, tls) => {
    const { answer } = await visitRecorded(prometheus, name);
    expect(answer).toMatchObject({ rule: `prometheus/${rule}`, auth, tls: { state: tls } });
  });

  it('whose labels are behind a wall is not closed, and not open', async () => {
    const { answer } = await visitRecorded(prometheus, 'prometheus-2.42.0-open', 1, ({ path }) =>
      path === '/api/v1/labels' ? page('blocked', 403, { 'x-amzn-waf-action': 'captcha' }) : undefined,
    );
    expect(answer).toMatchObject({ rule: 'prometheus/recognised', auth: { state: 'undetermined' } });
  });
});

describe('a Loki', () => {
  it('that wants to know which tenant has asked for no credentials', async () => {
    const { answer } = await visitRecorded(loki, '2.9-tenants');
    expect(answer).toMatchObject({ rule: 'loki/recognised', auth: { state: 'undetermined' }, proof: 1 });
  });

  it('without a label yet is open all the same', async () => {
    const { answer } = await visitRecorded(loki, '2.9-open', 1, ({ path }) =>
      path === '/loki/api/v1/labels' ? page({ status: 'success' }) : undefined,
    );
    expect(answer).toMatchObject({ rule: 'loki/list', metadata: { objects: [] } });
  });
});

describe('their replies, whatever they hold', () => {
  it('are read or not, and never throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string()),
        fc.constantFrom(200, 401, 404),
        fc.boolean(),
        (text, status, truncated) => {
          const any = { ...page(text, status), truncated };
          readBuild(any);
          readLokiBuild(any);
          const listed = readLabels(any);
          if (typeof listed === 'object') expect(listed.rows.length).toBeLessThanOrEqual(200);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('that hit our cap are as open as the whole; that the peer cut are none', () => {
    const text = '{"status":"success","data":["a","b","c';
    expect(readLabels({ ...page(text), truncated: true })).toMatchObject({
      rows: [{ name: 'a' }, { name: 'b' }],
      truncated: true,
    });
    expect(readLabels(page(text))).toBeUndefined();
  });
});
