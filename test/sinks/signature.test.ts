import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPLAY_WINDOW_MS, signature, verifySignature } from '../../lib/sinks/signature.ts';

const AT = new Date('2026-12-04T10:00:30.900Z');
const body = '{"subject":"zürich"}';
const later = (ms: number) => new Date(AT.getTime() + ms);

describe('the signature of a web hook', () => {
  const header = signature('whsec', body, AT);

  it('is what docs/operations.md tells a receiver to compute', () => {
    const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(header) ?? [];
    expect(createHmac('sha256', 'whsec').update(`${t}.${body}`, 'utf8').digest('hex')).toBe(v1);
    expect(Number(t)).toBe(Math.floor(AT.getTime() / 1_000));
  });

  it('holds for the body, the secret and the window it was made for', () => {
    expect(verifySignature('whsec', header, body, AT)).toBe('valid');
    expect(verifySignature('whsec', header, body, later(REPLAY_WINDOW_MS - 1_000))).toBe('valid');
    expect(verifySignature('whsec', header, body, later(REPLAY_WINDOW_MS + 1_000))).toBe('too-old');
    expect(verifySignature('whsec', header, body, later(-REPLAY_WINDOW_MS - 1_000))).toBe('from-the-future');
    expect(verifySignature('other', header, body, AT)).toBe('forged');
    expect(verifySignature('whsec', header, `${body} `, AT)).toBe('forged');
  });

  it('covers the time: an old message is not made a new one by another time', () => {
    const moved = header.replace(/t=\d+/, `t=${Math.floor(later(REPLAY_WINDOW_MS * 2).getTime() / 1_000)}`);
    expect(verifySignature('whsec', moved, body, later(REPLAY_WINDOW_MS * 2))).toBe('forged');
  });

  it.each(['', 't=1', 'v1=00', 't=1,v1=00', `${signature('whsec', body, AT)},v1=00`, 't=9999999999999,v1=00'])(
    'is malformed as %j',
    (text) => {
      expect(verifySignature('whsec', text, body, AT)).toBe('malformed');
    },
  );

  it('never holds for anything else than what was signed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string(),
        (signed, came, header2) => {
          const made = signature('whsec', signed, AT);
          expect(verifySignature('whsec', made, signed, AT)).toBe('valid');
          if (Buffer.from(came).compare(Buffer.from(signed)) !== 0)
            expect(verifySignature('whsec', made, came, AT)).toBe('forged');
          expect(verifySignature('whsec', header2, signed, AT)).not.toBe('valid');
        },
      ),
    );
  });
});
