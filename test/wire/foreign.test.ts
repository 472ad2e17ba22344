/** Whose bytes these are, when they are not those of the protocol that was asked for. */
import { describe, expect, it } from 'vitest';
import { foreign, foreignNote, isTlsAlert } from '../../lib/wire/foreign.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('first bytes', () => {
  const nobody = { state: 'other', confidence: 'none' };
  it.each([
    ['HTTP/1.1 200 OK', { state: 'generic-http', confidence: 'tentative' }],
    ['HTTP/1.', { state: 'generic-http', confidence: 'tentative' }],
    ['HTTP/2', nobody],
    [' HTTP/1.1', nobody],
    ['http/1.1', nobody],
    ['SSH-2.0-OpenSSH_9.2', { state: 'other', confidence: 'tentative', product: 'ssh' }],
    ['SSH2', nobody],
    ['\x15\x03\x01\x00\x02', { state: 'other', confidence: 'tentative', product: 'tls' }],
    ['', nobody],
    ['220 mail ready', nobody],
  ])('%j', (text, found) => {
    expect(foreign(bytes(text))).toEqual(found);
  });

  it('of a TLS alert are its type and version 3.0 to 3.4', () => {
    expect(['\x15\x03\x00', '\x15\x03\x04', '\x15\x03\x03x'].map((text) => isTlsAlert(bytes(text)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      ['\x15\x03\x05', '\x15\x02\x01', '\x16\x03\x01', '\x15\x03', ''].map((text) => isTlsAlert(bytes(text))),
    ).toEqual(Array(5).fill(false));
  });

  it('are shown forty at most, printable', () => {
    expect(foreignNote(bytes('220 mail ready\r\n'))).toContain('answered with something else: 220 mail ready');
    expect(foreignNote(bytes(`${'x'.repeat(40)}secret`))).toBe(`answered with something else: ${'x'.repeat(40)}`);
    expect(foreignNote(bytes('\x1B[2J'))).not.toContain('\x1B');
  });
});
