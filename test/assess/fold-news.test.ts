/** What an open window learns: of its configuration, of break-glass, and of what lies behind it. */
import { describe, expect, test } from 'vitest';
import type { DataAtRisk } from '../../lib/model/observation.ts';
import type { SampleFact } from '../../lib/model/state.ts';
import { instant } from '../support/readings.ts';
import { aSample, declared, EXPOSED, folded, holding, observed, windowsFor } from '../support/samples.ts';

describe('the configuration', () => {
  const tls = (at: number, level: 'on' | 'off', readAt: number | undefined, extra: readonly SampleFact[] = []) =>
    aSample(at, [declared('tls', level, { floor: 'on' }), ...extra], {
      ...(readAt === undefined ? {} : { declaredAt: instant(readAt) }),
    });
  const isOpen = (...samples: ReturnType<typeof tls>[]): boolean => folded(...samples).fold.open.length > 0;

  test('that was read last counts, whichever visit is over last', () => {
    expect(isOpen(tls(0, 'on', 0), tls(60, 'off', 30), tls(70, 'on', 20))).toBe(true);
    expect(isOpen(tls(0, 'on', 0), tls(60, 'on', 30), tls(70, 'off', 20))).toBe(false);
    expect(isOpen(tls(0, 'on', 0), tls(60, 'off', 30), tls(70, 'on', 30))).toBe(false);
    expect(isOpen(tls(0, 'on', 0), tls(60, 'off', 30), tls(70, 'on', 40))).toBe(false);
  });

  test('of which nobody says when it was read counts as it comes', () => {
    expect(isOpen(tls(0, 'on', 30), tls(60, 'off', undefined))).toBe(true);
    expect(isOpen(tls(0, 'off', undefined), tls(60, 'on', undefined))).toBe(false);
  });

  test('that is superseded takes nothing away from what the visit saw', () => {
    const late = tls(70, 'on', 20, [observed('authentication', 'off')]);
    expect(folded(tls(0, 'on', 0), tls(60, 'off', 30), late).fold.open.map((w) => w.protection)).toEqual([
      'tls',
      'authentication',
    ]);
  });

  test('is known as of its newest reading, and a deletion is one', () => {
    const newest = (...samples: ReturnType<typeof tls>[]) => folded(...samples).fold.declaredAt;
    expect(newest(tls(0, 'on', 30), tls(60, 'on', 20))).toBe(instant(30));
    expect(newest(tls(0, 'on', 20), tls(60, 'on', 30))).toBe(instant(30));
    expect(newest(tls(0, 'on', 20), tls(60, 'on', undefined))).toBe(instant(20));
    expect(newest(tls(0, 'on', undefined), tls(60, 'on', 30))).toBe(instant(30));
    expect(newest(tls(0, 'on', undefined))).toBeUndefined();
    const gone = aSample(60, [], { deleted: true, declaredAt: instant(10) });
    expect(newest(tls(0, 'on', 20), gone)).toBe(instant(60));
    // What was read before is of what is gone.
    expect(isOpen(gone, tls(70, 'off', 50))).toBe(false);
  });
});

describe('under break-glass', () => {
  const under = (...glass: readonly string[]): SampleFact => observed('network', 'off', { glass });
  const glassOf = (...facts: readonly SampleFact[]): unknown =>
    windowsFor('network', ...facts.map((fact, i) => aSample(i * 60, [fact])))[0]?.glass;

  test.each<[string, readonly SampleFact[], unknown]>([
    ['it opens so', [under('b')], { entries: ['b'], isOver: false }],
    [
      'all entries are told, each once and in order',
      [under('c', 'b'), under('a', 'b')],
      { entries: ['a', 'b', 'c'], isOver: false },
    ],
    ['seen bad without any, it is over', [under('b'), observed('network', 'off')], { entries: ['b'], isOver: true }],
    [
      'and stays so whatever is approved later',
      [under('b'), observed('network', 'off'), under('c')],
      { entries: ['b', 'c'], isOver: true },
    ],
    ['what opened without is not quieted by any', [observed('network', 'off'), under('b')], undefined],
  ])('%s', (_, facts, glass) => {
    expect(glassOf(...facts)).toEqual(glass);
  });
});

describe('what it holds', () => {
  const hits = (...classes: readonly DataAtRisk['classes'][number]['class'][]): DataAtRisk['classes'] =>
    classes.map((name) => ({ class: name, count: 1, because: [name] }));
  /** What the window tells of it after looks that saw these, each of an exposed store. */
  const after = (...looks: readonly (DataAtRisk | undefined)[]): DataAtRisk | undefined => {
    const samples = looks.map((data, i) =>
      aSample(i * 60, [observed('authentication', 'off')], {
        context: { ...EXPOSED, ...(data === undefined ? {} : { data }) },
      }),
    );
    return windowsFor('authentication', ...samples)[0]?.worst.data;
  };
  const email = holding();

  test.each<[string, readonly (DataAtRisk | undefined)[], DataAtRisk | undefined]>([
    ['nothing is known', [undefined, undefined], undefined],
    ['it is as it was', [email, email], email],
    ['the next look shows nothing', [email, undefined], email],
    [
      'the first look showed nothing: there may be more than what came later',
      [undefined, email],
      { ...email, truncated: true },
    ],
    ['there is less of it: it was there', [email, holding({ records: 10, bytes: 1, objects: 1 })], email],
    [
      'there are more records',
      [email, holding({ records: 101, objects: 2, bytes: 2_000 })],
      holding({ records: 101, objects: 2, bytes: 2_000 }),
    ],
    ['there are more records of fewer bytes', [email, holding({ records: 101, bytes: 1 })], holding({ records: 101 })],
    ['there are as many records and more objects: no news', [email, holding({ objects: 7 })], email],
    ['there is a ransom note', [email, holding({ ransomMarkers: 1 })], holding({ ransomMarkers: 1 })],
    [
      'the ransom note is gone',
      [holding({ ransomMarkers: 2 }), holding({ ransomMarkers: 1, records: 200 })],
      holding({ ransomMarkers: 2, records: 200 }),
    ],
    ['not all names were read this time', [email, holding({ truncated: true })], holding({ truncated: true })],
    [
      'not all names were read the first time',
      [holding({ truncated: true }), holding({ records: 200 })],
      holding({ truncated: true, records: 200 }),
    ],
    ['all names were read this time: no news', [holding({ truncated: true }), email], holding({ truncated: true })],
    [
      'another class shows',
      [email, holding({ classes: hits('health', 'contact') })],
      holding({ classes: [...email.classes, ...hits('health')] }),
    ],
    [
      'a class that is known shows alone',
      [holding({ classes: hits('contact', 'health') }), holding({ classes: hits('health') })],
      holding({ classes: hits('contact', 'health') }),
    ],
    [
      'names come where there were none: they may be part of what there is',
      [holding({ classes: [], samples: [] }), email],
      holding({ truncated: true }),
    ],
    [
      'there were no names and are none',
      [holding({ classes: [] }), holding({ classes: [], records: 200 })],
      holding({ classes: [], records: 200 }),
    ],
    [
      'the samples of the first look are kept',
      [email, holding({ records: 200, samples: ['or…'] })],
      holding({ records: 200 }),
    ],
  ])('%s', (_, looks, data) => {
    expect(after(...looks)).toEqual(data);
  });

  test('is of no known size once a look could not tell it, whatever another told', () => {
    const { records: _, ...uncounted } = email;
    expect(after(email, uncounted)).toEqual(uncounted);
    expect(after(uncounted, email)).toEqual(uncounted);
    expect(after(uncounted, holding({ records: 0 }))).toEqual(uncounted);
    const { bytes: _bytes, ...unmeasured } = email;
    expect(after(email, { ...unmeasured, records: 200 })).toEqual({ ...unmeasured, records: 200 });
    expect(after(unmeasured, holding({ records: 200 }))).toEqual({ ...unmeasured, records: 200 });
  });

  test('counts with a graver look too, which does not take away what was known', () => {
    const samples = [
      aSample(0, [observed('authentication', 'partial')], { context: { ...aSample(0, []).context, data: email } }),
      aSample(60, [observed('authentication', 'off')], { context: EXPOSED }),
    ];
    expect(windowsFor('authentication', ...samples)[0]?.worst).toEqual({ ...EXPOSED, data: email });
  });
});
