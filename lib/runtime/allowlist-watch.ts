/**
 * The allowlist of a watch on one machine: read again before every pass. One that does not load is said on every pass and
 * leaves the last good one in force. What guard does of it on AWS is done here: lines of the ledger, and of each ending one
 * word for each of its stages. There is no topic for that here: it is said on stderr, once in the life of the process.
 */
import { endingsOf } from '../assess/expiry.ts';
import { type Allowlist, EMPTY_ALLOWLIST } from '../model/allowlist.ts';
import type { Json } from '../model/ledger.ts';
import type { StateStore } from '../model/store.ts';
import { printable } from '../model/text.ts';
import { formatProblem } from '../model/yaml.ts';
import { allowlistCheck } from '../pipeline/guard-allowlist.ts';
import { type Memory, whatToTell } from '../pipeline/guard-memory.ts';
import { loadAllowlist, tryAllowlist } from './allowlist-load.ts';

export interface AllowlistWatch {
  /** Reads again. What is to be said of it, a line each. */
  pass(now: Date): Promise<{ readonly allowlist: Allowlist; readonly says: readonly string[] }>;
}

/** Throws AjarError `bad-input` where there is no good one to begin with. */
export async function watchAllowlist(
  place: string | undefined,
  store: () => Pick<StateStore, 'append'>,
): Promise<AllowlistWatch> {
  let allowlist = await loadAllowlist(place);
  if (place === undefined) return { pass: async () => ({ allowlist: EMPTY_ALLOWLIST, says: [] }) };
  let problems: Awaited<ReturnType<typeof readAgain>>['problems'] = [];
  let memory: Memory = {};
  const held = new Map<string, Json>();
  const check = allowlistCheck({
    place,
    read: async () => ({ allowlist, problems }),
    notes: { read: async (key) => held.get(key), save: async (key, value) => void held.set(key, value) },
    record: (lines) => store().append(lines),
  });
  return {
    async pass(now) {
      const read = await readAgain(place);
      problems = read.problems;
      allowlist = read.allowlist ?? allowlist;
      const found = await check.look(now);
      const look = { check: check.name, problems: (found?.problems ?? []).filter(({ once }) => once === true) };
      const next = whatToTell(memory, [look], [check.name], now);
      memory = next.memory;
      const endings = (next.news?.began ?? []).map(({ subject, detail }) => `ajar: ${subject}: ${detail}`);
      return { allowlist, says: [...refusal(problems.map(formatProblem)), ...endings] };
    },
  };
}

function refusal(problems: readonly string[]): readonly string[] {
  if (problems.length === 0) return [];
  return [`${problems.join('\n')}\najar: the allowlist does not load: the last good one stays in force`];
}

async function readAgain(place: string) {
  const read = await tryAllowlist(place);
  return read.ok ? { allowlist: read.allowlist, problems: [] } : { problems: read.problems };
}

/** Of a scan, which remembers nothing of what it said: all that ends within two weeks or has ended. */
export function endingLines(allowlist: Allowlist, now: Date): readonly string[] {
  return endingsOf(allowlist, now).map(
    ({ message, entry }) => `ajar: ${message}: ${printable(entry.owner, 128)} decides`,
  );
}
