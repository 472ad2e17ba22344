import { explainChain } from '../runtime/explain.ts';
import { explainText } from '../runtime/explain-text.ts';
import { loadAllowlist } from '../runtime/allowlist-load.ts';
import { loadSettings } from '../runtime/config.ts';
import { withIncidents } from '../runtime/incidents.ts';
import { placed, placeOf } from './incidents.ts';
import { out } from './terminal.ts';

const EXAMPLES = `
The whole chain: what was asked and from where, what answered, which rule decided, what it means for each protection, what
the allowlist says, which incidents and messages came of it, and who did it where an event tells; else "not attributed".

Examples:
  $ ajar explain device-analytics
  $ ajar explain device-analytics --state .ajar/demo/2026-12-04T10-00-00-000Z
  $ ajar explain 111122223333/eu-west-1/rds/orders --table ajar-prod-state --format json
`;

export function explainCommand() {
  return placed('explain')
    .description('why ajar says of an endpoint what it says: from the reading to the notice, in words')
    .argument('<endpoint>', 'endpoint id')
    .option('--allowlist <file>', 'accepted postures (default: allowlist.yaml, where there is one)')
    .addHelpText('after', EXAMPLES)
    .action(async (id, flags) => {
      const now = new Date();
      const allowlist = await loadAllowlist((await loadSettings(flags)).allowlist);
      await withIncidents(await placeOf(flags), async (store) => {
        const chain = await explainChain(store, id, allowlist, now);
        out(flags.format === 'json' ? `${JSON.stringify(chain)}\n` : explainText(chain, now));
      });
    });
}
