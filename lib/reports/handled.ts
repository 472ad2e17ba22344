import type { Handling } from '../model/handling.ts';
import { gdprDue, instant } from './moments.ts';

/** What people did about it. The clock runs from their own word; which laws apply is not for a report to say. */
export function handledLines({ acked, assigned, aware, notes = [] }: Handling = {}): readonly string[] {
  return [
    ...(acked === undefined ? [] : [`acknowledged by ${acked.by}, ${instant(acked.at)}`]),
    ...(assigned === undefined ? [] : [`assigned to ${assigned.to} by ${assigned.by}, ${instant(assigned.at)}`]),
    ...(aware === undefined
      ? []
      : [
          `${aware.by} aware since ${instant(aware.since)} that personal data are affected: GDPR article 33 due ${instant(gdprDue(aware.since))}`,
        ]),
    ...notes.map(({ by, at, text }) => `${instant(at)} ${by}: ${text}`),
  ];
}
