/** The table of `ajar replay`: each event with what was told of it and how soon, and the windows as the ledger has them. */
import { printable } from '../model/text.ts';
import type { EventOutcome, ReplayResult, WindowOutcome } from '../runtime/replay/result.ts';
import { counted } from './terminal.ts';

const WHAT = 62;
const TIME = 20;

export function replayText(result: ReplayResult): string {
  const { name, from, until, endpoints, accounts, pages, visits, windows, data } = result;
  const scans = Object.keys(result.events[0]?.scans ?? {});
  const lines = [
    `${name}: ${from} to ${until}, ${counted(endpoints, 'endpoint')} in ${counted(accounts, 'account')}; ${counted(visits, 'visit')} played`,
    '',
    `${'what happened'.padEnd(WHAT)}  ${['ajar alerts after', ...scans.map((scan) => `scan every ${scan}`)].map((head) => head.padStart(TIME)).join('')}`,
    ...result.events.flatMap((event) => eventLines(event, scans)),
    '',
    'exposure windows                 last good .. first bad                               last bad .. first good',
    ...windows.map(windowLine),
    '',
    `data, from names alone: ${data.map(({ class: kind, because }) => `${kind} (${because.join(', ')})`).join('; ') || 'no names were seen'}`,
    `${counted(pages.alerts, 'alert')}, ${counted(pages.recoveries, 'recovery', 'recoveries')}, ${counted(pages.updates, 'update')} for ${counted(pages.incidents, 'incident')}; ${counted(pages.duplicates.length, 'duplicate')}, ${pages.unfounded.length} unfounded`,
    `${counted(pages.reminders, 'reminder')} while nobody acknowledged, ${pages.escalations} of them to the second contact; ${counted(pages.grouped, 'message')} of several endpoints; ${counted(pages.notices, 'notice')} to machines`,
  ];
  return `${lines.join('\n')}\n`;
}

function eventLines(event: EventOutcome, scans: readonly string[]): readonly string[] {
  const { at, endpoint, what, lost, answer, alert, recovery } = event;
  const first = `${minuteOf(at)}  ${printable(endpoint, 40)}: ${printable(what, 200)}`;
  const told = lost.length === 0 ? '' : `lost: ${lost.join(', ')}`;
  const back = recovery === undefined ? '' : `recovery told after ${spanOf(recovery.seconds)}`;
  const second = `  ${[told, back].filter((part) => part !== '').join('; ') || 'nothing is lost'}`;
  const cells =
    lost.length === 0
      ? []
      : [
          answer === 'alerted' ? spanOf(alert?.seconds ?? 0) : wordOf(answer, alert?.seconds),
          ...scans.map((scan) => (event.scans[scan] == null ? 'never' : spanOf(event.scans[scan]))),
        ];
  const subject = alert === undefined ? [] : [`  ${printable(alert.subject, 110)}`];
  const row = `${second.padEnd(WHAT)}  ${cells.map((cell) => cell.padStart(TIME)).join('')}`.trimEnd();
  return [first, row, ...subject, ...remindersLine(event)];
}

function remindersLine({ reminders }: EventOutcome): readonly string[] {
  if (reminders === undefined) return [];
  const { count, first, last, escalated } = reminders;
  const until = count === 1 ? '' : ` and ${count - 1} times more, the last after ${spanOf(last)}`;
  const second = escalated === undefined ? '' : `; the second contact after ${spanOf(escalated)}`;
  return [`  nobody acknowledged it: reminded after ${spanOf(first)}${until}${second}`];
}

function wordOf(answer: EventOutcome['answer'], seconds: number | undefined): string {
  if (answer === 'late') return `${spanOf(seconds ?? 0)}, late`;
  return answer === 'open-already' ? 'told before' : answer;
}

function windowLine({ endpoint, protection, start, end, isRight }: WindowOutcome): string {
  const began = `${start.lastGood === undefined ? 'not known' : secondOf(start.lastGood)} .. ${secondOf(start.firstBad)}`;
  const ended = end === undefined ? 'open' : `${secondOf(end.lastBad)} .. ${secondOf(end.firstGood)} ${end.cause}`;
  const exact = start.exact === undefined ? '' : `; began ${secondOf(start.exact)} by its event`;
  const name = printable(`${endpoint} ${protection}`, 60).padEnd(32);
  return `${name} ${began.padEnd(44)} ${ended}${exact}${isRight ? '' : '  WRONG: it was not so'}`;
}

function minuteOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)}Z`;
}

function secondOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
}

/** The two largest units that say something. */
function spanOf(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}
