/** `ajar explain` in words that need no knowledge of ajar. What a stranger wrote went through `printable`. */
import { EMPTY_ALLOWLIST } from '../model/allowlist.ts';
import type { Level, ProtectionName } from '../model/protection.ts';
import { printable } from '../model/text.ts';
import { VERDICT_WORDS } from '../reports/wording.ts';
import type { Chain, Seen } from './explain.ts';
import { incidentText, momentLine } from './incident-text.ts';

const LINE = 300;

export function explainText(chain: Chain, now: Date): string {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['What was asked, as any stranger could, with no credentials', askedLines(chain)],
    ['From where, and what answered', seenLines(chain)],
    ['What that means, protection by protection', protectionLines(chain)],
    ['The verdict', verdictLines(chain)],
    ['What the allowlist says', allowlistLines(chain)],
    ['Which incidents and messages came of it', incidentLines(chain, now)],
  ];
  const told = parts.map(([title, lines], i) => `${i + 1}. ${title}\n${lines.map((l) => `   ${l}\n`).join('')}`);
  return `${headOf(chain)}\n\n${told.join('\n')}`;
}

function headOf({ endpoint, verdict }: Chain): string {
  const { id, host, port, engine, account, region, source } = endpoint;
  const place = [account, region].filter((part) => part !== undefined).map((part) => printable(part));
  const where = place.length === 0 ? '' : `, ${place.join(' ')}`;
  const known = source === 'aws' ? 'found by asking AWS' : 'listed in a file of yours';
  return `${printable(id)}: ${verdict.name.toUpperCase()}\n${engine} at ${printable(host)}:${port}${where}; ${known}`;
}

function askedLines({ asked, endpoint }: Chain): readonly string[] {
  if (endpoint.shared === true)
    return ['Nothing: its host serves all customers of the provider. What the configuration says is all there is.'];
  if (asked.length === 0)
    return [
      `Nothing: no probe speaks ${endpoint.engine}. Only its configuration is known; that is a gap, never a pass.`,
    ];
  return [
    ...asked.map(({ what, why }) => printable(`${what.padEnd(28)} ${why}`, LINE)),
    'Nothing else is ever sent: no password is tried, nothing is written, no record is read.',
  ];
}

function seenLines({ seen, lastReadingAt }: Chain): readonly string[] {
  if (seen.length === 0) return [`No address was looked at by ${lastReadingAt}.`];
  return seen.flatMap((one) => [
    `${printable(one.vantage)}, ${one.at}, at ${printable(one.look.address ?? 'no address')}: ${answerOf(one)}`,
    `  decided by rule ${printable(one.look.rule)}: ${one.rule}`,
  ]);
}

const L4_WORDS: Readonly<Record<Seen['look']['l4'], string>> = {
  open: 'a connection is accepted',
  refused: 'the connection is refused',
  filtered: 'silence',
  unreachable: 'no way there',
  'accept-then-close': 'a connection is accepted and closed at once',
  'open-silent': 'a connection is accepted, and then silence',
  tarpit: 'a connection is accepted, and answers come too slowly to be one',
  'not-tried': 'not tried',
};
const TLS_WORDS: Readonly<Record<Seen['look']['tls']['state'], string>> = {
  absent: 'without TLS: all of it could be read on the way',
  offered: 'TLS offered, not demanded',
  required: 'TLS demanded',
  implicit: 'TLS from the first byte',
  undetermined: 'whether TLS protects it is not known',
};
const AUTH_WORDS: Readonly<Record<Seen['look']['auth']['state'], string>> = {
  'open-anonymous': 'ANYONE IS LET IN without credentials',
  'open-restricted': 'anyone is let in without credentials, with few rights',
  'auth-required': 'credentials are demanded',
  'auth-weak': 'credentials are demanded, in a weak way',
  'source-acl': 'our address is turned away; another may not be',
  'mode-blocked': 'the server refuses everybody for now',
  'setup-open': 'NOT SET UP: whoever comes first becomes its administrator',
  lockout: 'the server has locked us out',
  undetermined: 'whether it demands credentials could not be told',
};

function answerOf({ look }: Seen): string {
  const { l4, proto, tls, auth, gap } = look;
  if (l4 !== 'open') return `${L4_WORDS[l4]}${gap === undefined ? '' : ` (${gap.code}: ${printable(gap.detail)})`}`;
  const product = [proto.product, proto.version]
    .filter((part) => part !== undefined)
    .map((part) => printable(part, 60));
  const what = product.length === 0 ? 'something that was not recognised' : product.join(' ');
  return `${what} answers; ${TLS_WORDS[tls.state]}; ${AUTH_WORDS[auth.state]}`;
}

/** `on` protects. Of the network that is a closed door. */
function levelWord(name: ProtectionName, level: Level): string {
  if (level === 'unknown') return 'not known, so not counted as safe';
  if (level === 'not-applicable') return 'does not apply';
  if (name === 'network') return { on: 'closed', partial: 'open to some', off: 'open to the internet' }[level];
  return { on: 'in force', partial: 'in force only in part', off: 'NOT in force' }[level];
}

function protectionLines({ protections }: Chain): readonly string[] {
  return protections.flatMap(({ name, declared, observed }) => {
    if (declared.level === 'unknown' && observed.level === 'unknown')
      return [`${name.padEnd(19)} ${levelWord(name, 'unknown')}`];
    const said = (basis: string, { level, evidence, pending }: typeof declared): string => {
      const soon = pending === undefined ? '' : `, becoming: ${levelWord(name, pending)}`;
      return `${levelWord(name, level)}, ${basis}${soon}${level === 'unknown' ? '' : ` (${printable(evidence)})`}`;
    };
    return [
      ...(observed.level === 'unknown' ? [] : [`${name.padEnd(19)} ${said('as seen from outside', observed)}`]),
      ...(declared.level === 'unknown'
        ? []
        : [`${(observed.level === 'unknown' ? name : '').padEnd(19)} ${said('by its configuration', declared)}`]),
    ];
  });
}

function verdictLines({ verdict, lastReadingAt, lastConclusiveAt, gaps }: Chain): readonly string[] {
  const { name, why, shadow, confirmed } = verdict;
  return [
    `${name}: ${VERDICT_WORDS[name]}`,
    `because ${printable(why, LINE)}`,
    ...(shadow ? ['The configuration says that it is closed, and the network shows otherwise.'] : []),
    ...(confirmed ? [] : ['Not confirmed: no look was conclusive. It closes no incident and is no pass.']),
    `last look ${lastReadingAt}; last conclusive look ${lastConclusiveAt ?? 'never'}`,
    ...gaps.map((gap) => `not seen: ${printable(gap, LINE)}`),
  ];
}

function allowlistLines({ allowlist }: Chain): readonly string[] {
  const { file, digest, posture, entries, others } = allowlist;
  if (entries.length === 0 && file === EMPTY_ALLOWLIST.file)
    return ['There is none: nothing is accepted, so whatever a stranger reaches alerts.'];
  const covers = entries.filter(({ matches }) => matches);
  return [
    `${printable(file)}, sha256 ${digest.slice(0, 12)}: ${covers.length} of ${entries.length + others} entries cover this endpoint`,
    ...posture.map(({ protection, means, by }) => {
      return `${protection.padEnd(19)} ${means}${by.length === 0 ? '' : ` (${by.map((id) => printable(id)).join(', ')})`}`;
    }),
    ...covers.map(({ id, accepts }) => printable(`entry ${id} accepts: ${accepts}`, LINE)),
    ...entries
      .filter(({ matches }) => !matches)
      .map(({ id, why }) => printable(`entry ${id} does not cover it: ${why}`, LINE)),
    ...(others === 0 ? [] : [`and ${others} more that do not: ajar allowlist explain says what each lacks`]),
  ];
}

function incidentLines({ incidents }: Chain, now: Date): readonly string[] {
  if (incidents.length === 0) return ['None: no protection was ever seen below what it was or has to be.'];
  return incidents.flatMap(({ incident, history }) => [
    ...incidentText(incident, [], now).trimEnd().split('\n'),
    ...(history.some(({ kind }) => kind === 'notice')
      ? []
      : ['  sent       nothing yet: no sink has accepted a message']),
    ...history.map(momentLine),
    '',
  ]);
}
