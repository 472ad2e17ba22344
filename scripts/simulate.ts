/**
 * Random histories: through `ajar replay` (10,000 unless told), where what must hold of any is held against each and how many
 * pages an incident cost is counted; and model-based ones (20,000 of 200 steps) over assess and notify. `npm run simulate --
 * --runs 10000 --seed 1`; `--replays` or `--model`: those alone. Exits 1 where anything did not hold, with the history.
 */
import { parseArgs } from 'node:util';
import { simulateHistories } from './simulate/histories.ts';
import { simulateReplays } from './simulate/replays.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    model: { type: 'boolean', default: false },
    replays: { type: 'boolean', default: false },
    path: { type: 'string' },
  },
});
const seed = Number(values.seed);
if (!values.model) await simulateReplays(Number(values.runs ?? 10_000), seed);
if (!values.replays) await simulateHistories(Number(values.runs ?? 20_000), seed, values.path);
