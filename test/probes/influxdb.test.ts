import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import { influxdb } from '../../lib/probes/influxdb.ts';
import {
  isSetupOpen,
  leaksDatabases,
  readBuckets,
  readDatabases,
  readDatabases3,
  readFieldKeys,
  readPing,
} from '../../lib/wire/influxdb.ts';
import { CONTROL, page, visitRecorded } from '../support/recorded-site.ts';

describe('an InfluxDB', () => {
  it('of version 1 that shows its databases is open, with field names only where they are asked for', async () => {
    const { answer, asked } = await visitRecorded(influxdb, '1.6-open', 2);
    expect(answer).toMatchObject({
      proto: { state: 'match', confidence: 'firm', product: 'InfluxDB', version: '1.6.7~rc0' },
      metadata: {
        objects: [
          { name: 'device_telemetry', kind: 'database' },
          { name: 'body_metrics', kind: 'table', fields: [{ name: 'weight', type: 'float' }] },
        ],
      },
    });
    expect(asked).toEqual([
      'https GET /ping',
      'http GET /ping',
      'http GET /query?q=SHOW%20DATABASES',
      `http GET ${CONTROL}`,
      'http GET /query?db=device_telemetry&q=SHOW%20FIELD%20KEYS',
    ]);
    expect((await visitRecorded(influxdb, '1.6-open')).asked.join()).not.toContain('FIELD');
    expect((await visitRecorded(influxdb, '1.6-open', 0)).answer).not.toHaveProperty('metadata');
  });

  it('of version 1 that refuses is closed, and may tell names by its counters', async () => {
    const { answer } = await visitRecorded(influxdb, '1.6-auth');
    expect(answer).toMatchObject({
      rule: 'influxdb/refused-vars',
      auth: { state: 'auth-weak', weakness: ['cleartext'] },
    });
    expect(answer).not.toHaveProperty('metadata');
    const { answer: quiet, asked } = await visitRecorded(influxdb, '1.6-auth', 0);
    expect(quiet.rule).toBe('influxdb/refused');
    expect(asked.join()).not.toContain('/debug/vars');
  });

  it('of version 3 leaves out what is its own', async () => {
    const { answer } = await visitRecorded(influxdb, '3.2-open');
    expect(answer).toMatchObject({ metadata: { objects: [{ system: true }, { name: 'sensors', system: false }] } });
  });

  it('of version 2 is asked for its buckets even where the setup page does not answer', async () => {
    const gone = new PeerError('protocol', 'timeout', 'nothing came');
    const { answer } = await visitRecorded(influxdb, '2.7-setup', 1, ({ path }) =>
      path === '/api/v2/setup' ? gone : undefined,
    );
    expect(answer).toMatchObject({ rule: 'influxdb/refused', auth: { state: 'auth-required' } });
  });

  it('whose list says nothing that counts is recognised and no more', async () => {
    for (const reply of [page('{}'), page('{"error":"slow down"}', 429), page('', 403), page('', 401)]) {
      const { answer } = await visitRecorded(influxdb, '1.6-open', 1, ({ path }) =>
        path.startsWith('/query') ? reply : undefined,
      );
      expect(answer).toMatchObject({ rule: 'influxdb/ping', auth: { state: 'undetermined' }, proof: 1 });
    }
  });

  it('whose ping asks for credentials asks for them everywhere', async () => {
    const refused = page('{"error":"unauthorized"}', 401, {
      'x-influxdb-version': '1.8.10',
      'x-influxdb-build': 'OSS',
    });
    const { answer, asked } = await visitRecorded(influxdb, '2.7-auth', 1, () => refused);
    expect(answer).toMatchObject({ rule: 'influxdb/ping-refused', auth: { state: 'auth-required' }, proof: 2 });
    expect(asked).toHaveLength(1);
  });
});

describe('its replies, whatever they hold', () => {
  it('are read or refused, and never throw', () => {
    const values = fc.array(fc.oneof(fc.array(fc.string(), { maxLength: 3 }), fc.jsonValue()));
    const series = fc.record({ name: fc.oneof(fc.constant('databases'), fc.string()), values });
    const shaped = fc.oneof(
      fc.record({ results: fc.array(fc.record({ series: fc.array(series) })) }),
      fc.record({ buckets: fc.array(fc.record({ name: fc.string() })), allowed: fc.boolean() }),
      fc.array(fc.record({ 'iox::database': fc.string() })),
    );
    const text = fc.oneof(
      shaped.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(200, 204, 401, 403),
        fc.boolean(),
        fc.string(),
        (body, status, cut, version) => {
          const any = { ...page(body, status, { 'x-influxdb-version': version }), truncated: cut };
          readPing(any);
          isSetupOpen(any);
          leaksDatabases(any);
          expect(readFieldKeys(any).length).toBeLessThanOrEqual(50);
          for (const said of [readDatabases(any), readBuckets(any), readDatabases3(any)]) {
            if (typeof said !== 'object') continue;
            expect(said.names.length).toBeLessThanOrEqual(200);
            for (const name of said.names) expect(name.length).toBeLessThanOrEqual(255);
          }
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
