/** Whether an endpoint was exposed on a day: yes where it was seen so, no where that cannot have been, else not known. */
import { describe, expect, it } from 'vitest';
import { exposedOn, type ExposedFacts } from '../../lib/assess/exposed.ts';
import type { ReportIncident } from '../../lib/model/report.ts';

const at = (clock: string, day = 4): string => `2019-12-0${day}T${clock}:00.000Z`;
const ON = { from: at('00:00'), to: at('00:00', 5) };
const DAY = 86_400;
const watch = { endpointId: 'es-1', existed: DAY, watched: DAY, percent: 100 };

/** Open at ten, closed between eleven and noon, unless told. */
type Over = Omit<Partial<ReportIncident>, 'closed'> & { readonly closed?: ReportIncident['closed'] | undefined };
function window(over: Over = {}): ReportIncident {
  const { closed, ...rest } = {
    ...{
      id: 'i-1',
      endpointId: 'es-1',
      protection: 'authentication',
      openSeq: 1,
      origin: 'removed',
      basis: 'observed',
    },
    ...{ from: 'on', to: 'off', verdict: 'exposed', severity: 'critical', score: 100, reasons: [], status: 'closed' },
    ...{ start: { lower: at('09:00'), upper: at('10:00') }, detectedAt: at('10:00'), lastBadAt: at('11:00') },
    ...{ closed: { lower: at('11:00'), upper: at('12:00'), cause: 'fixed' }, allowances: [] },
    ...{ host: 'es.example.test', port: 9200, engine: 'elasticsearch', exposure: { least: 0 } },
    ...over,
  } as ReportIncident;
  return closed === undefined ? rest : { ...rest, closed };
}

const asked = (incidents: readonly ReportIncident[], facts: Partial<ExposedFacts> = {}) =>
  exposedOn({ on: ON, incidents, interruptions: [], watch, ...facts });
const before = (clock: string, over: Over = {}): ReportIncident =>
  window({
    start: { lower: at('01:00', 3), upper: at('02:00', 3) },
    lastBadAt: at('03:00', 3),
    closed: { lower: at('03:00', 3), upper: clock, cause: 'fixed' },
    ...over,
  });

describe('exposed on that day', () => {
  it('is yes where a stretch of it was seen open, and says which', () => {
    expect(asked([window()])).toEqual({
      answer: 'yes',
      why: [`authentication seen open from ${at('10:00')} to ${at('11:00')} at least: incident i-1`],
    });
  });

  it.each([
    ['access-policy', 'exposed', 'yes'],
    ['sharing', 'exposed', 'yes'],
    // A verdict is the worst of a window: that of the network says nothing of who is let in.
    ['network', 'exposed', 'no'],
    ['authentication', 'reachable', 'no'],
    ['audit-log', 'exposed', 'no'],
  ] as const)('of %s, %s at worst: %s', (protection, verdict, answer) => {
    expect(asked([window({ protection, verdict })]).answer).toBe(answer);
  });

  it('names an allowance that ended it: accepted later is exposed all the same', () => {
    const closed = { lower: at('11:00'), upper: at('12:00'), cause: 'accepted' } as const;
    expect(asked([window({ status: 'accepted', closed })]).why).toEqual([
      `authentication seen open from ${at('10:00')} to ${at('11:00')} at least, which an allowance accepted: incident i-1`,
    ]);
  });

  it('is yes of one visit alone, which was over after it began, and of a window that is open still', () => {
    const once = window({
      status: 'open',
      start: { upper: at('10:00') },
      lastBadAt: at('09:59'),
      closed: undefined,
    });
    expect(asked([once]).why).toEqual([
      `authentication seen open from ${at('10:00')} to ${at('10:00')} at least: incident i-1`,
    ]);
  });

  it('counts the first moment of the day and not the first of the next', () => {
    const until = (lower: string): ReportIncident =>
      before(at('01:00', 5), { closed: { lower, upper: at('01:00', 5), cause: 'fixed' }, lastBadAt: lower });
    expect(asked([until(at('00:00'))]).answer).toBe('yes');
    const from = (upper: string): ReportIncident => window({ start: { lower: upper, upper }, closed: undefined });
    expect(asked([from(at('00:00', 5))]).answer).toBe('no');
  });

  it('is not known where the window may have touched the day and was not seen to', () => {
    expect(asked([before(at('00:30'))])).toEqual({
      answer: 'not known',
      why: [`authentication may have been open between ${at('01:00', 3)} and ${at('00:30')}: incident i-1`],
    });
    expect(asked([before(at('23:00', 3))]).answer).toBe('no');
  });

  it('nor where nobody knows its beginning or its end', () => {
    const later = window({ start: { upper: at('02:00', 5) }, lastBadAt: at('02:00', 5), closed: undefined });
    expect(asked([later]).why).toEqual([
      'authentication may have been open between an unknown beginning and now: incident i-1',
    ]);
    const earlier = before('', { closed: undefined });
    expect(asked([earlier]).why).toEqual([
      `authentication may have been open between ${at('01:00', 3)} and now: incident i-1`,
    ]);
    const since = {
      ...earlier,
      closedLater: { lower: at('03:00', 3), upper: at('23:00', 3), cause: 'fixed' } as const,
    };
    expect(asked([since]).answer).toBe('no');
    expect(asked([{ ...since, closedLater: { ...since.closedLater, upper: at('02:00', 6) } }]).why).toEqual([
      `authentication may have been open between ${at('01:00', 3)} and ${at('02:00', 6)}: incident i-1`,
    ]);
  });

  it('is no where it was watched throughout, and says what else there was', () => {
    expect(asked([])).toEqual({
      answer: 'no',
      why: ['it was watched throughout, and no exposure window touches it'],
    });
    expect(asked([window({ protection: 'tls' })]).why).toEqual([
      'it was watched throughout, and no exposure window touches it; other windows of it, in which nobody was let in without credentials: 1',
    ]);
  });
});

describe('not watched is not known', () => {
  const reasons = (facts: Partial<ExposedFacts>) => exposedOn({ on: ON, incidents: [], interruptions: [], ...facts });

  it('of one that is not on record, or came on record within the day', () => {
    const none = { answer: 'not known', why: ['nothing is on record of it by the end of that day'] };
    expect(reasons({})).toEqual(none);
    expect(reasons({ watch: { ...watch, existed: 0 } })).toEqual(none);
    expect(reasons({ watch: { ...watch, existed: 3_600 } })).toEqual({
      answer: 'not known',
      why: ['it is on record for 3600 s of 86400 s'],
    });
  });

  it('while nobody looked, or a look concluded nothing', () => {
    const [from, to] = [at('10:00'), at('11:00')];
    const interruptions = [
      { subject: 'all', from, to, seconds: 3_600, code: 'not-running', cause: 'not running' },
      { subject: 'es-1', from, to, seconds: 3_600, code: 'no-answer', cause: 'timeout' },
      { subject: 'es-1', from, seconds: 50_400, code: 'no-answer', cause: 'timeout' },
    ] as const;
    expect(reasons({ watch, interruptions }).why).toEqual([
      `nobody looked at anything, from ${from} to ${to}`,
      `a look concluded nothing (timeout), from ${from} to ${to}`,
      `a look concluded nothing (timeout), from ${from} to the end`,
    ]);
  });

  it('where the record ends within the day', () => {
    expect(reasons({ watch: { ...watch, existed: 3_600 }, endsAt: at('01:00') })).toEqual({
      answer: 'not known',
      why: [`the record ends at ${at('01:00')}`],
    });
  });
});
