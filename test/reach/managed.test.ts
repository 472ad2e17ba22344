import { describe, expect, it } from 'vitest';
import type { Network, NetworkInterface } from '../../lib/model/network.ts';
import { type ManagedDoor, managedReach } from '../../lib/reach/managed.ts';
import { indexNetwork } from '../../lib/reach/network-index.ts';
import type { Reach } from '../../lib/reach/network-reach.ts';
import { aDoor, anInterface, networkOf, OPEN_ROUTES } from './network-doors.ts';

const PRIVATE_ROUTES = ['10.0.0.0/16 local', '0.0.0.0/0 nat-1'];

/** sn-1 is public, sn-2 private; sg-open lets all in on 5432, sg-office one block, sg-shut nobody. */
function network(): Network {
  const base = networkOf(
    aDoor({
      groups: {
        'sg-open': ['tcp 5432 0.0.0.0/0', 'tcp 5432 ::/0'],
        'sg-office': ['tcp 5432 8.8.8.0/24'],
        'sg-shut': ['tcp 5432 10.0.0.0/8'],
      },
      tables: [
        { id: 'rtb-1', subnets: ['sn-1'], routes: OPEN_ROUTES },
        { id: 'rtb-2', subnets: ['sn-2'], routes: PRIVATE_ROUTES },
      ],
    }),
  );
  const [acl] = base.nacls;
  return {
    ...base,
    subnets: [...base.subnets, { SubnetId: 'sn-2', VpcId: 'vpc-1' }],
    nacls: [{ ...acl, Associations: [{ SubnetId: 'sn-1' }, { SubnetId: 'sn-2' }] }],
  };
}

const index = indexNetwork(network());

function reach(over: Partial<ManagedDoor>): Reach {
  return managedReach(index, {
    port: 5432,
    publiclyAccessible: true,
    groupIds: ['sg-open'],
    subnetIds: ['sn-1', 'sn-2'],
    vpcId: 'vpc-1',
    dualStack: false,
    ...over,
  });
}

function hers(over: NetworkInterface): NetworkInterface {
  return anInterface({ Groups: [{ GroupId: 'sg-open' }], ...over });
}

describe('a managed service whose interfaces are not seen', () => {
  it('is open where one of its subnets would be, and says that this is assumed', () => {
    expect(reach({}).v4).toMatchObject({
      addresses: [],
      breadth: 'WORLD',
      via: ['rtb-1 0.0.0.0/0 -> igw-1', 'sg-open tcp/5432 from 0.0.0.0/0'],
      blockers: [],
      unknown: [],
      caveats: ['subnet: assumed'],
    });
  });

  it('is closed where none of its subnets leads out', () => {
    expect(reach({ subnetIds: ['sn-2'] }).v4).toMatchObject({
      breadth: 'NONE',
      blockers: ['route table rtb-2 has no route to an internet gateway'],
      unknown: [],
      caveats: [],
    });
  });

  it('is closed where it is not publicly accessible, whatever the groups say', () => {
    const { v4, v6 } = reach({ publiclyAccessible: false });
    for (const family of [v4, v6]) {
      expect(family).toMatchObject({ breadth: 'NONE', blockers: ['PubliclyAccessible=false'], unknown: [] });
    }
  });

  it('is unknown where the service does not say whether it is publicly accessible', () => {
    expect(reach({ publiclyAccessible: undefined }).v4).toMatchObject({
      breadth: 'NONE',
      sources: [],
      blockers: [],
      unknown: ['PubliclyAccessible absent'],
    });
  });

  it('is closed by its groups even where that is not said', () => {
    expect(reach({ publiclyAccessible: undefined, groupIds: ['sg-shut'], subnetIds: ['sn-1'] }).v4).toMatchObject({
      breadth: 'NONE',
      blockers: ['no security group rule for tcp/5432 from the internet'],
      unknown: [],
    });
  });

  it('is unknown where a group or a subnet could not be read, or none is listed', () => {
    expect(reach({ groupIds: ['sg-7'] }).v4.unknown).toContain('group sg-7 not readable');
    expect(reach({ groupIds: [] }).v4.unknown).toContain('security groups of the interface not readable');
    expect(reach({ subnetIds: ['sn-7'] }).v4).toMatchObject({
      breadth: 'NONE',
      unknown: ['nacl of subnet sn-7 not readable', 'route table of subnet sn-7 not readable'],
    });
    expect(reach({ subnetIds: [] }).v4).toMatchObject({ breadth: 'NONE', blockers: [] });
    expect(reach({ subnetIds: [] }).v4.unknown).not.toEqual([]);
  });

  it('is open by the subnet that was read, whatever the other may be', () => {
    expect(reach({ subnetIds: ['sn-7', 'sn-1'] }).v4.breadth).toBe('WORLD');
  });

  it('has IPv6 where the service says so, may have it where it says nothing', () => {
    expect(reach({ dualStack: true }).v6.breadth).toBe('WORLD');
    expect(reach({ dualStack: false }).v6).toMatchObject({ breadth: 'NONE', blockers: ['no public address'] });
    expect(reach({ dualStack: undefined }).v6).toMatchObject({ breadth: 'NONE', unknown: ['IPv6 address not known'] });
    expect(reach({ dualStack: undefined, groupIds: ['sg-office'] }).v6.unknown).toEqual([]);
  });
});

describe('a managed service whose interfaces are known', () => {
  it('is as open as they are, in the subnets they are in', () => {
    const inPublic = reach({ enis: [hers({ SubnetId: 'sn-1' })] });
    expect(inPublic.v4).toMatchObject({ breadth: 'WORLD', addresses: ['54.1.2.3'], caveats: [] });
    const inPrivate = reach({ enis: [hers({ SubnetId: 'sn-2' })] });
    expect(inPrivate.v4).toMatchObject({
      breadth: 'NONE',
      blockers: ['route table rtb-2 has no route to an internet gateway'],
      unknown: [],
    });
  });

  it('goes by the groups of the interfaces', () => {
    const { v4 } = reach({ enis: [hers({ Groups: [{ GroupId: 'sg-office' }] })] });
    expect(v4.breadth).toBe('LIMITED');
  });

  it('is open where any of them is', () => {
    const shut = hers({ Groups: [{ GroupId: 'sg-shut' }], Association: { PublicIp: '54.1.2.4' } });
    const office = hers({ Groups: [{ GroupId: 'sg-office' }] });
    const { v4 } = reach({ enis: [shut, office] });
    expect(v4).toMatchObject({ breadth: 'LIMITED', addresses: ['54.1.2.3', '54.1.2.4'], blockers: [] });
  });

  it('is open by its interface even where the service does not say that it is', () => {
    const { v4 } = reach({ publiclyAccessible: undefined, enis: [hers({})] });
    expect(v4).toMatchObject({ breadth: 'WORLD', unknown: ['PubliclyAccessible absent'] });
  });

  it('is located by an address of either family', () => {
    const V6 = { Ipv6Addresses: [{ Ipv6Address: '2600:1f18::5' }] };
    const both = reach({ dualStack: true, enis: [hers(V6)] });
    expect(both.v4).toMatchObject({ addresses: ['54.1.2.3'], breadth: 'WORLD', unknown: [], caveats: [] });
    expect(both.v6).toMatchObject({ addresses: ['2600:1f18::5'], breadth: 'WORLD', unknown: [], caveats: [] });
    const one = reach({ dualStack: true, enis: [hers({ ...V6, Association: undefined })] });
    expect(one.v4).toMatchObject({ addresses: [], breadth: 'NONE', blockers: ['no public address'], unknown: [] });
    expect(one.v6).toMatchObject({ addresses: ['2600:1f18::5'], breadth: 'WORLD' });
  });

  it('names each address once, in order', () => {
    const at = (PublicIp: string) => hers({ Association: { PublicIp } });
    expect(reach({ enis: [at('54.9.9.9'), at('54.1.2.3'), at('54.9.9.9')] }).v4.addresses).toEqual([
      '54.1.2.3',
      '54.9.9.9',
    ]);
  });

  it('is judged where its interfaces are, where nothing else tells and none of them has an address', () => {
    const where = (SubnetId: string | undefined) =>
      reach({ subnetIds: [], enis: [hers({ Association: undefined, SubnetId })] }).v4;
    const lost = 'PubliclyAccessible=true, but no interface of it has a public address';
    expect(where('sn-1').unknown).toEqual([lost]);
    expect(where('sn-2')).toMatchObject({
      blockers: ['route table rtb-2 has no route to an internet gateway'],
      unknown: [],
    });
    expect(where(undefined).unknown).toContain('nacl of subnet of the interface not readable');
    // What the service says comes first.
    const said = reach({ subnetIds: ['sn-1'], enis: [hers({ Association: undefined, SubnetId: 'sn-2' })] });
    expect(said.v4.unknown).toEqual([lost]);
  });

  it('is unknown where it should have a public address and no interface shows one', () => {
    const { v4 } = reach({ enis: [hers({ Association: undefined })] });
    expect(v4).toMatchObject({
      breadth: 'NONE',
      blockers: [],
      unknown: ['PubliclyAccessible=true, but no interface of it has a public address'],
    });
  });
});

describe('a service without security groups', () => {
  it('in its own network is filtered by nothing of ours', () => {
    expect(reach({ noGroups: true, groupIds: [], subnetIds: [] }).v4).toMatchObject({
      breadth: 'WORLD',
      via: ['no security group on this service'],
      caveats: ['network of the service: not evaluated'],
      unknown: [],
    });
  });

  it('in its own network is open over both families where it has both', () => {
    const { v6 } = reach({ noGroups: true, groupIds: [], subnetIds: [], dualStack: true });
    expect(v6).toMatchObject({
      addresses: [],
      breadth: 'WORLD',
      via: ['no security group on this service'],
      blockers: [],
      unknown: [],
      caveats: ['network of the service: not evaluated'],
    });
    expect(reach({ noGroups: true, groupIds: [], subnetIds: [], dualStack: false }).v6).toMatchObject({
      breadth: 'NONE',
      blockers: ['no public address'],
      unknown: [],
    });
  });

  it('in our subnets is filtered by their ACLs and routes', () => {
    const { v4 } = reach({ noGroups: true, groupIds: [] });
    expect(v4).toMatchObject({
      breadth: 'WORLD',
      via: ['no security group on this service', 'rtb-1 0.0.0.0/0 -> igw-1'],
    });
    expect(reach({ noGroups: true, groupIds: [], subnetIds: ['sn-2'] }).v4.breadth).toBe('NONE');
  });

  it('is closed where it is not public', () => {
    expect(reach({ noGroups: true, publiclyAccessible: false }).v4.breadth).toBe('NONE');
    expect(reach({ noGroups: true, subnetIds: [], publiclyAccessible: undefined }).v4.unknown).toEqual([
      'PubliclyAccessible absent',
    ]);
  });
});
