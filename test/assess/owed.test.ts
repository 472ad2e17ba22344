import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NoticeKind } from '../../lib/model/incident.ts';
import { look, readingsOf, SIGHTS, shuffled } from '../support/histories.ts';
import { aReading, anAllowance, anAllowlist, instant, type Played, play } from '../support/readings.ts';

const NOTICE_KINDS: readonly string[] = ['opened', 'worsened', 'closed', 'accepted'];

describe('notices', () => {
  const looks = fc.array(look({ maxWait: 120 }), { minLength: 1, maxLength: 25 });
  const order = fc.option(fc.array(fc.nat(), { minLength: 25, maxLength: 35 }), { nil: undefined });

  test('property: each transition of an incident is in exactly one, each key is new, none spans severities', () => {
    fc.assert(
      fc.property(looks, order, fc.boolean(), (history, keys, isAllowed) => {
        const readings = readingsOf(history);
        const arrivals = keys === undefined ? readings : shuffled(readings, keys);
        const played = play(arrivals, isAllowed ? anAllowlist(anAllowance()) : anAllowlist());
        const notices = played.decisions.flatMap((d) => d.notices);
        expect(new Set(notices.map((n) => n.key)).size).toBe(notices.length);
        for (const d of played.decisions) {
          // What only worsened may be told in the page of what opened beside it.
          const asAlert = (kind: string): string => (kind === 'worsened' || kind === 'opened' ? 'opened' : kind);
          const told = d.notices.flatMap((n) => [n.incident, ...n.also].map((i) => `${asAlert(n.kind)} ${i.id}`));
          const done = d.transitions.flatMap((t) =>
            t.incidentId === undefined ? [] : [`${asAlert(t.kind)} ${t.incidentId}`],
          );
          expect(told.sort()).toEqual(done.filter((t) => NOTICE_KINDS.includes(t.split(' ')[0] ?? '')).sort());
          for (const { incident, also, subject, lines } of d.notices) {
            expect(also.filter((i) => i.severity !== incident.severity)).toEqual([]);
            expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
            expect(lines.filter((line) => !line.startsWith('FIX '))).toHaveLength(10);
            expect(lines.length).toBeLessThanOrEqual(11);
          }
        }
        expectAlternation(played);
      }),
      { numRuns: 1000 },
    );
  });

  test('property: each names those that told of its incidents before, so that no sink need get them out of order', () => {
    fc.assert(
      fc.property(looks, order, (history, keys) => {
        const readings = readingsOf(history);
        const { decisions } = play(keys === undefined ? readings : shuffled(readings, keys));
        const told = new Map<string, string[]>();
        for (const { key, incident, also, after = [] } of decisions.flatMap((d) => d.notices)) {
          const ids = [incident, ...also].map(({ id }) => id);
          expect(after).toEqual([...new Set(ids.flatMap((id) => told.get(id)?.slice(-8) ?? []))].slice(-32));
          for (const id of ids) told.set(id, [...(told.get(id) ?? []), key]);
        }
      }),
      { numRuns: 300 },
    );
  });

  /** Per incident: opened, then any number of worsened, then an end; then perhaps opened again, or merged or withdrawn for good. */
  function expectAlternation({ decisions, stored }: Played): void {
    const told = new Map<string, NoticeKind[]>();
    for (const { kind, incidentId } of decisions.flatMap((d) => d.transitions)) {
      if (incidentId !== undefined) told.set(incidentId, [...(told.get(incidentId) ?? []), kind as NoticeKind]);
    }
    expect([...told.keys()].sort()).toEqual([...stored.keys()].sort());
    for (const [id, kinds] of told) {
      expect(kinds.join(' ')).toMatch(
        /^opened( worsened)*( (closed|accepted) opened( worsened)*)*( (closed|accepted)( (merged|withdrawn))?)?$/,
      );
      const isEnded = !['opened', 'worsened'].includes(kinds.at(-1) ?? '');
      expect(stored.get(id)?.status === 'open').toBe(!isEnded);
    }
  }

  test('what one look finds at one severity is one message, authentication first', () => {
    const { decisions } = play([aReading({ sees: SIGHTS.anonymous })]);
    const notices = decisions.flatMap((d) => d.notices);
    expect(notices.map((n) => [n.kind, n.incident.protection, n.also.map((i) => i.protection)])).toEqual([
      ['opened', 'authentication', ['network']],
    ]);
    expect(notices[0]).toMatchObject({ key: `${notices[0]?.incident.id}/opened/1`, createdAt: instant(1) });
  });

  test('what it finds at two severities is two', () => {
    const { decisions } = play([aReading({ sees: SIGHTS['anonymous in clear'] })]);
    const notices = decisions.flatMap((d) => d.notices);
    expect(notices.map((n) => [n.incident.severity, n.incident.protection, n.also.map((i) => i.protection)])).toEqual([
      ['critical', 'authentication', ['network']],
      ['high', 'tls', []],
    ]);
  });

  test('a window that opens again is told under the next number', () => {
    const late = aReading({ at: 30, vantage: 'v2', sees: SIGHTS.anonymous });
    const readings = [aReading({ sees: SIGHTS.anonymous }), aReading({ at: 60 }), late];
    const { decisions } = play(readings, anAllowlist(anAllowance()));
    const keys = decisions.flatMap((d) => d.notices).map((n) => n.key.split('/').slice(1).join('/'));
    expect(keys).toEqual(['opened/1', 'closed/1', 'opened/2']);
  });

  test('tell where it was seen from and what answered', () => {
    const seen = [{ auth: 'open-anonymous', product: 'Elasticsearch', version: '7.4.2' }] as const;
    const { decisions } = play([aReading({ vantage: 'v2', sees: seen })]);
    expect(decisions[0]?.notices[0]?.endpoint).toEqual({
      id: 'es-1',
      host: 'es.example.test',
      port: 9200,
      engine: 'elasticsearch',
      account: '111122223333',
      region: 'us-east-1',
      name: 'device-analytics',
      addresses: ['203.0.113.10'],
      product: 'Elasticsearch',
      version: '7.4.2',
      vantages: ['v2'],
    });
  });
});

describe('ledger lines', () => {
  test('every transition has one, beside the look that caused it; a quiet look has none', () => {
    const steps = [{ sees: SIGHTS.refused }, { at: 60 }, { at: 120 }, { at: 180, sees: SIGHTS.refused }];
    const { decisions } = play(steps.map(aReading));
    expect(decisions.map((d) => d.lines.map((l) => [l.kind, l.body['kind']]))).toEqual([
      [['probe', undefined]],
      [
        ['probe', undefined],
        ['transition', 'opened'],
      ],
      [],
      [
        ['probe', undefined],
        ['transition', 'closed'],
      ],
    ]);
  });

  test('carry run, endpoint, both times and the digest of the allowlist', () => {
    const { decisions } = play([aReading({ sees: SIGHTS.anonymous })], anAllowlist(anAllowance()));
    expect(decisions[0]?.lines.map(({ body, ...line }) => ({ ...line, allowlist: body['allowlist'] }))).toEqual(
      ['probe', 'transition'].map((kind) => ({
        kind,
        runId: 'run-v1-0',
        subject: 'es-1',
        observedAt: instant(0),
        recordedAt: instant(1),
        allowlist: '1 entries',
      })),
    );
  });

  test('property: are JSON, whatever was seen', () => {
    fc.assert(
      fc.property(fc.array(look(), { minLength: 1, maxLength: 10 }), (looks) => {
        const { decisions } = play(readingsOf(looks));
        const lines = decisions.flatMap((d) => d.lines);
        expect(JSON.parse(JSON.stringify(lines))).toStrictEqual(lines);
      }),
      { numRuns: 1000 },
    );
  });
});
