/**
 * What truly happened, by the script alone: at which instants a protection of an endpoint fell or rose. Nothing here asks what
 * ajar made of it, so that what ajar made of it can be held against this.
 */
import { type KnownLevel, PROTECTIONS, type ProtectionName, isKnown, compareLevels } from '../../model/protection.ts';
import type { ReplayEndpoint, ReplayEvent, ReplayFile } from '../../model/replay.ts';
import { livesAtFirst } from '../../model/replay-checks.ts';
import { type Being, beginning, changed } from './world.ts';

export interface Turn {
  readonly at: number;
  readonly endpoint: string;
  /** Undefined where it is the first sight of what was there before the history begins. */
  readonly event: ReplayEvent | undefined;
  /** Undefined where there was nothing, or nobody looked. */
  readonly before: Being | undefined;
  readonly after: Being;
}

/** In order of time, the first sights first. */
export function turnsOf({ from, endpoints, events = [] }: ReplayFile): readonly Turn[] {
  const turns: Turn[] = [];
  const beings = new Map<string, Being>();
  for (const script of endpoints) {
    const first = beginning(script, livesAtFirst(script.id, events));
    beings.set(script.id, first);
    if (first.lives)
      turns.push({ at: Date.parse(from), endpoint: script.id, event: undefined, before: undefined, after: first });
  }
  for (const event of events) {
    const before = beings.get(event.endpoint);
    if (before === undefined) continue;
    const after = changed(before, event);
    beings.set(event.endpoint, after);
    const turn = { at: Date.parse(event.at), endpoint: event.endpoint, event, after };
    turns.push({ ...turn, before: before.lives ? before : undefined });
  }
  return turns;
}

export type Levels = ReadonlyMap<`${'declared' | 'observed'} ${ProtectionName}`, KnownLevel>;

/** What is configured, and what a stranger would find: behind a door that is not open he finds nothing but that. */
export function levelsOf(being: Being | undefined): Levels {
  const levels = new Map<`${'declared' | 'observed'} ${ProtectionName}`, KnownLevel>();
  if (being?.lives !== true) return levels;
  for (const name of PROTECTIONS) {
    const level = being.declared[name];
    if (isKnown(level)) levels.set(`declared ${name}`, level);
  }
  const { door, authentication = 'on', tls = 'on' } = being.observed;
  levels.set('observed network', door === 'open' ? 'off' : 'on');
  if (door !== 'open') return levels;
  return levels.set('observed authentication', authentication).set('observed tls', tls);
}

/** What got worse, or came to be, and is not as good as can be. */
export function fallen({ before, after }: Pick<Turn, 'before' | 'after'>): readonly ProtectionName[] {
  const [was, is] = [levelsOf(before), levelsOf(after)];
  return namesOf(
    [...is].filter(([key, level]) => {
      const known = was.get(key);
      return level !== 'on' && (known === undefined || compareLevels(level, known) < 0);
    }),
  );
}

/** What got better, or is no longer there for anybody to find. */
export function risen({ before, after }: Pick<Turn, 'before' | 'after'>): readonly ProtectionName[] {
  const [was, is] = [levelsOf(before), levelsOf(after)];
  return namesOf(
    [...was].filter(([key, level]) => {
      const now = is.get(key);
      return level !== 'on' && (now === undefined || compareLevels(now, level) > 0);
    }),
  );
}

function namesOf(entries: readonly (readonly [string, KnownLevel])[]): readonly ProtectionName[] {
  const found = new Set(entries.map(([key]) => key.split(' ')[1]));
  return PROTECTIONS.filter((name) => found.has(name));
}

export function scriptOf(file: ReplayFile, id: string): ReplayEndpoint | undefined {
  return file.endpoints.find((endpoint) => endpoint.id === id);
}
