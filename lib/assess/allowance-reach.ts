/**
 * What `from-cidrs` accepts: that a door is open to the networks which the entry names, as the configuration says, and to nobody
 * else (evidence-and-alerts.md section 4.2). That needs all who may connect, exactly: where anything of it is not known, where
 * more than half of the internet may, or where ajar itself got in, which is of none of these networks as far as anybody knows,
 * the entry accepts nothing. What is seen from outside is never accepted by it. Pure.
 */
import type { Allowance } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Level } from '../model/protection.ts';
import { blocksOf, FAMILIES, parseBlocks, subtract } from '../reach/ipset.ts';

const NAMED = 2;

/** Why an entry that matches accepts nothing of who may connect; undefined: it does, or says nothing of networks. */
export function reachMiss(
  { permit: { reachable, fromCidrs = [] } }: Allowance,
  { declared: { network } }: Endpoint,
  seen: Level | undefined,
): string | undefined {
  if (reachable !== 'from-cidrs') return undefined;
  if (network === undefined) return 'who may connect is not known: no configuration of the network was read';
  if (seen === 'off' || seen === 'partial') return 'ajar got in, and is of none of these networks as far as is known';
  if (network.level === 'off')
    return 'more may connect than networks: the configuration opens it to a half of the internet or to all';
  if (network.pending !== undefined) return 'who may connect is being changed';
  const sources = network.level === 'on' ? [] : network.sources;
  if (sources === undefined) return `who may connect is not known exactly: ${network.evidence}`;
  const [may, named] = [parseBlocks(sources), parseBlocks(fromCidrs)];
  if (may.unread.length > 0) return `who may connect is not known exactly: ${may.unread[0]}`;
  const { blocks, more } = firstOf(
    FAMILIES.map((family) => blocksOf(subtract(may[family], named[family], family), family, NAMED)),
  );
  if (blocks.length === 0) return undefined;
  return `${blocks.join(', ')}${more ? ' and others' : ''} may connect too, which the entry does not name`;
}

function firstOf(found: readonly ReturnType<typeof blocksOf>[]): ReturnType<typeof blocksOf> {
  const blocks = found.flatMap((one) => one.blocks);
  return { blocks: blocks.slice(0, NAMED), more: found.some(({ more }) => more) || blocks.length > NAMED };
}
