/**
 * `ajar replay`: a scripted history, looked at by ajar as it is deployed and, beside it, by whole scans hours apart. Plan,
 * collect, probe, assess and notify are the real ones; the clock, the world and the sink are scripted.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readText } from '../../collectors/file.ts';
import { COLLECTORS } from '../../collectors/catalogue.ts';
import { normalise } from '../../events/normalise.ts';
import type { Allowlist } from '../../model/allowlist.ts';
import type { Incident } from '../../model/incident.ts';
import { durationMs, MAX_REPLAY_BYTES, type ReplayFile, replayFile } from '../../model/replay.ts';
import { formatProblem, parseYaml, type Problem } from '../../model/yaml.ts';
import { badInput } from '../config.ts';
import { playDeployed } from './deployment.ts';
import { type Asked, eventOutcomes, type Heard } from './outcome.ts';
import { playPeriodic } from './periodic.ts';
import type { EventOutcome, ReplayResult } from './result.ts';
import { openStage, type Played } from './stage.ts';
import { trailEvent } from './trail.ts';
import { dataOf, pagesOf, windowOutcomes } from './windows.ts';

/** Histories that come with ajar. */
export const BUILT_IN = ['wyze-2019'] as const;
const HOUR_MS = 3_600_000;
const SCANS: Readonly<Record<string, number>> = { '12h': 12 * HOUR_MS, '24h': 24 * HOUR_MS };

/** A built-in history by its name, or a file. */
export async function readHistory(name: string): Promise<ReplayFile> {
  const builtIn = BUILT_IN.find((known) => known === name);
  if (builtIn !== undefined) {
    const file = new URL(`./${builtIn}.yaml`, import.meta.url);
    return parseHistory(await readFile(file, 'utf8'), `${builtIn}.yaml`);
  }
  const text = await readText(name);
  if (typeof text !== 'string')
    throw badInput([formatProblem(text)], `histories that come with ajar: ${BUILT_IN.join(', ')}`);
  return parseHistory(text, name);
}

/** Throws AjarError `bad-input` with line and cure. */
export function parseHistory(text: string, file: string): ReplayFile {
  const parsed = parseYaml(text, file, replayFile, MAX_REPLAY_BYTES);
  if (!parsed.ok) throw badInput(parsed.problems.map(formatProblem));
  const problems = [...unknownNames(parsed.value)].map(
    ({ path, message }): Problem => ({ file, ...parsed.at(path), message }),
  );
  if (problems.length > 0) throw badInput(problems.map(formatProblem));
  return parsed.value;
}

/** What the schema cannot know: collectors, and the table of events. */
function* unknownNames({ endpoints, events = [], until }: ReplayFile) {
  const services = COLLECTORS.map(({ service }) => service);
  for (const [i, { service }] of endpoints.entries()) {
    const message = `is no collector of ajar: one of ${services.join(', ')}`;
    if (!services.includes(service)) yield { path: ['endpoints', i, 'service'], message };
  }
  for (const [i, event] of events.entries()) {
    const endpoint = endpoints.find(({ id }) => id === event.endpoint);
    if (event.trail === undefined || endpoint === undefined) continue;
    const path = ['events', i, 'trail'];
    const envelope = trailEvent(event, endpoint);
    if (envelope === undefined) {
      yield {
        path,
        message: `needs source, call and request: which call of ${endpoint.service} it was is not known here`,
      };
      continue;
    }
    const read = normalise(envelope, new Date(until));
    if (read.kind !== 'change')
      yield { path, message: `is no event that ajar would look at (${read.why}): correct the call` };
  }
}

export function allowlistOf({ allowances = [], name }: ReplayFile): Allowlist {
  const digest = createHash('sha256').update(JSON.stringify(allowances)).digest('hex');
  return { entries: allowances as Allowlist['entries'], digest, file: name };
}

export async function replay(file: ReplayFile, withinMs: number): Promise<ReplayResult> {
  const allowlist = allowlistOf(file);
  const asked: Asked = { file, allowlist, withinMs, skewMs: 0 };
  const played = await playDeployed(openStage(file, allowlist));
  const heard = await heardOf(played);
  const scans = new Map<string, readonly EventOutcome[]>();
  for (const [name, everyMs] of Object.entries(SCANS)) {
    const scanned = await heardOf(await playPeriodic(openStage(file, allowlist), everyMs));
    scans.set(name, eventOutcomes({ ...asked, skewMs: skewOf(file) }, scanned));
  }
  const events = eventOutcomes(asked, heard).map((event, i) => ({
    ...event,
    scans: Object.fromEntries([...scans].map(([name, outcomes]) => [name, outcomes[i]?.alert?.seconds ?? null])),
  }));
  return {
    ...{ type: 'replay', name: file.name, from: file.from, until: file.until, withinSeconds: withinMs / 1_000 },
    ...{ accounts: file.accounts.length, endpoints: file.endpoints.length, events },
    ...{ windows: windowOutcomes(asked, heard.incidents), data: dataOf(heard), pages: pagesOf(asked, heard) },
    visits: played.visits,
  };
}

export async function heardOf({ store, delivered }: Played): Promise<Heard> {
  const incidents: Incident[] = [];
  for await (const incident of store.incidents()) incidents.push(incident);
  return { delivered: delivered.page, second: delivered.second, machine: delivered.machine, incidents };
}

function skewOf({ faults = [] }: ReplayFile): number {
  return Math.max(0, ...faults.map(({ by }) => (by === undefined ? 0 : durationMs(by))));
}
