/** Facts of a period that says nothing, and what a test says of it: each check by what is on record. */
import { expect } from 'vitest';
import type { Facts } from '../../lib/assess/objectives/facts.ts';
import { objectivesOf } from '../../lib/assess/objectives/objectives.ts';
import type { Level, ProtectionName } from '../../lib/model/protection.ts';
import type { ReportEndpoint, ReportIncident } from '../../lib/model/report.ts';
import { endpoint, reportEndpoint } from './report-parts.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from './sample-report.ts';

const { evidence, drill: _none, ...EMPTY } = EMPTY_REPORT;
export const NOTHING: Facts = { ...EMPTY, ...evidence, toldOf: () => undefined, lastReceiptOf: () => undefined };
export const at = (clock: string): string => `2019-12-04T${clock}:00.000Z`;
const PERIOD = { ...EMPTY_REPORT.period, from: at('00:00') };

export function check(id: string, facts: Partial<Facts>) {
  const found = objectivesOf({ ...NOTHING, period: PERIOD, ...facts })
    .flatMap(({ checks }) => checks)
    .find((each) => each.id === id);
  if (found === undefined) throw new Error(`${id}: no such check`);
  const { state, text, subjects, count } = found;
  expect(count).toBe(subjects.length);
  return [state, text, ...subjects];
}

export interface Look {
  readonly declared?: Partial<Record<ProtectionName, Level>>;
  readonly observed?: Partial<Record<ProtectionName, Level>>;
  readonly verdict?: 'exposed' | 'reachable' | 'protected' | 'unknown';
  readonly confirmed?: boolean;
}
export const seen = (
  name: string,
  { declared = {}, observed = {}, verdict = 'reachable', confirmed = true }: Look = {},
): ReportEndpoint =>
  reportEndpoint(endpoint(name, 'elasticsearch', 9200), {
    verdict,
    why: '',
    confirmed,
    declared,
    observed,
    auth: 'auth-required',
  });
export const idOf = (name: string): string => seen(name).endpoint.id;
export const incident = (id: string, over: Partial<ReportIncident> = {}): ReportIncident => {
  const { closed: _closed, handling: _handling, ...base } = SAMPLE_REPORT.incidents[0] as ReportIncident;
  return {
    ...base,
    ...{
      id,
      endpointId: 'e',
      status: 'open',
      origin: 'removed',
      protection: 'tls',
      verdict: 'reachable',
      severity: 'low',
    },
    detectedAt: at('10:00'),
    start: { lower: at('09:58'), upper: at('10:00') },
    ...over,
  };
};
export const watch = (interruptions: Facts['watch']['interruptions'], percent?: number) => ({
  watch: { endpoints: [], places: [], interruptions, ...(percent === undefined ? {} : { percent }) },
});
export const stretch = (subject: string, seconds: number, over: object = {}) =>
  ({
    subject,
    seconds,
    from: at('08:00'),
    code: 'no-answer',
    cause: '',
    ...over,
  }) as Facts['watch']['interruptions'][number];
