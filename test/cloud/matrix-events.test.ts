/**
 * Every event of the table, through the deployed change function: what lies in the collect queue then reads the right
 * place again, the right services of it, and knows what was touched. Queues and table are stand-ins, events are made row by row.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamePath, Row } from '../../lib/events/row.ts';
import { GLOBAL_SERVICES } from '../../lib/events/services.ts';
import { TABLE } from '../../lib/events/table.ts';
import { scopedKey } from '../../lib/model/change.ts';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { ACCOUNT, aRecord, nested, REGION, SAMPLES, valueAt } from '../events/sample.ts';
import { aState } from '../support/builders.ts';
import { recordOf, remove, take } from './aws/queues.ts';
import { startWorld, type World } from './aws/world.ts';

let world: World;
const OTHER = '222233334444';
/** A domain that depends on a key and a log group; and a database of another account, in a subnet that was shared with it. */
const DEPENDENT = {
  [`${ACCOUNT}/${REGION}/opensearch/dependent`]: [SAMPLES['kms:key'].key, SAMPLES['logs:log-group'].key],
  [`${OTHER}/${REGION}/rds/guest`]: [SAMPLES.ec2.key],
};

beforeAll(async () => {
  world = await startWorld({ isEverywhere: true });
  const { dynamodb: client, table } = world.stack;
  const store = await openDynamoStore({ client, table, sinks: [], now: () => new Date() });
  for (const [id, dependencies] of Object.entries(DEPENDENT)) {
    const [account = '', region = '', service = ''] = id.split('/');
    const state = aState({ id, account, region, service, dependencies });
    await store.commit({ state, expected: 0, lines: [], notices: [], incidents: [] });
  }
});
afterAll(() => world?.stop());

let n = 0;

/** One event through the function; what it asks to be read again. */
async function asked(detail: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> {
  const body = JSON.stringify({
    version: '0',
    id: `envelope-${n}`,
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${String(detail['eventSource']).split('.')[0] ?? ''}`,
    account: ACCOUNT,
    region: detail['awsRegion'],
    detail: { ...detail, eventID: `event-${n++}` },
  });
  const outcome = await world.fleet.invoke('change', {
    Records: [recordOf({ MessageId: 'm', Body: body }, { sent: world.clock.now() })],
  });
  expect(outcome).toEqual({ kind: 'done', result: { batchItemFailures: [] } });
  const url = world.stack.queues['CollectQueue'] ?? '';
  const taken = await take(world.stack.sqs, url);
  await remove(
    world.stack.sqs,
    url,
    taken.map(({ message }) => message),
  );
  return taken.map(({ message, delayMs }) => ({ delayMs, ...(JSON.parse(message.Body ?? '') as object) }));
}

/** Where the request names what it touches; else where the answer does. */
function naming(
  row: Row,
): { readonly path: NamePath; readonly where: 'requestParameters' | 'responseElements' } | undefined {
  const { paths, type, named = [], response = [] } = row;
  const own: readonly NamePath[] = type === undefined ? [] : paths.map((path) => [path.replace(/^W\./, ''), type]);
  const [asked] = [...own, ...named];
  if (asked !== undefined) return { path: asked, where: 'requestParameters' };
  const [answered] = response;
  return answered === undefined ? undefined : { path: answered, where: 'responseElements' };
}

function eventOf(
  row: Row,
  name: string,
  region: string,
): { readonly detail: ReturnType<typeof aRecord>; readonly key?: string } {
  const base = { eventSource: row.source, eventName: name, awsRegion: region, requestParameters: null };
  const at = naming(row);
  if (at === undefined) return { detail: aRecord(base) };
  const [path, type] = at.path;
  const detail = aRecord({ ...base, [at.where]: nested(path.split('.'), valueAt(row, path, type)) });
  return row.unnamed?.includes(name) === true ? { detail } : { detail, key: SAMPLES[type].key };
}

const EVENTS = TABLE.flatMap((row) => row.names.map((name) => ({ row, name, label: `${row.source} ${name}` })));

describe('the event-name matrix', () => {
  it.each(EVENTS)('$label reads again what it touched', async ({ row, name }) => {
    const { detail, key } = eventOf(row, name, REGION);
    const isGlobal = row.services.every((service) => GLOBAL_SERVICES.includes(service));
    const region = isGlobal ? 'us-east-1' : REGION;
    const services = isGlobal ? row.services : row.services.filter((s) => !GLOBAL_SERVICES.includes(s));
    const touched = key === undefined ? [] : [scopedKey(key, ACCOUNT, region)];
    const look = (account: string, names: readonly string[]) => ({
      ...{ delayMs: 0, kind: 'collect', place: { account, region, partition: 'aws' }, services: names.toSorted() },
      recheck: { touched, attempt: 0, since: expect.any(String) },
    });
    // Keys and log groups are touched all day long: only who depends on one is read again.
    const own = row.guardrail === true && key !== undefined ? ['opensearch'] : services;
    const guests = key === SAMPLES.ec2.key ? [look(OTHER, ['rds'])] : [];
    expect(await asked(detail)).toEqual([look(ACCOUNT, own), ...guests]);
  });

  it('prints how many there are', () => {
    process.stdout.write(`event-name matrix: ${EVENTS.length} events in ${TABLE.length} rows, each read again\n`);
    expect(EVENTS.length).toBeGreaterThan(300);
  });

  it('reads nothing again for what was refused, tried dry or only read', async () => {
    for (const over of [
      { errorCode: 'AccessDenied' },
      { requestParameters: { domainName: 'orders', dryRun: true } },
      { readOnly: true },
    ]) {
      expect(await asked(aRecord(over))).toEqual([]);
    }
  });
});
