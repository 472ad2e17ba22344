/** Pages of Druid, Pinot, Trino and Spark; whole visits are in test/probes/lists-and-warehouses.test.ts. */
import { describe, expect, it } from 'vitest';
import type { Listed, Welcome } from '../../lib/wire/listing.ts';
import {
  readDatasources,
  readDruid,
  readPinot,
  readPinotTables,
  readSparkApps,
  readSparkMaster,
  readSparkMasterApps,
  readSparkVersion,
  readSubmission,
  readTrino,
  readTrinoNodes,
} from '../../lib/wire/warehouses.ts';
import { page } from '../support/recorded-site.ts';

type Page = ReturnType<typeof page>;
const cut = (text: string): Page => ({ ...page(text), truncated: true });
const rows = (...names: string[]) => ({ rows: names.map((name) => ({ name })), truncated: false });
const OPEN = { rows: [], truncated: false };

/** What a page is, where `good` says `expected`; every other status and each of `bad` in place of a member says nothing. */
function told(
  read: (reply: Page) => Welcome | undefined,
  good: object,
  expected: Welcome,
  ...bad: readonly object[]
): void {
  expect(read(page(good))).toEqual(expected);
  for (const over of bad) expect(read(page({ ...good, ...over })), JSON.stringify(over)).toBeUndefined();
  for (const status of [201, 401, 404, 500]) expect(read(page(good, status)), `${status}`).toBeUndefined();
  for (const other of ['', '<html>', '[]', 'null']) expect(read(page(other)), other).toBeUndefined();
}

describe('Druid', () => {
  const module = (name: string) => ({ name, artifact: 'x', version: '1' });
  const DRUID = module('org.apache.druid.common.gcp.GcpModule');

  it('is told by a version and a module of its own', () => {
    const good = { version: '27.0.0', modules: [module('com.example'), DRUID] };
    const others = Array.from({ length: 200 }, () => module('com.example'));
    told(
      readDruid,
      good,
      { markers: 2, version: '27.0.0' },
      { version: '' },
      { modules: DRUID },
      { modules: [] },
      { modules: [module('an org.apache.druid.x')] },
      { modules: [...others, DRUID] },
    );
    expect(readDruid(page({ ...good, modules: [...others.slice(1), DRUID] }))).toMatchObject({ markers: 2 });
  });

  it('refuses under its realm', () => {
    const realm = { 'www-authenticate': 'Basic realm="druid"' };
    expect(readDruid(page('', 401, realm))).toEqual({ markers: 1, version: '', refused: true });
    expect(readDruid(page('', 403, realm))).toBeUndefined();
    expect(readDruid(page('', 401, { 'www-authenticate': 'Basic realm="x"' }))).toBeUndefined();
  });

  const sized = { name: 'users', properties: { segments: { size: 900 } } };
  it.each<[string, Page, Listed]>([
    ['of a broker', page(['users', 'events']), rows('users', 'events')],
    [
      'of a coordinator',
      page([sized, { name: 'a' }, { x: 1 }]),
      { rows: [{ name: 'users', bytes: 900 }, { name: 'a' }], truncated: false },
    ],
    ['that is no list', page({ users: 1 }), undefined],
    ['refused', page('', 403), 'refused'],
    ['cut', cut('["users","eve'), { ...rows('users'), truncated: true }],
  ])('sources %s', (_name, reply, expected) => {
    expect(readDatasources(reply)).toEqual(expected);
  });
});

describe('Pinot', () => {
  it.each<[object, number, string]>([
    [{ 'pinot-controller': '1.0.0', 'pinot-common': '0.9.0' }, 2, '1.0.0'],
    [{ 'pinot-common': '0.9.0', 'pinot-kafka-2.0': '0.9.0', x: '1' }, 2, '0.9.0'],
    [{ 'pinot-controller': '1.0.0', 'not-pinot-x': '1' }, 1, '1.0.0'],
  ])('of %j has %i marks', (body, markers, version) => {
    told(readPinot, body, { markers, version }, { 'pinot-controller': '', 'pinot-common': '' });
  });

  it.each<[string, Page, Listed]>([
    ['of names', page({ tables: ['users'] }), rows('users')],
    ['that is no list', page({ tables: 'users' }), undefined],
    ['refused', page('', 401), 'refused'],
    ['cut', cut('{"tables":["users","eve'), { ...rows('users'), truncated: true }],
  ])('tables %s', (_name, reply, expected) => {
    expect(readPinotTables(reply)).toEqual(expected);
  });
});

describe('Trino', () => {
  it('is told by three members of its info', () => {
    const good = { nodeVersion: { version: '426' }, environment: 'production', coordinator: true };
    told(
      readTrino,
      good,
      { markers: 2, version: '426' },
      { nodeVersion: '426' },
      { environment: '' },
      { coordinator: 'true' },
    );
    expect(readTrino(page({ ...good, coordinator: false }))).toMatchObject({ markers: 2 });
  });

  const node = { uri: 'http://10.0.0.1:8080', recentRequests: 1 };
  it.each<[string, Page, Listed]>([
    ['of a cluster', page([node, node]), OPEN],
    ['of none', page([]), undefined],
    ['with what is none', page([node, { uri: '' }]), undefined],
    ['that is no list', page({ 0: node }), undefined],
    ['that wants a name', page('Basic authentication or X-Trino-User must be sent', 401), 'neither'],
    ['that wants a name, of Presto', page('X-Presto-User must be sent', 401), 'neither'],
    ['that wants a name far down', page(`${' '.repeat(500)}X-Trino-User`, 401), 'refused'],
    ['that wants another', page('X-Trino-Users', 401), 'refused'],
    ['that wants a password', page('Unauthorized', 401), 'refused'],
    ['forbidden', page('X-Trino-User', 403), 'refused'],
    ['cut', cut(`[${JSON.stringify(node)},{"uri"`), OPEN],
    ['whose node is called so', page([{ uri: 'http://X-Trino-User' }]), OPEN],
  ])('nodes %s', (_name, reply, expected) => {
    expect(readTrinoNodes(reply)).toEqual(expected);
  });
});

describe('Spark', () => {
  it('of a master is told by its address and its workers', () => {
    const good = { url: 'spark://10.0.0.1:7077', workers: [] };
    told(readSparkMaster, good, { markers: 2, version: '' }, { url: 'http://spark://' }, { workers: 0 });
  });

  it.each<[string, Page, Listed]>([
    ['that run', page({ activeapps: [{ name: 'etl' }, { id: 'x' }] }), rows('etl')],
    ['that do not', page({ activeapps: [] }), OPEN],
    ['left out', page({ url: 'spark://x' }), OPEN],
    ['that are no list', page({ activeapps: 'etl' }), undefined],
    ['refused', page('', 401), 'refused'],
    ['missing', page({ activeapps: [] }, 404), undefined],
  ])('applications of a master %s', (_name, reply, expected) => {
    expect(readSparkMasterApps(reply)).toEqual(expected);
  });

  it('of an application tells its version', () => {
    told(readSparkVersion, { spark: '3.5.0' }, { markers: 1, version: '3.5.0' }, { spark: '' }, { spark: 3.5 });
  });

  it.each<[string, Page, Listed]>([
    ['by name', page([{ id: 'app-1', name: 'etl' }, { name: 'no id' }]), rows('etl')],
    ['that is no list', page({ id: 'app-1', name: 'etl' }), undefined],
    ['refused', page('', 403), 'refused'],
    ['cut', cut('[{"id":"app-1","name":"etl"},{"id":"ap'), { ...rows('etl'), truncated: true }],
  ])('applications of the history %s', (_name, reply, expected) => {
    expect(readSparkApps(reply)).toEqual(expected);
  });

  it('of submissions is told by the answer to one that cannot exist', () => {
    const good = { action: 'SubmissionStatusResponse', serverSparkVersion: '3.5.0', success: false };
    told(
      readSubmission,
      good,
      { markers: 2, version: '3.5.0' },
      { action: 'ErrorResponse' },
      { serverSparkVersion: '' },
    );
  });
});
