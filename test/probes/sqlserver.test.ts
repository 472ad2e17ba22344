import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import { sqlserver } from '../../lib/probes/sqlserver.ts';
import { WireError } from '../../lib/wire/error.ts';
import { bodyBytes, prelogin, readPrelogin } from '../../lib/wire/sqlserver.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { recordings } from '../support/recordings.ts';
import { PLAIN_TLS, type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

// probes.md section 3.9, byte for byte; the encryption is the byte after the version.
const PRELOGIN = (encryption: string): string =>
  '1201002f00000100' + '00001a0006010020000102002100010300220004040026' + `0001ff110000000000${encryption}000000000000`;
const ENDPOINT = {
  id: 's',
  host: 'sql.example.org',
  port: 1433,
  engine: 'sqlserver',
  source: 'file',
  tags: {},
  declared: {},
} as const;
const NONE = Buffer.alloc(0);
const answer = (encryption: number, major = 16): Buffer =>
  Buffer.concat([
    Buffer.from('0401002b00000100' + '00001a00060100200001020021000103002200000400220001ff', 'hex'),
    Buffer.from([major, 0, 0x03, 0xe8, 0, 0, encryption, 0, 0]),
  ]);
const [OFF, ON, NOT_SUPPORTED, REQUIRED] = [0, 1, 2, 3].map((n) => answer(n)) as [Buffer, Buffer, Buffer, Buffer];

async function visit(connections: readonly (ScriptConnection | PeerReason)[]): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const seen = await sqlserver.visit(access, ENDPOINT, { metadata: 1, nonce: '0123456789abcdef' });
  return { ...access, ...seen, opened: access.opened };
}
const says = (reply: Buffer, more: Partial<ScriptConnection> = {}): ScriptConnection => ({
  replies: [NONE, reply],
  startTls: { ...PLAIN_TLS, version: 'TLSv1.2' },
  ...more,
});

it('sends PRELOGIN twice, without and with encryption, and no login', async () => {
  const seen = await visit([says(NOT_SUPPORTED), says(ON)]);
  expect(seen.written).toEqual([`1:${PRELOGIN('02')}`, `2:${PRELOGIN('01')}`]);
  expect(prelogin('not-supported')).toHaveLength(47);
});

describe('what is said of encryption', () => {
  it.each([
    ['not by us, on to who wants it', says(NOT_SUPPORTED), says(ON), 'cleartext', 'auth-weak', 'offered'],
    ['not at all', says(NOT_SUPPORTED), says(NOT_SUPPORTED), 'cleartext', 'auth-weak', 'absent'],
    ['off', says(OFF), says(OFF), 'cleartext', 'auth-weak', 'absent'],
    ['required', says(REQUIRED), says(ON), 'encrypted', 'auth-required', 'required'],
    ['on', says(ON), says(ON), 'encrypted', 'auth-required', 'required'],
    ['required, and then refused', says(REQUIRED), 'refused', 'encrypted', 'auth-required', 'required'],
    [
      'required, and no handshake',
      says(REQUIRED),
      says(ON, { startTls: 'closed' }),
      'encrypted',
      'auth-required',
      'required',
    ],
    [
      'not by us, and no handshake',
      says(NOT_SUPPORTED),
      says(ON, { startTls: 'tls-refused' }),
      'cleartext',
      'auth-weak',
      'undetermined',
    ],
    ['not by us, and then silence', says(NOT_SUPPORTED), says(NONE), 'cleartext', 'auth-weak', 'undetermined'],
  ] as const)('%s', async (_, first, second, rule, state, tls) => {
    const seen = await visit([first, second]);
    expect(seen).toMatchObject({ rule: `sqlserver/${rule}`, auth: { state }, tls: { state: tls }, proof: 1 });
    expect(seen).not.toHaveProperty('metadata');
    expect(seen.opened).toBe(2);
  });

  it('gives the certificate where the handshake ended, and knows no demand for one of ours after TLS 1.2', async () => {
    const seen = await visit([says(NOT_SUPPORTED), says(ON)]);
    expect(seen.tls).toEqual({ state: 'offered', facts: { ...PLAIN_TLS, version: 'TLSv1.2' }, clientCert: 'no' });
    const newer = await visit([says(NOT_SUPPORTED), says(ON, { startTls: PLAIN_TLS })]);
    expect(newer.tls.clientCert).toBe('undetermined');
    const refused = await visit([says(REQUIRED), says(ON, { startTls: 'client-cert' })]);
    expect(refused.tls).toMatchObject({ state: 'required', clientCert: 'required' });
  });
});

describe('TDS 8', () => {
  const strict: ScriptConnection = { transport: 'tls', replies: [NONE, NOT_SUPPORTED] };
  it('is asked for where plaintext was closed, and a word inside TLS is wanted', async () => {
    const seen = await visit([strict, strict]);
    expect(seen).toMatchObject({
      rule: 'sqlserver/strict',
      auth: { state: 'auth-required' },
      tls: { state: 'implicit' },
    });
    const empty = await visit([strict, { transport: 'tls', replies: [] }]);
    expect(empty).toMatchObject({ auth: { state: 'undetermined' }, proof: 0 });
  });

  it('is not tried after silence', async () => {
    expect((await visit([{ replies: [NONE], end: 'timeout' }])).opened).toBe(1);
  });
});

it.each([
  [17, '17.0.1000', '2025'],
  [12, '12.0.1000', '2014'],
  [99, '99.0.1000', undefined],
])('names release %i', async (major, version, year) => {
  const seen = await visit([says(answer(2, major)), says(NOT_SUPPORTED)]);
  expect(seen.proto).toEqual({ state: 'match', confidence: 'firm', product: 'SQL Server', version });
  expect(seen.notes.includes(`SQL Server ${year}`)).toBe(year !== undefined);
});

it.each([
  ['an option beyond the packet', Buffer.from('0401000e00000100' + '00001a0006ff', 'hex')],
  ['no word on encryption', Buffer.from('0401001400000100' + '0000060006ff' + '100003e80000', 'hex')],
  ['encryption of an unknown kind', answer(9)],
  ['a packet of its own length only', Buffer.from('0401000800000100', 'hex')],
])('%s is no answer', async (_, bytes) => {
  expect(await visit([says(bytes)])).toMatchObject({ proof: 0, auth: { state: 'undetermined' }, opened: 1 });
});

it('hostile bytes give an answer within its limits or a WireError', () => {
  const seeds = recordings('sqlserver').flatMap(({ connection }) =>
    connection.replies.filter((bytes) => bytes.length > 0).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(hostileBytes(seeds), (bytes) => {
      for (const read of [() => bodyBytes(bytes.subarray(0, 8)), () => readPrelogin(bytes.subarray(8))]) {
        try {
          const value = read();
          if (typeof value === 'number') expect(value).toBeLessThanOrEqual(4_096);
          else expect(value.version).toMatch(/^\d{1,3}\.\d{1,3}\.\d{1,5}$/u);
        } catch (caught) {
          expect(caught).toBeInstanceOf(WireError);
        }
      }
    }),
    { numRuns: 10_000 },
  );
});
