import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { EVERYDAY_PORTS, NARROW_RANGE, PORTS } from '../../lib/aws/ports.ts';
import { interfaces, MAX_DOORS } from '../../lib/collectors/interfaces.ts';
import type { IpPermission, Network, NetworkInterface, NetworkPart } from '../../lib/model/network.ts';
import { awsError, collectWith, EMPTY_NETWORK, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';

const aws = mockClient(EC2Client);
afterEach(() => aws.reset());

const tcp = (FromPort: number, ToPort = FromPort, ...sources: string[]): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort,
  ToPort,
  IpRanges: (sources.length === 0 ? ['0.0.0.0/0'] : sources)
    .filter((source) => !source.includes(':'))
    .map((CidrIp) => ({ CidrIp })),
  Ipv6Ranges: sources.filter((source) => source.includes(':')).map((CidrIpv6) => ({ CidrIpv6 })),
});
const EVERYTHING: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

function eni(change: Partial<NetworkInterface> = {}): NetworkInterface {
  return {
    NetworkInterfaceId: 'eni-1',
    VpcId: 'vpc-1',
    SubnetId: 'sn-1',
    InterfaceType: 'interface',
    Status: 'in-use',
    RequesterManaged: false,
    Groups: [{ GroupId: 'sg-1' }],
    Attachment: { InstanceId: 'i-1' },
    Association: { PublicIp: '54.1.2.3' },
    ...change,
  };
}

/** A VPC whose subnet leads to the internet in both families; only its security group decides. */
function network(rules: readonly IpPermission[], enis: readonly NetworkInterface[] = [eni()], change = {}): Network {
  const everything = (Egress: boolean) => [
    { RuleNumber: 100, Egress, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
    { RuleNumber: 101, Egress, Protocol: '-1', RuleAction: 'allow', Ipv6CidrBlock: '::/0' },
  ];
  return {
    ...EMPTY_NETWORK,
    interfaces: enis,
    groups: [{ GroupId: 'sg-1', VpcId: 'vpc-1', IpPermissions: rules }],
    subnets: [{ SubnetId: 'sn-1', VpcId: 'vpc-1' }],
    nacls: [
      { NetworkAclId: 'acl-1', Associations: [{ SubnetId: 'sn-1' }], Entries: [false, true].flatMap(everything) },
    ],
    routeTables: [
      {
        RouteTableId: 'rtb-1',
        VpcId: 'vpc-1',
        Associations: [{ SubnetId: 'sn-1' }],
        Routes: [
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' },
          { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1', State: 'active' },
        ],
      },
    ],
    internetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] }],
    ...change,
  };
}

const collect = (of: Network) => collectWith(interfaces, { network: of });
const doors = async (of: Network) => (await collect(of)).endpoints.map(({ host, port }) => `${host} ${port}`);

describe('doors of network interfaces', () => {
  it('finds nothing, and asks nothing, where there is no interface', async () => {
    const { endpoints, status, cell } = await collect(EMPTY_NETWORK);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', []]);
  });

  it('watches over a closed interface that has a public address: one new rule opens a door there', async () => {
    const without = eni({ NetworkInterfaceId: 'eni-2', Association: undefined });
    const { endpoints, cell } = await collect(network([], [eni(), without]));
    expect([endpoints, cell.watched()]).toEqual([[], 1]);
  });

  it('finds the database that somebody runs on an instance, and names what opens it', async () => {
    const { endpoints, status } = await collect(network([tcp(9200)]));
    expect(status).toBe('complete');
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/interfaces/eni-1/54.1.2.3:9200',
      host: '54.1.2.3',
      port: 9200,
      engine: 'elasticsearch',
      name: 'i-1',
      arn: 'arn:aws:ec2:us-east-1:111122223333:network-interface/eni-1',
      incarnation: 'i-1',
      foundBy: ['interface'],
    });
    expect(levels(endpoints[0]!)).toEqual({ network: 'off' });
    expect(endpoints[0]?.declared.network?.evidence).toMatch(/WORLD.*sg-1 tcp\/9200 from 0\.0\.0\.0\/0/);
  });

  it('calls a door open to some partial, and lists no door that only our own network reaches', async () => {
    const { endpoints } = await collect(network([tcp(5432, 5432, '198.51.99.0/24'), tcp(6379, 6379, '10.0.0.0/8')]));
    expect(endpoints.map(({ port, declared }) => [port, declared.network?.level])).toEqual([[5432, 'partial']]);
  });

  it('lists every port of a narrow range but those that everybody opens', async () => {
    expect(await doors(network([tcp(20, 27), tcp(80), tcp(443), tcp(12_345)]))).toEqual(
      [20, 21, 23, 24, 26, 27, 12_345].map((port) => `54.1.2.3 ${port}`),
    );
    expect(EVERYDAY_PORTS).toContain(443);
  });

  it('lists an unknown port as unidentified, and never port 0', async () => {
    const { endpoints } = await collect(network([tcp(0, 1)]));
    expect(endpoints.map(({ port, engine }) => [port, engine])).toEqual([[1, 'unidentified']]);
  });

  it.each([
    ['all traffic', EVERYTHING, /sg-1 all traffic/],
    ['all ports', tcp(0, 65_535), /sg-1 tcp\/0-65535/],
  ])('lists the catalogue where a rule opens %s, and names the range', async (_, rule, range) => {
    const { endpoints } = await collect(network([rule]));
    expect(endpoints.map(({ port }) => port)).toEqual(PORTS.map(({ port }) => port));
    expect(endpoints[0]?.declared.network?.evidence).toMatch(range);
  });

  it('takes a range as broad beyond the limit only', async () => {
    expect(await doors(network([tcp(40_000, 40_000 + NARROW_RANGE - 1)]))).toHaveLength(NARROW_RANGE);
    expect(await doors(network([tcp(40_000, 40_000 + NARROW_RANGE)]))).toEqual([]);
  });

  it('judges each family by itself: IPv6 open, IPv4 closed', async () => {
    const dual = eni({
      Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }],
      PrivateIpAddresses: [{ Association: { PublicIp: '54.1.2.4' } }],
    });
    const { endpoints } = await collect(network([tcp(27_017, 27_017, '::/0')], [dual]));
    expect(endpoints.map(({ id }) => id)).toEqual(['111122223333/us-east-1/interfaces/eni-1/2600:1f18::1:27017']);
    expect(endpoints[0]?.declared.network?.evidence).not.toContain('IPv4');
    expect(await doors(network([tcp(27_017)], [dual]))).toEqual(['54.1.2.3 27017', '54.1.2.4 27017']);
  });

  it('does not blame the addresses of one family for what the other lets in', async () => {
    const dual = eni({ Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }] });
    const { endpoints } = await collect(network([tcp(6379, 6379, '198.51.99.0/24', '::/0')], [dual]));
    expect(endpoints.map(({ host, declared }) => [host, declared.network?.level])).toEqual([
      ['54.1.2.3', 'partial'],
      ['2600:1f18::1', 'off'],
    ]);
  });

  it('says which addresses are Elastic IPs', async () => {
    const { endpoints } = await collect(
      network([tcp(9200)], [eni()], { addresses: [{ PublicIp: '54.1.2.3', NetworkInterfaceId: 'eni-1' }] }),
    );
    expect(endpoints[0]?.foundBy).toEqual(['interface', 'address']);
  });

  it.each([
    ['a network balancer', { InterfaceType: 'network_load_balancer', RequesterManaged: true }],
    ['an application balancer', { RequesterManaged: true, RequesterId: 'amazon-elb' }],
    ['a NAT gateway', { InterfaceType: 'nat_gateway' }],
    ['an interface attached to nothing', { Status: 'available' }],
    ['an interface without a public address', { Association: undefined }],
  ])('leaves out %s', async (_, change) => {
    const { endpoints, status, cell } = await collect(network([tcp(9200)], [eni(change)]));
    expect([endpoints, status, cell.gaps()]).toEqual([[], 'complete', []]);
  });

  it('does not believe that an interface is a balancer because its owner wrote so', async () => {
    const posing = eni({ RequesterId: 'amazon-elb', RequesterManaged: false, Description: 'ELB app/x/1' });
    expect(await doors(network([tcp(9200)], [posing]))).toEqual(['54.1.2.3 9200']);
  });

  it('marks what a managed service made, and believes nobody else who says so', async () => {
    const made = { RequesterId: 'amazon-rds', Description: 'RDSNetworkInterface', Status: 'available' };
    const tagged = { TagSet: [{ Key: 'env', Value: 'prod' }] };
    const { endpoints } = await collect(
      network(
        [tcp(5432)],
        [
          eni({ ...made, ...tagged, RequesterManaged: true, Attachment: undefined }),
          eni({ ...made, NetworkInterfaceId: 'eni-2', Status: 'in-use', RequesterManaged: false }),
        ],
      ),
    );
    expect(endpoints.map(({ tags, name }) => [name, tags])).toEqual([
      ['eni-1', { env: 'prod', 'aws:requester': 'amazon-rds', 'aws:description': 'RDSNetworkInterface' }],
      ['i-1', {}],
    ]);
  });

  it('bounds what one interface can add, and cleans what it says', async () => {
    const Ipv6Addresses = Array.from({ length: 40 }, (_, i) => ({ Ipv6Address: `2600:1f18::${i + 1}` }));
    const hostile = eni({ Ipv6Addresses, TagSet: [{ Key: 'a\u202e', Value: 'x'.repeat(9_000) }] });
    const { endpoints, cell } = await collect(network([tcp(0, 65_535, '0.0.0.0/0', '::/0')], [hostile]));
    expect(endpoints).toHaveLength(MAX_DOORS);
    expect(cell.gaps()).toMatchObject([{ subject: 'eni-1', code: 'incomplete' }]);
    expect(JSON.stringify(endpoints[0]?.tags)).not.toMatch(/\u202e|x{300}/u);
  });
});

describe('what is not known of doors', () => {
  it.each(['interfaces', 'groups', 'subnets', 'routeTables', 'nacls', 'internetGateways'] as const)(
    'is in doubt of its list where %s are missing',
    async (part) => {
      const missing = new Set<NetworkPart>([part]);
      expect((await collect(network([tcp(9200)], [eni()], { missing }))).status).not.toBe('complete');
    },
  );

  it('concludes nothing from a network that nobody could read', async () => {
    const { endpoints, status } = await collect(UNREAD_NETWORK);
    expect([endpoints, status]).toEqual([[], 'partial']);
  });

  it('lists a port that a rule opens with an unknown reach where the routes could not be read', async () => {
    const unread = { routeTables: [], missing: new Set<NetworkPart>(['routeTables']) };
    const { endpoints } = await collect(network([tcp(9200)], [eni()], unread));
    expect(endpoints.map(({ port, declared }) => [port, declared.network?.level])).toEqual([[9200, 'unknown']]);
  });

  it('makes one gap per interface, not a door per port, where anything may be open', async () => {
    const { endpoints, cell, status } = await collect(network([], [eni({ Groups: [{ GroupId: 'sg-of-others' }] })]));
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.gaps()).toMatchObject([
      { subject: 'eni-1', code: 'incomplete', detail: expect.stringContaining('sg-of-others') },
    ]);
  });

  it('says so where an address of ours leads to an interface that is not listed', async () => {
    const hidden = { addresses: [{ PublicIp: '54.9.9.9', NetworkInterfaceId: 'eni-9' }, { PublicIp: '54.9.9.8' }] };
    const { cell } = await collect(network([], [], hidden));
    expect(cell.gaps()).toMatchObject([{ subject: '54.9.9.9', code: 'incomplete' }]);
  });

  it('says so where an interface has no id', async () => {
    const { endpoints, status } = await collect(network([tcp(9200)], [eni({ NetworkInterfaceId: undefined })]));
    expect([endpoints, status]).toEqual([[], 'partial']);
  });
});

describe('whether a door is still there', () => {
  const open = network([tcp(9200)]);
  const ask = async (now: Network, answer: NetworkInterface | Error | undefined) => {
    const [endpoint] = (await collect(open)).endpoints;
    const described = aws.on(DescribeNetworkInterfacesCommand, { NetworkInterfaceIds: ['eni-1'] });
    if (answer instanceof Error) described.rejects(answer);
    else described.resolves({ NetworkInterfaces: answer === undefined ? [] : [answer as object] });
    return interfaces.exists(testCell('interfaces', { network: now }), endpoint!);
  };

  it.each([
    ['the interface is there and open', open, eni(), true],
    ['the API knows no such interface', open, awsError('InvalidNetworkInterfaceID.NotFound'), false],
    ['nobody answers', open, awsError('RequestLimitExceeded', 503), undefined],
    ['the answer is about something else', open, undefined, undefined],
    ['the address went away', open, eni({ Association: undefined }), false],
    ['the interface was detached', open, eni({ Status: 'available' }), false],
    ['the rule was taken back', network([]), eni(), false],
    ['the rules cannot be read', UNREAD_NETWORK, eni(), true],
  ])('%s', async (_, now, answer, expected) => {
    expect(await ask(now, answer)).toBe(expected);
  });
});

describe('what a door of an interface depends on', () => {
  it('is the whole path to it: interface, instance, groups and their lists, subnet, ACL, routes, VPC', async () => {
    const listed: IpPermission = { ...tcp(9200), IpRanges: [], PrefixListIds: [{ PrefixListId: 'pl-1' }] };
    const { endpoints } = await collect(
      network([listed], [eni({ Association: { PublicIp: '54.1.2.3', AllocationId: 'eipalloc-1' } })], {
        prefixLists: { 'pl-1': ['0.0.0.0/0'] },
      }),
    );
    expect(endpoints[0]?.dependencies).toEqual([
      'ec2:acl-1',
      'ec2:eipalloc-1',
      'ec2:eni-1',
      'ec2:i-1',
      'ec2:pl-1',
      'ec2:rtb-1',
      'ec2:sg-1',
      'ec2:sn-1',
      'ec2:vpc-1',
    ]);
  });
});
