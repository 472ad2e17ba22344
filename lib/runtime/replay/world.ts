/**
 * The world of a scripted history at the instant that its clock shows: which endpoints exist, how they are configured, what a
 * stranger finds, and which faults are in force. It changes by the script alone; nobody's look changes anything.
 */
import type { ReplayEndpoint, ReplayEvent, ReplayFault, ReplayFile } from '../../model/replay.ts';
import { durationMs } from '../../model/replay.ts';
import { livesAtFirst } from '../../model/replay-checks.ts';
import type { VirtualClock } from './clock.ts';

export type Declared = NonNullable<ReplayEndpoint['declared']>;
export type Observed = ReplayEndpoint['observed'];

/** One endpoint at an instant. */
export interface Being {
  readonly script: ReplayEndpoint;
  /** A number of its life: what is created again is another one. */
  readonly life: number;
  readonly lives: boolean;
  readonly declared: Declared;
  readonly observed: Observed;
}

export class World {
  readonly clock: VirtualClock;
  readonly #beings = new Map<string, Being>();
  readonly #faults: readonly ReplayFault[];

  constructor({ endpoints, events = [], faults = [] }: ReplayFile, clock: VirtualClock) {
    this.clock = clock;
    this.#faults = faults;
    for (const script of endpoints) this.#beings.set(script.id, beginning(script, livesAtFirst(script.id, events)));
    for (const event of events) clock.at(Date.parse(event.at), () => this.#apply(event));
  }

  beings(): readonly Being[] {
    return [...this.#beings.values()];
  }

  being(id: string): Being | undefined {
    return this.#beings.get(id);
  }

  /** The first fault of a kind that is in force and concerns what is asked for. */
  fault(kind: ReplayFault['fault'], of: Partial<Pick<ReplayFault, 'account' | 'region' | 'service' | 'vantage'>> = {}) {
    const now = this.clock.now();
    return this.#faults.find((fault) => {
      const since = now - Date.parse(fault.at);
      return fault.fault === kind && since >= 0 && since < durationMs(fault.for) && concerns(fault, of);
    });
  }

  #apply(event: ReplayEvent): void {
    const being = this.#beings.get(event.endpoint);
    if (being !== undefined) this.#beings.set(event.endpoint, changed(being, event));
  }
}

export function beginning(script: ReplayEndpoint, lives: boolean): Being {
  return { script, life: 1, lives, declared: script.declared ?? {}, observed: script.observed };
}

/** What is created begins as it is described, with what its event says on top. */
export function changed(before: Being, { does, declared, observed }: ReplayEvent): Being {
  if (does === 'delete') return { ...before, lives: false };
  const { script, life } = before;
  const base = does === 'create' ? { ...beginning(script, true), life: before.lives ? life : life + 1 } : before;
  return {
    ...base,
    declared: { ...base.declared, ...declared },
    observed: { ...base.observed, ...observed, door: observed?.door ?? base.observed.door },
  };
}

function concerns(fault: ReplayFault, of: Partial<ReplayFault>): boolean {
  return (['account', 'region', 'service', 'vantage'] as const).every(
    (name) => fault[name] === undefined || of[name] === undefined || fault[name] === of[name],
  );
}
