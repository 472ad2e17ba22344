import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firebird } from '../../lib/probes/firebird.ts';
import { WireError } from '../../lib/wire/error.ts';
import { CONNECT, readReply } from '../../lib/wire/firebird.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { recordings } from '../support/recordings.ts';
import { type ScriptConnection, scriptAccess } from '../support/script-access.ts';
import { hex } from '../support/bytes.ts';

const NONE = Buffer.alloc(0);
const AT = {
  id: 'f',
  host: 'f.example.org',
  port: 3050,
  engine: 'firebird',
  source: 'file',
  tags: {},
  declared: {},
} as const;
const CONTINUE = hex('0000005c 00000000 00000000 00000000 00000000');
const ERROR = hex('00000009 00000000 0000000000000000 00000000 00000001 140002e8 00000000');

async function visit(...connections: readonly ScriptConnection[]) {
  const access = scriptAccess({ connections });
  const answer = await firebird.visit(access, AT, { metadata: 2, nonce: '0123456789abcdef' });
  return { answer, written: access.written };
}
const says = (bytes: Buffer, more: Partial<ScriptConnection> = {}): ScriptConnection => ({
  replies: [NONE, bytes],
  ...more,
});

describe('a Firebird', () => {
  it('of 3.0, as it was recorded, asks who it is; no user was named, and no database that may exist', async () => {
    const [recorded] = recordings('firebird').filter(({ name }) => name === '3.0.11-default');
    const { answer, written } = await visit(recorded?.connection ?? says(NONE));
    expect(answer).toMatchObject({
      rule: 'firebird/continue-auth',
      proto: { state: 'match', confidence: 'firm', product: 'Firebird' },
      tls: { state: 'absent' },
      auth: { state: 'auth-required' },
      proof: 2,
    });
    expect(written).toEqual([`1:${CONNECT.toString('hex')}`]);
    expect(recorded?.sent).toEqual([CONNECT.toString('hex')]);
  });

  it.each([
    ['accepts a protocol of 2.5', hex('00000003 0000000a 00000001 00000003'), 'accept', 'auth-required', 'firm'],
    ['accepts one of 3.0', hex('0000005e ffff800d 00000001 00000005'), 'accept', 'auth-required', 'firm'],
    ['asks in an error', ERROR, 'login', 'auth-required', 'firm'],
    [
      'fails for another reason',
      Buffer.concat([ERROR.subarray(0, 24), hex('14000148')]),
      'error',
      'undetermined',
      'firm',
    ],
    ['rejects', hex('00000004'), 'reject', 'undetermined', 'tentative'],
  ])('that %s', async (_, bytes, rule, state, confidence) => {
    const { answer } = await visit(says(bytes, { end: 'closed' }));
    expect(answer).toMatchObject({ rule: `firebird/${rule}`, auth: { state }, proto: { confidence } });
  });

  it('is asked inside TLS where plaintext was closed', async () => {
    const tls = says(CONTINUE, { transport: 'tls' });
    for (const plain of [tls, says(hex('15030300020246'))]) {
      const { answer } = await visit(plain, tls);
      expect(answer).toMatchObject({ tls: { state: 'required' }, auth: { state: 'auth-required' } });
    }
  });

  it.each([
    ['a protocol that was not offered', hex('00000003 0000000b 00000001 00000003')],
    ['a string of a gigabyte', hex('0000005c 40000000')],
    ['a status of somebody else', hex('00000009 00000000 0000000000000000 00000000 00000001 00000098')],
  ])('is none that answers with %s', async (_, bytes) => {
    expect((await visit(says(bytes))).answer).toMatchObject({ rule: 'firebird/foreign', proto: { state: 'other' } });
  });
});

it('hostile bytes give a reply or a WireError', async () => {
  await fc.assert(
    fc.asyncProperty(hostileBytes([CONTINUE, ERROR, hex('00000003 0000000a 00000001 00000003')]), async (bytes) => {
      let at = 0;
      const take = async (count: number): Promise<Buffer> => {
        if (at + count > bytes.length) throw new WireError('truncated', 'no more');
        at += count;
        return bytes.subarray(at - count, at);
      };
      try {
        expect(JSON.stringify(await readReply(take)).length).toBeLessThan(100);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    }),
    { numRuns: 10_000 },
  );
});
