/**
 * Was it exposed on that day: yes, no, or not known, and what the answer rests on (issue 7). Yes needs a stretch in which it was
 * seen so; no needs that it was watched throughout and that no window can have touched the day. All else is not known. Pure.
 */
import type { ProtectionName } from '../model/protection.ts';
import type { ReportIncident } from '../model/report.ts';
import type { EndpointWatch, Interruption } from '../model/report-evidence.ts';

export type ExposedAnswer = 'yes' | 'no' | 'not known';

export interface ExposedFacts {
  /** Inclusive and exclusive. */
  readonly on: { readonly from: string; readonly to: string };
  /** Of this endpoint, that touch the day. */
  readonly incidents: readonly ReportIncident[];
  /** Within the day; absent where the endpoint was not known yet. */
  readonly watch?: EndpointWatch;
  /** Of this endpoint and of everything, within the day. */
  readonly interruptions: readonly Interruption[];
  /** First moment of the day after which the record says nothing, where it ends within the day. */
  readonly endsAt?: string;
}

export interface Exposed {
  readonly answer: ExposedAnswer;
  readonly why: readonly string[];
}

export function exposedOn(facts: ExposedFacts): Exposed {
  const windows = facts.incidents.filter(isExposure);
  const certain = windows.filter((window) => touches(facts.on, window.start.upper, certainEnd(window)));
  if (certain.length > 0) return { answer: 'yes', why: certain.map(seen) };
  const possible = windows.filter((window) => touches(facts.on, window.start.lower ?? '', possibleEnd(window)));
  const doubts = [...possible.map(maybe), ...unwatched(facts)];
  if (doubts.length > 0) return { answer: 'not known', why: doubts };
  const others = facts.incidents.length - windows.length;
  const beside = others === 0 ? '' : `; other windows of it, in which nobody was let in without credentials: ${others}`;
  return { answer: 'no', why: [`it was watched throughout, and no exposure window touches it${beside}`] };
}

/**
 * Of what lets a stranger in. A verdict is the worst of a window: one of the network, open for a year, says `exposed` of the
 * hour in which there was no password either.
 */
function isExposure({ protection, verdict }: ReportIncident): boolean {
  return verdict === 'exposed' && LETTING_IN.includes(protection);
}
const LETTING_IN: readonly ProtectionName[] = ['authentication', 'access-policy', 'sharing'];

/** At `to` nothing is said of the day any more. */
function touches({ from, to }: ExposedFacts['on'], start: string, end: string): boolean {
  return start < to && end >= from;
}

/** Seen bad, until then at least. Of one visit alone that is when it was over: `lastBadAt` is when it began. */
function certainEnd({ start, closed, lastBadAt }: ReportIncident): string {
  return [start.upper, closed?.lower ?? lastBadAt].toSorted().at(-1) ?? start.upper;
}

/** Of one that was not seen closed nobody knows an end. */
function possibleEnd({ closed, closedLater }: ReportIncident): string {
  return closed?.upper ?? closedLater?.upper ?? '\uffff';
}

function seen(window: ReportIncident): string {
  const { id, protection, start } = window;
  const how = window.status === 'accepted' ? ', which an allowance accepted' : '';
  return `${protection} seen open from ${start.upper} to ${certainEnd(window)} at least${how}: incident ${id}`;
}

function maybe(window: ReportIncident): string {
  const { id, protection, start } = window;
  const end = window.closed?.upper ?? window.closedLater?.upper;
  return `${protection} may have been open between ${start.lower ?? 'an unknown beginning'} and ${end ?? 'now'}: incident ${id}`;
}

function unwatched({ watch, interruptions, endsAt, on }: ExposedFacts): readonly string[] {
  if (watch === undefined || watch.existed === 0) return ['nothing is on record of it by the end of that day'];
  const length = Math.floor((Date.parse(on.to) - Date.parse(on.from)) / 1_000);
  return [
    ...(watch.existed < length && endsAt === undefined
      ? [`it is on record for ${watch.existed} s of ${length} s`]
      : []),
    ...interruptions.map(({ subject, from, to, cause }) => {
      const what = subject === 'all' ? 'nobody looked at anything' : `a look concluded nothing (${cause})`;
      return `${what}, from ${from} to ${to ?? 'the end'}`;
    }),
    ...(endsAt === undefined ? [] : [`the record ends at ${endsAt}`]),
  ];
}
