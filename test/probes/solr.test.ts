import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solr } from '../../lib/probes/solr.ts';
import { readCores, readSchema, readSystem } from '../../lib/wire/solr.ts';
import { CONTROL, page, visitRecorded } from '../support/recorded-site.ts';

const CORES = '/solr/admin/cores?action=STATUS&indexInfo=true&wt=json';

describe('a Solr', () => {
  it('that shows its cores is open, with counts, and with fields only where they are asked for', async () => {
    const { answer, asked } = await visitRecorded(solr, '9.10-open', 2);
    expect(answer).toMatchObject({
      proto: { state: 'match', confidence: 'firm', product: 'Solr', version: '9.10.1' },
      proof: 4,
      metadata: {
        objects: [
          {
            name: 'device-users',
            kind: 'index',
            records: 0,
            fields: [{ name: 'email', type: 'string' }, { name: 'id' }, { name: 'wifi_ssid' }],
          },
        ],
      },
    });
    expect(asked.slice(1)).toEqual([
      'http GET /solr/admin/info/system?wt=json',
      `http GET ${CORES}`,
      `http GET ${CONTROL}`,
      'http GET /solr/device-users/schema/fields?wt=json',
    ]);
    expect((await visitRecorded(solr, '9.10-open')).asked).toHaveLength(4);
    expect(JSON.stringify(answer)).not.toContain('/tmp/');
  });

  it('with a plugin that lets unknown users through is as open as one without', async () => {
    const { answer } = await visitRecorded(solr, '9.10-unblocked');
    expect(answer).toMatchObject({ auth: { state: 'open-anonymous' }, rule: 'solr/list' });
  });

  it('with a plugin that blocks them asks for a password, here in the clear', async () => {
    const { answer, asked } = await visitRecorded(solr, '9.10-basic');
    expect(answer).toMatchObject({
      auth: { state: 'auth-weak', weakness: ['cleartext'] },
      rule: 'solr/refused',
      proof: 2,
    });
    expect(asked).toHaveLength(2);
  });

  it.each([
    [
      page({ error: { msg: 'Unauthorized request, Response code: 403', code: 403 } }, 403),
      'open-restricted',
      'restricted',
    ],
    [page('require authentication', 401), 'auth-required', 'refused'],
    [page('Forbidden', 403), 'undetermined', 'recognised'],
    [page({ status: {} }), 'undetermined', 'recognised'],
  ])('whose list of cores is %#', async (reply, auth, rule) => {
    const { answer } = await visitRecorded(solr, '9.10-open', 1, ({ path }) => (path === CORES ? reply : undefined));
    expect(answer).toMatchObject({ auth: { state: auth }, rule: `solr/${rule}` });
  });
});

it('its replies, whatever they hold, are read or refused, and never throw', () => {
  const core = fc.record({ index: fc.record({ numDocs: fc.oneof(fc.nat(), fc.string()), sizeInBytes: fc.integer() }) });
  const shaped = fc.record({
    responseHeader: fc.record({ status: fc.constantFrom(0, 1) }),
    status: fc.dictionary(fc.string(), fc.oneof(core, fc.constant(null))),
    lucene: fc.record({ 'solr-spec-version': fc.oneof(fc.constant('9.1.0'), fc.string()) }),
    fields: fc.array(fc.record({ name: fc.string(), type: fc.string() })),
  });
  const text = fc.oneof(
    shaped.map((value) => JSON.stringify(value)),
    fc.json({ maxDepth: 2 }),
    fc.string(),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(200, 401, 403), fc.boolean(), (body, status, truncated) => {
      const any = { ...page(body, status), truncated };
      readSystem(any);
      for (const { name } of readSchema(any)) expect(name.length).toBeLessThanOrEqual(255);
      const listed = readCores(any);
      if (typeof listed !== 'object') return;
      expect(status).toBe(200);
      for (const { name } of listed.rows) expect(name.length).toBeLessThanOrEqual(255);
    }),
    { numRuns: 10_000 },
  );
});
