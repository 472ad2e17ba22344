/**
 * The reference: what was delivered of the true world, and what must follow from it by the promises alone. It knows nothing of
 * folds, marks or windows; where a rule of ajar's leaves both answers open it claims neither.
 */
import type { Message, Visit } from './visits.ts';
import {
  CONFIGURATION,
  doorTo,
  type Source,
  type Standing,
  standing,
  type Tracked,
  type Vantage,
  type Which,
  type World,
} from './world.ts';

/** A message as it was judged for the first time. */
export interface Seen {
  readonly id: string;
  readonly which: Which;
  readonly at: number;
  /** Else it may be that only what it brings of the configuration counts, and that only where nothing newer is known. */
  readonly isInTime: boolean;
  /** Entries that covered both endpoints then. */
  readonly allowed: readonly string[];
  /** Others did when its vantage was there later: by which of them it is judged is open (lib/assess/once-more.ts). */
  readonly isDisputed: boolean;
  readonly ended: boolean;
  /** Of whoever made the visit. */
  readonly vantage: Vantage | undefined;
  readonly began: number;
  /** What it shows of each protection for sure; of the configuration by when that was read. */
  readonly observed: Readonly<Partial<Record<Tracked, Standing>>>;
  readonly declared: Readonly<Partial<Record<Tracked, Standing>>>;
  readonly declaredAt: number | undefined;
  /** Nobody answered, and that was not for the vantage's own deafness. */
  readonly silent: boolean;
  /** Its vantage heard nothing, or somebody spoke: silences before it count no more. */
  readonly breaksSilence: boolean;
}

/** Of one fact: who says so, when, and where it stands among all. */
export interface Fact {
  readonly seen: Seen;
  readonly source: Source;
  readonly standing: Standing;
}

/** Queues shuffle within ten minutes, and of one endpoint 32 are kept whole: so late and so many is late (decide.ts). */
const LATE_SECONDS = 600;
const KEPT = 32;
/** Design section 3: silence three times over at least two minutes. */
const SILENCES = 3;
const SILENT_SECONDS = 120;

export class Reference {
  readonly #seen: readonly [Seen[], Seen[]] = [[], []];
  readonly #ids = new Set<string>();
  readonly late = new Set<string>();

  knows(id: string): boolean {
    return this.#ids.has(id) || this.late.has(id);
  }

  of(which: Which): readonly Seen[] {
    return this.#seen[which];
  }

  /** In the order of time. */
  add(told: Seen): void {
    const all = this.#seen[told.which];
    const isOther = ({ vantage, allowed }: Seen): boolean =>
      vantage === told.vantage && allowed.join() !== told.allowed.join();
    const isDisputed = all.some((each) => isBefore(told, each) && isOther(each));
    const seen = { ...told, isInTime: this.isInTime(told), isDisputed };
    this.#ids.add(seen.id);
    const i = all.findLastIndex((each) => isBefore(each, seen));
    all.splice(i + 1, 0, seen);
  }

  /** Whether there is no way that it came too late. */
  isInTime({ which, at }: Pick<Seen, 'which' | 'at'>): boolean {
    const all = this.#seen[which];
    const newest = all.at(-1)?.at ?? at;
    return newest - at <= LATE_SECONDS && all.filter((each) => each.at >= at || !each.isInTime).length < KEPT;
  }

  /** What each source said of a protection, in the order of time. What was superseded as it was read is none. */
  facts(which: Which, protection: Tracked): readonly Fact[] {
    let newest = Number.NEGATIVE_INFINITY;
    return this.#seen[which].flatMap((seen) => {
      const isInForce = seen.declaredAt !== undefined && seen.declaredAt >= newest;
      newest = Math.max(newest, seen.ended ? seen.at : (seen.declaredAt ?? newest));
      const [observed, declared] = [seen.observed[protection], seen.declared[protection]];
      return [
        ...(observed === undefined || seen.vantage === undefined
          ? []
          : [{ seen, source: seen.vantage, standing: observed }]),
        ...(declared === undefined || !isInForce ? [] : [{ seen, source: CONFIGURATION, standing: declared } as const]),
      ];
    });
  }

  /** Facts that are a loss by any measure: below what is accepted of anything, or a step down from what the source saw last. */
  losses(which: Which, protection: Tracked): readonly Fact[] {
    const last = new Map<Source, Standing>();
    return this.facts(which, protection).filter((fact) => {
      const before = last.get(fact.source);
      if (!fact.seen.isInTime || fact.seen.isDisputed) {
        last.delete(fact.source);
        return false;
      }
      // What is behind a closed door is as it was, as far as anybody knows.
      if (fact.standing !== 'closed' || protection === 'network') last.set(fact.source, fact.standing);
      return isLoss(fact, protection, before);
    });
  }

  /** Whether after this loss its own source, or the API, showed that it is over, no later than then. */
  isOver(loss: Fact, protection: Tracked, by: number): boolean {
    const { seen: bad, source } = loss;
    const all = this.#seen[bad.which];
    if (source === CONFIGURATION) {
      const since = bad.declaredAt ?? bad.at;
      return all.some(
        (seen) =>
          (seen.ended && seen.at > since) ||
          (seen.declaredAt !== undefined && seen.declaredAt > since && seen.declared[protection] === 'on'),
      );
    }
    const later = all.filter((seen) => isBefore(bad, seen) && seen.at <= by);
    return (
      later.some((seen) => seen.ended) ||
      later.some((seen) => seen.vantage === source && isRecovery(seen, protection)) ||
      later.some((seen) => seen.vantage === source && this.#isClosedBySilence(seen))
    );
  }

  #isClosedBySilence(last: Seen): boolean {
    if (!last.silent) return false;
    let [count, since] = [0, last.at];
    for (const seen of this.#seen[last.which].toReversed()) {
      if (seen.vantage !== last.vantage || isBefore(last, seen)) continue;
      if (seen.breaksSilence) break;
      if (seen.silent) [count, since] = [count + 1, seen.at];
    }
    return count >= SILENCES && last.at - since >= SILENT_SECONDS;
  }
}

function isLoss({ seen, source, standing: now }: Fact, protection: Tracked, before: Standing | undefined): boolean {
  if (protection === 'authentication') return now === 'off' || now === 'partial';
  const wasGood = before === 'on' || (protection === 'network' && before === 'closed');
  if (source === CONFIGURATION) return now === 'off' && before === 'on';
  if (now === 'closed' || now === 'on') return false;
  if (wasGood) return true;
  const isStep = protection === 'tls' && now === 'off' && before === 'partial';
  return seen.allowed.length === 0 && (now === 'off' || isStep);
}

/** TLS that is offered may be as good as it ever was; and an entry may accept what it did not when it was lost. */
function isRecovery({ observed, allowed }: Seen, protection: Tracked): boolean {
  const now = observed[protection];
  if (now === 'on' || now === 'closed') return true;
  return (
    now !== undefined &&
    protection !== 'authentication' &&
    (allowed.length > 0 || (protection === 'tls' && now === 'partial'))
  );
}

function isBefore(a: Seen, b: Seen): boolean {
  return a.at === b.at ? a.id < b.id : a.at < b.at;
}

/** What a message shows, by the true world. */
export function seenOf(message: Message, world: World, allowed: readonly string[]): Seen {
  const { id, which, sentAt: at } = message;
  const nothing = { observed: {}, declared: {}, silent: false, breaksSilence: false };
  const base = { id, which, at, allowed, isInTime: true, isDisputed: false };
  if ('ended' in message)
    return { ...base, ...nothing, ended: true, vantage: undefined, began: at, declaredAt: undefined };
  const { vantage, began, listed, remembered, look } = message;
  const isRead = listed !== undefined && !remembered;
  const observed = observedBy(message, world);
  const isShut =
    look !== 'blank' && look !== 'denied' && doorTo(world.truth(which, message.answered), vantage) === 'silent';
  return {
    ...{ ...base, vantage, observed, ended: false },
    began: isRead ? Math.min(began, listed.at) : began,
    declared: isRead ? { 'audit-log': listed.audit, authentication: listed.demanded } : {},
    declaredAt: isRead ? listed.at : undefined,
    silent: isShut && look === 'plain',
    breaksSilence: look === 'deaf' || Object.keys(observed).length > 0,
  };
}

/** Half a look proves what it saw, and nothing of what it did not see. */
function observedBy({ which, vantage, look, answered }: Visit, world: World): Seen['observed'] {
  if (look === 'blank' || look === 'denied' || look === 'deaf') return {};
  const truth = world.truth(which, answered);
  const door = doorTo(truth, vantage);
  if (door === 'silent' || door === 'gone' || (door === 'refused' && look === 'half')) return {};
  const standings = (['network', 'authentication', 'tls'] as const).map(
    (protection) => [protection, standing(truth, protection, vantage)] as const,
  );
  if (look !== 'half') return Object.fromEntries(standings);
  const isProof = (protection: Tracked, now: Standing): boolean =>
    now === 'off' || (now === 'partial' && protection === 'authentication');
  return Object.fromEntries(standings.filter(([protection, now]) => isProof(protection, now)));
}
