/** What `ajar allowlist explain` and `diff` say to people. Names are other people's: each is printable. */
import { printable } from '../model/text.ts';
import type { AllowlistDiff, Explanation, Now } from '../runtime/allowlist.ts';
import { counted } from './terminal.ts';

/** Of those that do not match: the nearest. */
const MAX_OTHERS = 10;
const MAX_ALERTS = 200;
const NAME_LIMIT = 256;

export function explanationText({ endpoint, accepted, posture, entries, now }: Explanation): string {
  const covering = entries.filter((e) => e.matches);
  const others = entries.filter((e) => !e.matches);
  const lines = [
    `${printable(endpoint, NAME_LIMIT)}: ${accepted}`,
    ...posture.map(({ protection, means, by }) => {
      const whose = by.length === 0 ? '' : ` (decided by ${by.join(', ')})`;
      return `  ${protection.padEnd(14)} ${means}${whose}`;
    }),
    ...covering.flatMap(({ id, why, accepts, owner, expires, ticket, reason }) => [
      `  covers   ${id}: ${printable(why)}`,
      `           accepts ${accepts}; until ${expires}; ${printable(owner)}, ${printable(ticket)}: ${printable(reason)}`,
    ]),
    ...others.slice(0, MAX_OTHERS).map(({ id, why, accepts }) => {
      return `  does not ${id}: ${printable(why, 400)}; it would accept: ${accepts}`;
    }),
    ...(others.length > MAX_OTHERS
      ? [`  and ${others.length - MAX_OTHERS} more do not; --format json lists them`]
      : []),
    ...('unknown' in now ? [`  how it stands is not known: ${now.unknown}`] : nowLines(now)),
  ];
  return `${lines.join('\n')}\n`;
}

/** What is so, beside what is accepted: nobody must read `covers` as closed. */
function nowLines({ verdict, at, incidents }: Now): readonly string[] {
  const name = verdict.name === 'exposed' ? 'EXPOSED, which no entry accepts' : verdict.name;
  return [
    `  last seen ${name}, ${at}: ${printable(verdict.why)}`,
    ...incidents.map(
      (i) => `  open ${i.severity}: ${i.protection} ${i.from ?? 'first seen'} -> ${i.to} since ${i.start.upper}`,
    ),
  ];
}

const CHANGES = {
  starts: 'would start to alert',
  wakes: 'would wake people again',
  stops: 'would stop to alert',
} as const;

export function diffText({ endpoints, added, removed, changed, alerts }: AllowlistDiff): string {
  const lines = [
    ...(
      [
        ['added', added],
        ['removed', removed],
        ['changed', changed],
      ] as const
    ).flatMap(([what, ids]) =>
      ids.length === 0 ? [] : [`${what}: ${ids.slice(0, MAX_OTHERS).join(', ')}${more(ids.length - MAX_OTHERS)}`],
    ),
  ];
  for (const [change, words] of Object.entries(CHANGES)) {
    const these = alerts.filter((alert) => alert.change === change);
    if (these.length === 0) continue;
    lines.push(`${words}: ${counted(these.length, 'protection')}`);
    for (const { endpointId, protection, level, by } of these.slice(0, MAX_ALERTS)) {
      const was = change === 'stops' ? 'covered by' : 'was covered by';
      const whose = by.length === 0 ? '' : ` (${was} ${by.join(', ')})`;
      lines.push(`  ${printable(endpointId, NAME_LIMIT)}: ${protection} ${level}${whose}`);
    }
    if (these.length > MAX_ALERTS) lines.push(`  and${more(these.length - MAX_ALERTS)}`);
  }
  if (alerts.length === 0) lines.push('nothing would start or stop to alert');
  lines.push(`judged on the last look at ${counted(endpoints, 'endpoint')}; nothing was probed`);
  return `${lines.join('\n')}\n`;
}

function more(count: number): string {
  return count > 0 ? ` ${count} more` : '';
}
