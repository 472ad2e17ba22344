/** What the queues may hold: a message of another version, or of none, is refused before anything rests on it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import {
  assessMessage,
  collectMessage,
  explainMessage,
  probeMessage,
  remindMessage,
} from '../../lib/model/messages.ts';
import { aReading } from '../support/readings.ts';

const reading = aReading({ at: 1, sees: [{ auth: 'open-anonymous', tls: 'absent' }] });
const [look] = reading.observations;
const takes = (value: unknown): boolean => z.safeParse(assessMessage, { kind: 'reading', reading: value }).success;
const seen = (over: object): unknown => ({ ...reading, observations: [{ ...look, ...over }] });
const declared = (over: object): unknown => ({
  ...reading,
  endpoint: { ...reading.endpoint, declared: { network: { level: 'off', basis: 'declared', evidence: 'x', ...over } } },
});

describe('a reading in a queue', () => {
  it('is taken as ajar makes it', () => {
    expect([reading, seen({}), declared({}), { ...reading, observations: [] }].map(takes)).toEqual(
      Array<boolean>(4).fill(true),
    );
  });

  it('of a newer ajar that says more is taken, and what it says more is kept', () => {
    const more = { ...reading, novelty: 1, observations: [{ ...look, novelty: { deep: [1] } }] };
    expect(z.parse(assessMessage, { kind: 'reading', reading: more, novelty: 1 }).reading).toEqual(more);
  });

  it('of an older ajar that says less is taken', () => {
    const { id, runId, at, endpoint, vantage, observations, vantageAlive } = reading;
    expect(takes({ id, runId, at, endpoint, vantage, observations, vantageAlive })).toBe(true);
  });

  it.each([
    ['a word for authentication', seen({ auth: { state: 'unheard-of' } })],
    ['a word for what the socket said', seen({ l4: 'unheard-of' })],
    ['a word for TLS', seen({ tls: { ...look?.tls, state: 'unheard-of' } })],
    ['a word for a name', seen({ dns: 'unheard-of' })],
    ['a word for the protocol', seen({ proto: { state: 'unheard-of', confidence: 'firm' } })],
    ['a level', declared({ level: 'sideways' })],
    ['a time', { ...reading, at: 'yesterday' }],
    ['a day that is none', { ...reading, at: '2019-02-31T25:00:00.000Z' }],
    ['a beginning', { ...reading, began: 'yesterday' }],
    ['the moment it was taken', { ...reading, takenAt: 7 }],
    ['no look', { ...reading, observations: [null] }],
    ['a proof', seen({ proof: 'much' })],
    ['a gap', { ...reading, gaps: [{ code: 1 }] }],
  ])('with %s that this ajar does not know is refused: judged in part it would be judged wrong', (_, value) => {
    expect(takes(value)).toBe(false);
  });

  it('may be anything: it is taken or refused, and nothing is thrown', () => {
    const any = fc.oneof(
      fc.anything(),
      fc.constant(reading),
      fc.object().map((over) => ({ ...reading, ...over })),
    );
    fc.assert(
      fc.property(any, (value) => {
        for (const message of [assessMessage, collectMessage, probeMessage, explainMessage, remindMessage])
          z.safeParse(message, value);
        takes(value);
      }),
      { numRuns: 2_000 },
    );
  });
});
