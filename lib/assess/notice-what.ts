/** The line WHAT of an alert: which protection of what changed, and what came of it. Bounded text, as notice.ts needs it. */
import type { Handling } from '../model/handling.ts';
import type { Incident, NoticeEndpoint, NoticeKind, PastAllowance } from '../model/incident.ts';
import { printable } from '../model/text.ts';

/** No name, however long, may push what matters out of a bounded line. */
export const NAME_LIMIT = 60;
export const PLACE_LIMIT = 20;
const LAPSED_SHOWN = 3;
const REASON_LIMIT = 120;

type Acked = NonNullable<Handling['acked']>;

/** What happened, in a sentence or three. */
export function whatOf(
  kind: NoticeKind,
  incident: Incident,
  also: readonly Incident[],
  endpoint: NoticeEndpoint,
): string {
  const product = [endpoint.product ?? endpoint.engine, endpoint.version]
    .filter((part) => part !== undefined)
    .map((part) => printable(part, NAME_LIMIT))
    .join(' ');
  const told = kind === 'closed' ? (i: Incident) => `${i.protection} ${closedHow(i)}` : change;
  const rest = also.length === 0 ? '' : ` Also: ${also.map(told).join(', ')}.`;
  switch (kind) {
    case 'closed':
      return `${product}: ${incident.protection} ${closedHow(incident)}.${rest}`;
    case 'accepted':
      return `${product}: a later allowance accepts this posture; the window stays on record.${rest}`;
    case 'worsened':
      return `${product}: it got worse. ${change(incident)}.${rest}`;
    case 'opened':
      return `${product}: ${consequence(incident)} ${change(incident)}.${again(incident)}${rest}`;
    case 'flapping':
      return `${product}: it opens and shuts; all of it counts as exposed. ${change(incident)}.${again(incident)} Until it stays shut for half an hour, only what is worse is told.${rest}`;
    case 'reminder':
      return `${product}: still open, ${ackText(incident)}. ${consequence(incident)} ${change(incident)}.${rest}`;
    case 'escalated':
      return `${product}: open for half an hour and more, ${ackText(incident)}: the second contact is told. ${consequence(incident)} ${change(incident)}.${rest}`;
    case 'attributed':
      return `${product}: more is known of this incident. ${change(incident)}.${rest}`;
  }
}

function again({ reopened }: Incident): string {
  if (reopened === undefined) return '';
  const { count, last } = reopened;
  return ` It was repaired and did not hold: reopened ${count === 1 ? 'once' : `${count} times`}, last at ${last.at(-1)}.`;
}

function ackText({ handling }: Incident): string {
  const acked = handling?.acked;
  return acked === undefined ? 'and nobody has acknowledged it' : ackedBy(acked);
}

export function ackedBy({ by, at }: Acked): string {
  return `acknowledged by ${printable(by, NAME_LIMIT)} at ${at}`;
}

function consequence(incident: Incident): string {
  const { verdict, protection, basis, to } = incident;
  if (verdict === 'exposed' && (protection === 'authentication' || protection === 'network')) {
    return 'it answers anyone, without credentials.';
  }
  const isTaken = protection === 'sharing' || (protection === 'access-policy' && verdict === 'exposed');
  if (basis === 'declared' && to === 'off' && isTaken) {
    return 'the provider says that anyone may copy or read it.';
  }
  return `verdict ${verdict}.`;
}

function change(incident: Incident): string {
  const name = incident.protection;
  switch (incident.origin) {
    case 'removed':
      return `${name} was REMOVED (was ${incident.from ?? 'unknown'}, is ${incident.to})`;
    case 'adoption':
      return incident.start.lower === undefined
        ? `${name} is ${incident.to}: found at adoption, not known since when`
        : `${name} is ${incident.to}, as it was when first seen`;
    case 'no-longer-allowed':
      return `${name} is ${incident.to}: ${ended(incident)}`;
  }
}

/** Expired or taken out of the file: a reading cannot tell which. SINCE says between when and when. */
function ended({ lapsed = [], wasAccepted = [], protection }: Incident): string {
  if (lapsed.length === 0) return 'the allowance that covered it expired or was withdrawn';
  const more = lapsed.length > LAPSED_SHOWN ? ` and ${lapsed.length - LAPSED_SHOWN} more` : '';
  const what = protection === 'tls' ? 'that it works without TLS' : 'that the internet reaches it';
  const [noun, verb] = lapsed.length === 1 ? ['allowance', 'has'] : ['allowances', 'have'];
  return `${noun} ${idsOf(lapsed)}${more}, which had permitted ${what}, ${verb} ended${past(wasAccepted)}`;
}

/** What somebody had in mind, where the file still tells: whoever looks again need not ask. */
function past([first]: readonly PastAllowance[]): string {
  if (first === undefined) return '';
  const { id, until, reason, ticket } = first;
  const why = `${printable(reason, REASON_LIMIT)} (${printable(ticket, NAME_LIMIT)})`;
  return `; it was accepted under ${printable(id, NAME_LIMIT)} until ${printable(until, PLACE_LIMIT)}: ${why}`;
}

/** Of allowances, the first few. */
export function idsOf(ids: readonly string[]): string {
  return ids
    .slice(0, LAPSED_SHOWN)
    .map((id) => printable(id, NAME_LIMIT))
    .join(', ');
}

function closedHow(incident: Incident): string {
  switch (incident.closed?.cause) {
    case 'closed-to-us':
      return 'no longer matters: the endpoint is closed from outside';
    case 'deleted':
      return 'window ended: the API confirms that the resource is deleted';
    case 'withdrawn':
      return 'window is withdrawn: a look that arrived late shows that there was none';
    case 'merged':
      return 'window goes on under another incident: it was one';
    case 'fixed':
    case 'accepted':
    case undefined:
      return `is back (was ${incident.to})`;
  }
}
