/** The exposure windows of a replay, each held against the instants of the script; and what was told too often. */
import type { Incident, Notice } from '../../model/incident.ts';
import type { ReplayFile } from '../../model/replay.ts';
import { endpointIdOf } from './inventory.ts';
import { type Asked, endsWithin, type Heard, isAlert, isReminder, startsWithin } from './outcome.ts';
import type { Pages, ReplayResult, WindowOutcome } from './result.ts';
import { fallen, risen, type Turn, turnsOf } from './truth.ts';

export function windowOutcomes(asked: Asked, incidents: readonly Incident[]): readonly WindowOutcome[] {
  const turns = turnsOf(asked.file);
  return incidents.map((incident) => windowOf(incident, turnsAt(incident, turns, asked.file), asked.skewMs));
}

function turnsAt({ endpointId }: Incident, turns: readonly Turn[], { endpoints }: ReplayFile): readonly Turn[] {
  const script = endpoints.find((endpoint) => endpointIdOf(endpoint) === endpointId);
  return turns.filter(({ endpoint }) => endpoint === script?.id);
}

function windowOf(incident: Incident, turns: readonly Turn[], skewMs: number): WindowOutcome {
  const { protection, severity, origin, start, closed, attribution } = incident;
  const exact = attribution?.changes[0]?.at;
  return {
    endpoint: turns[0]?.endpoint ?? incident.endpointId,
    ...{ protection, severity, origin },
    start: {
      ...(start.lower === undefined ? {} : { lastGood: start.lower }),
      ...(exact === undefined ? {} : { exact }),
      firstBad: start.upper,
    },
    ...(closed === undefined ? {} : { end: { lastBad: closed.lower, firstGood: closed.upper, cause: closed.cause } }),
    isRight: beganSo(incident, turns, skewMs) && endedSo(incident, turns, skewMs),
  };
}

/** By an allowance that ran out nothing of the world changes: there is no instant to hold it against. */
export function beganSo(incident: Incident, turns: readonly Turn[], skewMs: number): boolean {
  if (incident.origin === 'no-longer-allowed') return true;
  return turns.some((turn) => startsWithin(incident, turn.at, skewMs) && fallen(turn).includes(incident.protection));
}

export function endedSo(incident: Incident, turns: readonly Turn[], skewMs: number): boolean {
  const { closed, protection } = incident;
  if (closed === undefined || closed.cause === 'accepted') return true;
  return turns.some((turn) => endsWithin(incident, turn.at, skewMs) && risen(turn).includes(protection));
}

export function pagesOf(asked: Asked, { delivered, second, machine, incidents }: Heard): Pages {
  const turns = turnsOf(asked.file);
  const seen = new Set<string>();
  const duplicates: string[] = [];
  const unfounded = new Set<string>();
  const wrong = new Set(
    incidents
      .filter((incident) => !beganSo(incident, turnsAt(incident, turns, asked.file), asked.skewMs))
      .map(({ id }) => id),
  );
  // Which of several notices one message was, only the machines' own tell.
  for (const { notice } of machine) {
    const told = [notice.incident, ...notice.also];
    // Those beside it may only have got worse.
    const { id: incidentId, reopened } = notice.incident;
    const openings = notice.kind === 'opened' ? [`${incidentId} opened ${reopened?.last.at(-1) ?? ''}`] : [];
    if (seen.has(notice.key) || openings.some((key) => seen.has(key))) duplicates.push(notice.key);
    for (const key of [notice.key, ...openings]) seen.add(key);
    if (isAlert(notice.kind) && told.every(({ id }) => wrong.has(id))) unfounded.add(notice.key);
  }
  const messages = new Set<string>();
  for (const { notice } of delivered) {
    if (messages.has(notice.key)) duplicates.push(notice.key);
    messages.add(notice.key);
  }
  const isGrouped = ({ incident, also }: Notice): boolean =>
    also.some(({ endpointId }) => endpointId !== incident.endpointId);
  const count = (...kinds: readonly string[]): number =>
    delivered.filter(({ notice }) => kinds.includes(notice.kind)).length;
  return {
    ...{ alerts: count('opened', 'worsened'), recoveries: count('closed', 'accepted'), updates: count('attributed') },
    ...{
      reminders: count('reminder', 'escalated'),
      escalations: second.filter(({ notice }) => isReminder(notice.kind)).length,
    },
    ...{ grouped: delivered.filter(({ notice }) => isGrouped(notice)).length, notices: machine.length },
    ...{ incidents: incidents.length, duplicates, unfounded: [...unfounded] },
  };
}

/** Each class once, with all the words that any alert had for it. */
export function dataOf({ delivered }: Heard): ReplayResult['data'] {
  const words = new Map<ReplayResult['data'][number]['class'], Set<string>>();
  for (const { notice } of delivered) {
    for (const { data } of [notice.incident, ...notice.also]) {
      for (const hit of data?.classes ?? []) {
        const known = words.get(hit.class) ?? new Set();
        for (const word of hit.because) known.add(word);
        words.set(hit.class, known);
      }
    }
  }
  return [...words].map(([name, because]) => ({ class: name, because: [...because] }));
}
