/** The same world, looked at as most people do: one whole scan, and the next one hours later. Nobody listens in between. */
import { nothingHeard } from '../../pipeline/listed.ts';
import { takeInventory } from '../../pipeline/inventory.ts';
import { scan } from '../../pipeline/scan.ts';
import { VERSION } from '../version.ts';
import type { Played, Stage } from './stage.ts';

/** The first at the beginning of the history. */
export async function playPeriodic(stage: Stage, everyMs: number): Promise<Played> {
  const { clock, file, source, store, now, signal, sinks, allowlist, vantages, delivered } = stage;
  const [from, until] = [Date.parse(file.from), Date.parse(file.until)];
  const heard = nothingHeard();
  let visits = 0;
  for (let at = from; at < until; at += everyMs) {
    clock.at(at, async () => {
      const inventory = await takeInventory({ source, store, now, signal, full: true });
      for (const vantage of vantages) {
        const run = vantage.run(`scan-${vantage.name}-${clock.now()}`);
        const summary = await scan(inventory.endpoints, {
          ...{ ...run, store, sinks, allowlist, inventory, heard, toolVersion: VERSION },
          onProgress: () => undefined,
        });
        visits += summary.probed;
      }
    });
  }
  await clock.run(until);
  return { store, delivered, visits };
}
