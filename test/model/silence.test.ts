import { describe, expect, it } from 'vitest';
import { PeerError, type PeerReason } from '../../lib/model/errors.ts';
import { MAX_FIRST_REPLY, silentAxes } from '../../lib/model/silence.ts';

describe('a peer that accepted us and said nothing we could read', () => {
  const rows: readonly [PeerReason, number, string, string][] = [
    ['closed', 0, 'accept-then-close', 'redis/accept-then-close'],
    ['reset', 0, 'accept-then-close', 'redis/accept-then-close'],
    ['closed', 7, 'open', 'redis/cut-short'],
    ['reset', 7, 'open', 'redis/cut-short'],
    ['timeout', 0, 'open-silent', 'redis/open-silent'],
    ['timeout', 1, 'tarpit', 'redis/tarpit'],
    ['limit', 100, 'open', 'redis/cut-short'],
    ['limit', MAX_FIRST_REPLY + 1, 'tarpit', 'redis/tarpit'],
    ['tls-refused', 0, 'open', 'redis/cut-short'],
  ];
  it.each(rows)('%s after %i bytes is %s', (reason, bytes, l4, rule) => {
    const answer = silentAxes(new PeerError('protocol', reason, 'scripted'), bytes, 'redis');
    expect(answer).toMatchObject({
      l4,
      rule,
      proof: 0,
      auth: { state: 'undetermined' },
      tls: { state: 'undetermined' },
    });
    expect(answer.proto).toEqual({ state: 'unknown', confidence: 'none' });
  });

  it('shows the reason as one printable line', () => {
    const [note] = silentAxes(new PeerError('protocol', 'closed', 'bad\x1b[31m\nline'), 0, 'redis').notes;
    expect(note).toBe('protocol ended after 0 bytes: closed (badU+001B[31m line)');
  });
});
