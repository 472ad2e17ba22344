import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import { clickhouse } from '../../lib/probes/clickhouse.ts';
import { exceptionOf, readColumns, readTables, readVersion } from '../../lib/wire/clickhouse.ts';
import { HELLO, readFirst } from '../../lib/wire/clickhouse-native.ts';
import { WireError } from '../../lib/wire/error.ts';
import { CONTROL, page, visitRecorded } from '../support/recorded-site.ts';
import { recordings } from '../support/recordings.ts';
import { scriptAccess } from '../support/script-access.ts';

const ENDPOINT = {
  id: 'c',
  host: 'db.example.org',
  port: 9000,
  engine: 'clickhouse',
  source: 'file',
  tags: {},
  declared: {},
} as const;
const OPTIONS = { metadata: 1, nonce: '0123456789abcdef' } as const;

describe('a ClickHouse, over HTTP', () => {
  it('whose default user needs no password is open, with names of tables', async () => {
    const { answer, asked } = await visitRecorded(clickhouse, '18.16-open');
    expect(answer).toMatchObject({
      proto: { confidence: 'firm', product: 'ClickHouse', version: '18.16.1' },
      proof: 3,
      metadata: { objects: [{ name: 'default.device_users', kind: 'table', system: false }], truncated: false },
    });
    expect(asked.map((line) => line.replace(/FROM.*/u, ''))).toEqual([
      'https GET /?query=SELECT%20version()%20FORMAT%20JSONCompact',
      'http GET /?query=SELECT%20version()%20FORMAT%20JSONCompact',
      `http GET ${CONTROL}`,
      'http GET /?query=SELECT%20database,name,total_rows,total_bytes%20',
      'http GET /?query=SELECT%20database,name%20',
    ]);
    expect((await visitRecorded(clickhouse, '18.16-open', 0)).answer).not.toHaveProperty('metadata');
  });

  it('gives counts where its tables have them', async () => {
    const body = {
      meta: [],
      data: [
        ['logs', 'visits', '12', 4096],
        ['logs', 'view', null, null],
      ],
    };
    const { answer } = await visitRecorded(clickhouse, '18.16-open', 1, ({ path }) =>
      path.includes('total_rows') ? page(body) : undefined,
    );
    expect(answer).toMatchObject({
      proof: 4,
      metadata: { objects: [{ name: 'logs.visits', records: 12, bytes: 4096 }, { name: 'logs.view' }] },
    });
  });

  it('tells names and types of fields at metadata level 2, of so many tables and fields, and asks for none below', async () => {
    const columns = [
      ...Array.from({ length: 300 }, (_, i) => ['default', 'device_users', `field_${i}`, 'String']),
      ...Array.from({ length: 60 }, (_, i) => ['other', `table_${i}`, 'id', 'UInt64']),
    ];
    const visited = (level: 1 | 2) =>
      visitRecorded(clickhouse, '18.16-open', level, ({ path }) =>
        path.includes('system.columns') ? page({ meta: [], data: columns }) : undefined,
      );
    const { answer, asked } = await visited(2);
    expect(asked.filter((line) => line.includes('system.columns'))).toHaveLength(1);
    const [table] = answer.metadata?.objects ?? [];
    expect(table?.name).toBe('default.device_users');
    expect(table?.fields).toHaveLength(200);
    expect(table?.fields?.[0]).toEqual({ name: 'field_0', type: 'String' });
    const below = await visited(1);
    expect(below.asked.join()).not.toContain('system.columns');
    expect(below.answer.metadata?.objects[0]).not.toHaveProperty('fields');
    const read = readColumns({
      status: 200,
      headers: {},
      truncated: false,
      body: Buffer.from(JSON.stringify({ meta: [], data: columns })),
    });
    expect(read.size).toBe(50);
    expect(readColumns({ status: 403, headers: {}, truncated: false, body: Buffer.from('Code: 497.') }).size).toBe(0);
  });

  it('is as open without them: a list of fields that does not come takes nothing away', async () => {
    const { answer } = await visitRecorded(clickhouse, '18.16-open', 2, ({ path }) =>
      path.includes('system.columns') ? new PeerError('protocol', 'reset', 'gone') : undefined,
    );
    expect(answer).toMatchObject({
      rule: 'clickhouse/query',
      metadata: { objects: [{ name: 'default.device_users' }] },
    });
  });

  it.each([
    ['Code: 516. DB::Exception: default: Authentication failed', 'auth-required', 'password-required'],
    ['Code: 192, e.displayText() = DB::Exception: Unknown user default', 'auth-required', 'password-required'],
    ['Code: 497. DB::Exception: default: Not enough privileges', 'open-restricted', 'restricted'],
    ['Code: 241. DB::Exception: Memory limit exceeded', 'undetermined', 'exception'],
  ])('that says %s', async (body, auth, rule) => {
    const { answer } = await visitRecorded(clickhouse, '18.16-open', 1, ({ scheme }) =>
      scheme === 'http' ? page(body, 403) : undefined,
    );
    expect(answer).toMatchObject({ auth: { state: auth }, rule: `clickhouse/${rule}` });
  });

  it('that lets a stranger in and shows no table is restricted, and unproven where the list does not come', async () => {
    const tables = (reply: ReturnType<typeof page> | PeerError) =>
      visitRecorded(clickhouse, '18.16-open', 1, ({ path }) => (path.includes('total_rows') ? reply : undefined));
    const denied = await tables(page('Code: 497. DB::Exception: default: Not enough privileges', 403));
    expect(denied.answer).toMatchObject({ auth: { state: 'open-restricted' }, rule: 'clickhouse/restricted' });
    const broken = await tables(new PeerError('protocol', 'reset', 'gone'));
    expect(broken.answer).toMatchObject({ auth: { state: 'open-anonymous' }, rule: 'clickhouse/query-no-tables' });
  });

  it('of which only the health page answers is no ClickHouse', async () => {
    const { answer } = await visitRecorded(clickhouse, '18.16-open', 1, () => page('Ok.\n'));
    expect(answer).toMatchObject({ rule: 'clickhouse/generic-http', auth: { state: 'undetermined' } });
  });
});

describe('a ClickHouse, in its own protocol', () => {
  const recorded = (ending: string) => {
    const found = recordings('clickhouse').find(({ name }) => name.endsWith(ending));
    if (found === undefined) throw new Error(`no recording ${ending}`);
    return found.connection;
  };

  it.each([
    ['native-open', 'open-anonymous', 'native-hello'],
    ['native-password', 'auth-weak', 'password-required'],
    ['native-address', 'source-acl', 'address-not-allowed'],
  ])('as recorded of %s', async (name, auth, rule) => {
    const access = scriptAccess({ connections: [recorded(name)] });
    const answer = await clickhouse.visit(access, ENDPOINT, OPTIONS);
    expect(answer).toMatchObject({ auth: { state: auth }, rule: `clickhouse/${rule}`, tls: { state: 'absent' } });
    expect(answer).not.toHaveProperty('metadata');
    expect(access.written).toEqual([`1:${HELLO.toString('hex')}`]);
    expect(access.requested).toEqual([]);
  });

  it('is asked on any port where HTTP is told to go elsewhere', async () => {
    const wrong = page('Port 9001 is for clickhouse-client program.\r\nYou must use port 8123 for HTTP.\r\n', 400);
    const access = scriptAccess({ connections: [recorded('native-open')], http: () => wrong });
    const answer = await clickhouse.visit(access, { ...ENDPOINT, port: 9001 }, OPTIONS);
    expect(answer).toMatchObject({ rule: 'clickhouse/native-hello', proto: { version: '18.16' } });
  });
});

describe('its replies, whatever they hold', () => {
  it('over HTTP are read or refused, and never throw', () => {
    const row = fc.array(fc.oneof(fc.string(), fc.nat(), fc.constant(null)), { maxLength: 5 });
    const shaped = fc.record({ meta: fc.array(fc.jsonValue()), data: fc.array(fc.oneof(row, fc.jsonValue())) });
    const text = fc.oneof(
      shaped.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(200, 401, 500), fc.boolean(), (body, status, truncated) => {
        const any = { ...page(body, status), truncated };
        readVersion(any);
        exceptionOf(any);
        const tables = readTables(any)?.objects ?? [];
        expect(tables.length).toBeLessThanOrEqual(200);
        for (const { name } of tables) expect(name.length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 10_000 },
    );
  });

  it('in its own protocol are read or a WireError, within our limits', async () => {
    const hello = Buffer.from('000a436c69636b486f75736512108ca903', 'hex');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 20 }).map((tail) => Buffer.concat([hello, tail])),
      fc.uint8Array({ maxLength: 60 }).map((tail) => Buffer.concat([Buffer.from([2]), tail])),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        let at = 0;
        const take = async (count: number): Promise<Buffer> => {
          expect(count).toBeLessThanOrEqual(1_024);
          if (at + count > sent.length) throw new WireError('truncated', 'no more');
          at += count;
          return Buffer.from(sent.subarray(at - count, at));
        };
        const first = await readFirst(take).catch((error: unknown) => error);
        if (!(first instanceof WireError)) expect(first).toHaveProperty('kind');
      }),
      { numRuns: 10_000 },
    );
  });
});
