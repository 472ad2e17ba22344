import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import type { HttpRequest } from '../../lib/model/probe.ts';
import { manticore } from '../../lib/probes/manticore.ts';
import { WireError } from '../../lib/wire/error.ts';
import { LOGIN, QUIT, readLogin, readSql, readSqlList, readTables, SHOW_TABLES } from '../../lib/wire/sphinxql.ts';
import { CONTROL, page, visitRecorded } from '../support/recorded-site.ts';
import { recordings } from '../support/recordings.ts';
import { type Script, scriptAccess } from '../support/script-access.ts';

const ENDPOINT = {
  id: 'm',
  host: 'db.example.org',
  port: 9306,
  engine: 'manticore',
  source: 'file',
  tags: {},
  declared: {},
} as const;
const OPTIONS = { metadata: 1, nonce: '0123456789abcdef' } as const;

const recorded = (probe: string, ending: string) => {
  const found = recordings(probe).find(({ name }) => name.endsWith(ending));
  if (found === undefined) throw new Error(`no recording ${ending}`);
  return found.connection;
};
const TABLES = recorded('manticore', 'sphinx-2.2.11-tables');
const [GREETING = Buffer.alloc(0), OK = Buffer.alloc(0)] = TABLES.replies;

async function visit(script: Script) {
  const access = scriptAccess(script);
  return { answer: await manticore.visit(access, ENDPOINT, OPTIONS), access };
}

it('in their own protocol are told by its greeting, sent nothing, and not judged', async () => {
  const [api] = recordings('manticore').filter(({ name }) => name === 'sphinx-2.2.11-api');
  const access = scriptAccess({ connections: [api?.connection ?? { replies: [] }] });
  const at = { id: 'm', host: 'h', port: 9312, engine: 'manticore', source: 'file', tags: {}, declared: {} } as const;
  const answer = await manticore.visit(access, at, { metadata: 1, nonce: '0123456789abcdef' });
  expect(answer).toMatchObject({ rule: 'manticore/api', auth: { state: 'undetermined' }, proof: 1 });
  expect(access.written).toEqual([]);
});

describe('a Sphinx or Manticore, in its dialect', () => {
  it('is open once it shows its tables to a login without a user', async () => {
    const { answer, access } = await visit({ connections: [TABLES] });
    expect(answer).toMatchObject({
      proto: {
        state: 'match',
        confidence: 'firm',
        product: 'Manticore/Sphinx',
        version: '2.2.11-id64-release (95ae9a6)',
      },
      tls: { state: 'absent' },
      auth: { state: 'open-anonymous' },
      proof: 3,
      rule: 'manticore/tables',
      metadata: { objects: [{ name: 'rt_users', kind: 'index' }], truncated: false },
    });
    expect(access.written).toEqual([LOGIN, SHOW_TABLES, QUIT].map((bytes) => `1:${bytes.toString('hex')}`));
    expect(access.requested).toEqual([]);
  });

  it('that refuses the login asks for credentials, and only by the error that says so', async () => {
    const error = (code: number) => {
      const text = Buffer.from(`\u0000\u0000#28000Access denied`);
      const payload = Buffer.concat([Buffer.from([0xff, code % 256, code >> 8]), text.subarray(2)]);
      return Buffer.concat([Buffer.from([payload.length, 0, 0, 2]), payload]);
    };
    const denied = await visit({ connections: [{ replies: [GREETING, error(1045)] }] });
    expect(denied.answer).toMatchObject({
      auth: { state: 'auth-required' },
      rule: 'manticore/login-refused',
      proof: 2,
    });
    const busy = await visit({ connections: [{ replies: [GREETING, error(1040)] }] });
    expect(busy.answer).toMatchObject({ auth: { state: 'undetermined' }, rule: 'manticore/greeting' });
  });

  it('whose list breaks off has shown nothing', async () => {
    const [, , rows = Buffer.alloc(0)] = TABLES.replies;
    const cut = { replies: [GREETING, OK, rows.subarray(0, -9)], end: 'closed' } as const;
    const { answer } = await visit({ connections: [cut] });
    expect(answer).toMatchObject({ auth: { state: 'undetermined' }, rule: 'manticore/greeting', proof: 1 });
  });

  it('is never a MySQL, which is sent nothing', async () => {
    for (const name of ['plain', 'tls']) {
      const found = recordings('mysql').find((recording) => recording.name.endsWith(name));
      if (found === undefined) continue;
      const { answer, access } = await visit({ connections: [found.connection] });
      expect(answer).toMatchObject({
        proto: { state: 'other' },
        rule: 'manticore/mysql',
        auth: { state: 'undetermined' },
      });
      expect(access.written).toEqual([]);
    }
  });
});

describe('a Manticore, over HTTP', () => {
  it('is open once it shows its tables', async () => {
    const { answer, asked } = await visitRecorded(manticore, '6.3-open');
    expect(answer).toMatchObject({
      proof: 3,
      rule: 'manticore/list',
      metadata: { objects: [{ name: 'customers', kind: 'index' }, { name: 'orders' }] },
    });
    expect(asked.slice(1)).toEqual(['http POST /sql?mode=raw query=SHOW%20TABLES', `http GET ${CONTROL}`]);
  });

  it('and any port that answers HTTP with its greeting is asked in the dialect', async () => {
    const access = {
      ...scriptAccess({ connections: [TABLES] }),
      async request({ scheme }: HttpRequest): Promise<never> {
        if (scheme === 'https') throw new PeerError('tls', 'plaintext', 'a greeting, and no handshake');
        throw new PeerError('protocol', 'malformed', 'a greeting, and no HTTP');
      },
    };
    const answer = await manticore.visit(access, { ...ENDPOINT, port: 9310 }, OPTIONS);
    expect(answer.rule).toBe('manticore/tables');
  });
});

describe('its replies, whatever they hold', () => {
  it('in the dialect are read or a WireError, within our limits', async () => {
    const framed = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((body) => [body.length, 0, 0, 1, ...body]);
    const start = [1, 0, 0, 1, 1, 1, 0, 0, 2, 3, 5, 0, 0, 3, 0xfe, 0, 0, 0, 0];
    const bytes = fc
      .tuple(fc.boolean(), fc.array(framed, { maxLength: 8 }))
      .map(([isTable, packets]) => Buffer.from([...(isTable ? start : []), ...packets.flat()]));
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        for (const read of [readLogin, readTables]) {
          let at = 0;
          const take = async (count: number): Promise<Buffer> => {
            expect(count).toBeLessThanOrEqual(4096);
            if (at + count > sent.length) throw new WireError('truncated', 'no more');
            at += count;
            return sent.subarray(at - count, at);
          };
          const found: unknown = await read(take).catch((error: unknown) => error);
          if (found instanceof Error) expect(found).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it('that never end are cut at 200 tables', async () => {
    const row = Buffer.from([2, 0, 0, 1, 1, 0x61]);
    const endless = Buffer.concat([Buffer.from([1, 0, 0, 1, 1, 1, 0, 0, 2, 3, 5, 0, 0, 3, 0xfe, 0, 0, 0, 0])]);
    let at = 0;
    const take = async (count: number): Promise<Buffer> => {
      const all = at < endless.length ? endless : row;
      const from = at < endless.length ? at : (at - endless.length) % row.length;
      at += count;
      return all.subarray(from, from + count);
    };
    const found = await readTables(take);
    expect(found).toMatchObject({ truncated: true });
    expect('rows' in found ? found.rows.length : 0).toBe(200);
  });

  it('over HTTP are read or refused, and never throw', () => {
    const result = fc.record({
      columns: fc.array(fc.record({ Index: fc.oneof(fc.record({ type: fc.string() }), fc.string()) })),
      data: fc.array(fc.oneof(fc.record({ Index: fc.string() }), fc.string())),
      error: fc.constantFrom('', 'no'),
    });
    const text = fc.oneof(
      fc.array(result).map((value) => JSON.stringify(value)),
      fc.json({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(200, 500), fc.boolean(), (body, status, truncated) => {
        const any = { ...page(body, status), truncated };
        const listed = readSqlList(any);
        expect(readSql(any) === undefined).toBe(listed === undefined);
        if (typeof listed !== 'object') return;
        expect(listed.rows.length).toBeLessThanOrEqual(200);
        for (const { name } of listed.rows) expect(name.length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 10_000 },
    );
  });
});
