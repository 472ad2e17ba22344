/** What one sweep of one cell says of what was known there: still there, unseen, to be asked for, made anew, renamed. */
import { describe, expect, it } from 'vitest';
import {
  believed,
  codeOfStatus,
  mergePlace,
  MISSES_TO_ASK,
  presenceOf,
  unseenEndpoint,
  unseenGap,
} from '../../lib/assess/presence.ts';
import type { CoverageGap, Endpoint } from '../../lib/model/endpoint.ts';
import { CELL_STATUSES, type CellRecord, type CellReport } from '../../lib/model/inventory.ts';
import type { Protections } from '../../lib/model/protection.ts';
import { anEndpoint, declaredLevels, instant } from '../support/readings.ts';

const PLACE = { account: '111122223333', region: 'eu-west-1', partition: 'aws' } as const;
const id = (name: string): string => `111122223333/eu-west-1/rds/${name}`;

/** Behind a name that the provider keeps for it, and closed. */
function db(name: string, over: Partial<Endpoint> = {}): Endpoint {
  return anEndpoint({
    ...{ id: id(name), name, source: 'aws', foundBy: ['service'], host: `${name}.abc.eu-west-1.rds.amazonaws.com` },
    ...{ declared: declaredLevels({ network: 'on' }) },
    ...over,
  });
}
function report(over: Partial<CellReport> = {}): CellReport {
  return {
    place: PLACE,
    service: 'rds',
    status: 'complete',
    endpoints: [],
    gaps: [],
    calls: 3,
    at: instant(0),
    ...over,
  };
}
function gap(over: Partial<CoverageGap> = {}): CoverageGap {
  return {
    ...{ stage: 'inventory', subject: '111122223333/eu-west-1/rds', code: 'denied', detail: 'not allowed' },
    ...over,
  };
}
/** What is remembered after these sweeps, one after the other. */
function after(...reports: readonly Partial<CellReport>[]): CellRecord | undefined {
  return reports.reduce<CellRecord | undefined>((before, over) => presenceOf(before, report(over)).record, undefined);
}

describe('what is known of a cell', () => {
  it('is all that was listed, each declared as of the sweep, and who swept it when and for how many calls', () => {
    expect(presenceOf(undefined, report({ endpoints: [db('a')] }))).toEqual({
      endpoints: [{ ...db('a'), declaredAt: instant(0) }],
      ...{ unseen: [], ask: [], recreated: [] },
      record: {
        ...{ status: 'complete', triedAt: instant(0), completeAt: instant(0), calls: 3 },
        known: { [id('a')]: { misses: 0, hot: false } },
      },
    });
  });

  it('stays though a list in doubt misses it, and counts no miss; the list was last whole when it was', () => {
    const before = after({ endpoints: [db('a')] });
    const denied = { status: 'denied', at: instant(60), gaps: [gap()] } as const;
    const { unseen, ask, record } = presenceOf(before, report(denied));
    expect([unseen, ask]).toEqual([[id('a')], []]);
    expect(record).toEqual({
      ...{ status: 'denied', triedAt: instant(60), completeAt: instant(0), calls: 3 },
      ...{ known: before?.known, detail: 'not allowed', failures: 1 },
    });
    expect(after({ ...denied })).not.toHaveProperty('completeAt');
  });

  it('is not missed where it is listed, nor because another is', () => {
    const { unseen, endpoints, record } = presenceOf(
      after({ endpoints: [db('a'), db('b')] }),
      report({ endpoints: [db('a')] }),
    );
    expect([unseen, endpoints.map((e) => e.id)]).toEqual([[id('b')], [id('a')]]);
    expect(Object.entries(record.known).map(([one, { misses }]) => [one, misses])).toEqual([
      [id('b'), 1],
      [id('a'), 0],
    ]);
  });

  it('is asked for by name when two whole lists in a row missed it, and from then on', () => {
    expect(MISSES_TO_ASK).toBe(2);
    const once = presenceOf(after({ endpoints: [db('a')] }), report());
    const twice = presenceOf(once.record, report());
    const thrice = presenceOf(twice.record, report());
    expect([once, twice, thrice].map(({ ask }) => ask)).toEqual([[], [id('a')], [id('a')]]);
    expect(thrice.record.known[id('a')]?.misses).toBe(3);
    expect(presenceOf(twice.record, report({ status: 'partial' })).ask).toEqual([]);
    expect(presenceOf(twice.record, report({ endpoints: [db('a')] })).record.known[id('a')]?.misses).toBe(0);
  });

  it('counts failures in a row, until a list is whole or there is no such service', () => {
    const failed = { status: 'failed' } as const;
    expect(after(failed, failed, { status: 'throttled' })?.failures).toBe(3);
    for (const status of ['complete', 'not-offered'] as const) {
      expect(after(failed, failed, { status }), status).not.toHaveProperty('failures');
    }
  });

  it('remembers the gap of the whole cell and not that of one resource, and what the ledger was told', () => {
    const single = gap({ subject: `${gap().subject}/a`, code: 'incomplete', detail: 'no port yet' });
    expect(after({ gaps: [single, gap({ detail: 'the cell' })] })?.detail).toBe('the cell');
    expect(after({ gaps: [single] })).not.toHaveProperty('detail');
    const told = { ...after(), ...report(), known: {}, triedAt: '', told: 'denied' } as const;
    expect(presenceOf(told, report()).record.told).toBe('denied');
    expect(after({})).not.toHaveProperty('told');
  });

  it('is unsettled while something listed has no door yet; a cell of which part is missing is not', () => {
    const single = gap({ subject: `${gap().subject}/a`, code: 'incomplete' });
    expect(after({ gaps: [gap(), single] })?.unsettled).toBe(true);
    for (const one of [gap({ code: 'incomplete' }), { ...single, code: 'denied' } as const]) {
      expect(after({ gaps: [one] })).not.toHaveProperty('unsettled');
    }
  });

  it('counts what is merely watched: a whole list says how much, one in doubt takes nothing away', () => {
    const doubt = (watched?: number): Partial<CellReport> => ({
      status: 'partial',
      ...(watched === undefined ? {} : { watched }),
    });
    expect(after({ watched: 3 }, { watched: 1 })?.watched).toBe(1);
    expect(after({ watched: 3 }, doubt(1))?.watched).toBe(3);
    expect(after({ watched: 3 }, doubt())?.watched).toBe(3);
    expect(after({ watched: 3 }, doubt(5))?.watched).toBe(5);
    for (const all of [[{ watched: 3 }, {}], [{ watched: 3 }, { watched: 0 }], [doubt()]]) {
      expect(after(...all)).not.toHaveProperty('watched');
    }
  });
});

describe('an endpoint is swept with the hot list', () => {
  const pending: Protections = {
    'audit-log': { level: 'on', basis: 'declared', evidence: 'logs', pending: 'off' },
  };
  it.each<readonly [string, boolean, Partial<Endpoint>]>([
    ['not where it is closed', false, {}],
    ['not where nothing is declared', false, { declared: {} }],
    ['where its network is open', true, { declared: declaredLevels({ network: 'off' }) }],
    ['where its network is open to some', true, { declared: declaredLevels({ network: 'partial' }) }],
    ['where its policy lets anybody in', true, { declared: declaredLevels({ 'access-policy': 'off' }) }],
    ['where it is shared', true, { declared: declaredLevels({ sharing: 'off' }) }],
    ['not where it merely lacks TLS', false, { declared: declaredLevels({ tls: 'off', network: 'on' }) }],
    ['where something is about to change', true, { declared: pending }],
    ['where its address has to be proved ours', true, { host: '203.0.113.9' }],
  ])('%s', (_, hot, over) => {
    expect(after({ endpoints: [db('a', over)] })?.known[id('a')]?.hot).toBe(hot);
  });

  it('and a door that no service lists is remembered whole, with what it was found to be', () => {
    const door = db('a', { foundBy: ['interface'] });
    const first = after({ endpoints: [door] }) as CellRecord;
    expect(first.known[id('a')]).toEqual({ misses: 0, hot: false, door: { ...door, declaredAt: instant(0) } });
    const merged = { ...first, known: { [id('a')]: { misses: 1, hot: false, mergedInto: 'mine' } } };
    expect(presenceOf(merged, report({ endpoints: [db('a')] })).record.known[id('a')]).toEqual({
      ...{ misses: 0, hot: false, mergedInto: 'mine' },
    });
  });
});

describe('a resource that was made anew or renamed', () => {
  const listed = (before: readonly Endpoint[], now: readonly Endpoint[]) =>
    presenceOf(after({ endpoints: before }), report({ endpoints: now }));

  it('under its old name is another life, where both are known', () => {
    const [one, two, silent] = [db('a', { incarnation: 'db-1' }), db('a', { incarnation: 'db-2' }), db('a')];
    expect(listed([one], [two]).recreated).toEqual([{ endpointId: id('a'), from: 'db-1', to: 'db-2' }]);
    for (const [was, is] of [
      [one, one],
      [one, silent],
      [silent, one],
      [silent, silent],
    ] as const) {
      expect(listed([was], [is]).recreated).toEqual([]);
    }
    expect(listed([one], [silent]).record.known[id('a')]?.incarnation).toBe('db-1');
    expect(listed([one], [two]).record.known[id('a')]?.incarnation).toBe('db-2');
    expect(listed([silent], [silent]).record.known[id('a')]).not.toHaveProperty('incarnation');
  });

  const lives = (name: string, incarnation: string): Endpoint => db(name, { incarnation });
  const ids = (before: readonly Endpoint[], now: readonly Endpoint[]) => listed(before, now).endpoints.map((e) => e.id);

  it('keeps the id that it was first seen under; what was never known by its life gets its own', () => {
    expect(ids([lives('a', '1')], [lives('b', '1')])).toEqual([id('a')]);
    expect(ids([lives('a', '1')], [lives('b', '2')])).toEqual([id('b')]);
    expect(ids([db('a')], [db('b')])).toEqual([id('b')]);
  });

  it('leaves its old name to whoever takes it, under an id of its own', () => {
    const { incarnation: _, ...nobody } = lives('a', '2');
    expect(ids([lives('a', '1')], [lives('b', '1'), lives('a', '2')])).toEqual([id('a'), id('a@2')]);
    expect(ids([lives('a', '1')], [lives('a', '2'), lives('b', '1')])).toEqual([id('a'), id('a@2')]);
    expect(ids([lives('a', '1')], [lives('b', '1'), nobody])).toEqual([id('a'), id('a@9200')]);
  });

  it('says nothing where two have one life, before or now', () => {
    expect(ids([lives('a', '1'), lives('b', '1')], [lives('c', '1')])).toEqual([id('c')]);
    expect(ids([lives('a', '1')], [lives('b', '1'), lives('c', '1')])).toEqual([id('b'), id('c')]);
    // Three are as little known as two.
    expect(
      ids(
        ['a', 'b', 'c'].map((name) => lives(name, '1')),
        [lives('d', '1')],
      ),
    ).toEqual([id('d')]);
  });

  it('two doors of one resource are two lives', () => {
    const doors = (name: string): readonly Endpoint[] =>
      ['reader', 'writer'].map((door) => ({ ...lives(name, '1'), id: id(`${name}/${door}`) }));
    expect(ids(doors('a'), doors('b'))).toEqual([id('a/reader'), id('a/writer')]);
  });
});

describe('what a list does not show', () => {
  it('is unknown in every respect, and keeps all else', () => {
    expect(unseenEndpoint(db('a', { incarnation: 'db-1' }))).toEqual({ ...db('a'), incarnation: 'db-1', declared: {} });
  });

  it('is missing from a whole list, or unseen for the reason that the list is in doubt', () => {
    const missing = {
      ...{ stage: 'inventory', subject: 'es-1', code: 'not-in-inventory' },
      detail: 'rds no longer lists it; its deletion is not confirmed',
    };
    expect(unseenGap('es-1', report())).toEqual(missing);
    expect(unseenGap('es-1', report({ gaps: [gap()] }))).toEqual(missing);
    expect(unseenGap('es-1', report({ status: 'denied' }))).toEqual(missing);
    expect(
      unseenGap('es-1', report({ status: 'throttled', gaps: [gap({ code: 'throttled', detail: 'slow down' })] })),
    ).toEqual({
      ...{ stage: 'inventory', subject: 'es-1', code: 'throttled', detail: 'slow down' },
    });
  });

  it('of cells that were not swept stays as it was', () => {
    const [rds, es] = [after({}), after({ at: instant(60) })] as [CellRecord, CellRecord];
    const before = { place: PLACE, cells: { rds, es: rds } };
    expect(mergePlace(before, PLACE, { es })).toEqual({ place: PLACE, cells: { rds, es } });
    expect(mergePlace(undefined, PLACE, { es })).toEqual({ place: PLACE, cells: { es } });
  });
});

describe('"there is no such service here"', () => {
  const offered = report({ status: 'not-offered', gaps: [gap()], at: instant(60) });

  it('is believed where it never was, and doubted where it was read once', () => {
    expect(believed(undefined, offered)).toBe(offered);
    expect(believed(after({ status: 'denied' }), offered)).toBe(offered);
    expect(believed(after({}), offered)).toEqual({
      ...offered,
      status: 'failed',
      gaps: [
        gap(),
        gap({
          code: 'not-answered',
          detail: `read there on ${instant(0)}; now it answers as if there were no such service`,
        }),
      ],
    });
    const whole = report();
    expect(believed(after({}), whole)).toBe(whole);
  });

  it('is no gap, nor is a whole list; each other answer is one', () => {
    expect(Object.fromEntries(CELL_STATUSES.map((status) => [status, codeOfStatus(status)]))).toEqual({
      ...{ complete: undefined, 'not-offered': undefined, denied: 'denied', throttled: 'throttled' },
      ...{ 'not-enabled': 'not-enabled', partial: 'incomplete', failed: 'not-answered' },
    });
  });
});
