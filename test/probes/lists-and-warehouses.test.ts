/** Tier 2 of probes.md section 4 that is one list of names: what the contract's recordings do not say of each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arangodb } from '../../lib/probes/arangodb.ts';
import { cockroachdbConsole } from '../../lib/probes/cockroachdb-console.ts';
import { dgraph } from '../../lib/probes/dgraph.ts';
import { druid } from '../../lib/probes/druid.ts';
import { pinot } from '../../lib/probes/pinot.ts';
import { spark } from '../../lib/probes/spark.ts';
import { tidbStatus } from '../../lib/probes/tidb-status.ts';
import { trino } from '../../lib/probes/trino.ts';
import type { Listed, Welcome } from '../../lib/wire/listing.ts';
import * as multiModel from '../../lib/wire/multi-model.ts';
import * as warehouses from '../../lib/wire/warehouses.ts';
import { page, visitRecorded, visitSite } from '../support/recorded-site.ts';
import { scriptAccess } from '../support/script-access.ts';

describe('names that are shown', () => {
  it.each([
    [arangodb, '3.11-open', ['_system', 'customers']],
    [druid, '29-open', ['clicks', 'devices']],
    [pinot, '1.1-open', ['orders', 'visits']],
    [tidbStatus, '7.5-open', ['mysql', 'shop']],
    [cockroachdbConsole, '23.2-insecure', ['defaultdb', 'postgres', 'shop', 'system']],
    [spark, '3.5-master', ['billing']],
    [trino, '435-open', []],
    [dgraph, '23.1-open', ['schema']],
  ])('of $id are kept from metadata level 1 on, and nothing else', async (probe, recording, names) => {
    const { answer } = await visitRecorded(probe, recording, 1);
    expect(answer.metadata?.objects.map(({ name }) => name)).toEqual(names);
    expect(JSON.stringify(answer)).not.toMatch(/10\.0\.0\.7|app-1|"email"/u);
    expect((await visitRecorded(probe, recording, 0)).answer).not.toHaveProperty('metadata');
  });

  it('of Dgraph are predicates, which are fields and come at level 2', async () => {
    const { answer } = await visitRecorded(dgraph, '23.1-open', 2);
    expect(answer.metadata?.objects[0]?.fields).toContainEqual({ name: 'email', type: 'string' });
  });

  it("of the system's own are told apart", async () => {
    for (const [probe, recording] of [
      [arangodb, '3.11-open'],
      [tidbStatus, '7.5-open'],
    ] as const) {
      const { answer } = await visitRecorded(probe, recording);
      expect(answer.metadata?.objects.map(({ system }) => system)).toEqual([true, false]);
    }
  });
});

describe('a page that answers anyone is no open door', () => {
  it.each([
    [arangodb, '3.11-open', '/_api/database/user'],
    [druid, '29-open', '/druid/v2/datasources'],
    [pinot, '1.1-open', '/tables'],
    [trino, '435-open', '/v1/node'],
    [dgraph, '23.1-open', '/query'],
    [tidbStatus, '7.5-open', '/schema'],
  ])('of $id without its list', async (probe, recording, list) => {
    const { answer } = await visitRecorded(probe, recording, 1, ({ path }) =>
      path === list ? page('oops', 500) : undefined,
    );
    expect(answer).toMatchObject({ proto: { state: 'match' }, auth: { state: 'undetermined' }, proof: 1 });
  });
});

describe('a Druid', () => {
  it('on 8081 is a coordinator, which knows sizes', async () => {
    const coordinator = ({ path }: { readonly path: string }) =>
      path === '/druid/coordinator/v1/datasources?simple'
        ? page([{ name: 'clicks', properties: { segments: { count: 3, size: 4096 } } }])
        : path === '/status'
          ? page({ version: '29', modules: [{ name: 'org.apache.druid.X' }] })
          : page('', 404);
    const { answer } = await visitSite(druid, coordinator, 1, { port: 8081 });
    expect(answer.metadata?.objects).toEqual([{ name: 'clicks', bytes: 4096, kind: 'table', system: false }]);
  });
});

describe('a Spark', () => {
  it('gateway that tells a status runs what is submitted', async () => {
    const gateway = ({ path }: { readonly path: string }) =>
      path === '/v1/submissions/status/none'
        ? page({
            action: 'SubmissionStatusResponse',
            serverSparkVersion: '3.5.0',
            submissionId: 'none',
            success: false,
          })
        : page({ action: 'ErrorResponse', serverSparkVersion: '3.5.0', message: 'unknown' }, 400);
    const { answer } = await visitSite(spark, gateway, 1, { port: 6066 });
    expect(answer).toMatchObject({
      auth: { state: 'open-anonymous' },
      proto: { version: '3.5.0' },
      rule: 'spark/list',
    });
  });

  it.each([4040, 18_080])('on %i shows applications', async (port) => {
    const ui = ({ path }: { readonly path: string }) =>
      path === '/api/v1/version'
        ? page({ spark: '3.5.0' })
        : path.startsWith('/api/v1/app')
          ? page([{ id: 'a', name: 'billing' }])
          : page('', 404);
    expect((await visitSite(spark, ui, 1, { port })).answer.metadata?.objects).toMatchObject([{ name: 'billing' }]);
  });

  it('port for its own protocol is sent nothing', async () => {
    const access = scriptAccess({ connections: [{ replies: [] }] });
    const at = {
      id: 's',
      host: 's.example.org',
      port: 7077,
      engine: 'spark',
      source: 'file',
      tags: {},
      declared: {},
    } as const;
    const answer = await spark.visit(access, at, { metadata: 1, nonce: '0' });
    expect(answer).toMatchObject({ l4: 'open', rule: 'spark/rpc-port', auth: { state: 'undetermined' } });
    expect([access.written, access.requested]).toEqual([[], []]);
  });
});

describe('their replies, whatever they hold', () => {
  const readers: readonly [string, (reply: ReturnType<typeof page>) => Listed | Welcome | boolean][] = [
    ...Object.entries(multiModel),
    ...Object.entries(warehouses),
  ];
  it.each(readers)('%s reads or does not, and never throws', (_name, read) => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string()),
        fc.constantFrom(200, 401, 404),
        fc.boolean(),
        (text, status, truncated) => {
          const found = read({ ...page(text, status), truncated });
          if (typeof found === 'object' && 'rows' in found) expect(found.rows.length).toBeLessThanOrEqual(200);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
