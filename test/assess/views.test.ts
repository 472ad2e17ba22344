/** What is kept of each vantage's last look, and what all of them say together: reading by reading. */
import { describe, expect, test } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { MAX_VIEWS, together, VIEW_FORGOTTEN_MS, withReading } from '../../lib/assess/views.ts';
import type { EndpointState, FoldState, View } from '../../lib/model/state.ts';
import { aReading, instant, type ObservationOverrides, play, type ReadingOverrides } from '../support/readings.ts';

const OPEN: ObservationOverrides = { auth: 'open-anonymous' };
const AUTH: ObservationOverrides = {};
const REFUSED: ObservationOverrides = { l4: 'refused' };
const SILENT: ObservationOverrides = { l4: 'filtered', gap: 'no-answer' };

const BEFORE = play([aReading()]).state;
const stateWith = (views: Record<string, View>, deletedAt?: string): EndpointState => {
  const { views: _, ...rest } = BEFORE;
  return { ...rest, views, ...(deletedAt === undefined ? {} : { deletedAt }) };
};

/** A look `at` seconds, and when it looked before. */
function view(at: number, seen: ObservationOverrides | undefined = AUTH, prior?: number, alive = true): View {
  const { views } = withReading(undefined, aReading({ at, vantage: 'v', alive, sees: [{ vantage: 'v', ...seen }] }));
  const [of] = Object.values(views ?? {});
  if (of === undefined) throw new Error('a look is kept');
  return prior === undefined ? of : { ...of, prior: instant(prior) };
}

const times = (views: EndpointState['views']) =>
  Object.fromEntries(
    Object.entries(views ?? {}).map(([name, { at, prior }]) => [name, prior === undefined ? [at] : [prior, at]]),
  );

describe('of a vantage is kept', () => {
  const after = (before: Record<string, View>, over: ReadingOverrides) =>
    times(withReading(stateWith(before), aReading({ vantage: 'eu', ...over })).views);

  test('its look, without the notes, the moment and the pains that it took', () => {
    const { views } = withReading(undefined, aReading({ at: 5, vantage: 'eu', alive: false }));
    const { eu } = views ?? {};
    expect(eu).toMatchObject({ at: instant(5), alive: false, looks: [{ l4: 'open', vantage: 'eu' }] });
    for (const key of ['observedAt', 'elapsedMs', 'notes']) expect(eu?.looks[0]).not.toHaveProperty(key);
  });

  test.each<[string, Record<string, View>, ReadingOverrides, object]>([
    ['the first look', {}, { at: 60 }, { eu: [instant(60)] }],
    ['the next look, and when it looked before', { eu: view(0) }, { at: 60 }, { eu: [instant(0), instant(60)] }],
    ['the later of two that come in the wrong order', { eu: view(60) }, { at: 0 }, { eu: [instant(0), instant(60)] }],
    [
      'the moment before, and no earlier one',
      { eu: view(60, AUTH, 30) },
      { at: 0 },
      { eu: [instant(30), instant(60)] },
    ],
    ['a late one that lies between', { eu: view(60, AUTH, 0) }, { at: 30 }, { eu: [instant(30), instant(60)] }],
    ['one look that comes twice, once', { eu: view(60) }, { at: 60 }, { eu: [instant(60)] }],
    ['nothing of a visit that was not made', { eu: view(0) }, { at: 60, unvisited: true }, { eu: [instant(0)] }],
    ['nothing of what nobody can look at', {}, { at: 60, endpoint: { shared: true } }, {}],
    ['what others saw beside it', { us: view(0) }, { at: 60 }, { eu: [instant(60)], us: [instant(0)] }],
    ['a look that saw nothing at all', {}, { at: 60, sees: [] }, { eu: [instant(60)] }],
  ])('%s', (_, before, over, kept) => {
    expect(after(before, over)).toEqual(kept);
  });

  test('nothing where nobody looked', () => {
    expect(withReading(undefined, aReading({ unvisited: true }))).toEqual({});
  });

  test('of many the newest, by name where two are of one moment', () => {
    const many = Object.fromEntries(Array.from({ length: MAX_VIEWS }, (_, i) => [`h${i}`, view(i === 3 ? 5 : 10)]));
    expect(Object.keys(after(many, { at: 20 }))).toEqual(['eu', 'h0', 'h1', 'h2', 'h4', 'h5', 'h6', 'h7']);
    expect(Object.keys(after({ x: view(1), b: view(1), a: view(1) }, { at: 1, vantage: 'm' }))).toEqual([
      'a',
      'b',
      'm',
      'x',
    ]);
  });
});

describe('a confirmed deletion', () => {
  const gone = (at: number): ReadingOverrides => ({ at, vantage: 'api', deleted: true, sees: [] });
  const after = (before: EndpointState | undefined, over: ReadingOverrides) => {
    const { views, deletedAt } = withReading(before, aReading(over));
    return { views: times(views), deletedAt };
  };

  test('voids what was seen before it, and is no look itself', () => {
    expect(after(stateWith({ eu: view(0) }), gone(60))).toEqual({ views: {}, deletedAt: instant(60) });
    expect(after(stateWith({ eu: view(60) }), gone(60))).toEqual({
      views: { eu: [instant(60)] },
      deletedAt: instant(60),
    });
    expect(after(stateWith({}, instant(60)), { at: 30, vantage: 'eu' })).toEqual({ views: {}, deletedAt: instant(60) });
    expect(after(stateWith({}), gone(60))).not.toHaveProperty('views.api');
  });

  test('that somebody saw answer is a look all the same', () => {
    expect(after(undefined, { ...gone(60), sees: [AUTH] }).views).toEqual({ api: [instant(60)] });
  });

  test('is the last one', () => {
    expect(after(stateWith({}, instant(30)), gone(60)).deletedAt).toBe(instant(60));
    expect(after(stateWith({}, instant(90)), gone(60)).deletedAt).toBe(instant(90));
    expect(after(stateWith({}, instant(90)), { at: 100 }).deletedAt).toBe(instant(90));
    expect(withReading(stateWith({}), aReading())).not.toHaveProperty('deletedAt');
  });

  test('ends the count of how often a vantage looks', () => {
    const seen = { eu: view(90, AUTH, 30), us: view(90, AUTH, 60) };
    expect(after(stateWith(seen), gone(60)).views).toEqual({ eu: [instant(90)], us: [instant(60), instant(90)] });
  });
});

type Silence = FoldState['silence'];
function all(views: Record<string, View>, silence: Silence = {}, before: Record<string, View> = views) {
  const named = Object.entries(views).map(([vantage, of]): [string, View] => [
    vantage,
    { ...of, looks: of.looks.map((look) => ({ ...look, vantage })) },
  ]);
  return together(stateWith(before), judge(aReading()), Object.fromEntries(named), silence);
}
const verdictOf = (views: Record<string, View>, silence: Silence = {}) => all(views, silence)?.posture.verdict;

describe('together', () => {
  test('is nothing of one alone, of none and of an endpoint that is new', () => {
    const two = { eu: view(0, OPEN), us: view(0) };
    expect(all({ eu: view(0) })).toBeUndefined();
    expect(all({}, {}, two)).toBeUndefined();
    expect(together(stateWith(two), judge(aReading()), undefined, {})).toBeUndefined();
    expect(together(undefined, judge(aReading()), two, {})).toBeUndefined();
    expect(together(BEFORE, judge(aReading()), { eu: view(0) }, {})).toBeUndefined();
    const { views: _, ...viewless } = BEFORE;
    expect(together(viewless, judge(aReading()), { eu: view(0) }, {})).toBeUndefined();
  });

  test('is one vantage again where the others went', () => {
    expect(all({ eu: view(0) }, {}, { eu: view(0), us: view(0) })?.posture.verdict.name).toBe('reachable');
  });

  test('is as exposed as it is to any, and conclusive as of the last that knew by itself', () => {
    const { posture, conclusiveAt, views } =
      all({ us: view(30, REFUSED), eu: view(0, OPEN), ap: view(60, SILENT) }) ?? {};
    expect(posture?.verdict.name).toBe('exposed');
    expect(posture?.vantages).toEqual({ most: ['eu'], less: ['us'], unsure: ['ap'] });
    expect(conclusiveAt).toBe(instant(30));
    expect(Object.keys(views ?? {})).toEqual(['ap', 'us', 'eu']);
    expect(all({ us: view(0, SILENT), eu: view(0, SILENT) })).not.toHaveProperty('conclusiveAt');
  });

  test('names the vantages in one order, whichever looked last', () => {
    const why = (eu: number, us: number) => verdictOf({ us: view(us, OPEN), eu: view(eu, OPEN) })?.why;
    expect(why(0, 30)).toMatch(/; alike from eu, us$/u);
    expect(why(30, 0)).toMatch(/; alike from eu, us$/u);
  });

  test('keeps the gaps of the inventory, and not those of the look alone', () => {
    const gaps = (['inventory', 'probe'] as const).map(
      (stage) => ({ stage, subject: 'es-1', code: 'denied', detail: stage }) as const,
    );
    const posture = together(stateWith({}), { ...judge(aReading()), gaps }, { eu: view(0), us: view(0) }, {})?.posture;
    expect(posture?.gaps.map(({ detail }) => detail)).toEqual(['inventory']);
  });

  test('takes a visit that saw nothing for no answer, never for a closed door', () => {
    const blind: View = { at: instant(0), alive: true, looks: [] };
    expect(verdictOf({ eu: view(0, REFUSED), us: blind })).toMatchObject({ name: 'unknown', confirmed: false });
    expect(all({ eu: view(0, OPEN), us: blind })?.posture.vantages).toMatchObject({ unsure: ['us'] });
  });

  const closing: Silence = { us: { since: instant(0), count: 3 } };
  test.each<[string, View, Silence, string]>([
    ['often and long enough', view(120, SILENT), closing, 'protected'],
    ['not long enough', view(119, SILENT), closing, 'unknown'],
    ['not often enough', view(120, SILENT), { us: { since: instant(0), count: 2 } }, 'unknown'],
    ['of one that hears nobody', view(120, SILENT, undefined, false), closing, 'unknown'],
    ['of another', view(120, SILENT), { eu: { since: instant(0), count: 3 } }, 'unknown'],
  ])('takes silence for closed only %s', (_, us, silence, name) => {
    expect(verdictOf({ eu: view(120, REFUSED), us }, silence)?.name).toBe(name);
    // The same of one that is left.
    expect(all({ us }, silence, { us, eu: us })?.posture.verdict.name).toBe(name);
  });
});

describe('one that no longer looks', () => {
  const LAST = 661; // two cycles of five minutes and a minute after what it saw at 0
  const late = (seen: ObservationOverrides, at: number, other = AUTH) =>
    all({ eu: view(0, seen, -60), us: view(at, other, at - 60) });
  const codes = (of: ReturnType<typeof late>) => of?.posture.gaps.map(({ code }) => code);

  test('counts until it is too old, and not after', () => {
    expect(late(OPEN, LAST - 1)?.posture.verdict.name).toBe('exposed');
    expect(codes(late(OPEN, LAST - 1))).toEqual([]);
    expect(late(OPEN, LAST)?.posture).toMatchObject({
      verdict: {
        name: 'unknown',
        shadow: false,
        confirmed: false,
        why: `eu saw it exposed at ${instant(0)} and has not looked since; by the others reachable`,
      },
      gaps: [
        {
          stage: 'probe',
          subject: 'es-1',
          code: 'vantage-silent',
          detail: `eu has not looked since ${instant(0)}: what it would see is not known`,
        },
      ],
    });
  });

  test.each<[string, ObservationOverrides, ObservationOverrides, string]>([
    ['exposed, others are met by a login', OPEN, AUTH, 'unknown'],
    ['reachable, others find it closed', AUTH, REFUSED, 'unknown'],
    ['reachable, as others do', AUTH, AUTH, 'reachable'],
    ['closed, others are met by a login', REFUSED, AUTH, 'reachable'],
    ['silent, others find it closed', SILENT, REFUSED, 'protected'],
  ])('saw it %s', (_, seen, other, name) => {
    expect(late(seen, LAST, other)?.posture.verdict.name).toBe(name);
    expect(codes(late(seen, LAST, other))).toContain('vantage-silent');
  });

  test('waits as long as its own cycle is, or that of the newest where nobody knows its own', () => {
    const hour = 3_600;
    const of = (prior: number | undefined, newestPrior: number | undefined) =>
      all({ eu: view(0, OPEN, prior), us: view(hour, AUTH, newestPrior) })?.posture.verdict.name;
    expect(of(-hour, hour - 60)).toBe('exposed');
    expect(of(undefined, 0)).toBe('exposed');
    expect(of(-60, 0)).toBe('unknown');
    expect(of(undefined, undefined)).toBe('unknown');
  });

  test('is forgotten after three days, or at once where it looked once only, unless it saw worse', () => {
    const days = VIEW_FORGOTTEN_MS / 1_000;
    expect(days).toBe(3 * 24 * 3_600);
    expect(Object.keys(late(AUTH, days)?.views ?? {})).toEqual(['us', 'eu']);
    expect(Object.keys(late(AUTH, days + 1)?.views ?? {})).toEqual(['us']);
    expect(codes(late(AUTH, days + 1))).toEqual([]);
    expect(Object.keys(late(OPEN, days + 1)?.views ?? {})).toEqual(['us', 'eu']);
    const once = (seen: ObservationOverrides) => all({ eu: view(0, seen), us: view(LAST, AUTH, LAST - 60) });
    expect(codes(once(AUTH))).toEqual([]);
    expect(codes(once(OPEN))).toEqual(['vantage-silent']);
  });

  test('is one of several: each is a gap, and the first by name that saw worse is told', () => {
    const { posture } =
      all({
        eu: view(0, OPEN, -60),
        ap: view(1, OPEN, -60),
        ca: view(2, AUTH, -60),
        us: view(LAST + 5, AUTH, LAST - 60),
      }) ?? {};
    expect(posture?.gaps.map(({ detail }) => detail?.slice(0, 2))).toEqual(['ap', 'ca', 'eu']);
    expect(posture?.verdict.why).toMatch(/^ap saw it exposed/u);
  });
});
