/**
 * The hostile lab in a minute: every server, a tenth of the time, each by some of the probes in turn and by those of the
 * protocol it lies in. `npm run hostile` is the whole product with the limits that users have. In a process of its own, so that
 * memory is the prober's alone, and a crash of it is seen.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { HOSTILE } from './catalogue.ts';
import { GRACE_MS, type HostileResult, MAX_RSS_GROWTH } from './run.ts';
import { KINDS } from './server.ts';

const script = fileURLToPath(new URL('../../scripts/hostile.ts', import.meta.url));

/** Exits with 1 where something is wrong, and says what all the same. */
async function quickRun(): Promise<HostileResult> {
  const flags = ['--scale', '0.1', '--each', '6', '--lanes', '96', '--format', 'json'];
  const ran = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--max-semi-space-size=8', script, ...flags],
    {
      maxBuffer: 1 << 26,
    },
  ).catch((error: unknown) => error as { readonly stdout: string; readonly stderr: string });
  if (ran.stdout === '') throw new Error(`no result: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as HostileResult;
}

describe('the hostile lab', () => {
  it('has at least 120 servers, each with a name of its own, and some of every kind', () => {
    expect(new Set(HOSTILE.map(({ name }) => name)).size).toBe(HOSTILE.length);
    expect(HOSTILE.length).toBeGreaterThanOrEqual(120);
    for (const kind of KINDS) expect(HOSTILE.filter((row) => row.kind === kind).length, kind).toBeGreaterThan(10);
  });

  it('cannot hang, crash, bloat or deceive any probe', async () => {
    const { servers, probes, visits, slowest, rssGrowth, verdicts, wrong } = await quickRun();
    expect(wrong).toEqual([]);
    expect({ servers, probes }).toEqual({ servers: HOSTILE.length, probes: PROBES.length });
    expect(visits).toBeGreaterThan(HOSTILE.length * 5);
    expect(slowest.overMs, slowest.what).toBeLessThanOrEqual(GRACE_MS);
    expect(rssGrowth).toBeLessThan(MAX_RSS_GROWTH);
    // Not green because nothing was reached.
    expect(verdicts['open']).toBeGreaterThanOrEqual(2);
    expect(verdicts['other']).toBeGreaterThan(100);
  }, 180_000);
});
