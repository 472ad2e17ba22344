/** Who is let in, by where they look from: which vantages see the worst, which see less, and of which nobody knows. */
import { describe, expect, it } from 'vitest';
import { fromWhere, mostExposed, type Seen, toWhom } from '../../lib/assess/whence.ts';
import type { AuthState, L4State, ProofLevel } from '../../lib/model/observation.ts';
import { anObservation } from '../support/readings.ts';

function seen(
  vantage: string,
  auth: AuthState,
  over: { l4?: L4State; closed?: boolean; proof?: ProofLevel } = {},
): Seen {
  const { l4 = 'open', closed = false, proof = 2 } = over;
  const { observedAt: _at, elapsedMs: _ms, notes: _notes, ...o } = anObservation({ vantage, auth, l4, proof });
  return { o: { ...o, proof }, closed };
}
const wheres = (...all: readonly Seen[]) => fromWhere(all, mostExposed(all)).vantages;

describe('the address that speaks for an endpoint', () => {
  it('is that which lets most in, whatever their order', () => {
    const states = [
      ...[
        'setup-open',
        'open-anonymous',
        'open-restricted',
        'mode-blocked',
        'auth-weak',
        'auth-required',
        'source-acl',
      ],
      ...['lockout', 'undetermined'],
    ] as const;
    for (const [i, worse] of states.entries())
      for (const better of states.slice(i + 1)) {
        const [a, b] = [seen('v1', worse as AuthState), seen('v2', better as AuthState)];
        expect([mostExposed([a, b]), mostExposed([b, a])], `${worse} before ${better}`).toEqual([a, a]);
      }
    expect(mostExposed([])).toBeUndefined();
  });

  it('of those alike is that with the better proof, then one that is not closed, then the first', () => {
    const [weak, strong] = [seen('v1', 'open-anonymous', { proof: 2 }), seen('v2', 'open-anonymous', { proof: 4 })];
    expect(mostExposed([weak, strong])).toBe(strong);
    const [shut, open] = [seen('v1', 'undetermined', { closed: true }), seen('v2', 'undetermined')];
    expect(mostExposed([shut, open])).toBe(open);
    expect(mostExposed([open, { ...open }])).toBe(open);
    // No proof makes less exposed what is.
    expect(mostExposed([seen('v1', 'auth-required', { proof: 4 }), weak])).toBe(weak);
  });
});

describe('from where', () => {
  const open = seen('b', 'open-anonymous');

  it('one vantage looked says nothing, and neither does nobody', () => {
    expect(wheres(open, seen('b', 'auth-required'))).toBeUndefined();
    expect(wheres()).toBeUndefined();
    expect(toWhom({})).toBe('');
  });

  it.each<readonly [string, readonly Seen[], string]>([
    ['alike', [seen('a', 'open-anonymous')], '; alike from a, b'],
    ['to one that is turned away', [seen('a', 'auth-required')], '; so from b, not from a'],
    [
      'to one that finds it closed',
      [seen('a', 'undetermined', { closed: true, l4: 'filtered' })],
      '; so from b, not from a',
    ],
    [
      'to one that is closed in the face',
      [seen('a', 'undetermined', { l4: 'accept-then-close' })],
      '; so from b, not from a',
    ],
    ['to one whom nobody answered', [seen('a', 'undetermined', { l4: 'filtered' })], '; so from b, not known from a'],
    ['to one that did not go', [seen('a', 'undetermined', { l4: 'not-tried' })], '; so from b, not known from a'],
    ['to one that got in and learned nothing', [seen('a', 'undetermined')], '; so from b, not known from a'],
    [
      'to one that hears only silence',
      [seen('a', 'undetermined', { l4: 'open-silent' })],
      '; so from b, not known from a',
    ],
    ['to one in a tarpit', [seen('a', 'undetermined', { l4: 'tarpit' })], '; so from b, not known from a'],
    ['to one that is locked out', [seen('a', 'lockout')], '; so from b, not known from a'],
    [
      'to three',
      [seen('c', 'undetermined'), seen('a', 'auth-required'), seen('d', 'open-anonymous')],
      '; so from b, d, not from a, not known from c',
    ],
    [
      'to one of whose addresses one is open',
      [seen('a', 'auth-required'), seen('a', 'open-anonymous')],
      '; alike from a, b',
    ],
    [
      'to one of whose addresses one is not known',
      [seen('a', 'auth-required'), seen('a', 'undetermined')],
      '; so from b, not known from a',
    ],
  ])('it is open: %s', (_to, others, words) => {
    const vantages = wheres(open, ...others);
    expect(toWhom({ ...(vantages === undefined ? {} : { vantages }) })).toBe(words);
  });

  it('where the worst itself is not known, one that hears no more than it is no doubt', () => {
    const [open, silent] = [seen('b', 'undetermined'), seen('a', 'undetermined', { l4: 'open-silent' })];
    expect(wheres(open, silent)).toEqual({ most: ['b'], less: ['a'] });
  });

  it('closed is closed, whichever way; and open is not like it', () => {
    const refused = seen('a', 'undetermined', { closed: true, l4: 'refused' });
    const filtered = seen('b', 'undetermined', { closed: true, l4: 'filtered' });
    expect(wheres(refused, filtered)).toEqual({ most: ['a', 'b'], less: [] });
    expect(wheres(refused, seen('b', 'undetermined'))).toEqual({ most: ['b'], less: ['a'] });
  });
});
