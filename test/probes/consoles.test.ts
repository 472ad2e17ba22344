/** H2's and YugabyteDB's web consoles: what the contract's recordings do not say of each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { h2 } from '../../lib/probes/h2.ts';
import { yugabytedbConsole } from '../../lib/probes/yugabytedb-console.ts';
import { readH2Console, readYugabyte, readYugabyteTables } from '../../lib/wire/consoles.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { CONTROL, page, siteRecording, visitRecorded, visitSite } from '../support/recorded-site.ts';
import { scriptAccess } from '../support/script-access.ts';

describe("H2's console", () => {
  it('that gives anyone a session is a finding, and the session is not used', async () => {
    const { answer, asked } = await visitRecorded(h2, 'h2-2.1.214-console');
    expect(answer).toMatchObject({
      rule: 'h2/console',
      proto: { state: 'match', confidence: 'firm', product: 'H2 Console' },
      auth: { state: 'open-restricted' },
      tls: { state: 'absent' },
    });
    expect(answer).not.toHaveProperty('metadata');
    expect(asked).toEqual(['https GET /', 'http GET /']);
  });

  it('kept to its own machine says so, and says nothing on authentication', async () => {
    const { answer } = await visitRecorded(h2, '2.1-local-only');
    expect(answer).toMatchObject({ rule: 'h2/local-only', auth: { state: 'source-acl' } });
  });

  it('is not every page of that title', async () => {
    const { answer } = await visitSite(h2, () => page('<title>H2 Console</title><a href="login.jsp">'));
    expect(answer).toMatchObject({ rule: 'h2/generic-http', auth: { state: 'undetermined' } });
  });

  it('is not asked for at the port of its server', async () => {
    const access = scriptAccess({ connections: [{ replies: [] }] });
    const at = { id: 'h', host: 'h', port: 9092, engine: 'h2', source: 'file', tags: {}, declared: {} } as const;
    const answer = await h2.visit(access, at, { metadata: 1, nonce: '0123456789abcdef' });
    expect(answer).toMatchObject({ l4: 'open', rule: 'h2/tcp-port', auth: { state: 'undetermined' } });
    expect([access.written, access.requested, access.opened]).toEqual([[], [], 1]);
  });
});

describe("a YugabyteDB master's pages", () => {
  it('name tables to anyone; those of the system are told apart', async () => {
    const { answer, asked } = await visitRecorded(yugabytedbConsole, '2.18-master');
    expect(answer).toMatchObject({ rule: 'yugabytedb-console/list', auth: { state: 'open-anonymous' }, proof: 3 });
    expect(answer.metadata?.objects).toEqual([
      { name: 'shop.customers', kind: 'table', system: false },
      { name: 'shop.orders', kind: 'table', system: false },
      { name: 'system_schema.columns', kind: 'table', system: true },
    ]);
    expect(asked.slice(1)).toEqual(['http GET /tables', `http GET ${CONTROL}`]);
  });

  it('cut by ourselves show whole rows alone, and that there are more', () => {
    const body = siteRecording(yugabytedbConsole, '2.18-master').reply({ scheme: 'http', path: '/tables' })?.body;
    const half = Buffer.from(body ?? []).subarray(0, Buffer.from(body ?? []).indexOf('orders') + 3);
    expect(readYugabyteTables({ status: 200, headers: {}, body: half, truncated: true })).toEqual({
      rows: [{ name: 'shop.customers' }],
      truncated: true,
    });
  });
});

it('their pages are read within limits, whatever comes', () => {
  const seeds = [siteRecording(h2, 'h2-2.1.214-console'), siteRecording(yugabytedbConsole, '2.18-master')].flatMap(
    ({ replies }) => replies.map(({ body }) => body),
  );
  fc.assert(
    fc.property(hostileBytes(seeds), fc.boolean(), (body, truncated) => {
      const reply = { status: 200, headers: {}, body, truncated };
      for (const read of [readH2Console, readYugabyte, readYugabyteTables]) {
        expect(JSON.stringify(read(reply) ?? '').length).toBeLessThan(2_000);
      }
    }),
    { numRuns: 10_000 },
  );
});
