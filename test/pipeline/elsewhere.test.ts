/** A name that leads where the inventory does not know it: told beside the verdict, which stays what was seen. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { readInventory } from '../../lib/collectors/file.ts';
import { countedGaps } from '../../lib/model/posture.ts';
import { withInventory } from '../../lib/pipeline/listed.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import { anEndpoint } from '../support/builders.ts';
import { QUICK, server } from '../support/lab.ts';
import { aProbeRun } from '../support/probe-run.ts';

async function visited(addresses: readonly string[] | undefined, leadsTo: readonly string[] = ['127.0.0.1']) {
  const redis = await server((socket) => {
    socket.on('data', () => socket.write('-NOAUTH Authentication required.\r\n'));
  });
  const resolver = { resolve4: async () => leadsTo, resolve6: async () => [] };
  const known = addresses === undefined ? {} : { addresses };
  const endpoint = anEndpoint({ engine: 'redis', host: 'cache.example.test', port: redis.port, ...known });
  const told = await probeEndpoint(endpoint, aProbeRun({ limits: QUICK, resolver }));
  if (told.kind !== 'reading') throw new Error(told.kind);
  return told.reading;
}

describe('a name', () => {
  it('that leads to what the inventory lists for it, or of which it lists nothing, is nothing to tell', async () => {
    expect((await visited(['127.0.0.1'])).gaps).toBeUndefined();
    expect((await visited(undefined)).gaps).toBeUndefined();
    expect((await visited([])).gaps).toBeUndefined();
  });

  it('that leads elsewhere is a gap that counts, and the verdict is as it would be', async () => {
    const strange = await visited(['127.0.0.7', '2001:DB8::7']);
    const gap = {
      stage: 'inventory',
      code: 'elsewhere',
      detail: expect.stringMatching(/leads to 127\.0\.0\.1, which/u),
    };
    expect(strange.gaps).toMatchObject([gap]);
    const posture = judge(strange);
    expect(posture.verdict).toEqual(judge(await visited(['127.0.0.1'])).verdict);
    expect(posture.verdict).toMatchObject({ name: 'reachable', confirmed: true });
    expect(countedGaps(posture)).toMatchObject([gap]);
  });

  it('is told of with what else the inventory could not read, and of a few addresses', async () => {
    const many = await visited(
      ['127.0.0.7'],
      ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.7'],
    );
    expect(many.gaps?.[0]?.detail).toMatch(/127\.0\.0\.1, 127\.0\.0\.2, 127\.0\.0\.3, 127\.0\.0\.4 and 1 more/u);
    const denied = { stage: 'inventory', subject: many.endpoint.id, code: 'denied', detail: 'no leave' } as const;
    const listed = withInventory({ since: many.at, gaps: [denied] })(many);
    expect(listed.gaps?.map(({ code }) => code)).toEqual(['denied', 'elsewhere']);
  });
});

describe('an inventory file', () => {
  const read = async (addresses: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'ajar-'));
    const file = join(folder, 'inventory.yaml');
    const entry = `  - {id: a, host: db.example.test, port: 6379, engine: redis, addresses: ${addresses}}`;
    writeFileSync(file, `version: 1\nendpoints:\n${entry}\n`);
    const found = await readInventory([file]);
    rmSync(folder, { recursive: true });
    return found;
  };

  it('may list the addresses of a name, and nothing else as such', async () => {
    const { endpoints } = await read('[203.0.113.7, "2001:db8::7"]');
    expect(endpoints[0]?.addresses).toEqual(['203.0.113.7', '2001:db8::7']);
    expect((await read('[db.example.test]')).problems[0]?.message).toContain('must be an IP address');
  });
});
