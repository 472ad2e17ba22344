/** Hadoop, HBase and Hive: what the contract's recordings do not say of each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Probe } from '../../lib/model/probe.ts';
import { hadoop } from '../../lib/probes/hadoop.ts';
import { hbase } from '../../lib/probes/hbase.ts';
import { hive } from '../../lib/probes/hive.ts';
import * as wire from '../../lib/wire/hadoop.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { CONTROL, page, siteRecording, visitRecorded, visitSite } from '../support/recorded-site.ts';
import { scriptAccess } from '../support/script-access.ts';

const JMX = '/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo';
const FILES = '/webhdfs/v1/?op=LISTSTATUS';
const PSEUDO = page('', 401, { 'www-authenticate': 'PseudoAuth', 'set-cookie': 'hadoop.auth=; Path=/; HttpOnly' });
const NEGOTIATE = page('', 401, { 'www-authenticate': 'Negotiate', 'set-cookie': 'hadoop.auth=; Path=/; HttpOnly' });

describe('a name node', () => {
  it('that shows its files to dr.who is open, and told are names and sizes alone', async () => {
    const { answer, asked } = await visitRecorded(hadoop, 'hadoop-3.3.6-hdfs-open');
    expect(answer).toMatchObject({
      proto: { confidence: 'firm', product: 'HDFS', version: '3.3.6' },
      tls: { state: 'absent' },
      proof: 3,
    });
    expect(answer.metadata?.objects).toEqual([
      { name: 'device_users.csv', bytes: 27, kind: 'collection', system: false },
      { name: 'user', kind: 'collection', system: false },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/root|supergroup|127\.0/u);
    expect(asked.slice(1)).toEqual([JMX, FILES, CONTROL].map((path) => `http GET ${path}`));
    expect((await visitRecorded(hadoop, 'hadoop-3.3.6-hdfs-open', 0)).answer).not.toHaveProperty('metadata');
  });

  it.each([
    ['with a root closed to others', 'private', 'restricted', 'open-restricted'],
    ['that wants a name, and no secret', 'named', 'recognised', 'undetermined'],
  ])('%s, as it was recorded', async (_, name, rule, state) => {
    const { answer } = await visitRecorded(hadoop, `hadoop-3.3.6-hdfs-${name}`);
    expect(answer).toMatchObject({ rule: `hadoop/${rule}`, auth: { state } });
  });

  it('that shows its state alone is no open door, whatever keeps the files', async () => {
    for (const odd of [page('oops', 500), page('not found', 404), page({}), page({ RemoteException: {} }, 403)]) {
      const { answer } = await visitRecorded(hadoop, 'hadoop-3.3.6-hdfs-open', 1, ({ path }) =>
        path === FILES ? odd : undefined,
      );
      expect(answer).toMatchObject({ rule: 'hadoop/recognised', auth: { state: 'undetermined' }, proof: 1 });
    }
  });

  it('whose state names more data nodes than are read is recognised by its head', () => {
    const bean = {
      name: 'Hadoop:service=NameNode,name=NameNodeInfo',
      Version: '3.3.6, r1',
      LiveNodes: 'x'.repeat(9_000),
    };
    const body = page({ beans: [bean] }).body.subarray(0, 4_000);
    expect(wire.readNameNode({ status: 200, headers: {}, body, truncated: true })).toEqual({
      markers: 2,
      version: '3.3.6',
    });
    expect(wire.readNameNode({ status: 200, headers: {}, body, truncated: false })).toBeUndefined();
  });
});

describe('the filter in front of all of them', () => {
  it.each([
    ['hadoop', hadoop, 9870],
    ['hadoop', hadoop, 8088],
    ['hbase', hbase, 8080],
    ['hive', hive, 10_002],
  ] as const)('of %s closes by Negotiate; any name it takes is no authentication', async (id, probe, port) => {
    const old = page('<title>Error 403 Anonymous requests are disallowed</title>', 403);
    for (const [reply, rule, auth] of [
      [NEGOTIATE, 'refused', 'auth-required'],
      [PSEUDO, 'recognised', 'undetermined'],
      [old, 'recognised', 'undetermined'],
    ] as const) {
      const { answer } = await visitSite(probe, () => reply, 1, { port });
      expect(answer).toMatchObject({
        rule: `${id}/${rule}`,
        auth: { state: auth },
        proto: { confidence: 'tentative' },
      });
    }
  });
});

describe('a resource manager', () => {
  it.each(['3.3-yarn-open', 'hadoop-3.3.6-yarn-open'])('that tells a stranger its state is open (%s)', async (name) => {
    const recorded = siteRecording(hadoop, name);
    const { answer, asked } = await visitSite(hadoop, (request) => recorded.reply(request) ?? page('', 404), 1, {
      port: 8088,
    });
    expect(answer).toMatchObject({ rule: 'hadoop/list', proto: { product: 'YARN', version: '3.3.6' }, proof: 3 });
    expect(asked).toEqual(['https GET /ws/v1/cluster/info', `https GET ${CONTROL}`]);
  });
});

describe('an HBase', () => {
  it('that lists its tables is open, with tables or without', async () => {
    const { answer } = await visitRecorded(hbase, '2.5-open');
    expect(answer.metadata?.objects.map(({ name }) => name)).toEqual(['users', 'telemetry:events']);
    expect((await visitRecorded(hbase, '0.94-empty')).answer).toMatchObject({
      proto: { version: '0.94.27' },
      metadata: { objects: [] },
    });
  });
});

describe('a HiveServer2', () => {
  it('whose console is shown to anyone is open, and no session of it is told', async () => {
    const recorded = siteRecording(hive, '3.1-console');
    const { answer } = await visitSite(hive, (request) => recorded.reply(request) ?? page('', 404), 2, {
      port: 10_002,
    });
    expect(answer).toMatchObject({ rule: 'hive/list', proto: { confidence: 'firm', version: '3.1.3' } });
    expect(JSON.stringify(answer)).not.toMatch(/CANARY|10\.0\.0\.9/u);
  });

  it('whose page has that title and no sessions has shown nothing', async () => {
    const bare = page('<title>HiveServer2</title>');
    const site = ({ path }: { readonly path: string }) => (path === CONTROL ? page('', 404) : bare);
    const { answer } = await visitSite(hive, site, 1, { port: 10_002 });
    expect(answer).toMatchObject({ rule: 'hive/recognised', auth: { state: 'undetermined' } });
  });
});

it.each([
  [hadoop, [8020, 9000, 8032]],
  [hbase, [16_000, 16_020, 9090]],
  [hive, [10_000, 10_001]],
] as const)('$id is sent nothing where it takes what it is sent for a length', async (probe: Probe, ports) => {
  for (const port of ports) {
    const access = scriptAccess({ connections: [{ replies: [] }] });
    const engine = probe.engines[0] ?? 'hadoop';
    const at = { id: 'h', host: 'h', port, engine, source: 'file', tags: {}, declared: {} } as const;
    const answer = await probe.visit(access, at, { metadata: 1, nonce: '0123456789abcdef' });
    expect(answer).toMatchObject({ l4: 'open', rule: `${probe.id}/rpc-port`, auth: { state: 'undetermined' } });
    expect([access.written, access.requested, access.opened]).toEqual([[], [], 1]);
  }
});

it('their pages are read within limits, whatever comes', () => {
  const seeds = [
    siteRecording(hadoop, 'hadoop-3.3.6-hdfs-open'),
    siteRecording(hbase, '2.5-open'),
    siteRecording(hive, '3.1-console'),
  ].flatMap(({ replies }) => replies.map(({ body }) => body));
  const status = fc.constantFrom(200, 401, 403, 404);
  fc.assert(
    fc.property(hostileBytes(seeds), status, fc.boolean(), (body, code, truncated) => {
      const reply = { status: code, headers: {}, body, truncated };
      for (const read of Object.values(wire)) expect(JSON.stringify(read(reply) ?? '').length).toBeLessThan(2_000);
    }),
    { numRuns: 10_000 },
  );
});
