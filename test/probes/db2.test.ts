import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import { db2 } from '../../lib/probes/db2.ts';
import { bodyBytes, EXCSAT, readReply } from '../../lib/wire/drda.ts';
import { WireError } from '../../lib/wire/error.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { recordings } from '../support/recordings.ts';
import { type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const NONE = Buffer.alloc(0);
const ENDPOINT = {
  id: 'd',
  host: 'db2.example.org',
  port: 50_000,
  engine: 'db2',
  source: 'file',
  tags: {},
  declared: {},
} as const;
/** QDB2/LINUXX8664 and SQL11058, in EBCDIC. */
const QDB2 = 'd8c4c2f261d3c9d5e4e7e7f8f6f6f4';
const SQL11058 = 'e2d8d3f1f1f0f5f8';

const sized = (extra: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(body.length + 2 + extra);
  return Buffer.concat([head, body]);
};
const point = (code: string, value = ''): Buffer => sized(0, Buffer.from(code + value, 'hex'));
const reply = (ddm: Buffer): Buffer => sized(0, Buffer.concat([Buffer.from('d0020001', 'hex'), ddm]));
const attributes = (...parameters: Buffer[]): Buffer =>
  reply(sized(0, Buffer.concat([Buffer.from('1443', 'hex'), ...parameters])));

async function visit(connections: readonly ScriptConnection[]): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const seen = await db2.visit(access, ENDPOINT, { metadata: 1, nonce: '0123456789abcdef' });
  return { ...access, ...seen, opened: access.opened };
}
const says = (bytes: Buffer, more: Partial<ScriptConnection> = {}): ScriptConnection => ({
  replies: [NONE, bytes],
  ...more,
});
const DB2 = attributes(point('1147', QDB2), point('115a', SQL11058));

it('sends EXCSAT, its lengths exact, and nothing of a login', async () => {
  const seen = await visit([says(DB2)]);
  expect(seen.written).toEqual([`1:${EXCSAT.toString('hex')}`]);
  expect([EXCSAT.readUInt16BE(0), EXCSAT.readUInt16BE(6) + 6]).toEqual([EXCSAT.length, EXCSAT.length]);
});

describe('rows of probes.md section 4.18', () => {
  it('Db2 always asks for a login, and says its release', async () => {
    expect(await visit([says(DB2)])).toMatchObject({
      rule: 'db2/attributes',
      auth: { state: 'auth-required' },
      proto: { state: 'match', confidence: 'firm', product: 'Db2', version: 'SQL11058' },
      tls: { state: 'absent' },
      proof: 1,
      notes: ['class QDB2/LINUXX8664'],
    });
  });

  it('of Derby, as it was recorded, nothing is said: it lets anyone in unless told otherwise', async () => {
    const [derby] = recordings('db2');
    const seen = await visit([derby?.connection ?? says(NONE)]);
    expect(seen).toMatchObject({ rule: 'db2/derby', auth: { state: 'undetermined' }, proto: { product: 'Derby' } });
    expect(seen.notes).toEqual(['class Apache Derby']);
  });

  it.each([
    ['a class that is not known', attributes(point('1147', 'c1c2')), 'other-class', 'tentative'],
    ['a refusal', reply(point('124c')), 'refused', 'tentative'],
  ])('%s is no verdict', async (_, bytes, rule, confidence) => {
    const seen = await visit([says(bytes)]);
    expect(seen).toMatchObject({ rule: `db2/${rule}`, auth: { state: 'undetermined' }, proto: { confidence } });
  });

  it('is asked inside TLS where plaintext was closed', async () => {
    const tls = says(DB2, { transport: 'tls' });
    expect(await visit([tls, tls])).toMatchObject({ tls: { state: 'required' }, auth: { state: 'auth-required' } });
    // An alert is longer than the head of a reply, and no reply.
    const alert = says(Buffer.from('15030300020246', 'hex'));
    expect(await visit([alert, tls])).toMatchObject({ tls: { state: 'required' }, auth: { state: 'auth-required' } });
  });
});

it('hostile bytes give an answer within its limits or a WireError', () => {
  fc.assert(
    fc.property(hostileBytes([DB2, reply(point('124c'))]), (bytes) => {
      for (const read of [() => bodyBytes(bytes.subarray(0, 6)), () => readReply(bytes.subarray(6))]) {
        try {
          expect(JSON.stringify(read()).length).toBeLessThan(300);
        } catch (caught) {
          expect(caught).toBeInstanceOf(WireError);
        }
      }
    }),
    { numRuns: 10_000 },
  );
});
