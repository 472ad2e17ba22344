/** Which losses are owed an alert: every step down, and whatever was never acceptable when it came to be or was first seen. */
import { coverageOf, floorOf } from '../../assess/allowlist.ts';
import type { Allowlist } from '../../model/allowlist.ts';
import { compareLevels, type KnownLevel, PROTECTIONS, type ProtectionName } from '../../model/protection.ts';
import { endpointOf } from './inventory.ts';
import { levelsOf, type Turn } from './truth.ts';

export function owedAlert(turn: Turn, allowlist: Allowlist): readonly ProtectionName[] {
  const [was, is] = [levelsOf(turn.before), levelsOf(turn.after)];
  const coverage = coverageOf(allowlist, endpointOf(turn.after), { addresses: [] }, new Date(turn.at).toISOString());
  const found = new Set<ProtectionName>();
  for (const protection of PROTECTIONS) {
    for (const basis of ['declared', 'observed'] as const) {
      const level = is.get(`${basis} ${protection}`);
      const least: KnownLevel = was.get(`${basis} ${protection}`) ?? floorOf(protection, basis, coverage).floor;
      if (level !== undefined && compareLevels(level, least) < 0) found.add(protection);
    }
  }
  return [...found];
}
