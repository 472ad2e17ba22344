/** Servers that know TLS 1.0 or 1.1 alone (probes.md section 7): real ones, of Node, at security level 0. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import { couchdb } from '../../lib/probes/couchdb.ts';
import { redis } from '../../lib/probes/redis.ts';
import { anEndpoint } from '../support/builders.ts';
import { aProbeRun } from '../support/probe-run.ts';
import { QUICK, secure } from '../support/lab.ts';

async function reading(engine: 'redis' | 'couchdb', versions: Parameters<typeof secure>[1]) {
  const { host, port } = await secure((socket) => socket.end('no word of that protocol'), versions);
  const run = aProbeRun({ probes: [redis, couchdb], limits: QUICK });
  const told = await probeEndpoint(anEndpoint({ engine, host, port }), run);
  if (told.kind !== 'reading') throw new Error(told.kind);
  return told.reading;
}

describe('a server that knows only TLS versions before 1.2', () => {
  it.each([
    ['redis', 'TLSv1'],
    ['redis', 'TLSv1.1'],
    ['couchdb', 'TLSv1'],
    ['couchdb', 'TLSv1.1'],
  ] as const)('has TLS, partly: %s, %s', async (engine, maxVersion) => {
    const seen = await reading(engine, { minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(seen.observations).toMatchObject([{ tls: { legacy: 'only' }, auth: { state: 'undetermined' } }]);
    expect(seen.observations[0]?.gap?.detail).toMatch(/only TLS versions before 1\.2/u);
    const { observed, verdict } = judge(seen);
    expect(observed.tls).toMatchObject({
      level: 'partial',
      evidence: expect.stringMatching(/only versions before 1\.2/u),
    });
    expect(verdict.name).not.toBe('exposed');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is not one that takes %s', async (version) => {
    const seen = await reading('couchdb', { minVersion: version, maxVersion: version });
    expect(seen.observations[0]?.tls.legacy).toBeUndefined();
  });
});
