import {
  GetInstanceCommand,
  GetInstancesCommand,
  GetRelationalDatabaseCommand,
  GetRelationalDatabaseParametersCommand,
  GetRelationalDatabasesCommand,
  type Instance,
  type InstancePortInfo,
  LightsailClient,
  type RelationalDatabase,
  type RelationalDatabaseParameter,
} from '@aws-sdk/client-lightsail';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { lightsail } from '../../lib/collectors/lightsail.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(LightsailClient);
afterEach(() => aws.reset());

function database(change: Partial<RelationalDatabase> = {}): RelationalDatabase {
  return {
    name: 'shop',
    arn: 'arn:aws:lightsail:us-east-1:111122223333:RelationalDatabase/u-1',
    engine: 'mysql',
    state: 'available',
    masterEndpoint: { address: 'ls-abc.us-east-1.rds.amazonaws.com', port: 3306 },
    publiclyAccessible: false,
    parameterApplyStatus: 'in-sync',
    tags: [{ key: 'team', value: 'web' }],
    ...change,
  };
}

function instance(ports: InstancePortInfo[] | undefined, change: Partial<Instance> = {}): Instance {
  return {
    name: 'wordpress',
    arn: 'arn:aws:lightsail:us-east-1:111122223333:Instance/u-2',
    publicIpAddress: '52.0.0.9',
    ipv6Addresses: ['2600:1f18::9'],
    networking: { ports },
    ...change,
  };
}
const port = (from: number, to = from, over: Partial<InstancePortInfo> = {}): InstancePortInfo => ({
  fromPort: from,
  toPort: to,
  protocol: 'tcp',
  accessDirection: 'inbound',
  cidrs: ['0.0.0.0/0'],
  ipv6Cidrs: [],
  cidrListAliases: [],
  ...over,
});

function answer(
  databases: readonly RelationalDatabase[],
  instances: readonly Instance[] = [],
  parameter: RelationalDatabaseParameter = { parameterName: 'require_secure_transport', parameterValue: '1' },
): void {
  aws.on(GetRelationalDatabasesCommand).resolves({ relationalDatabases: [...databases] });
  aws.on(GetInstancesCommand).resolves({ instances: [...instances] });
  aws.on(GetRelationalDatabaseParametersCommand).resolves({ parameters: [{ parameterName: 'other' }, parameter] });
}

describe('Lightsail databases', () => {
  it('finds nothing, and says that the lists are whole, where there is nothing', async () => {
    answer([]);
    const { endpoints, status, cell } = await collectWith(lightsail);
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.asked).toEqual(['lightsail:GetRelationalDatabases', 'lightsail:GetInstances']);
  });

  it('reads a private database that demands TLS', async () => {
    answer([database()]);
    const { endpoints, status, cell } = await collectWith(lightsail);
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints).toMatchObject([
      {
        id: '111122223333/us-east-1/lightsail/shop',
        host: 'ls-abc.us-east-1.rds.amazonaws.com',
        port: 3306,
        engine: 'mysql',
        tags: { team: 'web' },
      },
    ]);
    expect(levels(endpoints[0]!)).toEqual({ network: 'on', authentication: 'on', tls: 'on' });
  });

  it('asks for a database that took over a name by its own kind', async () => {
    answer([database()]);
    const [endpoint] = (await collectWith(lightsail)).endpoints;
    aws.on(GetRelationalDatabaseCommand).resolves({ relationalDatabase: database() });
    aws.on(GetInstanceCommand).rejects(awsError('NotFoundException', 404));
    const second = { ...endpoint!, id: `${endpoint!.id}@${endpoint!.incarnation ?? ''}` };
    expect(await lightsail.exists(testCell('lightsail'), second)).toBe(true);
  });

  it('names what it was judged by', async () => {
    answer([database()], [instance([port(3306)])]);
    const { endpoints } = await collectWith(lightsail);
    expect(endpoints.map((e) => e.dependencies)).toEqual([
      ['lightsail:relationaldatabase/shop'],
      ['lightsail:instance/wordpress'],
    ]);
  });

  it.each([
    [true, 'off'],
    [false, 'on'],
    [undefined, 'unknown'],
  ])('has no security group: publiclyAccessible=%s', async (publiclyAccessible, level) => {
    answer([database({ publiclyAccessible })]);
    expect((await collectWith(lightsail)).endpoints[0]?.declared.network?.level).toBe(level);
  });

  it.each([
    ['mysql', 'require_secure_transport', 'ON', 'on'],
    ['mysql', 'require_secure_transport', '0', 'partial'],
    ['mysql', 'require_secure_transport', undefined, 'unknown'],
    ['postgres', 'rds.force_ssl', '1', 'on'],
    ['postgres', 'rds.force_ssl', '0', 'partial'],
    ['postgres', 'require_secure_transport', '1', 'unknown'],
    ['oracle', 'rds.force_ssl', '1', 'unknown'],
  ])('%s with %s=%s', async (engine, parameterName, parameterValue, level) => {
    answer([database({ engine })], [], { parameterName, parameterValue });
    expect((await collectWith(lightsail)).endpoints[0]?.declared.tls?.level).toBe(level);
  });

  it('counts a weaker setting at once, a stronger one when it is in force', async () => {
    const waiting = database({ parameterApplyStatus: 'pending-reboot' });
    const tls = async (parameterValue: string, applyMethod = 'pending-reboot') => {
      answer([waiting], [], { parameterName: 'require_secure_transport', parameterValue, applyMethod });
      return (await collectWith(lightsail)).endpoints[0]?.declared.tls;
    };
    expect(await tls('1')).toMatchObject({ level: 'unknown', pending: 'on' });
    expect(await tls('0')).toMatchObject({ level: 'partial' });
    expect(await tls('1', 'immediate')).toMatchObject({ level: 'on' });
  });

  it.each([
    ['applying', 'on'],
    ['failed-to-apply', undefined],
    [undefined, 'on'],
  ])('does not count a stronger setting while it is %s, however soon it applies', async (state, pending) => {
    answer([database({ parameterApplyStatus: state })], [], {
      parameterName: 'require_secure_transport',
      parameterValue: '1',
      applyMethod: 'immediate',
    });
    const { declared } = (await collectWith(lightsail)).endpoints[0]!;
    expect([declared.tls?.level, declared.tls?.pending]).toEqual(['unknown', pending]);
  });

  it('follows every page of databases and of parameters', async () => {
    answer([]);
    aws.on(GetRelationalDatabasesCommand).callsFake(({ pageToken }: { pageToken?: string }) => ({
      relationalDatabases: [database({ name: pageToken ?? 'a' })],
      ...(pageToken === undefined ? { nextPageToken: 'b' } : {}),
    }));
    aws
      .on(GetRelationalDatabaseParametersCommand)
      .callsFake(({ pageToken }: { pageToken?: string }) =>
        pageToken === undefined
          ? { parameters: [], nextPageToken: 'more' }
          : { parameters: [{ parameterName: 'require_secure_transport', parameterValue: '1' }] },
      );
    const { endpoints } = await collectWith(lightsail);
    expect(endpoints.map((e) => [e.name, e.declared.tls?.level])).toEqual([
      ['a', 'on'],
      ['b', 'on'],
    ]);
  });

  it('leaves only what was denied unknown', async () => {
    answer([database()]);
    aws.on(GetRelationalDatabaseParametersCommand).rejects(awsError('AccessDeniedException', 403));
    const { endpoints, status, cell } = await collectWith(lightsail);
    expect(status).toBe('complete');
    expect(cell.gaps()).toMatchObject([{ subject: 'shop', code: 'denied' }]);
    expect(levels(endpoints[0]!)).toMatchObject({ network: 'on', tls: 'unknown' });
  });

  it('is denied where a list is denied, and in doubt where a token comes twice', async () => {
    answer([]);
    aws.on(GetInstancesCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(lightsail)).status).toBe('denied');
    aws.on(GetInstancesCommand).resolves({ instances: [], nextPageToken: 'same' });
    expect((await collectWith(lightsail)).status).toBe('partial');
  });

  it('has a gap for a database that has no endpoint yet', async () => {
    answer([database({ masterEndpoint: undefined, state: 'creating' })]);
    expect((await collectWith(lightsail)).cell.gaps()).toMatchObject([{ subject: 'shop', code: 'incomplete' }]);
  });
});

describe('Lightsail instances', () => {
  const found = async (ports: InstancePortInfo[], change: Partial<Instance> = {}) => {
    answer([], [instance(ports, change)]);
    const { endpoints } = await collectWith(lightsail);
    return endpoints.map((e) => [e.id.split('/').at(-1), e.host, e.engine, e.declared.network?.level]);
  };

  it.each([
    ['to the world', port(3306), [['3306', '52.0.0.9', 'mysql', 'off']]],
    ['to one office', port(5432, 5432, { cidrs: ['198.41.0.4/32'] }), [['5432', '52.0.0.9', 'postgres', 'partial']]],
    [
      'to two halves of the world',
      port(6379, 6379, { cidrs: ['0.0.0.0/1', '128.0.0.0/1'] }),
      [['6379', '52.0.0.9', 'redis', 'off']],
    ],
    [
      'over IPv6 only',
      port(6379, 6379, { cidrs: [], ipv6Cidrs: ['::/0'] }),
      [['6379-v6', '2600:1f18::9', 'redis', 'off']],
    ],
    ['for every protocol', port(27017, 27017, { protocol: 'all' }), [['27017', '52.0.0.9', 'mongodb', 'off']]],
    [
      'to the console of Lightsail',
      port(9200, 9200, { cidrs: [], cidrListAliases: ['lightsail-connect'] }),
      [
        ['9200', '52.0.0.9', 'elasticsearch', 'partial'],
        ['9200-v6', '2600:1f18::9', 'elasticsearch', 'partial'],
      ],
    ],
    [
      'to sources it does not say',
      { fromPort: 3306, toPort: 3306 },
      [
        ['3306', '52.0.0.9', 'mysql', 'unknown'],
        ['3306-v6', '2600:1f18::9', 'mysql', 'unknown'],
      ],
    ],
    ['to nobody on the internet', port(3306, 3306, { cidrs: ['10.0.0.0/8'] }), []],
    ['over UDP', port(3306, 3306, { protocol: 'udp' }), []],
    ['outwards', port(3306, 3306, { accessDirection: 'outbound' }), []],
    ['no database port', port(443), []],
  ])('open a database port %s', async (_, rule, expected) => {
    expect(await found([rule])).toEqual(expected);
  });

  it('has a door for every database port in a range, and none without an address', async () => {
    const names = (await found([port(5000, 6400)])).map(([name]) => name);
    expect(names).toContain('5432');
    expect(names).toContain('6379');
    expect(names).not.toContain('3306');
    expect(await found([port(3306)], { publicIpAddress: undefined })).toEqual([]);
  });

  it('has a gap where the firewall is not returned', async () => {
    answer([], [instance(undefined)]);
    const { endpoints, cell } = await collectWith(lightsail);
    expect(endpoints).toEqual([]);
    expect(cell.gaps()).toMatchObject([{ subject: 'wordpress', code: 'incomplete' }]);
  });

  it('bounds and cleans hostile names and sources', async () => {
    answer(
      [database({ name: `a\u202e\n${'x'.repeat(5_000)}` })],
      [instance([port(3306, 3306, { cidrs: Array(5_000).fill('0.0.0.0/0') })])],
    );
    const { endpoints } = await collectWith(lightsail);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
    expect(endpoints[1]?.declared.network?.evidence.length).toBeLessThanOrEqual(200);
  });

  it('confirms that something is gone only on the word of the API', async () => {
    answer([database()], [instance([port(3306)])]);
    const [db, door] = (await collectWith(lightsail)).endpoints;
    const ask = (endpoint = db) => lightsail.exists(testCell('lightsail'), endpoint!);
    aws
      .on(GetRelationalDatabaseCommand)
      .rejectsOnce(awsError('NotFoundException'))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ relationalDatabase: database() });
    expect([await ask(), await ask(), await ask()]).toEqual([false, undefined, true]);
    aws
      .on(GetInstanceCommand)
      .rejectsOnce(awsError('NotFoundException'))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolvesOnce({ instance: instance(undefined) })
      .resolvesOnce({ instance: instance([port(443)]) })
      .resolves({ instance: instance([port(3306)]) });
    const said = [await ask(door), await ask(door), await ask(door), await ask(door), await ask(door)];
    expect(said).toEqual([false, undefined, undefined, false, true]);
  });
});
