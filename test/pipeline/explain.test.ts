import { awsEndpoint } from '../../lib/aws/endpoint.ts';
import { resourceNames } from '../../lib/aws/lookup-events.ts';
import { normalise } from '../../lib/events/normalise.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Change } from '../../lib/model/change.ts';
import { declaredOff, declaredOn } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { CollectMessage } from '../../lib/model/messages.ts';
import type { Queued } from '../../lib/model/queue.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { handleChange } from '../../lib/pipeline/change.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { describe, expect, it } from 'vitest';
import { A, NEVER, PLACE, REGION, at, event, judge, settledWorld } from '../support/queued.ts';

describe('who did it', () => {
  const change = (id: string, time: string, over: Partial<Change> = {}): Change => ({
    ...{
      id,
      at: time,
      account: A,
      region: REGION,
      source: 'es.amazonaws.com',
      name: 'UpdateDomainConfig',
      kind: 'change',
    },
    ...{ touched: ['es:domain/vpc-search'], services: ['opensearch'] },
    actor: { who: id, type: 'IAMUser', channel: 'cli' },
    ...over,
  });

  it('is whoever did it within the window, also where his event comes after the alert', async () => {
    const { store, organisation, wait, bad, good } = await settledWorld();
    const start = organisation.now.getTime();
    // Harmless, 40 minutes before; the last good look comes after it.
    await store.changes.add(change('harmless', new Date(start - 40 * 60_000).toISOString()));
    wait(120);
    const now = organisation.now.toISOString();
    await judge({ kind: 'probe', endpoint: { ...bad, declaredAt: now }, since: now }, store, organisation.now);
    // CloudTrail delivers five minutes later what happened in the window.
    const culprit = event('culprit', new Date(start + 60_000).toISOString());
    wait(300);
    await handleChange(culprit, {
      ...{ store, collect: { send: async () => undefined }, allowlist: EMPTY_ALLOWLIST, runId: 'e', vantage: 'v' },
      ...{ placeOf: async () => PLACE, now: () => organisation.now, signal: NEVER },
    });
    const incident = (await store.read(good.id))?.incidents[0];
    expect(incident?.attribution?.changes.map((c) => c.id)).toEqual(['culprit']);
  });

  it('is not whoever touched the log group or the key, where authentication was lost', async () => {
    const { store, organisation, wait, good } = await settledWorld();
    const start = organisation.now.getTime();
    const endpoint = { ...good, dependencies: ['es:domain/vpc-search', 'logs:log-group/x'] };
    const look = (level: 'on' | 'off', time: Date) =>
      judge(
        {
          kind: 'probe',
          endpoint: {
            ...endpoint,
            declared: { 'access-policy': level === 'on' ? declaredOn('x') : declaredOff('x') },
            declaredAt: time.toISOString(),
          },
          since: time.toISOString(),
        },
        store,
        time,
      );
    wait(60);
    await look('on', organisation.now);
    await store.changes.add(
      change('retention', new Date(start + 70_000).toISOString(), {
        ...{
          source: 'logs.amazonaws.com',
          name: 'PutRetentionPolicy',
          kind: 'guardrail',
          touched: ['logs:log-group/x'],
        },
      }),
    );
    wait(60);
    await look('off', organisation.now);
    const incident = (await store.read(good.id))?.incidents.find((i) => i.protection === 'access-policy');
    expect([incident?.origin, incident?.attribution]).toEqual(['removed', undefined]);
  });

  it('is looked up by the resource’s own name, however many groups and subnets it depends on', () => {
    const dependencies = [
      ...Array.from({ length: 12 }, (_, n) => `ec2:subnet-0123456${n + 10}`),
      'rds:db/prod',
    ].toSorted();
    expect(resourceNames(dependencies).slice(0, 10)).toContain('prod');
  });
});

describe('a shared prefix list with many dependents', () => {
  it('leads to every account that depends on it', async () => {
    const store = memoryStore({ sinks: [] });
    const now = new Date(at(0));
    for (let account = 0; account < 12; account++) {
      for (let n = 0; n < 60; n++) {
        const place = { account: String(100_000_000_000 + account), region: REGION, partition: 'aws' } as const;
        const endpoint: Endpoint = {
          ...awsEndpoint(
            { place, service: 'rds' },
            { name: `db${n}`, host: 'h', port: 1, engine: 'postgres', declared: {} },
          ),
          dependencies: ['ec2:pl-0123456789abcdef0'],
        };
        const reading = {
          id: endpoint.id,
          runId: 'r',
          at: at(0),
          endpoint,
          vantage: 'v',
          observations: [],
          vantageAlive: true,
        };
        await assess(reading, store, EMPTY_ALLOWLIST, () => now);
      }
    }
    const sent: Queued<CollectMessage>[] = [];
    const body = event('pl', at(0));
    Object.assign(body.detail, {
      ...{ eventSource: 'ec2.amazonaws.com', eventName: 'ModifyManagedPrefixList' },
      requestParameters: { ModifyManagedPrefixListRequest: { PrefixListId: 'pl-0123456789abcdef0' } },
    });
    await handleChange(body, {
      ...{ store, allowlist: EMPTY_ALLOWLIST, runId: 'e', vantage: 'v', now: () => now, signal: NEVER },
      collect: { send: async (m: readonly Queued<CollectMessage>[]) => void sent.push(...m) },
      placeOf: async (account: string, region: string) => ({ account, region, partition: 'aws' as const }),
    });
    const accounts = new Set(sent.map((m) => m.body.place.account));
    accounts.delete(A);
    expect(accounts.size).toBe(12);
  });
});

describe('the person behind a role', () => {
  it('is not whoever a role of our own making names, by a prefix that IAM does not keep for itself', () => {
    const detail = event('x', at(0)).detail;
    const userIdentity = {
      ...{ type: 'AssumedRole', principalId: 'AROA:alice@example.com', accountId: A },
      arn: `arn:aws:sts::${A}:assumed-role/AWSReservedSSO_Fake_0123456789abcdef/alice@example.com`,
      sessionContext: {
        sessionIssuer: {
          arn: `arn:aws:iam::${A}:role/AWSReservedSSO_Fake_0123456789abcdef`,
          userName: 'AWSReservedSSO_Fake_0123456789abcdef',
        },
      },
    };
    const normal = normalise({ ...detail, userIdentity }, new Date(at(0)));
    expect(normal.kind === 'change' ? normal.change.actor.human : 'ignored').toBeUndefined();
  });
});
