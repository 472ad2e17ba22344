/**
 * Amazon MQ brokers: ActiveMQ and RabbitMQ (aws-services.md section 2.20).
 * Calls: ListBrokers, DescribeBroker. Whether a broker is public is fixed when it is made. A public ActiveMQ broker is
 * opened and closed by its security groups; a public RabbitMQ broker has none. Each protocol of each instance is a door,
 * the console too. Passwords, TLS and encryption cannot be switched off.
 */
import {
  type BrokerSummary,
  DescribeBrokerCommand,
  type DescribeBrokerCommandOutput,
  ListBrokersCommand,
  type ListBrokersCommandOutput,
  MqClient,
} from '@aws-sdk/client-mq';
import { addressOf } from '../aws/address.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, kmsKeys, networkKeys, type NetworkKeys } from '../aws/dependencies.ts';
import { type Door, doorOf } from '../aws/doors.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { isListed } from '../aws/listed.ts';
import { logKeys } from '../aws/log-groups.ts';
import { ownInterfaces } from '../aws/own-interfaces.ts';
import { type PageCall, pagesOf } from '../aws/pages.ts';
import type { DependencyKey } from '../model/change.ts';
import {
  declaredOff,
  declaredOn,
  declaredSwitch,
  declaredUnknown,
  notApplicable,
  withPending,
} from '../model/declared.ts';
import type { Endpoint, Engine } from '../model/endpoint.ts';
import type { Network, NetworkInterface } from '../model/network.ts';
import type { Protection } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';

const PAGE = 100;
const GONE = ['NotFoundException'];

type Broker = DescribeBrokerCommandOutput;

export const mq: Collector = {
  service: 'mq',
  scope: 'regional',
  actions: ['mq:ListBrokers', 'mq:DescribeBroker'],
  cost: { empty: 1, each: 1 },
  async collect(cell) {
    const { action, call, items, next } = brokerPages(cell);
    const listed = await cell.list(action, call, items, next);
    if (listed.length === 0) return [];
    const network = await cell.network();
    const around = { network, index: indexNetwork(network), keysOn: networkKeys(network) };
    const endpoints = await Promise.all(
      listed.map(async ({ BrokerId: id, BrokerName: name }) => {
        if (id === undefined) {
          cell.gap('incomplete', `broker ${name ?? 'unnamed'} without BrokerId`);
          return [];
        }
        const client = cell.client(MqClient);
        // Without its answer there is no host: the list is then in doubt as a whole.
        const describe = () => client.send(new DescribeBrokerCommand({ BrokerId: id }));
        const broker = await cell.askMaybe('mq:DescribeBroker', describe, GONE);
        return broker === ABSENT || broker === undefined ? [] : endpointsOf(cell, broker, around);
      }),
    );
    return endpoints.flat();
  },
  async exists(cell, { name }) {
    if (name === undefined) return undefined;
    return isListed(await pagesOf(cell, name, brokerPages(cell)), ({ BrokerName }) => BrokerName === name);
  },
};

function brokerPages(cell: Cell): PageCall<ListBrokersCommandOutput, BrokerSummary> {
  const client = cell.client(MqClient);
  return {
    action: 'mq:ListBrokers',
    call: (NextToken) => client.send(new ListBrokersCommand({ NextToken, MaxResults: PAGE })),
    items: (page) => page.BrokerSummaries,
    next: (page) => page.NextToken,
  };
}

interface Around {
  readonly network: Network;
  readonly index: NetworkIndex;
  readonly keysOn: NetworkKeys;
}

function endpointsOf(cell: Cell, broker: Broker, around: Around): readonly Endpoint[] {
  const { BrokerName: name, BrokerId, BrokerArn: arn, BrokerState: state, Tags: tags } = broker;
  const doors = doorsOf(cell, broker);
  if (name === undefined || doors.length === 0) {
    cell.gap('incomplete', `broker ${name ?? 'unnamed'} has no endpoint yet: ${state ?? 'no state'}`, name);
    return [];
  }
  const engine = engineOf(broker);
  const enis = interfacesOf(broker, around.network);
  const dependencies = dependenciesOf(broker, enis, around.keysOn);
  const { KmsKeyId: key, UseAwsOwnedKey: own } = broker.EncryptionOptions ?? {};
  const common = {
    authentication: authenticationOf(broker),
    tls: declaredOn('TLS only, by design'),
    'encryption-at-rest': declaredOn(
      `always encrypted, UseAwsOwnedKey=${String(own ?? 'absent')}, KmsKeyId=${key ?? 'absent'}`,
    ),
    'audit-log': auditOf(broker),
  };
  return doors.map((door) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: door.door.startsWith(CONSOLE) ? 'http' : engine,
      arn,
      tags: tagsOf(tags),
      incarnation: BrokerId,
      declared: { network: networkOf(broker, door.port, enis, around.index), ...common },
      dependencies,
    }),
  );
}

function dependenciesOf(
  broker: Broker,
  enis: readonly NetworkInterface[] | undefined,
  keysOn: NetworkKeys,
): readonly DependencyKey[] {
  const { Configurations: configurations, SecurityGroups: groups = [], PendingSecurityGroups: pending = [] } = broker;
  return [
    ...keysOf('mq:broker', broker.BrokerId),
    ...keysOf('mq:configuration', configurations?.Current?.Id, configurations?.Pending?.Id),
    ...kmsKeys(broker.EncryptionOptions?.KmsKeyId),
    ...logKeys(broker.Logs?.AuditLogGroup),
    ...keysOn({ groupIds: [...groups, ...pending], subnetIds: broker.SubnetIds, enis }),
  ];
}

/** The reference says `ACTIVEMQ`; the API answers `ActiveMQ`. */
function engineOf({ EngineType: type }: Broker): Engine {
  switch (type?.toUpperCase()) {
    case 'ACTIVEMQ':
      return 'activemq';
    case 'RABBITMQ':
      return 'rabbitmq';
    case undefined:
    default:
      return 'unidentified';
  }
}

const CONSOLE = 'console';
/** The scheme of an endpoint, and the protocol's usual name. */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['ssl', 'openwire'],
  ['amqp+ssl', 'amqp'],
  ['amqps', 'amqp'],
  ['stomp+ssl', 'stomp'],
  ['mqtt+ssl', 'mqtt'],
]);

/** Named by protocol; those of a second and third instance are numbered. */
function doorsOf(cell: Cell, { BrokerName: name, BrokerInstances: instances }: Broker): readonly Door[] {
  return (instances ?? []).flatMap(({ Endpoints: urls, ConsoleURL: console }, i) => {
    const number = i === 0 ? '' : `-${i + 1}`;
    const named = (urls ?? []).map((url) => {
      const scheme = url.split('://', 1)[0] ?? '';
      return [PROTOCOLS.get(scheme) ?? scheme, url] as const;
    });
    return [...named, [CONSOLE, console] as const].flatMap(([door, url]) => {
      // All but consoles name their port.
      const at = addressOf(url, door === CONSOLE || door === 'wss' ? 443 : 0);
      if (at !== undefined && at.port !== 0) return [{ door: `${door}${number}`, ...at }];
      if (url !== undefined) cell.gap('incomplete', `broker ${name ?? 'unnamed'}: no address and port in ${url}`);
      return [];
    });
  });
}

/** Those with a public address; undefined where none is found. */
function interfacesOf({ SubnetIds: subnets = [], BrokerInstances: instances = [] }: Broker, network: Network) {
  return ownInterfaces(network, {
    addresses: instances.map(({ IpAddress }) => IpAddress),
    within: ({ SubnetId }) => SubnetId !== undefined && subnets.includes(SubnetId),
  });
}

function networkOf(
  broker: Broker,
  port: number,
  enis: readonly NetworkInterface[] | undefined,
  index: NetworkIndex,
): Protection {
  const { PubliclyAccessible: isPublic, SecurityGroups: groups, SubnetIds: subnetIds = [] } = broker;
  const engine = engineOf(broker);
  if (isPublic === undefined) return declaredUnknown('PubliclyAccessible absent');
  if (!isPublic) return declaredOn('PubliclyAccessible=false');
  if (engine === 'rabbitmq') return declaredOff('PubliclyAccessible=true: no security group applies to RabbitMQ');
  if (engine !== 'activemq')
    return declaredUnknown(`PubliclyAccessible=true, EngineType=${broker.EngineType ?? 'absent'}: do groups apply?`);
  if (groups === undefined || groups.length === 0)
    return declaredUnknown('PubliclyAccessible=true, SecurityGroups absent');
  const judge = (groupIds: readonly string[], of: typeof enis): Protection =>
    networkProtection(managedReach(index, { port, publiclyAccessible: true, groupIds, subnetIds, enis: of }));
  const { PendingSecurityGroups: pending } = broker;
  // Its interfaces still have the groups of today.
  const now = judge(groups, enis);
  return pending === undefined || pending.length === 0 ? now : withPending(now, judge(pending, undefined).level);
}

function authenticationOf({ AuthenticationStrategy: now, PendingAuthenticationStrategy: then }: Broker): Protection {
  if (now === undefined) return declaredUnknown('AuthenticationStrategy absent');
  return declaredOn(`AuthenticationStrategy=${now}${then === undefined || then === now ? '' : `, then ${then}`}`);
}

/** What users did to the broker. RabbitMQ writes no such log. */
function auditOf(broker: Broker): Protection {
  const { Logs: logs } = broker;
  if (engineOf(broker) === 'rabbitmq') return notApplicable('RabbitMQ brokers write no audit log');
  const now = declaredSwitch('Logs.Audit', logs?.Audit);
  const then = logs?.Pending?.Audit;
  return then === undefined ? now : withPending(now, then ? 'on' : 'off');
}
