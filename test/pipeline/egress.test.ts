/** An address that a workload has as well is not one to count connections from (probes.md section 3.1). */
import { describe, expect, it } from 'vitest';
import { SHARED_UNKNOWN, workloadsOf } from '../../lib/pipeline/egress.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import { anEndpoint } from '../support/builders.ts';
import { QUICK, server } from '../support/lab.ts';
import { aProbeRun } from '../support/probe-run.ts';

const NOT_ALLOWED = Buffer.concat([
  Buffer.from([37, 0, 0, 0, 0xff, 0x6a, 0x04]),
  Buffer.from("Host 'x' is not allowed to connect"),
]);

async function visited(engine: 'mysql' | 'redis', from: string | undefined, listed: readonly string[]) {
  const sources: string[] = [];
  const there = await server((socket) => {
    sources.push(socket.remoteAddress ?? '');
    socket.end(NOT_ALLOWED);
  });
  const here = { name: 'here', hearing: hearing(), ...(from === undefined ? {} : { localAddress: from }) };
  const workloads = workloadsOf(listed.map((host) => ({ host })));
  const endpoint = anEndpoint({ engine, host: there.host, port: there.port });
  const told = await probeEndpoint(endpoint, aProbeRun({ limits: QUICK, from: [here], workloads }));
  if (told.kind !== 'reading') throw new Error(told.kind);
  return { sources, seen: told.reading.observations[0] };
}

describe('a visit to a MySQL server', () => {
  it('is not made from an address that the inventory lists, however it is written', async () => {
    const { sources, seen } = await visited('mysql', '127.0.0.9', ['db.example.test', '127.0.0.9']);
    expect(sources).toEqual([]);
    expect(seen).toMatchObject({ l4: 'not-tried', gap: { code: 'shared-egress' } });
    expect(seen?.gap?.detail).toContain('vantage here looks from 127.0.0.9');
    expect([...workloadsOf([{ host: '2001:DB8::1' }, { host: 'a.test' }])]).toEqual(['2001:db8:0:0:0:0:0:1']);
  });

  it('is made from any other, and from one that nobody knows with a word on it', async () => {
    const own = await visited('mysql', '127.0.0.9', ['127.0.0.10']);
    expect(own.sources).toEqual(['127.0.0.9']);
    expect(own.seen?.notes).not.toContain(SHARED_UNKNOWN);
    const unknown = await visited('mysql', undefined, ['127.0.0.1']);
    expect(unknown.sources).toHaveLength(1);
    expect(unknown.seen?.notes).toContain(SHARED_UNKNOWN);
  });
});

it('a server that counts nobody is visited from wherever', async () => {
  const { sources, seen } = await visited('redis', '127.0.0.9', ['127.0.0.9']);
  expect(sources.length).toBeGreaterThan(0);
  expect(seen?.notes).not.toContain(SHARED_UNKNOWN);
});
