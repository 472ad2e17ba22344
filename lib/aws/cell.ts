/**
 * One service of one place, as a collector sees it: a client, calls that record instead of throwing, lists that
 * know whether they are whole. A collector has no catch of its own, so it cannot turn a refusal into "nothing there".
 */
import type { CoverageGap } from '../model/endpoint.ts';
import { cellKey, type CellStatus, type Place } from '../model/inventory.ts';
import type { Network } from '../model/network.ts';
import { printable } from '../model/text.ts';
import { type Failure, failureOf, isAbsence } from './errors.ts';
import { pagesOf } from './pages.ts';

/** The provider's word that what was asked for does not exist. */
export const ABSENT = 'absent';

/** Runs one call: limits, counts and times it. Injected, so that tests need no SDK. */
export type Run = <T>(action: string, call: () => Promise<T>) => Promise<T>;

export interface Cell {
  readonly place: Place;
  readonly service: string;
  readonly now: () => Date;
  /** One client per account, region and service, made on first use. */
  client<C>(make: ClientMaker<C>): C;
  /**
   * One call. `undefined` when it was not answered: the gap is recorded against `subject`, or against the whole cell
   * where there is none. Whatever depends on the answer is then unknown.
   */
  ask<T>(action: string, call: () => Promise<T>, subject?: string): Promise<T | undefined>;
  /** As `ask`, where errors of these names are an answer: there is no such thing. */
  askMaybe<T>(
    action: string,
    call: () => Promise<T>,
    absence: readonly string[],
    subject?: string,
  ): Promise<T | typeof ABSENT | undefined>;
  /** As `ask`, where a refusal is no gap yet: something else may know. */
  quietly<T>(action: string, call: () => Promise<T>): Promise<T | undefined>;
  /** All pages. What arrived before a failure is returned; the cell is then `partial` and nothing counts as gone. */
  list<O, T>(
    action: string,
    call: (token: string | undefined) => Promise<O>,
    items: (page: O) => readonly T[] | undefined,
    next: (page: O) => string | undefined,
  ): Promise<readonly T[]>;
  /** Reads once per place for all cells that ask; a failure counts against each of them. */
  shared<T>(key: string, read: (cell: Cell) => Promise<T>): Promise<T>;
  /** The place's network. Its own failures stand in its own cell; here they are `missing` parts. */
  network(): Promise<Network>;
  /** Things that are there and are no endpoint as they stand: the cell is then read hourly, since one change opens a door. */
  watch(count: number): void;
  /** For what the API answered but cannot be believed or read. */
  gap(code: CoverageGap['code'], detail: string, subject?: string): void;
}

export type ClientMaker<C> = new (config: never) => C;

/** What a cell remembers of its own failures. */
export interface Problem {
  readonly subject: string | undefined;
  readonly code: CoverageGap['code'];
  readonly noSuchHost: boolean;
  readonly detail: string;
}

export interface CellParts {
  readonly place: Place;
  readonly service: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly run: Run;
  readonly client: <C>(make: ClientMaker<C>) => C;
  readonly network: () => Promise<Network>;
  /** A refusal that is no gap, as it happens: `quietly` was refused. */
  readonly onRefusal?: (action: string, detail: string) => void;
  readonly memo: Map<string, Promise<{ readonly value: unknown; readonly problems: readonly Problem[] }>>;
}

export interface OpenCell extends Cell {
  /** How the cell as a whole answered, given that `listed` things came back. */
  status(listed: number): CellStatus;
  gaps(): readonly CoverageGap[];
  readonly problems: readonly Problem[];
  /** As `watch` was told. */
  watched(): number;
}

export function openCell(parts: CellParts): OpenCell {
  const { place, service, run, signal } = parts;
  const problems: Problem[] = [];
  let watched = 0;
  const record = (failure: Failure, action: string, subject: string | undefined): undefined => {
    const { code, noSuchHost, detail } = failure;
    problems.push({ subject, code, noSuchHost, detail: printable(`${action}: ${detail}`) });
    return undefined;
  };
  const attempt = async <T>(action: string, call: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    return run(action, call);
  };
  const cell: OpenCell = {
    place,
    service,
    now: parts.now,
    client: parts.client,
    network: parts.network,
    problems,
    watch(count) {
      watched += count;
    },
    watched: () => watched,
    async ask(action, call, subject) {
      try {
        return await attempt(action, call);
      } catch (error) {
        return record(failureOf(error), action, subject);
      }
    },
    async quietly(action, call) {
      try {
        return await attempt(action, call);
      } catch (error) {
        const { code, detail } = failureOf(error);
        // Anything that AWS or the network did; what is ours to mend is thrown on.
        if (!(error instanceof Error) || code === 'fault') throw error;
        parts.onRefusal?.(action, printable(`${code}: ${detail}`));
        return undefined;
      }
    },
    async askMaybe(action, call, absence, subject) {
      try {
        return await attempt(action, call);
      } catch (error) {
        return isAbsence(error, absence) ? ABSENT : record(failureOf(error), action, subject);
      }
    },
    async list<O, T>(
      action: string,
      call: (token: string | undefined) => Promise<O>,
      items: (page: O) => readonly T[] | undefined,
      next: (page: O) => string | undefined,
    ) {
      const { items: all } = await pagesOf(cell, undefined, { action, call, items, next });
      return all;
    },
    async shared<T>(key: string, read: (cell: Cell) => Promise<T>) {
      const known = parts.memo.get(key) ?? readShared(parts, read);
      parts.memo.set(key, known);
      const { value, problems: theirs } = await known;
      problems.push(...theirs);
      return value as T;
    },
    gap(code, detail, subject) {
      problems.push({ subject, code, noSuchHost: false, detail: printable(detail) });
    },
    status: (listed) => statusOf(problems, listed),
    gaps: () => problems.map((p) => gapOf(p, place, service)),
  };
  return cell;
}

async function readShared<T>(
  parts: CellParts,
  read: (cell: Cell) => Promise<T>,
): Promise<{ value: T; problems: readonly Problem[] }> {
  const own = openCell(parts);
  return { value: await read(own), problems: own.problems };
}

/** Problems of single resources leave the list whole; any other leaves it in doubt. */
function statusOf(problems: readonly Problem[], listed: number): CellStatus {
  const [first] = problems.filter((p) => p.subject === undefined);
  if (first === undefined) return 'complete';
  if (listed > 0) return 'partial';
  const { code } = first;
  if (code === 'denied' || code === 'throttled' || code === 'not-enabled') return code;
  return code === 'incomplete' ? 'partial' : 'failed';
}

function gapOf({ subject, code, detail }: Problem, place: Place, service: string): CoverageGap {
  return { stage: 'inventory', subject: subject ?? cellKey(place, service), code, detail };
}
