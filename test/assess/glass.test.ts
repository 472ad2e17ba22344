/** Break-glass: strangers are let in on purpose, for hours, approved by two. On the record as any; nobody is woken for it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Allowance } from '../../lib/model/allowlist.ts';
import type { Notice } from '../../lib/model/incident.ts';
import { sinksFor } from '../../lib/model/sink.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  anEndpoint,
  openOf,
  play,
  type Played,
  windowsOf,
} from '../support/readings.ts';

const SINKS = ['sns:page', 'sns:chat', 'sns:machine'];
/** From 10:00 for an hour; T0 is 10:00. */
const glass = (over: Partial<NonNullable<Allowance['permit']['breakGlass']>> = {}): Allowance => {
  const breakGlass = {
    ...{ anonymous: 'read' as const, from: '2019-12-04T10:00:00Z', maxHours: 1, secondApprover: 'cto' },
    ...over,
  };
  return anAllowance({ id: 'glass', permit: { ...anAllowance().permit, breakGlass } });
};
const plain = anAllowance({ id: 'plain' });
const SHUT = [{}] as const;
const OPEN = [{ auth: 'open-anonymous' }] as const;
const told = ({ decisions }: Played): readonly string[] =>
  decisions.flatMap(({ notices }) => notices.map((n) => `${n.kind} ${n.incident.protection}: ${wakes(n)}`));
const wakes = (notice: Notice): string => (sinksFor(notice, SINKS).includes('sns:page') ? 'woken' : 'not woken');
const minutes = (...looks: readonly (readonly [number, typeof OPEN | typeof SHUT])[]) =>
  looks.map(([at, sees]) => aReading({ at: at * 60, sees }));

describe('a door opened under break-glass', () => {
  test('is an incident like any other, and wakes nobody: neither its opening nor its end', () => {
    const played = play(minutes([0, SHUT], [5, OPEN], [10, SHUT]), anAllowlist(glass(), plain));
    expect(told(played)).toEqual(['opened authentication: not woken', 'closed authentication: not woken']);
    const [incident] = played.state.incidents;
    expect(incident).toMatchObject({
      ...{ protection: 'authentication', origin: 'removed', severity: 'critical', status: 'closed' },
      glass: { entries: ['glass'], isOver: false },
    });
  });

  test('goes to chat and machines, and says whose approval it is', () => {
    const { decisions } = play(minutes([0, SHUT], [5, OPEN]), anAllowlist(glass(), plain));
    const [notice] = decisions.flatMap(({ notices }) => notices);
    if (notice === undefined) throw new Error('nobody was told');
    expect(sinksFor(notice, SINKS)).toEqual(['sns:chat', 'sns:machine']);
    const local = ['stdout', 'webhook:x', 'pagerduty', 'pagerduty:db'];
    expect(sinksFor(notice, local)).toEqual(['stdout', 'webhook:x']);
    expect(sinksFor(notice, ['pagerduty', 'pagerduty:ops', 'slack'])).toEqual(['slack']);
    expect(notice.lines).toContain('ALLOWED  for these hours: break-glass glass, approved by two; nobody was woken');
    const line = decisions.flatMap(({ lines }) => lines).find(({ kind }) => kind === 'transition');
    expect(line?.body['why']).toBe('under break-glass glass: nobody is woken');
  });

  test('and still open when its hours are over wakes people', () => {
    const played = play(
      minutes([0, SHUT], [5, OPEN], [59, OPEN], [60, OPEN], [61, OPEN], [70, SHUT]),
      anAllowlist(glass(), plain),
    );
    expect(told(played)).toEqual([
      'opened authentication: not woken',
      'worsened authentication: woken',
      'closed authentication: woken',
    ]);
    const worsened = played.decisions[3]?.notices[0];
    expect(worsened?.lines).toContain('ALLOWED  no more: break-glass glass is over, and it is open still');
  });

  test('before its hours, or without them, wakes people; and what is approved afterwards quiets nothing', () => {
    const early = play(
      minutes([0, SHUT], [5, OPEN], [40, OPEN]),
      anAllowlist(glass({ from: '2019-12-04T10:30:00Z' }), plain),
    );
    expect(told(early)).toEqual(['opened authentication: woken']);
    expect(told(play(minutes([0, SHUT], [5, OPEN]), anAllowlist(plain)))).toEqual(['opened authentication: woken']);
  });

  test.each([
    ['open-anonymous', 'read', 'not woken'],
    ['open-anonymous', 'metadata', 'woken'],
    ['open-restricted', 'metadata', 'not woken'],
    ['setup-open', 'read', 'woken'],
  ] as const)('%s under %s: %s', (auth, anonymous, outcome) => {
    const readings = [aReading(), aReading({ at: 60, sees: [{ auth }] })];
    const played = play(readings, anAllowlist(glass({ anonymous }), plain));
    expect(told(played)[0]).toBe(`opened authentication: ${outcome}`);
  });

  test('another entry, or another endpoint, gains nothing by it', () => {
    const other = play(
      [aReading(), aReading({ at: 60, sees: OPEN, endpoint: { port: 9201 } })].map((r) => ({
        ...r,
        endpoint: { ...r.endpoint, port: 9201 },
      })),
      anAllowlist({ ...glass(), match: { ...glass().match, ports: [9200] } }, plain),
    );
    expect(told(other)).toEqual(['opened authentication: woken']);
  });

  test('accepts no posture: what it covers for its hours stays a window, and sharing is none of its business', () => {
    const only = play([aReading({ sees: [{ tls: 'absent' }] })], anAllowlist(glass()));
    expect(openOf(only.state).map((i) => [i.protection, i.glass?.entries])).toEqual([
      ['network', ['glass']],
      ['tls', ['glass']],
    ]);
    const shared = play(
      [aReading({ declared: { sharing: 'on' } }), aReading({ at: 60, declared: { sharing: 'off' } })],
      anAllowlist(glass(), plain),
    );
    expect(told(shared)).toEqual(['opened sharing: woken']);
  });
});

test('property: whatever the order of arrival, the windows and who is woken for them are the same', () => {
  const look = fc.record({ at: fc.nat(95), isOpen: fc.boolean() });
  fc.assert(
    fc.property(
      fc.uniqueArray(look, { selector: (l) => l.at, minLength: 2, maxLength: 8 }),
      fc.nat(),
      (looks, turn) => {
        const readings = looks.map(({ at, isOpen }) => aReading({ at: 300 + at, sees: isOpen ? OPEN : SHUT }));
        const sorted = readings.toSorted((a, b) => (a.at < b.at ? -1 : 1));
        const pivot = turn % readings.length;
        const turned = [...sorted.slice(pivot), ...sorted.slice(0, pivot)];
        const list = anAllowlist(glass({ from: '2019-12-04T09:06:00Z', maxHours: 1 }), plain);
        const shown = (order: typeof readings) => {
          const { stored } = play(order, list);
          const live = [...stored.values()].filter(
            (i) => i.closed?.cause !== 'merged' && i.closed?.cause !== 'withdrawn',
          );
          return [windowsOf(live), live.map((i) => JSON.stringify(i.glass)).sort()];
        };
        expect(shown(turned)).toEqual(shown(sorted));
      },
    ),
    { numRuns: 500 },
  );
});

test('an endpoint of another account is not under glass, however alike', () => {
  const other = anEndpoint({ account: '999988887777' });
  const played = play(
    [aReading({ endpoint: other }), aReading({ at: 60, sees: OPEN, endpoint: other })],
    anAllowlist(glass()),
  );
  expect(told(played).filter((line) => line.includes('authentication'))).toEqual(['opened authentication: woken']);
});
