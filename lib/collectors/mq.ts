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
import { type Door, doorOf } from '../aws/doors.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { isListed } from '../aws/listed.ts';
import { ownInterfaces } from '../aws/own-interfaces.ts';
import { type PageCall, pagesOf } from '../aws/pages.ts';
import {
  declaredOff,
  declaredOn,
  declaredSwitch,
  declaredUnknown,
  notApplicable,
  withPending,
} from '../model/declared.ts';
import type { Endpoint, Engine } from '../model/endpoint.ts';
import type { Network } from '../model/network.ts';
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
    const index = indexNetwork(network);
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
        return broker === ABSENT || broker === undefined ? [] : endpointsOf(cell, broker, network, index);
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

function endpointsOf(cell: Cell, broker: Broker, network: Network, index: NetworkIndex): readonly Endpoint[] {
  const { BrokerName: name, BrokerId, BrokerArn: arn, BrokerState: state, Tags: tags } = broker;
  const doors = doorsOf(broker);
  if (name === undefined || doors.length === 0) {
    cell.gap('incomplete', `broker ${name ?? 'unnamed'} has no endpoint yet: ${state ?? 'no state'}`, name);
    return [];
  }
  const engine = ENGINES.get(broker.EngineType) ?? 'unidentified';
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
      declared: { network: networkOf(broker, door.port, network, index), ...common },
    }),
  );
}

const ENGINES: ReadonlyMap<string | undefined, Engine> = new Map([
  ['ACTIVEMQ', 'activemq'],
  ['RABBITMQ', 'rabbitmq'],
]);
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
function doorsOf({ BrokerInstances: instances }: Broker): readonly Door[] {
  return (instances ?? []).flatMap(({ Endpoints: urls, ConsoleURL: console }, i) => {
    const number = i === 0 ? '' : `-${i + 1}`;
    const named = (urls ?? []).map((url) => {
      const scheme = url.split('://', 1)[0] ?? '';
      return [PROTOCOLS.get(scheme) ?? scheme, url] as const;
    });
    return [...named, [CONSOLE, console] as const].flatMap(([door, url]) => {
      // All but consoles name their port.
      const at = addressOf(url, door === CONSOLE || door === 'wss' ? 443 : 0);
      return at === undefined || at.port === 0 ? [] : [{ door: `${door}${number}`, ...at }];
    });
  });
}

function networkOf(broker: Broker, port: number, network: Network, index: NetworkIndex): Protection {
  const { PubliclyAccessible: isPublic, EngineType: type, SecurityGroups: groups, SubnetIds: subnets } = broker;
  if (isPublic === undefined) return declaredUnknown('PubliclyAccessible absent');
  if (!isPublic) return declaredOn('PubliclyAccessible=false');
  if (type === 'RABBITMQ') return declaredOff('PubliclyAccessible=true: no security group applies to RabbitMQ');
  if (groups === undefined || groups.length === 0)
    return declaredUnknown('PubliclyAccessible=true, SecurityGroups absent');
  const subnetIds = subnets ?? [];
  const enis = ownInterfaces(network, {
    addresses: (broker.BrokerInstances ?? []).map(({ IpAddress }) => IpAddress),
    within: ({ SubnetId }) => SubnetId !== undefined && subnetIds.includes(SubnetId),
  });
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
function auditOf({ EngineType: type, Logs: logs }: Broker): Protection {
  if (type === 'RABBITMQ') return notApplicable('RabbitMQ brokers write no audit log');
  const now = declaredSwitch('Logs.Audit', logs?.Audit);
  const then = logs?.Pending?.Audit;
  return then === undefined ? now : withPending(now, then ? 'on' : 'off');
}
