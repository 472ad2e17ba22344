/**
 * What is really so in a simulated history: two endpoints, what is configured of them and what a stranger would find, from when
 * to when. Time is in whole seconds since the history began and is right; whoever looks may have another opinion of it.
 */

/** One is listed in a file, one by AWS: only of that one is a configuration read, and only its end is confirmed. */
export const ENDPOINTS = ['listed-in-a-file', 'listed-by-aws'] as const;
export type Which = 0 | 1;
export const IN_AWS: Which = 1;

export const VANTAGES = ['v1', 'v2'] as const;
export type Vantage = (typeof VANTAGES)[number];
export const CONFIGURATION = 'configuration';
export type Source = Vantage | typeof CONFIGURATION;
export const SOURCES: readonly Source[] = [...VANTAGES, CONFIGURATION];

export const TRACKED = ['network', 'authentication', 'tls', 'audit-log'] as const;
export type Tracked = (typeof TRACKED)[number];
/** `closed`: out of reach, whatever it is like behind the door. */
export type Standing = 'off' | 'partial' | 'on' | 'closed';
const RANK: Readonly<Record<Standing, number>> = { off: 0, partial: 1, on: 2, closed: 3 };

export interface Truth {
  readonly lives: boolean;
  readonly door: 'open' | 'refused' | 'silent';
  readonly auth: 'on' | 'partial' | 'off';
  readonly tls: 'on' | 'partial' | 'off';
  /** Closed to the second vantage alone. */
  readonly shielded: boolean;
  /** What is configured. */
  readonly audit: 'on' | 'off';
  readonly demanded: 'on' | 'off';
}

const AT_FIRST: Truth = {
  lives: true,
  door: 'refused',
  auth: 'on',
  tls: 'on',
  shielded: false,
  audit: 'on',
  demanded: 'on',
};

export interface Turn {
  readonly at: number;
  readonly was: Standing;
  readonly is: Standing;
}

interface Stretch {
  readonly from: number;
  readonly is: Truth;
}

export class World {
  now = 0;
  readonly #stretches: readonly [Stretch[], Stretch[]] = [
    [{ from: Number.NEGATIVE_INFINITY, is: AT_FIRST }],
    [{ from: Number.NEGATIVE_INFINITY, is: AT_FIRST }],
  ];

  truth(which: Which, at = this.now): Truth {
    return (this.#stretches[which].findLast(({ from }) => from <= at) as Stretch).is;
  }

  change(which: Which, what: Partial<Truth>): void {
    this.#stretches[which].push({ from: this.now, is: { ...this.truth(which), ...what } });
  }

  /** Whenever it stood otherwise to this source than the moment before. */
  turns(which: Which, protection: Tracked, source: Source): readonly Turn[] {
    const standings = this.#stretches[which].map(({ from, is }) => ({ from, is: standing(is, protection, source) }));
    return standings.flatMap(({ from, is }, i) => {
      const was = standings[i - 1]?.is;
      return was === undefined || was === is ? [] : [{ at: from, was, is }];
    });
  }

  /** Whether it was less than good at any time from then to then. */
  wasLow(which: Which, protection: Tracked, source: Source, from: number, to: number): boolean {
    return this.#stretches[which].some(
      (stretch, i, all) =>
        stretch.from <= to &&
        (all[i + 1]?.from ?? Number.POSITIVE_INFINITY) > from &&
        RANK[standing(stretch.is, protection, source)] < RANK.on,
    );
  }
}

export function isWorse(a: Standing, b: Standing): boolean {
  return RANK[a] < RANK[b];
}

/** The door as this vantage finds it. */
export function doorTo({ lives, door, shielded }: Truth, vantage: Vantage): Truth['door'] | 'gone' {
  if (!lives) return 'gone';
  return shielded && vantage === 'v2' ? 'refused' : door;
}

export function standing(truth: Truth, protection: Tracked, source: Source): Standing {
  if (source === CONFIGURATION) {
    if (!truth.lives) return 'closed';
    if (protection === 'audit-log') return truth.audit;
    return protection === 'authentication' ? truth.demanded : 'closed';
  }
  if (protection === 'audit-log' || doorTo(truth, source) !== 'open') return 'closed';
  if (protection === 'network') return 'off';
  return protection === 'tls' ? truth.tls : truth.auth;
}
