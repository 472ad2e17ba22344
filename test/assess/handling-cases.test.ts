/** What people say of an incident, act by act: what is kept, what the ledger says, and what was said before. */
import { describe, expect, it } from 'vitest';
import { type Act, handle } from '../../lib/assess/handling.ts';
import { type Handling, MAX_NOTES } from '../../lib/model/handling.ts';
import type { Incident } from '../../lib/model/incident.ts';
import { anIncident, aState } from '../support/builders.ts';
import { instant } from '../support/readings.ts';

const NOW = new Date(instant(100));
const JDOE = { by: 'jdoe', runId: 'r' };
const SAID = { by: 'jdoe', at: NOW.toISOString() };
const other = anIncident({ id: 'other' });

function said(act: Act, handling?: Handling, over: Partial<Incident> = {}, by = 'jdoe') {
  const incident = anIncident({ detectedAt: instant(0), ...over, ...(handling === undefined ? {} : { handling }) });
  const before = { ...aState(), incidents: [other, incident] };
  const decision = handle(before, incident, act, { ...JDOE, by }, NOW);
  return { before, incident, decision, handling: decision.incidents[0]?.handling };
}

describe('an act', () => {
  it.each<readonly [Act, Handling, object]>([
    [{ kind: 'ack' }, { acked: { ...SAID, severity: 'critical' } }, {}],
    [{ kind: 'assign', to: 'dba\u0007' }, { assigned: { ...SAID, to: 'dbaU+0007' } }, { to: 'dbaU+0007' }],
    [{ kind: 'note', text: 'seen\nit' }, { notes: [{ ...SAID, text: 'seen it' }] }, { text: 'seen it' }],
    [{ kind: 'aware', since: instant(50) }, { aware: { ...SAID, since: instant(50) } }, { since: instant(50) }],
    [
      { kind: 'aware', since: instant(50), exact: true },
      { aware: { ...SAID, since: instant(50) } },
      { since: instant(50), exact: true },
    ],
  ])('is part of its incident and a line of the ledger, and all else stays: %j', (act, handling, body) => {
    const { decision, before, incident } = said(act);
    const handled = { ...incident, handling };
    expect(decision).toEqual({
      state: { ...before, incidents: [other, handled] },
      ...{ changed: true, transitions: [], notices: [], incidents: [handled] },
      lines: [
        {
          ...{ kind: 'act', runId: 'r', subject: incident.endpointId, observedAt: SAID.at, recordedAt: SAID.at },
          body: {
            ...{ kind: act.kind, ...body, by: 'jdoe', incidentId: incident.id },
            ...{ protection: 'authentication', severity: 'critical' },
          },
        },
      ],
    });
  });

  it('is said by a name that can be shown', () => {
    const { decision, handling } = said({ kind: 'ack' }, undefined, {}, 'j\u0000doe');
    expect([handling?.acked?.by, decision.lines[0]?.body['by']]).toEqual(['jU+0000doe', 'jU+0000doe']);
  });

  it('is of the incident as its state has it, or as it is stored where the state has it no more', () => {
    const { before, incident } = said({ kind: 'ack' });
    const stored = { ...incident, evidence: 'older' };
    expect(handle(before, stored, { kind: 'ack' }, JDOE, NOW).incidents[0]?.evidence).toBe('open-anonymous');
    const gone = { ...before, incidents: [other] };
    const decision = handle(gone, stored, { kind: 'ack' }, JDOE, NOW);
    expect([decision.incidents[0]?.evidence, decision.state.incidents]).toEqual(['older', [other]]);
  });
});

describe('what was said before', () => {
  const aware = { aware: { by: 'x', at: instant(1), since: instant(50) } };
  const note = { by: 'jdoe', at: instant(1), text: 'seen' };
  const acked = { acked: { by: 'x', at: instant(10), severity: 'high' } } as const;

  it.each<readonly [string, Act, Handling, Partial<Incident>, boolean]>([
    ['acknowledged', { kind: 'ack' }, acked, {}, true],
    ['acknowledged before it got worse', { kind: 'ack' }, acked, { ladder: { since: instant(20) } }, false],
    ['given to the same', { kind: 'assign', to: 'dba' }, { assigned: { ...SAID, to: 'dba' } }, {}, true],
    ['given to another', { kind: 'assign', to: 'ops' }, { assigned: { ...SAID, to: 'dba' } }, {}, false],
    ['known since another moment, said without one', { kind: 'aware', since: instant(60) }, aware, {}, true],
    ['known since this moment', { kind: 'aware', since: instant(50), exact: true }, aware, {}, true],
    ['known since another moment', { kind: 'aware', since: instant(60), exact: true }, aware, {}, false],
    ['noted', { kind: 'note', text: 'seen' }, { notes: [note] }, {}, true],
    ['noted among others', { kind: 'note', text: 'seen' }, { notes: [note, { ...note, text: 'x' }] }, {}, true],
    ['noted by another', { kind: 'note', text: 'seen' }, { notes: [{ ...note, by: 'x' }] }, {}, false],
    ['noted otherwise', { kind: 'note', text: 'saw' }, { notes: [note] }, {}, false],
  ])('%s changes nothing said again: %j', (_, act, handling, over, isKnown) => {
    const { decision, before } = said(act, handling, over);
    expect(decision.changed).toBe(!isKnown);
    if (isKnown) {
      expect(decision).toEqual({
        ...{ state: before, changed: false, transitions: [], lines: [], notices: [], incidents: [] },
      });
    } else {
      // What was said of it otherwise stays.
      expect(said(act, { ...handling, ...acked }, { ladder: { since: instant(20) } }).handling).toMatchObject(
        act.kind === 'ack' ? { acked: SAID } : acked,
      );
    }
  });

  it('stays beside what is said after it; of notes the last', () => {
    const notes = Array.from({ length: MAX_NOTES }, (_, i) => ({ ...note, text: `${i}` }));
    const all = { ...aware, ...acked, assigned: { ...SAID, to: 'dba' }, notes };
    const kept = said({ kind: 'note', text: 'last' }, all).handling;
    expect(kept).toEqual({ ...all, notes: [...notes.slice(1), { ...SAID, text: 'last' }] });
    expect(said({ kind: 'assign', to: 'ops' }, all).handling).toEqual({ ...all, assigned: { ...SAID, to: 'ops' } });
    expect(said({ kind: 'aware', since: instant(9), exact: true }, all).handling).toEqual({
      ...{ ...all, aware: { ...SAID, since: instant(9) } },
    });
  });
});
