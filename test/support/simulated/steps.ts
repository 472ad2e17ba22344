/** What may happen in a simulated history, a step each; drawn as numbers, so that any step is of some effect at any time. */
import fc, { type AsyncCommand } from 'fast-check';
import { type History, LISTS } from './history.ts';
import type { Crash, Mood } from './system.ts';
import { LOOKS } from './visits.ts';
import { IN_AWS, type Truth, VANTAGES, type Which } from './world.ts';

/** From a list, by a number. */
function one<T>(list: readonly T[], by: number): T {
  return list[by % list.length] as T;
}

interface Drawn {
  readonly does: Does;
  /** Seconds that pass before. */
  readonly wait: number;
  readonly a: number;
  readonly b: number;
}

type Deed = (history: History, drawn: Drawn) => Promise<void> | void;

const TURNS: readonly Partial<Truth>[] = [
  { door: 'open' },
  { door: 'open' },
  { door: 'open' },
  { auth: 'off' },
  { auth: 'on' },
  { auth: 'off', tls: 'off' },
  { auth: 'partial' },
  { auth: 'on', tls: 'on' },
  { tls: 'off' },
  { tls: 'partial' },
  { tls: 'on' },
  { door: 'refused' },
  { door: 'silent' },
  { shielded: true },
  { shielded: false },
  { audit: 'off' },
  { audit: 'on' },
  { demanded: 'off' },
  { demanded: 'on' },
];
const CRASHES: readonly Crash[] = ['none', 'none', 'none', 'none', 'before', 'after'];
const MOODS: readonly Mood[] = ['accept', 'accept', 'refuse', 'lose'];
/** A clock steps by up to a quarter of an hour, or is set right. */
const OFFS = [0, 0, 900, -900, 600, -300, 40, -40];
const LONG_SECONDS = 1_200;
/** Of a visit, in its queue. */
const LONGEST_WAIT_SECONDS = 240;

const DEEDS = {
  wait: () => {},
  waitLong: ({ world }, { a }) => {
    world.now += a % LONG_SECONDS;
  },
  change: ({ world }, { a, b }) => world.change(whichOf(b), one(TURNS, a)),
  endOrBegin: ({ world }) => {
    const { lives } = world.truth(IN_AWS);
    world.change(IN_AWS, { lives: !lives });
  },
  visit: (history, { a, b }) => history.visit(whichOf(b), one(VANTAGES, b >> 1), one(LOOKS, a), b % 20, a),
  sweep: (history, { a, b }) =>
    history.sweep(whichOf(b), one(VANTAGES, b >> 1), b % 20, a, a % 4 === 0 ? b % LONGEST_WAIT_SECONDS : 0),
  deliver: (history, { a, b }) => history.judge(history.take(a, 1), one(CRASHES, b), b % 7 === 0),
  race: async (history, { a, b }) => {
    const messages = history.take(a, 2 + (b % 2));
    if (messages.length > 0) await history.judge(messages, one(CRASHES, b), false, b % 3 === 0);
  },
  batch: (history, { a, b }) => history.judgeTogether(history.take(a, 3 + (b % 3)), one(CRASHES, b)),
  tell: ({ system }, { a }) => {
    system.diesTelling = a % 8 === 0;
    return system.tell();
  },
  topic: ({ system }, { a, b }) => {
    system.moods[a % 2 === 0 ? 'machine' : 'page'] = one(MOODS, b);
  },
  clock: (history, { a, b }) => {
    const off = one(OFFS, b);
    if (a % 3 === 2) history.system.clock.off = off;
    else history.step(one(VANTAGES, a), off);
  },
  allow: (history, { a }) => history.allow(one(LISTS, a)),
} as const satisfies Record<string, Deed>;
type Does = keyof typeof DEEDS;

function whichOf(by: number): Which {
  return (by % 2) as Which;
}

/** How often each comes, beside the others. */
const WEIGHTS: Readonly<Record<Does, number>> = {
  ...{ wait: 1, waitLong: 1, change: 10, endOrBegin: 1, visit: 16, sweep: 7 },
  ...{ deliver: 22, race: 4, batch: 2, tell: 8, topic: 2, clock: 3, allow: 2 },
};
const OFTEN = (Object.keys(WEIGHTS) as Does[]).flatMap((does) => Array<Does>(WEIGHTS[does]).fill(does));

class Step implements AsyncCommand<object, History> {
  readonly #drawn: Drawn;
  constructor(drawn: Drawn) {
    this.#drawn = drawn;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, history: History): Promise<void> {
    history.world.now += this.#drawn.wait;
    await DEEDS[this.#drawn.does](history, this.#drawn);
    if (history.violations.length > 0) throw new Error(history.violations.join('\n'));
  }

  toString(): string {
    const { does, wait, a, b } = this.#drawn;
    return `${does}(${wait}, ${a}, ${b})`;
  }
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  does: fc.constantFrom(...OFTEN),
  wait: fc.nat({ max: 30 }),
  a: fc.nat({ max: 10_000 }),
  b: fc.nat({ max: 10_000 }),
});

/** So many, no less: the simplest of all steps is to wait for no time. */
export function steps(count: number): fc.Arbitrary<readonly AsyncCommand<object, History>[]> {
  return fc.array(
    drawn.map((each) => new Step(each)),
    { minLength: count, maxLength: count },
  );
}
