/** The lines of an alert by their labels, of an incident and an endpoint that say little. */
import { expect } from 'vitest';
import { messageOf } from '../../lib/assess/notice.ts';
import type { Incident, NoticeEndpoint, NoticeKind } from '../../lib/model/incident.ts';
import { anIncident as plain } from './builders.ts';
import { instant } from './readings.ts';

export const ENDPOINT: NoticeEndpoint = {
  ...{ id: 'es-1', host: 'es.example.test', port: 9200, engine: 'elasticsearch', addresses: [], vantages: ['v1'] },
};
export const anIncident = (over: Partial<Incident> = {}): Incident => ({
  ...plain(),
  ...{ id: 'i-1', protection: 'authentication', origin: 'removed', basis: 'observed', from: 'on', to: 'off' },
  ...{ verdict: 'exposed', severity: 'critical', status: 'open', evidence: 'seen' },
  ...{ start: { lower: instant(131), upper: instant(312) }, detectedAt: instant(313), ...over },
});
export const closed = (cause: NonNullable<Incident['closed']>['cause']): Partial<Incident> => ({
  status: 'closed',
  closed: { lower: instant(400), upper: instant(460), cause },
});
export function lines(
  kind: NoticeKind,
  incident: Partial<Incident> = {},
  endpoint: Partial<NoticeEndpoint> = {},
  also: readonly Incident[] = [],
) {
  const message = messageOf(kind, anIncident(incident), also, { ...ENDPOINT, ...endpoint }, 3);
  expect(message.lines[0]).toBe(message.subject);
  const line = (label: string): string | undefined =>
    message.lines.find((each) => each.startsWith(label.padEnd(9)))?.slice(9);
  return { ...message, line };
}
