import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { declaredOff, declaredOn } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Notice } from '../../lib/model/incident.ts';
import type { CollectMessage, ProbeMessage } from '../../lib/model/messages.ts';
import type { Queued } from '../../lib/model/queue.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { explainEndpoint, handleChange } from '../../lib/pipeline/change.ts';
import { collectPlace } from '../../lib/pipeline/collect-place.ts';
import { withInventory } from '../../lib/pipeline/listed.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { Organisation } from '../support/organisation.ts';

const [A, REGION] = ['111122223333', 'eu-west-1'];
const NEVER = new AbortController().signal;

/** `authorize` opened 9200 of security group `sg-0123456789abcdef0`, or changed something else of it. */
function event(id: string, at: string, group = 'sg-0123456789abcdef0') {
  return {
    version: '0',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.ec2',
    account: A,
    region: REGION,
    detail: {
      eventVersion: '1.09',
      eventID: id,
      eventTime: at,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'AuthorizeSecurityGroupIngress',
      awsRegion: REGION,
      recipientAccountId: A,
      sourceIPAddress: '198.51.100.7',
      userAgent: 'console.amazonaws.com',
      readOnly: false,
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROAEXAMPLE:jdoe@example.com',
        arn: `arn:aws:sts::${A}:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/jdoe@example.com`,
        accountId: A,
        sessionContext: {
          sessionIssuer: {
            arn: `arn:aws:iam::${A}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef`,
          },
        },
      },
      requestParameters: { groupId: group, ipPermissions: { items: [{ fromPort: 9200, toPort: 9200 }] } },
      responseElements: { _return: true },
    },
  };
}

/** An account with one cluster behind a security group, and the stages between an event and an alert. */
function world() {
  const organisation = new Organisation([A], [REGION]);
  organisation.services = [{ service: 'interfaces', scope: 'regional', cost: { empty: 1, each: 0 } }];
  const planted = organisation.plant(A, REGION, 'interfaces', 'eni-1');
  const closed: Endpoint = {
    ...planted,
    dependencies: ['ec2:sg-0123456789abcdef0'],
    declared: { network: declaredOn('sg-0123456789abcdef0 lets nobody in') },
  };
  const open: Endpoint = { ...closed, declared: { network: declaredOff('open to WORLD: 9200') } };
  organisation.replace(planted, closed);
  const store = memoryStore({ sinks: ['page'] });
  const queue: Queued<CollectMessage>[] = [];
  let [runs, current] = [0, closed];
  const run = () => ({
    ...{ store, allowlist: EMPTY_ALLOWLIST, runId: `run${runs++}`, vantage: 'test', now: () => organisation.now },
    signal: NEVER,
    collect: { send: async (sent: readonly Queued<CollectMessage>[]) => void queue.push(...sent) },
    placeOf: async (account: string, region: string) => ({ account, region, partition: 'aws' as const }),
  });
  const wait = (seconds: number): void => {
    organisation.now = new Date(organisation.now.getTime() + seconds * 1_000);
  };
  const judge = async ({ endpoint, since, gaps = [] }: ProbeMessage): Promise<void> => {
    const at = organisation.now.toISOString();
    const id = `${runs++}/${endpoint.id}`;
    const reading = { ...{ id, runId: 'r', at, endpoint, vantage: 'v', observations: [], vantageAlive: true } };
    await assess(withInventory({ since, gaps })(reading), store, EMPTY_ALLOWLIST, () => organisation.now);
  };
  return {
    organisation,
    store,
    queue,
    wait,
    run,
    become: (next: 'open' | 'closed'): void => {
      const planned = next === 'open' ? open : closed;
      organisation.replace(current, planned);
      current = planned;
    },
    handle: (told: unknown) => handleChange(told, run()),
    /** Takes one message off the queue, as the collect Lambda does. */
    collect: async (message: CollectMessage) => {
      wait(1);
      const collected = await collectPlace(message, { ...run(), source: organisation, signal: NEVER });
      for (const probe of collected?.probes ?? []) await judge(probe);
      return collected;
    },
    sweep: { kind: 'collect', place: { account: A, region: REGION, partition: 'aws' }, services: [] } as CollectMessage,
    told: async (): Promise<readonly Notice[]> =>
      (await store.outbox.due('9999-01-01T00:00:00.000Z', 100)).map((entry) => entry.notice),
    id: planted.id,
  };
}
const who = (notice: Notice | undefined) => notice?.lines.find((line) => line.startsWith('WHO'));

describe('a change that an event tells of', () => {
  it('is looked at at once, and the one alert names who did it', async () => {
    const { become, collect, handle, organisation, queue, sweep, told, wait } = world();
    await collect(sweep);
    wait(60);
    become('open');
    await handle(event('e1', organisation.now.toISOString()));
    expect(queue).toMatchObject([{ body: { recheck: { touched: ['ec2:sg-0123456789abcdef0'], attempt: 0 } } }]);
    expect(queue[0]!.body.services).toContain('interfaces');
    await collect(queue[0]!.body);
    const notices = await told();
    expect(notices.map((n) => [n.kind, n.incident.protection])).toEqual([['opened', 'network']]);
    expect(who(notices[0])).toMatch(
      /AuthorizeSecurityGroupIngress by jdoe@example\.com .* from 198\.51\.100\.7, console, .* event e1/,
    );
  });

  it('is read again at 30 s, 2 min and 10 min until two reads say the same', async () => {
    const { become, collect, handle, organisation, queue, sweep } = world();
    await collect(sweep);
    await handle(event('e1', organisation.now.toISOString()));
    const first = (await collect(queue[0]!.body))?.again;
    expect([first?.delaySeconds, first?.body.recheck?.attempt]).toEqual([30, 1]);
    // The API was late to show it.
    become('open');
    const second = (await collect(first!.body))?.again;
    expect([second?.delaySeconds, second?.body.recheck?.attempt]).toEqual([90, 2]);
    expect((await collect(second!.body))?.again).toBeUndefined();
  });

  it('goes on being read while something is pending, and stops at 10 minutes', async () => {
    const { collect, handle, organisation, queue, sweep, become } = world();
    become('open');
    await collect(sweep);
    await handle(event('e1', organisation.now.toISOString()));
    const [service] = organisation.services;
    expect(service?.service).toBe('interfaces');
    const pending = organisation.sweep.bind(organisation);
    organisation.sweep = async (...args) =>
      (await pending(...args)).map((report) => ({
        ...report,
        endpoints: report.endpoints.map((e) => ({
          ...e,
          declared: { network: { ...declaredOn('x'), pending: 'off' as const } },
        })),
      }));
    const delays: (number | undefined)[] = [];
    let next: CollectMessage | undefined = queue[0]!.body;
    while (next !== undefined) {
      const again: Queued<CollectMessage> | undefined = (await collect(next))?.again;
      delays.push(again?.delaySeconds);
      next = again?.body;
    }
    expect(delays).toEqual([30, 90, 480, undefined]);
  });

  it('of a network rule leaves out services that hold nothing, and never interfaces', async () => {
    const { collect, handle, organisation, queue, sweep } = world();
    organisation.services = ['interfaces', 'rds', 'redshift'].map((service) => ({
      ...{ service, scope: 'regional', cost: { empty: 1, each: 0 } },
    }));
    organisation.plant(A, REGION, 'rds', 'db');
    await collect(sweep);
    await handle(event('e1', organisation.now.toISOString()));
    expect(queue[0]?.body.services).toEqual(expect.arrayContaining(['interfaces', 'rds']));
    expect(queue[0]?.body.services).not.toContain('redshift');
  });

  it('told twice, late, or of something else causes looks and no second alert', async () => {
    const { become, collect, handle, organisation, queue, sweep, told } = world();
    await collect(sweep);
    become('open');
    const told1 = event('e1', organisation.now.toISOString());
    await handle(told1);
    await handle(told1);
    await handle(event('e0', new Date(organisation.now.getTime() - 300_000).toISOString()));
    for (const { body } of [...queue]) await collect(body);
    expect((await told()).map((n) => n.kind)).toEqual(['opened']);
  });

  it('that comes after the alert is told as an update of it, once', async () => {
    const { become, collect, handle, organisation, sweep, told, wait } = world();
    await collect(sweep);
    const at = new Date(organisation.now.getTime() + 30_000).toISOString();
    wait(6 * 60 * 60);
    become('open');
    await collect(sweep);
    expect(who((await told())[0])).toContain('not attributed');
    await handle(event('e1', at));
    await handle(event('e1', at));
    const notices = await told();
    expect(notices.map((n) => n.kind).toSorted()).toEqual(['attributed', 'opened']);
    expect(who(notices.find((n) => n.kind === 'attributed'))).toContain('jdoe');
  });

  it('of another group explains nothing, and in the end the alert says that no event does', async () => {
    const { become, collect, handle, id, organisation, run, sweep, told, wait } = world();
    await collect(sweep);
    wait(6 * 60 * 60);
    become('open');
    await collect(sweep);
    await handle(event('e1', organisation.now.toISOString(), 'sg-0fedcba9876543210'));
    expect((await told()).map((n) => n.kind)).toEqual(['opened']);
    expect(await explainEndpoint(id, run())).toBe(0);
    expect(await explainEndpoint(id, run(), true)).toBe(1);
    expect(await explainEndpoint(id, run(), true)).toBe(0);
    expect(who((await told()).find((n) => n.kind === 'attributed'))).toContain('no API event explains this');
  });

  it('that is none, or not from AWS, is ignored with a reason', async () => {
    const { handle, queue } = world();
    const good = event('e1', '2026-11-25T12:00:00Z');
    for (const told of [
      { ...good, source: 'mine' },
      {},
      null,
      'x',
      { ...good, detail: { ...good.detail, errorCode: 'AccessDenied' } },
    ]) {
      expect(['ignored', 'malformed']).toContain((await handle(told)).kind);
    }
    expect(queue).toEqual([]);
  });
});

describe('a place that the collect queue names', () => {
  it('is read where something is due, and once: a second message finds nothing to do', async () => {
    const { collect, organisation, sweep } = world();
    expect((await collect(sweep))?.probes.map((p) => p.endpoint.name)).toEqual(['eni-1']);
    organisation.asked.length = 0;
    expect(await collect(sweep)).toBeUndefined();
    expect(organisation.asked).toEqual([]);
  });

  it('leaves unknown what did not answer, and tells the ledger when that begins and ends', async () => {
    const { collect, organisation, store, sweep, wait } = world();
    await collect(sweep);
    const cell = `${A}/${REGION}/interfaces`;
    organisation.fail(cell, 'throttled');
    wait(3_600);
    const throttled = await collect(sweep);
    expect(throttled?.probes.map((p) => [p.endpoint.declared, p.gaps?.map((g) => g.code)])).toEqual([
      [{}, ['throttled']],
    ]);
    wait(400);
    await collect(sweep);
    organisation.fail(cell, undefined);
    wait(3_600);
    await collect(sweep);
    const gaps: unknown[] = [];
    for await (const { kind, subject, body } of store.ledger())
      if (kind === 'gap' && subject === cell) gaps.push(body.event);
    expect(gaps).toEqual(['began', 'ended']);
  });

  it('tells of a deletion that the API confirmed, until it is judged', async () => {
    const { collect, organisation, id, sweep, wait } = world();
    await collect(sweep);
    organisation.remove(A, REGION, 'interfaces', 'eni-1');
    const gone: (readonly string[])[] = [];
    for (let n = 0; n < 3; n++) {
      wait(3_600);
      const collected = await collect(sweep);
      gone.push(collected?.gone.map((r) => `${r.endpoint.id} ${String(r.deleted)}`) ?? []);
    }
    expect(gone).toEqual([[], [`${id} true`], [`${id} true`]]);
  });
});
