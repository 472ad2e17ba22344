/** Incidents as text: one line in a list, all of one for who works on it. Every name went through `printable`. */
import { clocksOf } from '../assess/clocks.ts';
import { isAcked } from '../assess/ladder.ts';
import { dataLine, whoOf } from '../assess/notice.ts';
import type { Incident } from '../model/incident.ts';
import { printable } from '../model/text.ts';
import type { Moment } from '../model/moment.ts';

const NAME_LIMIT = 60;
const ID_SHOWN = 8;

export function incidentLine(incident: Incident): string {
  const { id, severity, status, protection, from, to, endpointId, start, closed, handling } = incident;
  const told = [
    closed === undefined ? `since ${start.upper}` : `${start.upper} to ${closed.upper}`,
    incident.reopened === undefined ? undefined : `reopened ${incident.reopened.count}x`,
    incident.flapping === true ? 'flapping' : undefined,
    status !== 'open' ? undefined : handling?.acked === undefined ? 'not acknowledged' : ackedBy(incident),
    handling?.assigned === undefined ? undefined : `assigned to ${printable(handling.assigned.to, NAME_LIMIT)}`,
    handling?.aware === undefined ? undefined : `aware since ${handling.aware.since}`,
  ].filter((part) => part !== undefined);
  const what = `${protection} ${from ?? 'first seen'} -> ${to}`;
  return `${id.slice(0, ID_SHOWN)} ${severity.padEnd(8)} ${status.padEnd(8)} ${printable(endpointId, 40)} ${what}; ${told.join('; ')}\n`;
}

function ackedBy(incident: Incident): string {
  const by = printable(incident.handling?.acked?.by ?? '', NAME_LIMIT);
  return isAcked(incident) ? `acknowledged by ${by}` : `acknowledged by ${by} before it got worse or reopened`;
}

export function incidentText(incident: Incident, history: readonly Moment[], now: Date): string {
  const { id, endpointId, protection, from, to, severity, score, reasons, start, closed, reopened } = incident;
  const { handling, allowances, evidence, detectedAt, lastBadAt, status, openSeq } = incident;
  const rows: [string, string][] = [
    ['incident', `${id} (window ${openSeq} of ${protection}), ${status}`],
    ['endpoint', printable(endpointId)],
    ['what', `${protection} ${from ?? 'first seen'} -> ${to}, ${incident.origin}, ${incident.basis}`],
    ['severity', `${severity}, ${score} of 100: ${reasons.join('; ')}`],
    [
      'began',
      `after ${start.lower ?? '(never seen good)'} (last good), by ${start.upper} (first bad); detected ${detectedAt}`,
    ],
    [
      'ended',
      closed === undefined
        ? `not yet; last seen bad ${lastBadAt}`
        : `after ${closed.lower} (last bad), by ${closed.upper} (first good): ${closed.cause}`,
    ],
    ...(reopened === undefined
      ? []
      : [
          [
            'reopened',
            `${reopened.count} times, last ${reopened.last.at(-1)}${incident.flapping === true ? '; flapping' : ''}`,
          ] as [string, string],
        ]),
    ['who', whoOf(incident.attribution)],
    ['data', dataLine(incident.data)],
    ['evidence', printable(evidence)],
    ...(allowances.length === 0
      ? []
      : [
          [
            'allowed',
            `the endpoint was covered by ${allowances.join(', ')}: they approve a posture, not a removal`,
          ] as [string, string],
        ]),
    ...handlingRows(incident),
  ];
  const lines = rows.map(([name, text]) => `  ${name.padEnd(10)} ${text}`);
  if (handling?.aware !== undefined) lines.push(...clockLines(handling.aware.since, now));
  for (const moment of history) lines.push(momentLine(moment));
  return `${lines.join('\n')}\n`;
}

function handlingRows({ handling, status, ...incident }: Incident): [string, string][] {
  const { acked, assigned, aware, notes = [] } = handling ?? {};
  const name = (who: string): string => printable(who, NAME_LIMIT);
  const rows: [string, string][] = [];
  if (acked !== undefined) rows.push(['acked', `by ${name(acked.by)} at ${acked.at}, as ${acked.severity}`]);
  else if (status === 'open') rows.push(['acked', `by nobody: ajar incidents ack ${incident.id.slice(0, ID_SHOWN)}`]);
  if (assigned !== undefined)
    rows.push(['assigned', `to ${name(assigned.to)} by ${name(assigned.by)} at ${assigned.at}`]);
  if (aware !== undefined) rows.push(['aware', `since ${aware.since}, says ${name(aware.by)} at ${aware.at}`]);
  for (const note of notes) rows.push(['note', `${note.at} ${name(note.by)}: ${printable(note.text, 500)}`]);
  return rows;
}

/** Which of them apply is for lawyers to say; the strictest reading of each. */
function clockLines(since: string, now: Date): readonly string[] {
  return clocksOf(since).map(({ law, what, dueAt }) => {
    const left = Date.parse(dueAt) - now.getTime();
    const how = left >= 0 ? `${spanText(left)} left` : `OVERDUE by ${spanText(-left)}`;
    return `  clock      ${law.padEnd(5)} ${dueAt}  ${how}: ${what}`;
  });
}

function spanText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24];
  return [days > 0 ? `${days} d` : '', days + hours > 0 ? `${hours} h` : '', `${minutes % 60} min`]
    .filter(Boolean)
    .join(' ');
}

/** One line of its history, in words. */
export function momentLine({ at, kind, what, by, text, sink, receipt }: Moment): string {
  const word = printable(what, 40);
  switch (kind) {
    case 'transition':
      return `  ${at} ajar decided: ${word}`;
    case 'notice': {
      const accepted = `accepted by ${printable(sink ?? 'a sink', NAME_LIMIT)}, receipt ${printable(receipt ?? 'none', NAME_LIMIT)}`;
      return `  ${at} message "${word}" ${accepted}`;
    }
    case 'act':
      return `  ${at} ${printable(by ?? 'somebody', NAME_LIMIT)}: ${word}${text === undefined ? '' : `, ${printable(text, 500)}`}`;
  }
}
