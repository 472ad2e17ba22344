import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import { oracle } from '../../lib/probes/oracle.ts';
import { WireError } from '../../lib/wire/error.ts';
import { CONNECT, readBody, readHead } from '../../lib/wire/oracle.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { recordings } from '../support/recordings.ts';
import { type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const NONE = Buffer.alloc(0);
const packet = (type: number, body: Buffer): Buffer => {
  const head = Buffer.from([0, 0, 0, 0, type, 0, 0, 0]);
  head.writeUInt16BE(body.length + 8);
  return Buffer.concat([head, body]);
};
const sized = (text: string): Buffer =>
  Buffer.concat([Buffer.from([text.length >> 8, text.length & 0xff]), Buffer.from(text)]);
const refuse = (text: string): Buffer => packet(4, Buffer.concat([Buffer.from([0x22, 0]), sized(text)]));
const REFUSED = refuse('(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=12514)(ERROR_STACK=(ERROR=(CODE=12514)(EMFI=4))))');
const RESEND = packet(11, NONE);

async function visit(
  connections: readonly (ScriptConnection | PeerReason)[],
  port = 1521,
): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const endpoint = {
    id: 'o',
    host: 'ora.example.org',
    port,
    engine: 'oracle',
    source: 'file',
    tags: {},
    declared: {},
  } as const;
  const seen = await oracle.visit(access, endpoint, { metadata: 1, nonce: '0123456789abcdef' });
  return { ...access, ...seen, opened: access.opened };
}
const says = (...replies: Buffer[]): ScriptConnection => ({ replies: [NONE, ...replies] });

describe('the bytes we send', () => {
  it('are a CONNECT of 170 bytes that says so, for a service that cannot exist', async () => {
    const seen = await visit([says(REFUSED)]);
    expect(seen.written).toEqual([`1:${CONNECT.toString('hex')}`]);
    expect(CONNECT).toHaveLength(CONNECT.readUInt16BE(0));
    expect(CONNECT.readUInt16BE(24)).toBe(CONNECT.length - CONNECT.readUInt16BE(26)); // its data, and where that begins
    expect(CONNECT.toString('hex')).toContain('00aa0000010000000136012c000020007fff7f08000000010070003a');
    expect(CONNECT.toString('latin1', 58)).toContain('(SERVICE_NAME=EXPOSURE-PROBE)');
  });

  it('are the same once more where the listener asks for it, and not for ever', async () => {
    expect(await visit([says(RESEND, REFUSED)])).toMatchObject({ rule: 'oracle/refuse' });
    const stubborn = await visit([says(RESEND, RESEND, RESEND)]);
    expect(stubborn.written).toHaveLength(2);
    expect(stubborn).toMatchObject({ rule: 'oracle/resend', auth: { state: 'undetermined' } });
  });
});

describe('rows of probes.md section 3.10', () => {
  it.each([
    ['a refusal', REFUSED, 'refuse', 'auth-required', 'firm'],
    ['a refusal without a version', refuse('(DESCRIPTION=(ERR=1189))'), 'refuse', 'auth-required', 'tentative'],
    ['a refusal of our address', refuse('(DESCRIPTION=(ERR=12529))'), 'filtered', 'source-acl', 'tentative'],
    [
      'a redirect',
      packet(5, sized('(ADDRESS=(HOST=db1.internal)(PORT=1521))')),
      'redirect',
      'auth-required',
      'tentative',
    ],
    ['an ACCEPT', packet(2, Buffer.alloc(24)), 'accept', 'auth-required', 'tentative'],
  ] as const)('%s', async (_, reply, rule, state, confidence) => {
    const seen = await visit([says(reply)]);
    expect(seen).toMatchObject({ l4: 'open', rule: `oracle/${rule}`, auth: { state }, proof: 1, opened: 1 });
    expect(seen.proto).toMatchObject({ state: 'match', confidence });
    expect(seen.tls.state).toBe('absent');
  });

  it('a redirect is shown and not followed', async () => {
    const seen = await visit([says(packet(5, sized('(ADDRESS=(HOST=db1.internal)(PORT=1521))')))]);
    expect(seen.notes).toEqual(['points to db1.internal']);
  });

  it.each([
    [186_647_552, '11.2.0.4'],
    [202_375_680, '12.1.0.2'],
    [318_767_104, '19.0.0.0'],
    [352_321_536, '21.0.0.0'],
    [1, undefined],
  ])('VSNNUM %i is version %s', async (number, version) => {
    const seen = await visit([says(refuse(`(DESCRIPTION=(VSNNUM=${number})(ERR=12514))`))]);
    expect(seen.proto.version).toBe(version);
  });

  it.each([
    ['a close', 'closed', 'accept-then-close'],
    ['silence', 'timeout', 'open-silent'],
  ] as const)('%s is no verdict', async (_, end, rule) => {
    expect(await visit([{ replies: [NONE], end }])).toMatchObject({ rule: `oracle/${rule}`, proof: 0, opened: 1 });
  });
});

describe('TLS', () => {
  it('is spoken on 2484 and nowhere else, on the one connection there is', async () => {
    const seen = await visit([{ transport: 'tls', replies: [NONE, REFUSED] }], 2484);
    expect(seen).toMatchObject({ rule: 'oracle/refuse', tls: { state: 'implicit' }, auth: { state: 'auth-required' } });
    expect(await visit([{ transport: 'tls', replies: [NONE, REFUSED] }])).toMatchObject({ proof: 0, opened: 1 });
  });

  it('that asks for a certificate asks for credentials; that fails says nothing', async () => {
    const access = (reason: PeerReason): ScriptConnection => ({
      transport: 'tls',
      replies: [NONE],
      end: 'closed',
      clientCertRequested: reason === 'client-cert',
    });
    expect(await visit([access('client-cert')], 2484)).toMatchObject({ rule: 'oracle/client-cert' });
    expect(await visit([access('closed')], 2484)).toMatchObject({ auth: { state: 'undetermined' }, proof: 0 });
    expect(await visit([says(REFUSED)], 2484)).toMatchObject({ auth: { state: 'undetermined' }, proof: 0 });
  });
});

it('hostile bytes give an answer within its limits or a WireError', () => {
  const seeds = recordings('oracle').flatMap(({ connection }) =>
    connection.replies.filter((bytes) => bytes.length > 0).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(hostileBytes(seeds), (bytes) => {
      try {
        const { kind, bodyBytes } = readHead(bytes.subarray(0, 8));
        expect(bodyBytes).toBeLessThanOrEqual(4_096);
        const reply = readBody(kind, bytes.subarray(8, 8 + bodyBytes));
        expect(JSON.stringify(reply).length).toBeLessThan(300);
      } catch (caught) {
        expect(caught).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 10_000 },
  );
});
