/** That a server takes TLS 1.0 or 1.1 is weak TLS; a removal only of what was known to be stricter. */
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../lib/model/observation.ts';
import { aReading, openOf, play } from '../support/readings.ts';

type Word = Observation['tls']['legacy'];

function looks(...words: readonly Word[]) {
  return words.map((legacy, i) => {
    const reading = aReading({ at: i * 60, declared: { network: 'off' } });
    const observations = reading.observations.map((o) => ({
      ...o,
      tls: { ...o.tls, ...(legacy === undefined ? {} : { legacy }) },
    }));
    return { ...reading, observations };
  });
}

const openTls = (...words: readonly Word[]) => openOf(play(looks(...words)).state, 'tls');

describe('TLS that old clients may use as well', () => {
  it('opens nothing where it was always so, or was never asked before', () => {
    expect(openTls('also', 'also')).toEqual([]);
    expect(openTls(undefined, undefined, 'also', 'also')).toEqual([]);
    expect(play(looks('also')).state.posture.observed.tls.level).toBe('partial');
  });

  it('is a removal where it was known to be refused', () => {
    expect(openTls('no', undefined, 'also')).toMatchObject([{ origin: 'removed', from: 'on', to: 'partial' }]);
    expect(openTls('also', 'no', 'also')).toMatchObject([{ origin: 'removed' }]);
  });

  it('is over once it is refused again', () => {
    expect(openTls('no', 'also', 'no')).toEqual([]);
  });

  it('stays a removal whatever came between', () => {
    const gone = aReading({ at: 90, sees: [{ l4: 'refused' }], declared: { network: 'off' } });
    const [strict, , lax] = looks('no', 'no', 'also');
    if (strict === undefined || lax === undefined) throw new Error('three looks');
    expect(openOf(play([strict, gone, lax]).state, 'tls')).toMatchObject([{ origin: 'removed' }]);
  });

  it('lowers nothing that is worse already: plaintext after it is a removal of its own', () => {
    const plain = aReading({ at: 300, sees: [{ tls: 'absent' }], declared: { network: 'off' } });
    expect(openOf(play([...looks('also'), plain]).state, 'tls')).toMatchObject([
      { origin: 'removed', from: 'partial', to: 'off' },
    ]);
  });
});
