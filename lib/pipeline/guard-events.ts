/**
 * What events tell guard: that the path they take is open, by a harmless write of its own that has to come back to it
 * (aws-services.md section 5.4), and that somebody touched what ajar itself rests on (evidence-and-alerts.md section 6.2).
 */
import type { Change } from '../model/change.ts';
import type { Problem } from '../model/health.ts';
import type { Changes } from '../model/store.ts';
import { printable } from '../model/text.ts';
import type { Check, Notes } from './guard.ts';
import { ageText } from './guard-words.ts';

/** What is ajar's own in the account that it runs in. */
export interface OwnNames {
  /** Under which changes of guard rails of that account are filed. */
  readonly keys: readonly string[];
  /** Whether a name or an ARN is one of ajar's. */
  readonly isOwn: (name: string) => boolean;
  /** The rule that guard writes to, and the role that it does so by. */
  readonly heartbeat: { readonly rule: string; readonly bus: string; readonly role: string };
}

/** From one write to the next, a schedule's own lateness left out; and the most that its event may take. */
const BEAT_MS = 15 * 60_000;
const SLACK_MS = 30_000;
const ARRIVAL_MS = 5 * 60_000;
const NOTE = 'guard/heartbeat';
/** Changes of guard rails that are looked through; more in so short a time are a finding by themselves. */
const MAX_CHANGES = 500;
/** Back from now. An event may be late, and each is told once. */
const LOOK_BACK_MS = 60 * 60_000;

/** Writes. Rejects where it could not, and then tries again a minute later. */
export function beatCheck(beat: (now: Date) => Promise<void>, notes: Notes): Check {
  return {
    name: 'heartbeat-write',
    async look(now) {
      const { first, last } = beatsOf(await notes.read(NOTE));
      if (last !== undefined && Math.abs(now.getTime() - Date.parse(last)) < BEAT_MS - SLACK_MS)
        return { problems: [] };
      const at = now.toISOString();
      await beat(now);
      await notes.save(NOTE, { first: first ?? at, last: at });
      return { problems: [] };
    },
  };
}

/** Whether a write came back: by its interval and the time that its event may take, the last one has to have. */
export function eventPathCheck(changes: Pick<Changes, 'about'>, { keys, heartbeat }: OwnNames, notes: Notes): Check {
  return {
    name: 'event-path',
    async look(now) {
      const { first } = beatsOf(await notes.read(NOTE));
      const seen = (await recent(changes, keys, now)).find((change) => isBeat(change, heartbeat) && !isRefused(change));
      const age = now.getTime() - Date.parse(seen?.at ?? first ?? now.toISOString());
      // A first write is given the time that its event may take.
      const allowed = seen === undefined ? ARRIVAL_MS : BEAT_MS + ARRIVAL_MS;
      const counts = seen === undefined ? {} : { HeartbeatAge: Math.max(0, Math.round(age / 1_000)) };
      if (age <= allowed) return { problems: [], counts };
      const last =
        seen === undefined ? `none in the last ${ageText(LOOK_BACK_MS)}` : `the last came ${ageText(age)} ago`;
      const problem: Problem = {
        key: 'event-path',
        severity: 'critical',
        subject: 'event path down: changes are only found by sweeps and visits',
        detail:
          `Guard writes to its rule ${heartbeat.rule} every ${ageText(BEAT_MS)}, and ${last}. Look at: a trail that records ` +
          "management events of this account and region; its forwarding rules; the bus and its rules; change's queue.",
      };
      return { problems: [problem], counts };
    },
  };
}

/** Each change of what is ajar's own, done or refused; and of any trail of its account, whosever it is. */
export function tamperingCheck(changes: Pick<Changes, 'about'>, own: OwnNames): Check {
  return {
    name: 'tampering',
    async look(now) {
      const all = await recent(changes, own.keys, now);
      const problems = all.filter((change) => isTampering(change, own)).map(tampering);
      return { problems: all.length < MAX_CHANGES ? problems : [...problems, TOO_MANY] };
    },
  };
}

function recent(changes: Pick<Changes, 'about'>, keys: readonly string[], now: Date): Promise<readonly Change[]> {
  const from = new Date(now.getTime() - LOOK_BACK_MS).toISOString();
  // What another clock puts ahead of ours is not to be missed.
  const to = new Date(now.getTime() + LOOK_BACK_MS).toISOString();
  return changes.about({ keys, from, to, limit: MAX_CHANGES });
}

function isTampering(change: Change, own: OwnNames): boolean {
  const { kind, source, names = [] } = change;
  if (kind !== 'guardrail' || isOwnBeat(change, own)) return false;
  return source === 'cloudtrail.amazonaws.com' || names.some((name) => own.isOwn(name));
}

function isBeat({ source, name, names = [] }: Change, { rule }: OwnNames['heartbeat']): boolean {
  return source === 'events.amazonaws.com' && name === 'PutRule' && names.includes(rule);
}

/** By guard itself, and of that rule alone. */
function isOwnBeat(change: Change, { heartbeat }: OwnNames): boolean {
  const { names = [], actor } = change;
  const isThatRule = names.every((name) => name === heartbeat.rule || name === heartbeat.bus);
  return isBeat(change, heartbeat) && isThatRule && actor.who === heartbeat.role;
}

function isRefused({ errorCode }: Change): boolean {
  return errorCode !== undefined;
}

function tampering(change: Change): Problem {
  const { id, at, account, region, source, name, names = [], actor, errorCode } = change;
  const { who, human, from, channel, by } = actor;
  const person = human === undefined ? '' : ` (${human})`;
  const via = by === undefined ? channel : `${channel}, by ${by}`;
  const what = printable(names.slice(0, 3).join(', '), 200);
  const outcome = errorCode === undefined ? 'done' : `refused: ${errorCode}`;
  return {
    key: `tampering/${id}`,
    severity: 'critical',
    subject: printable(`${errorCode === undefined ? '' : 'refused: '}${name} on what ajar rests on`, 99),
    detail: printable(
      `${source} ${name} of ${what || 'something not named'}, ${outcome}, in ${account}/${region} at ${at}, by ${who}${person}` +
        `${from === undefined ? '' : ` from ${from}`} (${via}), event ${id}. If it was no deployment of ajar, find out why.`,
      1_000,
    ),
    by: printable(human === undefined ? who : `${who} (${human})`, 300),
    once: true,
  };
}

const TOO_MANY: Problem = {
  key: 'tampering/too-many',
  severity: 'critical',
  subject: "more changes of guard rails in ajar's account than are looked through",
  detail: `${MAX_CHANGES} or more in an hour: one that touched ajar may be among those that were not seen. CloudTrail has them all.`,
};

/** When the first and the last were written, as far as is known. */
function beatsOf(note: unknown): { readonly first?: string; readonly last?: string } {
  if (typeof note !== 'object' || note === null) return {};
  const { first, last } = note as { readonly first?: unknown; readonly last?: unknown };
  return typeof first === 'string' && typeof last === 'string' ? { first, last } : {};
}
