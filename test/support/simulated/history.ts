/** A simulated history as it goes on: the world, the queue, ajar, and the reference that knows what was delivered. */
import type { Scheduler } from 'fast-check';
import { type AllowlistRead, readAllowlist } from '../../../lib/model/allowlist-file.ts';
import { EMPTY_ALLOWLIST } from '../../../lib/model/allowlist.ts';
import type { Incident } from '../../../lib/model/incident.ts';
import type { Reading } from '../../../lib/model/reading.ts';
import type { StateStore } from '../../../lib/model/store.ts';
import { fileOf } from '../allowances.ts';
import { anAllowance, instant } from '../readings.ts';
import { type Counts, NOTHING } from './counts.ts';
import { covered, sound } from './holds.ts';
import { Reference, seenOf } from './reference.ts';
import { type Crash, type Judged, System } from './system.ts';
import { hostOf, type Listed, type Look, type Message, readingOf } from './visits.ts';
import { ENDPOINTS, IN_AWS, type Vantage, type Which, World } from './world.ts';

/** `spoilt`: it does not load, and the last that did stays in force. `gone`: there is none, and nothing is allowed. */
export const LISTS = ['first', 'second', 'both', 'none', 'spoilt', 'gone'] as const;
export type ListName = (typeof LISTS)[number];

export type Open = (now: () => Date) => StateStore | Promise<StateStore>;

export class History {
  readonly world: World;
  readonly reference = new Reference();
  readonly system: System;
  readonly violations: string[] = [];
  readonly queue: Message[] = [];
  /** Entries in force, as whoever wrote the list meant it. */
  allowed: readonly string[] = [];
  readonly off: Record<Vantage, number> = { v1: 0, v2: 0 };
  readonly counts: { -readonly [name in keyof Counts]: Counts[name] } = { ...NOTHING };
  readonly #readings = new Map<string, Reading>();
  readonly #free = new Map<string, number>();
  #listed: Listed | undefined;
  #visits = 0;

  /** `open`: the store; it is told the time by the clock of who judges. */
  static async begin(open: Open, scheduler: Scheduler): Promise<History> {
    const world = new World();
    const clock = { off: 0 };
    const now = (): Date => new Date(instant(world.now + clock.off));
    return new History(world, new System(await open(now), scheduler, clock, now));
  }

  private constructor(world: World, system: System) {
    [this.world, this.system] = [world, system];
  }

  /** A vantage begins a visit after it ended the one before (lib/net/visit.ts). */
  visit(which: Which, vantage: Vantage, look: Look, lasts: number, answers: number): void {
    this.#visit(which, vantage, look, lasts, answers, which === IN_AWS ? this.#listed : undefined, true);
  }

  /** A sweep of the configuration, and the visit that brings what it read, at once or later; or the word that it is gone. */
  sweep(which: Which, vantage: Vantage, lasts: number, answers: number, waits = 0): void {
    if (which !== IN_AWS) return this.visit(which, vantage, 'plain', lasts, answers);
    const { lives, audit, demanded } = this.world.truth(which);
    const at = this.world.now;
    if (!lives) {
      this.queue.push({ id: `gone-${this.#visits++}`, which, ended: true, sentAt: at });
      return;
    }
    this.#listed = { at, audit, demanded };
    this.#visit(which, vantage, 'plain', lasts, answers, this.#listed, false, waits);
  }

  #visit(
    which: Which,
    vantage: Vantage,
    look: Look,
    lasts: number,
    answers: number,
    listed: Listed | undefined,
    remembered: boolean,
    waits = 0,
  ): void {
    const { world, off } = this;
    const lane = `${vantage} ${which}`;
    const began = Math.max(world.now + waits, this.#free.get(lane) ?? 0);
    const sentAt = began + lasts;
    this.#free.set(lane, sentAt + 1);
    const answered = began + (answers % (lasts + 1));
    const id = `${vantage}-${this.#visits++}`;
    this.queue.push({
      ...{ id, which, vantage, look, began, answered, sentAt, listed },
      ...{ off: [off[vantage], off[vantage]], remembered: remembered && listed !== undefined },
    });
  }

  /** The clock of a prober steps: visits that it is at began by the old one. */
  step(vantage: Vantage, off: number): void {
    this.off[vantage] = off;
    for (const [i, message] of this.queue.entries()) {
      if ('ended' in message || message.vantage !== vantage || message.sentAt <= this.world.now) continue;
      this.queue[i] = { ...message, off: [message.off[0], off] };
    }
  }

  allow(name: ListName): void {
    const list = LIST_TEXTS[name];
    if (list === undefined) [this.system.allowlist, this.allowed] = [EMPTY_ALLOWLIST, []];
    else if (list.ok !== (name !== 'spoilt')) throw new Error(`the allowlist ${name} is not as it is meant`);
    else if (list.ok) [this.system.allowlist, this.allowed] = [list.allowlist, IDS[name]];
  }

  /** Messages from this place of the queue on that are sent by now; time passes where none is. */
  take(pick: number, most: number): readonly Message[] {
    const { queue, world } = this;
    if (queue.length === 0) return [];
    world.now = Math.max(world.now, Math.min(...queue.map(({ sentAt }) => sentAt)));
    const sent = queue.filter(({ sentAt }) => sentAt <= world.now);
    const start = pick % sent.length;
    return [...sent.slice(start), ...sent.slice(0, start)].slice(0, most);
  }

  forget(message: Message): void {
    const i = this.queue.findIndex(({ id }) => id === message.id);
    if (i >= 0) this.queue.splice(i, 1);
  }

  /** Judges these one by one, several of them at once, and holds what came of it against the reference. */
  async judge(messages: readonly Message[], crash: Crash, stays: boolean, alsoTells = false): Promise<void> {
    const { system } = this;
    const isRacing = messages.length > 1 || alsoTells;
    const work = messages.map((message, i) =>
      system.judge([this.#reading(message)], i === 0 ? crash : 'none', isRacing),
    );
    const all: readonly Promise<unknown>[] = alsoTells ? [...work, system.tell(true)] : work;
    if (isRacing) await system.race(all);
    const judged = await Promise.all(work);
    this.#note(
      messages.map((message, i) => ({ message, judged: judged[i] as Judged })),
      stays,
    );
    const changed = judged.flatMap(({ incidents }) => incidents);
    if (!isRacing) this.hold(lastOf(changed));
    else await this.#holdStored(changed);
  }

  /** As a batch of one queue: those of one endpoint are one write. */
  async judgeTogether(messages: readonly Message[], crash: Crash): Promise<void> {
    const [first] = messages;
    if (first === undefined) return;
    const mine = messages.filter(({ which }) => which === first.which);
    const judged = await this.system.judge(
      mine.map((message) => this.#reading(message)),
      crash,
    );
    this.#note(
      mine.map((message) => ({ message, judged })),
      false,
    );
    this.hold(lastOf(judged.incidents));
  }

  #reading(message: Message): Reading {
    const reading = this.#readings.get(message.id) ?? readingOf(message, this.world);
    this.#readings.set(message.id, reading);
    return reading;
  }

  /** Those that came too late last: what they came too late for may have been judged beside them. */
  #note(all: readonly { readonly message: Message; readonly judged: Judged }[], stays: boolean): void {
    for (const { noted } of new Set(all.map(({ judged }) => judged))) this.counts.noted += noted;
    for (const { message, judged } of all) if (!judged.late.has(message.id)) this.#noteOne(message, judged, stays);
    for (const { message, judged } of all) if (judged.late.has(message.id)) this.#noteOne(message, judged, stays);
  }

  #noteOne(message: Message, { done, folded, late }: Judged, stays: boolean): void {
    const { reference, counts, world } = this;
    counts.judged++;
    if (!done) counts.died++;
    if (done && !stays) this.forget(message);
    if (reference.knows(message.id)) counts.repeated++;
    if (!folded || reference.knows(message.id)) return;
    const seen = seenOf(message, world, this.allowed);
    if (!late.has(message.id)) return reference.add(seen);
    counts.late++;
    reference.late.add(message.id);
    if (reference.isInTime(seen)) {
      this.violations.push(`I1: ${message.id} of ${seen.at} counted as late at ${world.now}`);
    }
    // What it brings of the configuration may count all the same.
    if (seen.declaredAt !== undefined) {
      reference.add({ ...seen, observed: {}, silent: false, breaksSilence: false });
    }
  }

  async #holdStored(changed: readonly Incident[]): Promise<void> {
    const ids = new Set(changed.map(({ id }) => id));
    this.hold((await this.incidents()).filter(({ id }) => ids.has(id)));
  }

  hold(incidents: readonly Incident[]): void {
    for (const incident of incidents) this.violations.push(...sound(incident, this.reference, this.world));
  }

  /** All of it. */
  async holdAll(): Promise<void> {
    const incidents = await this.incidents();
    this.hold(incidents);
    for (const which of [0, 1] as const) this.violations.push(...covered(which, incidents, this.reference));
  }

  async incidents(): Promise<Incident[]> {
    const found: Incident[] = [];
    for await (const incident of this.system.store.incidents()) found.push(incident);
    return found;
  }
}

function lastOf(incidents: readonly Incident[]): readonly Incident[] {
  return [...new Map(incidents.map((incident) => [incident.id, incident])).values()];
}

const match = { accounts: ['111122223333'], hostnames: ENDPOINTS.map(hostOf), protocols: ['elasticsearch'] } as const;
const FIRST = anAllowance({ id: 'first', match });
const SECOND = anAllowance({ id: 'second', match });

function read(text: string): AllowlistRead {
  return readAllowlist([{ file: 'allowlist.yaml', text }], 'allowlist.yaml', false);
}

function listOf(...entries: readonly (typeof FIRST)[]): AllowlistRead {
  return read(fileOf(...entries.map((entry) => ({ ...entry }))));
}

const IDS: Readonly<Record<ListName, readonly string[]>> = {
  ...{ first: ['first'], second: ['second'], both: ['first', 'second'] },
  ...{ none: [], spoilt: [], gone: [] },
};

const LIST_TEXTS: Readonly<Record<ListName, AllowlistRead | undefined>> = {
  first: listOf(FIRST),
  second: listOf(SECOND),
  both: listOf(FIRST, SECOND),
  none: listOf(),
  spoilt: read(`${fileOf({ ...FIRST })}  - id: [`),
  gone: undefined,
};
