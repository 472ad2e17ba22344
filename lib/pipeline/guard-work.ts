/** What the other stages should have done by now: visits made, notices taken, searches for who did it asked for. */
import { isUnexplained } from '../assess/attribution.ts';
import { isDue } from '../assess/ladder.ts';
import { overdueAge, overdueVantages, overdueVisit, type Overdue } from '../assess/overdue.ts';
import { DRILL_ID } from '../model/drill.ts';
import type { Engine } from '../model/endpoint.ts';
import type { Problem } from '../model/health.ts';
import type { OutboxEntry } from '../model/incident.ts';
import type { ExplainMessage, RemindMessage } from '../model/messages.ts';
import type { Queue } from '../model/queue.ts';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import type { Check, Notes } from './guard.ts';
import { affectedBy, ageText, counted, detailOf } from './guard-words.ts';
import { isVisited, probeIntervalOf } from './roster.ts';

/**
 * Whether they are made, and whether they conclude anything: what nobody can say of for two intervals and a minute is a gap
 * that somebody has to hear of (evidence-and-alerts.md section 5.3, I3). `isProbed`: a probe visits this engine as often as it is due, without a daily budget. */
export function visitsCheck(roster: () => AsyncIterable<EndpointState>, isProbed: (engine: Engine) => boolean): Check {
  const visiting = { isVisited, isProbed, intervalOf: probeIntervalOf };
  return {
    name: 'visits',
    async look(now) {
      const late: Overdue[] = [];
      const blind: Overdue[] = [];
      const silent = new Map<string, Silent>();
      for await (const state of roster()) {
        const overdue = overdueVisit(state, visiting, now);
        if (overdue !== undefined) late.push(overdue);
        else if (isVisited(state)) {
          countSilent(overdueVantages(state, now), silent);
          blind.push(...blindSince(state, now));
        }
      }
      return {
        counts: { OverdueProbes: late.length, SilentVantages: silent.size, BlindEndpoints: blind.length },
        problems: [
          ...(late.length === 0 ? [] : [overdueProblem(late)]),
          ...(blind.length === 0 ? [] : [blindProblem(blind)]),
          ...(silent.size === 0 ? [] : [silentProblem([...silent])]),
        ],
      };
    },
  };
}

function overdueProblem(late: readonly Overdue[]): Problem {
  const named = late.map(({ subject, ageMs }) => ({ name: subject, weight: ageMs, text: `${ageText(ageMs)} ago` }));
  return {
    key: 'overdue-probes',
    severity: 'critical',
    subject: `${counted(late.length, 'endpoint')} not visited in time`,
    detail: `Last seen for two intervals and a minute or more: ${detailOf(named)}`,
    ...affectedBy(late.map(({ subject }) => subject)),
  };
}

function blindSince(state: EndpointState, now: Date): readonly Overdue[] {
  const { endpoint, gapSince } = state;
  if (gapSince === undefined || endpoint.drill === true) return [];
  const ageMs = overdueAge(gapSince, probeIntervalOf(state), now);
  return ageMs === undefined ? [] : [{ subject: endpoint.id, ageMs }];
}

function blindProblem(blind: readonly Overdue[]): Problem {
  const named = blind.map(({ subject, ageMs }) => ({ name: subject, weight: ageMs, text: `for ${ageText(ageMs)}` }));
  return {
    key: 'blind-endpoints',
    severity: 'warning',
    subject: `${counted(blind.length, 'endpoint')} of which visits conclude nothing`,
    detail: `How they stand is unknown, not safe. ${detailOf(named)}`,
    ...affectedBy(blind.map(({ subject }) => subject)),
    daily: true,
  };
}

interface Silent {
  readonly endpoints: number;
  readonly ageMs: number;
}
/** Names of vantages are ours; a state holds a handful, and so many are told of. */
const MAX_SILENT = 100;

function countSilent(overdue: readonly Overdue[], silent: Map<string, Silent>): void {
  for (const { subject, ageMs } of overdue) {
    const { endpoints, ageMs: oldest } = silent.get(subject) ?? { endpoints: 0, ageMs: 0 };
    if (endpoints === 0 && silent.size >= MAX_SILENT) continue;
    silent.set(subject, { endpoints: endpoints + 1, ageMs: Math.max(oldest, ageMs) });
  }
}

function silentProblem(silent: readonly (readonly [string, Silent])[]): Problem {
  const named = silent.map(([name, { endpoints, ageMs }]) => {
    return { name, weight: endpoints, text: `${counted(endpoints, 'endpoint')}, the first ${ageText(ageMs)} ago` };
  });
  return {
    key: 'silent-vantages',
    severity: 'critical',
    subject: `${counted(silent.length, 'vantage')} no longer ${silent.length === 1 ? 'looks' : 'look'}`,
    detail: `Others still do; what is open to these alone is not seen. ${detailOf(named)}`,
    affected: silent.map(([name]) => name).toSorted(),
  };
}

/** A notice may be owed for so long; then somebody does not take it, whenever it is tried again. */
const OWED_MS = 60_000;
const MAX_OWED = 200;
/** Later than any moment. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

export function outboxCheck(outbox: Pick<StateStore['outbox'], 'due'>): Check {
  return {
    name: 'outbox',
    async look(now) {
      // Also what was put off after it was refused.
      const owed = (await outbox.due(END_OF_TIME, MAX_OWED)).map((entry) => ({ entry, ageMs: ageOf(entry, now) }));
      const late = owed.filter(({ ageMs }) => ageMs > OWED_MS);
      const oldest = Math.max(0, ...owed.map(({ ageMs }) => ageMs));
      const counts = { OutboxAge: Number.isFinite(oldest) ? Math.round(oldest / 1_000) : 0 };
      if (late.length === 0) return { problems: [], counts };
      const named = late.map(({ entry: { sink, notice, attempts, lastError }, ageMs }) => ({
        name: sink,
        weight: ageMs,
        text: `${notice.key} for ${ageText(ageMs)}, ${counted(attempts, 'attempt')}${lastError === undefined ? '' : `, ${lastError}`}`,
      }));
      const count = owed.length < MAX_OWED ? counted(late.length, 'notice') : `${late.length} notices or more`;
      return {
        counts,
        problems: [
          {
            key: 'outbox',
            severity: 'critical',
            subject: `${count} owed for more than a minute`,
            detail: `No topic took them yet: ${detailOf(named)}`,
            affected: [...new Set(late.map(({ entry }) => entry.sink))].toSorted(),
          },
        ],
      };
    },
  };
}

function ageOf({ notice }: OutboxEntry, now: Date): number {
  const age = now.getTime() - Date.parse(notice.createdAt);
  return Number.isNaN(age) ? Number.POSITIVE_INFINITY : age;
}

const MINUTE_MS = 60_000;
/** Minutes after the alert, by the clock's minutes: searched again, and told that nothing explains it, thrice in case one is lost. */
const SEARCHES: Readonly<Record<number, boolean>> = { 15: false, 30: false, 45: false, 60: true, 65: true, 70: true };
/** Minutes of guard's own silence that are made up for. */
const MADE_UP = 180;
const NOTE = 'guard/explained';

/**
 * What is owed of open incidents, which are read once for both. Asks for a search for who did it where an alert names
 * nobody, once per endpoint and each time that it is due; and for a reminder where one is due, every minute until it is owed.
 */
export function explainCheck(
  incidents: StateStore['incidents'],
  queue: Queue<ExplainMessage | RemindMessage>,
  notes: Notes,
): Check {
  return {
    name: 'explain',
    async look(now) {
      const to = minuteOf(now.getTime());
      const from = since(await notes.read(NOTE), to);
      const asked = new Map<string, boolean>();
      const reminded = new Set<string>();
      for await (const incident of incidents({ status: 'open' })) {
        if (incident.endpointId !== DRILL_ID && isDue(incident, now) !== undefined) reminded.add(incident.endpointId);
        // Who opens the drill's door is known, and no event tells of it.
        const isAsked = isUnexplained(incident) && incident.endpointId !== DRILL_ID;
        const isLast = isAsked ? crossed(incident.detectedAt, from, to) : undefined;
        if (isLast === undefined) continue;
        asked.set(incident.endpointId, isLast || asked.get(incident.endpointId) === true);
      }
      const messages = [...asked].map(([endpointId, isLast]) => ({
        body: { kind: 'explain', endpointId, isLast } as const,
      }));
      const reminders = [...reminded].map((endpointId) => ({ body: { kind: 'remind', endpointId } as const }));
      if (messages.length + reminders.length > 0) await queue.send([...messages, ...reminders]);
      if (to !== from) await notes.save(NOTE, { minute: to });
      return { problems: [], counts: { Searches: messages.length, Reminders: reminders.length } };
    },
  };
}

/** Whether the last search became due after `from` and by `to`, both in minutes; `undefined` where none did. */
export function crossed(detectedAt: string, from: number, to: number): boolean | undefined {
  const detected = minuteOf(Date.parse(detectedAt));
  const due = Object.entries(SEARCHES).filter(
    ([after]) => from < detected + Number(after) && detected + Number(after) <= to,
  );
  return due.at(-1)?.[1];
}

/** The minute up to which searches were asked for; the one before this where that is not known. */
function since(note: unknown, to: number): number {
  const minute = typeof note === 'object' && note !== null && 'minute' in note ? note.minute : undefined;
  if (typeof minute !== 'number' || !(minute <= to)) return to - 1;
  return Math.max(minute, to - MADE_UP);
}

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS);
}
