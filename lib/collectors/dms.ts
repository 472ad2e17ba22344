/**
 * Database Migration Service: replication instances, and the profiles of serverless migrations (aws-services.md
 * section 2.17).
 * Calls: DescribeReplicationInstances, DescribeInstanceProfiles (IAM action ListInstanceProfiles); tasks and endpoints
 * once, where there is an instance. An instance is meant to listen to nothing, but it has an address and holds
 * credentials of what it copies: its network is judged on every port, and the door stands for the first that is open.
 * `tls` is how its tasks speak to their databases (lib/aws/dms-connections.ts). A profile has no host of its own.
 */
import {
  DatabaseMigrationServiceClient,
  DescribeInstanceProfilesCommand,
  DescribeReplicationInstancesCommand,
  type InstanceProfile,
  type ReplicationInstance,
} from '@aws-sdk/client-database-migration-service';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { CONNECTION_ACTIONS, connectionTls, flowsOf, readConnections } from '../aws/dms-connections.ts';
import { ec2Keys, keysOf, kmsKeys, type NetworkKeys, networkKeys, type Whereabouts } from '../aws/dependencies.ts';
import { addressesOf, assumedInterfaces, interfacesOf, publicOf } from '../aws/dms-interfaces.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { weakestOf } from '../aws/front.ts';
import { isAnother } from '../aws/incarnation.ts';
import { PARTITION_FACTS } from '../aws/partitions.ts';
import { listedPorts } from '../aws/ports.ts';
import { declaredOn, declaredPartial, declaredUnknown, withPending } from '../model/declared.ts';
import { doorName, type Endpoint, type Flow } from '../model/endpoint.ts';
import type { Network, NetworkInterface } from '../model/network.ts';
import type { Protection } from '../model/protection.ts';
import { printable } from '../model/text.ts';
import { networkProtection } from '../reach/evidence.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';
import { openPorts } from '../reach/ports.ts';

const INSTANCES = 'dms:DescribeReplicationInstances';
const PROFILES = 'dms:ListInstanceProfiles';
/** The most that DMS returns per page. */
const PAGE = 100;
/** Where no port is open there is still one door, so that the instance is known. */
const ANY_PORT = 443;
/** Door of an instance profile: an instance may have its name. */
const PROFILE = 'profile';

export const dms: Collector = {
  service: 'dms',
  scope: 'regional',
  actions: [INSTANCES, PROFILES, ...CONNECTION_ACTIONS],
  cost: { empty: 2, each: 0.2 },
  async collect(cell) {
    const client = cell.client(DatabaseMigrationServiceClient);
    const instances = await cell.list(
      INSTANCES,
      (Marker) => client.send(new DescribeReplicationInstancesCommand({ MaxRecords: PAGE, Marker })),
      (page) => page.ReplicationInstances,
      (page) => page.Marker,
    );
    const profiles = await cell.list(
      PROFILES,
      (Marker) => client.send(new DescribeInstanceProfilesCommand({ MaxRecords: PAGE, Marker })),
      (page) => page.InstanceProfiles,
      (page) => page.Marker,
    );
    const found = profiles.flatMap((profile) => profileOf(cell, profile));
    if (instances.length === 0) return found;
    const connections = await readConnections(cell, client);
    const network = await cell.network();
    const around: Around = { network, index: indexNetwork(network), keys: networkKeys(network) };
    return [
      ...instances.flatMap((instance) => {
        const { ReplicationInstanceArn: arn } = instance;
        const told = { tls: connectionTls(arn, connections), flows: flowsOf(arn, connections) };
        return instanceOf(cell, around, instance, told);
      }),
      ...found,
    ];
  },
  async exists(cell, endpoint) {
    const client = cell.client(DatabaseMigrationServiceClient);
    const { name = '' } = endpoint;
    if (doorName(endpoint) === PROFILE) {
      const Filters = [{ Name: 'instance-profile-identifier', Values: [name] }];
      const call = () => client.send(new DescribeInstanceProfilesCommand({ Filters }));
      const answer = await cell.askMaybe(PROFILES, call, ['ResourceNotFoundFault'], name);
      const found = answer === ABSENT ? [] : answer?.InstanceProfiles;
      return isAmong(
        endpoint,
        found?.map((each) => each.InstanceProfileCreationTime),
      );
    }
    const Filters = [{ Name: 'replication-instance-id', Values: [name] }];
    const call = () => client.send(new DescribeReplicationInstancesCommand({ Filters }));
    const answer = await cell.askMaybe(INSTANCES, call, ['ResourceNotFoundFault'], name);
    const found = answer === ABSENT ? [] : answer?.ReplicationInstances;
    return isAmong(
      endpoint,
      found?.map((each) => each.InstanceCreateTime),
    );
  },
};

/** A filter that meets nothing answers with an empty list; no list is no answer. */
function isAmong(endpoint: Endpoint, created: readonly (Date | undefined)[] | undefined): boolean | undefined {
  return created?.some((time) => !isAnother(endpoint, time?.toISOString()));
}

interface Around {
  readonly network: Network;
  readonly index: NetworkIndex;
  readonly keys: NetworkKeys;
}

/** What its tasks and their endpoints say. */
interface Told {
  readonly tls: Protection;
  readonly flows: readonly Flow[];
}

function instanceOf(
  cell: Cell,
  around: Around,
  instance: ReplicationInstance,
  { tls, flows }: Told,
): readonly Endpoint[] {
  const { ReplicationInstanceIdentifier: name, KmsKeyId: key } = instance;
  const [host] = addressesOf(instance);
  if (name === undefined || host === undefined) {
    const status = instance.ReplicationInstanceStatus ?? 'no status';
    cell.gap('incomplete', `replication instance ${name ?? 'unnamed'} has no address yet: ${status}`, name);
    return [];
  }
  const { ports, protection, enis } = judge(around, instance);
  return [
    awsEndpoint(cell, {
      name,
      host,
      port: ports[0] ?? ANY_PORT,
      engine: 'unidentified',
      arn: instance.ReplicationInstanceArn,
      incarnation: instance.InstanceCreateTime?.toISOString(),
      flows,
      dependencies: [...instanceKeys(instance), ...around.keys({ ...placeOf(instance), enis })],
      declared: {
        network:
          instance.PendingModifiedValues?.NetworkType === 'DUAL' ? withPending(protection, 'unknown') : protection,
        tls,
        'encryption-at-rest':
          key === undefined ? declaredUnknown('KmsKeyId absent') : declaredOn(`always encrypted, KmsKeyId=${key}`),
      },
    }),
  ];
}

interface Judged {
  readonly ports: readonly number[];
  readonly protection: Protection;
  /** Its own, as far as they were found. */
  readonly enis?: readonly NetworkInterface[];
}

function instanceKeys(instance: ReplicationInstance) {
  return [
    ...keysOf('dms:rep', instance.ReplicationInstanceIdentifier),
    ...keysOf('dms:subgrp', instance.ReplicationSubnetGroup?.ReplicationSubnetGroupIdentifier),
    ...kmsKeys(instance.KmsKeyId),
  ];
}

function placeOf({ VpcSecurityGroups: groups, ReplicationSubnetGroup: place }: ReplicationInstance): Whereabouts {
  return {
    groupIds: groups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
    subnetIds: place?.Subnets?.map(({ SubnetIdentifier }) => SubnetIdentifier),
    vpcId: place?.VpcId,
  };
}

/** From where any of its ports can be reached: on its own interfaces, or else as if it stood in each of its subnets. */
function judge({ network, index }: Around, instance: ReplicationInstance): Judged {
  const said = `PubliclyAccessible=${String(instance.PubliclyAccessible ?? 'absent')}`;
  const six = instance.ReplicationInstanceIpv6Addresses ?? [];
  if (publicOf(instance).length === 0 && six.length === 0) {
    if (instance.PubliclyAccessible === false)
      return { ports: [], protection: declaredOn(`${said}, no public address`) };
    return { ports: [], protection: declaredUnknown(`${said}, no public address shown`) };
  }
  const found = interfacesOf(instance, network.interfaces);
  const located = found.length > 0;
  const ranges = (located ? found : assumedInterfaces(instance)).flatMap((eni) => openPorts(index, eni));
  const note = `${said}, ${located ? 'any port' : 'any port, subnet assumed'}`;
  if (ranges.length === 0) return { ports: [], protection: declaredOn(`${note}: closed to the internet`), enis: found };
  const worst = weakestOf(ranges.map(({ reach }) => networkProtection(reach)));
  const protection = { ...worst, evidence: printable(`${note}: ${worst.evidence}`) };
  return { ports: ranges.flatMap((range) => listedPorts(range)).toSorted((a, b) => a - b), protection, enis: found };
}

/** Migrations of a public profile get public addresses; which, and behind which rules, is seen at their interfaces. */
function profileOf(cell: Cell, profile: InstanceProfile): readonly Endpoint[] {
  const { InstanceProfileName: name, PubliclyAccessible: open, VpcSecurityGroups: groups = [] } = profile;
  if (name === undefined) {
    cell.gap('incomplete', 'an instance profile without InstanceProfileName');
    return [];
  }
  const { region, partition } = cell.place;
  const said = `PubliclyAccessible=${String(open ?? 'absent')}, security groups ${groups.join(' ') || 'default'}`;
  return [
    awsEndpoint(cell, {
      name,
      door: PROFILE,
      host: `dms.${region}.${PARTITION_FACTS[partition].dnsSuffix}`,
      port: 443,
      engine: 'provider-api',
      shared: true,
      arn: profile.InstanceProfileArn,
      incarnation: profile.InstanceProfileCreationTime?.toISOString(),
      dependencies: [
        ...keysOf('dms:instance-profile', name),
        ...keysOf('dms:subgrp', profile.SubnetGroupIdentifier),
        ...ec2Keys(...groups),
      ],
      declared: {
        network: open === undefined ? declaredUnknown(said) : open ? declaredPartial(said) : declaredOn(said),
      },
    }),
  ];
}
