import { DescribeBrokerCommand, type DescribeBrokerResponse, ListBrokersCommand, MqClient } from '@aws-sdk/client-mq';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { mq } from '../../lib/collectors/mq.ts';
import { awsError, collectWith, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import { databaseInterface, NETWORK, PRIVATE_SUBNET, PUBLIC_SUBNET } from '../support/rds.ts';

const aws = mockClient(MqClient);
afterEach(() => aws.reset());

const host = (n: number): string => `b-1111-${n}.mq.us-east-1.amazonaws.com`;
const activeInstance = (n: number) => ({
  ConsoleURL: `https://${host(n)}:8162`,
  Endpoints: [
    `ssl://${host(n)}:61617`,
    `amqp+ssl://${host(n)}:5671`,
    `stomp+ssl://${host(n)}:61614`,
    `mqtt+ssl://${host(n)}:8883`,
    `wss://${host(n)}:61619`,
  ],
  IpAddress: '52.0.0.1',
});

function broker(change: Partial<DescribeBrokerResponse> = {}): DescribeBrokerResponse {
  return {
    BrokerId: 'b-1111',
    BrokerName: 'orders',
    BrokerArn: 'arn:aws:mq:us-east-1:111122223333:broker:orders:b-1111',
    BrokerState: 'RUNNING',
    EngineType: 'ACTIVEMQ',
    BrokerInstances: [activeInstance(1)],
    PubliclyAccessible: false,
    SecurityGroups: ['sg-world'],
    SubnetIds: [PUBLIC_SUBNET],
    AuthenticationStrategy: 'SIMPLE',
    EncryptionOptions: { UseAwsOwnedKey: true },
    Logs: { Audit: true, General: true, GeneralLogGroup: 'g' },
    Tags: { team: 'shop' },
    ...change,
  };
}
const RABBIT: Partial<DescribeBrokerResponse> = {
  EngineType: 'RABBITMQ',
  BrokerInstances: [
    {
      ConsoleURL: 'https://b-1111.mq.us-east-1.amazonaws.com',
      Endpoints: ['amqps://b-1111.mq.us-east-1.amazonaws.com:5671'],
    },
  ],
};

const summary = ({ BrokerId, BrokerName }: DescribeBrokerResponse) => ({
  BrokerId,
  BrokerName,
  DeploymentMode: 'SINGLE_INSTANCE' as const,
  EngineType: 'ACTIVEMQ' as const,
});

function answer(...brokers: readonly DescribeBrokerResponse[]): void {
  aws.on(ListBrokersCommand).resolves({ BrokerSummaries: brokers.map(summary) });
  aws
    .on(DescribeBrokerCommand)
    .callsFake(({ BrokerId }: { BrokerId: string }) => brokers.find((b) => b.BrokerId === BrokerId));
}
const collect = () => collectWith(mq, { network: NETWORK });
const words = (id: string): string => id.split('/').slice(4).join('/');

describe('Amazon MQ brokers', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['mq:ListBrokers']]);
  });

  it('reads a private ActiveMQ broker: a door per protocol, and the console', async () => {
    answer(broker());
    const { endpoints, status, cell, door } = await collect();
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints.map((e) => [words(e.id), e.port, e.engine])).toEqual([
      ['openwire', 61_617, 'activemq'],
      ['amqp', 5671, 'activemq'],
      ['stomp', 61_614, 'activemq'],
      ['mqtt', 8883, 'activemq'],
      ['wss', 61_619, 'activemq'],
      ['console', 8162, 'http'],
    ]);
    expect(door('/openwire')).toMatchObject({ host: host(1), incarnation: 'b-1111', tags: { team: 'shop' } });
    expect(levels(door('/openwire'))).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'on',
    });
  });

  it('numbers the doors of a second instance', async () => {
    answer(broker({ BrokerInstances: [activeInstance(1), activeInstance(2)] }));
    const { endpoints, door } = await collect();
    expect(endpoints).toHaveLength(12);
    expect(door('/console-2').host).toBe(host(2));
  });

  it.each([
    ['the world', {}, 'off'],
    ['one office', { SecurityGroups: ['sg-office'] }, 'partial'],
    ['nobody, by its groups', { SecurityGroups: ['sg-shut'] }, 'on'],
    ['nobody, by its routes', { SubnetIds: [PRIVATE_SUBNET] }, 'on'],
    ['who knows: its groups are absent', { SecurityGroups: undefined }, 'unknown'],
    ['who knows: its subnets are absent', { SubnetIds: undefined }, 'unknown'],
    ['who knows: the flag is absent', { PubliclyAccessible: undefined }, 'unknown'],
  ])('opens a public ActiveMQ broker to %s', async (_, change, level) => {
    answer(broker({ PubliclyAccessible: true, ...change }));
    expect((await collect()).endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('judges by its own interface where it finds it', async () => {
    answer(broker({ PubliclyAccessible: true }));
    const eni = databaseInterface({ Groups: [{ GroupId: 'sg-office' }], Description: 'Amazon MQ' });
    const { endpoints } = await collectWith(mq, { network: { ...NETWORK, interfaces: [eni] } });
    expect(endpoints[0]?.declared.network?.level).toBe('partial');
  });

  it('has no security group before a public RabbitMQ broker', async () => {
    answer(broker({ ...RABBIT, PubliclyAccessible: true, SecurityGroups: ['sg-shut'] }));
    const { endpoints } = await collect();
    expect(endpoints.map((e) => [words(e.id), e.port, e.engine, e.declared.network?.level])).toEqual([
      ['amqp', 5671, 'rabbitmq', 'off'],
      ['console', 443, 'http', 'off'],
    ]);
    expect(endpoints[0]?.declared['audit-log']?.level).toBe('not-applicable');
    answer(broker(RABBIT));
    expect((await collect()).endpoints[0]?.declared.network?.level).toBe('on');
  });

  it('says what the next reboot will open or switch off', async () => {
    answer(
      broker({
        PubliclyAccessible: true,
        SecurityGroups: ['sg-shut'],
        PendingSecurityGroups: ['sg-world'],
        Logs: { Audit: true, General: true, GeneralLogGroup: 'g', Pending: { Audit: false } },
        PendingAuthenticationStrategy: 'LDAP',
      }),
    );
    const { declared } = (await collect()).endpoints[0]!;
    expect(declared.network).toMatchObject({ level: 'on', pending: 'off' });
    expect(declared['audit-log']).toMatchObject({ level: 'on', pending: 'off' });
    expect(declared.authentication?.evidence).toBe('AuthenticationStrategy=SIMPLE, then LDAP');
  });

  it('calls nothing safe that AWS did not say', async () => {
    const { BrokerId, BrokerName, BrokerInstances } = broker();
    answer({ BrokerId, BrokerName, BrokerInstances });
    const { endpoints } = await collectWith(mq, { network: UNREAD_NETWORK });
    expect(endpoints[0]?.engine).toBe('unidentified');
    expect(levels(endpoints[0]!)).toMatchObject({
      network: 'unknown',
      authentication: 'unknown',
      'audit-log': 'unknown',
    });
  });

  it('follows every page', async () => {
    answer(broker(), broker({ BrokerId: 'b-2', BrokerName: 'other' }));
    aws
      .on(ListBrokersCommand)
      .callsFake(({ NextToken }: { NextToken?: string }) =>
        NextToken === undefined
          ? { BrokerSummaries: [{ BrokerId: 'b-1111' }], NextToken: 'more' }
          : { BrokerSummaries: [{ BrokerId: 'b-2' }] },
      );
    expect(new Set((await collect()).endpoints.map((e) => e.name))).toEqual(new Set(['orders', 'other']));
  });

  it('is in doubt as a whole where list or hosts are denied, or a token comes twice', async () => {
    answer(broker());
    aws.on(DescribeBrokerCommand).rejects(awsError('ForbiddenException', 403));
    expect(await collect()).toMatchObject({ endpoints: [], status: 'denied' });
    aws.on(ListBrokersCommand).rejects(awsError('ForbiddenException', 403));
    expect((await collect()).status).toBe('denied');
    aws.on(ListBrokersCommand).resolves({ BrokerSummaries: [], NextToken: 'same' });
    expect((await collect()).status).toBe('partial');
  });

  it('forgets a broker that is deleted while it reads', async () => {
    answer(broker());
    aws.on(DescribeBrokerCommand).rejects(awsError('NotFoundException', 404));
    expect(await collect()).toMatchObject({ endpoints: [], status: 'complete' });
  });

  it('has a gap for a broker that is being made', async () => {
    answer(broker({ BrokerInstances: [], BrokerState: 'CREATION_IN_PROGRESS' }));
    expect((await collect()).cell.gaps()).toMatchObject([{ subject: 'orders', code: 'incomplete' }]);
  });

  it('bounds and cleans hostile names and addresses', async () => {
    const Endpoints = [`ssl://${host(1)}:61617`, 'ssl://bad host:1', `${'z'.repeat(5_000)}://x:1`, 'ssl://noport'];
    answer(broker({ BrokerName: `a\u202e\n${'x'.repeat(5_000)}`, BrokerInstances: [{ Endpoints }] }));
    const { endpoints } = await collect();
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer(broker());
    const [endpoint] = (await collect()).endpoints;
    const ask = () => mq.exists(testCell('mq'), endpoint!);
    expect(await ask()).toBe(true);
    aws.on(ListBrokersCommand).resolves({ BrokerSummaries: [summary(broker({ BrokerName: 'orders-2' }))] });
    expect(await ask()).toBe(false);
    aws.on(ListBrokersCommand).rejects(awsError('TooManyRequestsException', 429));
    expect(await ask()).toBeUndefined();
  });
});

describe('what AWS writes in its own way', () => {
  // DescribeBroker spells engines `ActiveMQ` and `RabbitMQ`, whatever its reference says.
  it.each(['RABBITMQ', 'RabbitMQ'])('knows that no group stands before a public %s', async (type) => {
    answer(
      broker({ ...RABBIT, EngineType: type as 'RABBITMQ', PubliclyAccessible: true, SecurityGroups: ['sg-shut'] }),
    );
    const { door } = await collect();
    expect(door('/amqp')).toMatchObject({ engine: 'rabbitmq', declared: { network: { level: 'off' } } });
    expect(door('/amqp').declared['audit-log']?.level).toBe('not-applicable');
  });

  it('knows ActiveMQ as well', async () => {
    answer(broker({ EngineType: 'ActiveMQ' as 'ACTIVEMQ', PubliclyAccessible: true }));
    const { door } = await collect();
    expect(door('/amqp')).toMatchObject({ engine: 'activemq', declared: { network: { level: 'off' } } });
  });

  it('judges no public broker of an unknown engine by groups that it may not have', async () => {
    answer(broker({ EngineType: 'NEWMQ' as 'ACTIVEMQ', PubliclyAccessible: true, SecurityGroups: ['sg-shut'] }));
    expect((await collect()).endpoints[0]?.declared.network?.level).toBe('unknown');
  });

  it('has a gap for an address that names no port', async () => {
    answer(broker({ BrokerInstances: [{ Endpoints: [`ssl://${host(1)}`, `amqp+ssl://${host(1)}:5671`] }] }));
    const { endpoints, status, cell } = await collect();
    expect([endpoints.length, status]).toEqual([1, 'partial']);
    expect(cell.gaps()).toMatchObject([{ code: 'incomplete', detail: expect.stringContaining('ssl://') }]);
  });
});

describe('what a broker depends on', () => {
  it('is its configurations, its key, its logs and all of the path to it', async () => {
    answer(
      broker({
        PubliclyAccessible: true,
        PendingSecurityGroups: ['sg-office'],
        Configurations: { Current: { Id: 'c-1', Revision: 1 }, Pending: { Id: 'c-2', Revision: 1 } },
        EncryptionOptions: { UseAwsOwnedKey: false, KmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/k-1' },
        Logs: { Audit: true, AuditLogGroup: '/aws/amazonmq/audit', General: true, GeneralLogGroup: 'g' },
      }),
    );
    const { endpoints } = await collect();
    expect(endpoints[0]?.dependencies).toEqual([
      'ec2:acl-1',
      'ec2:rtb-public',
      'ec2:sg-office',
      'ec2:sg-world',
      'ec2:subnet-public',
      'ec2:vpc-1',
      'kms:key/k-1',
      'logs:log-group//aws/amazonmq/audit',
      'mq:broker/b-1111',
      'mq:configuration/c-1',
      'mq:configuration/c-2',
    ]);
  });
});
