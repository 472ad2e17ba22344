/** `ajar incidents --table`: the incidents of a deployment, from the shell of whoever has credentials for its table. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Incident } from '../../lib/model/incident.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { type DynamoStore, openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { place } from '../support/command.ts';
import { aReading } from '../support/readings.ts';
import { dynoxide, startDynamo } from '../stores/dynamodb-server.ts';

const program = dynoxide();
async function all<T>(from: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of from) found.push(one);
  return found;
}

describe.runIf(program === undefined)('ajar incidents --table', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('ajar incidents --table', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  const { ajar } = place();
  let [table, id] = ['', ''];
  let store: DynamoStore;
  const incidents = async (...words: string[]) =>
    ajar('incidents', ...words, '--table', table, '--region', 'eu-west-1');
  const listed = async (...flags: string[]) =>
    (await incidents('list', '--format', 'json', ...flags)).stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Incident);
  const isOfAnalytics = ({ endpointId, protection }: Incident) =>
    endpointId === 'analytics' && protection === 'authentication';
  const sees = async (endpoint: string, at: number, auth: 'auth-required' | 'open-anonymous') =>
    assess(aReading({ at, endpoint: { id: endpoint }, sees: [{ auth }] }), store, EMPTY_ALLOWLIST, () => new Date());

  beforeAll(async () => {
    // What the shell of a person has; the command is a process of its own.
    for (const [name, value] of Object.entries({
      ...{ AWS_ENDPOINT_URL_DYNAMODB: server.url, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
    }))
      vi.stubEnv(name, value);
    table = await server.table();
    store = await openDynamoStore({ client, table, sinks: ['sns:page'], now: () => new Date() });
    for (const endpoint of ['analytics', 'sessions']) {
      await sees(endpoint, 1, 'auth-required');
      await sees(endpoint, 2, 'open-anonymous');
    }
    await sees('sessions', 300, 'auth-required');
    id = (await listed()).find(isOfAnalytics)?.id ?? '';
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    client.destroy();
    await server.stop();
  });

  it('lists what is open there, with --all what is over too, and of one endpoint alone', async () => {
    const { stdout, stderr, code } = await incidents();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^[0-9a-f]{8} critical open {5}analytics authentication on -> off; since .*not acknowledged/m,
    );
    // A database that anybody reaches is one of its own.
    expect(stdout).toMatch(/\n3 open incidents\n$/);
    expect(await listed('--all')).toHaveLength(4);
    const [over, ...open] = (await listed('--all', '--endpoint', 'sessions')).toSorted((a, b) =>
      a.status.localeCompare(b.status),
    );
    expect([over?.status, open.map(({ status }) => status)]).toEqual(['closed', ['open']]);
    expect([over, ...open].map((one) => one?.endpointId)).toEqual(['sessions', 'sessions']);
  });

  it('shows one by the beginning of its id', async () => {
    const { stdout, code } = await incidents('show', id.slice(0, 8));
    expect(code).toBe(0);
    expect(stdout).toContain(`${id} (window 1 of authentication), open`);
    expect(stdout).toMatch(/ajar decided: opened$/m);
  });

  it('acknowledges into that table by name, once', async () => {
    expect((await incidents('ack', id, '--by', 'jdoe')).stdout).toMatch(/^recorded\n/);
    expect((await incidents('ack', id, '--by', 'other')).stdout).toMatch(/^known already, nothing written\n/);
  });

  it('writes down what people say, with who said it', async () => {
    await incidents('note', id, 'a Terraform module', '--by', 'jdoe');
    await incidents('assign', id, 'data-platform', '--by', 'jdoe');
    await incidents('aware', id, '--at', '2026-01-02T00:00:00Z', '--by', 'dpo');
    const incident = (await all(store.incidents())).find((one) => one.id === id);
    expect(incident?.handling).toMatchObject({
      acked: { by: 'jdoe', severity: 'critical' },
      assigned: { to: 'data-platform', by: 'jdoe' },
      notes: [{ text: 'a Terraform module', by: 'jdoe' }],
      aware: { since: '2026-01-02T00:00:00.000Z', by: 'dpo' },
    });
    const kinds = (await all(store.ledger())).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'act')).toHaveLength(4);
  });

  it('shows what people said', async () => {
    const { stdout } = await incidents('show', id);
    for (const said of [
      /jdoe: ack$/m,
      /jdoe: note, a Terraform module$/m,
      /jdoe: assign, data-platform$/m,
      /GDPR .*OVERDUE/,
    ])
      expect(stdout).toMatch(said);
  });

  it('leaves what was owed owed: an act is no message', async () => {
    const kinds = (await store.outbox.due('9999-12-31T23:59:59.999Z', 100)).map(({ notice }) => notice.kind);
    expect(new Set(kinds)).toEqual(new Set(['closed', 'opened']));
  });

  it('says of a table that is not there, and of one incident too many, what to do; and writes nothing', async () => {
    const absent = await ajar('incidents', '--table', 'no-such-table', '--region', 'eu-west-1');
    expect([absent.code, absent.stdout]).toEqual([2, '']);
    expect(absent.stderr).toContain('no-such-table');
    const unknown = await incidents('ack', '00000000');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('no incident of this id');
  });
});
