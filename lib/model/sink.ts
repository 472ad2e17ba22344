import type { AjarError } from './errors.ts';
import type { Incident, Notice } from './incident.ts';

/** Where notices go. Rejects when the message was not accepted; the outbox then tries again. */
export interface Sink {
  readonly id: string;
  /**
   * What ends an incident never goes past what opened it. Of sinks where an end that comes first ends nothing, and the
   * opening that comes after it stays open for ever.
   */
  readonly endsLast?: true;
  /** People read it: what belongs together comes as one message, and no storm of them (lib/pipeline/pages.ts). */
  readonly groups?: true;
  deliver(notice: Notice, signal: AbortSignal): Promise<{ readonly id: string }>;
  /**
   * Of sinks that take several in one request: one outcome for each notice, in their order. What became of one says
   * nothing of another, so it does not reject once anything may have been accepted.
   */
  deliverAll?(notices: readonly Notice[], signal: AbortSignal): Promise<readonly Outcome[]>;
}

/** `id` is the receipt: who accepted it, under what name. A refusal may say for how long to leave the sink alone. */
export type Outcome = { readonly id: string } | Refusal;
export interface Refusal {
  readonly error: string;
  readonly retryAfterMs?: number;
}

/** What a sink threw, with what the reader can do about it where that is known: this is what is printed and logged of it. */
export function refused(cause: unknown): Refusal {
  if (!(cause instanceof Error)) return { error: String(cause) };
  const { cure, retryAfterMs } = cause as Partial<AjarError>;
  const error = typeof cure === 'string' ? `${cause.message}: ${cure}` : cause.message;
  return typeof retryAfterMs === 'number' ? { error, retryAfterMs } : { error };
}

/** The sink that hears of drills: nobody gets up for one, and no channel is filled with them. */
const HEARS_DRILLS = 'sns:machine';

/** Those that wake people: by the page topic, or PagerDuty under whatever name. */
const WAKES = /^(escalation:)?(sns:page|pagerduty(:.*)?)$/;
/** Sinks of the second contact, by the start of their ids: they hear what was escalated, and how that ended. */
export const ESCALATION = 'escalation:';

/** To which of these a notice is owed. */
export function sinksFor({ endpoint, kind, incident, also }: Notice, sinks: readonly string[]): readonly string[] {
  if (endpoint.drill === true) return sinks.filter((sink) => sink === HEARS_DRILLS);
  const told = [incident, ...also];
  const isEscalated = told.some(({ ladder }) => ladder?.escalated === true);
  const isTheirs = kind === 'escalated' || ((kind === 'closed' || kind === 'accepted') && isEscalated);
  const theirs = isTheirs ? sinks : sinks.filter((sink) => !sink.startsWith(ESCALATION));
  return told.every(isUnderGlass) ? theirs.filter((sink) => !WAKES.test(sink)) : theirs;
}

/** Approved by two for these hours: on the record and told to chat and machines. */
export function isUnderGlass({ glass }: Incident): boolean {
  return glass?.isOver === false;
}
