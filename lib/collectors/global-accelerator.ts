/**
 * Accelerators in front of balancers, instances and Elastic IPs (aws-services.md section 2.26): a public path that
 * needs no public address behind it. It answers in one region of one partition only.
 * Calls: ListAccelerators, ListCustomRoutingAccelerators; per enabled accelerator ListListeners and ListEndpointGroups.
 * A door is a TCP port of the catalogue on either side of an accelerator, or any other port that leads to a balancer,
 * whose targets in another region are not followed. An accelerator has no security group. Where it keeps the callers'
 * addresses the groups of the endpoint filter, in a region whose network is not read here: then reach is unknown.
 * Custom routing maps ports to whole subnets and is reported as a gap.
 */
import {
  type Accelerator,
  GlobalAcceleratorClient,
  DescribeAcceleratorCommand,
  ListAcceleratorsCommand,
  ListCustomRoutingAcceleratorsCommand,
  ListEndpointGroupsCommand,
  ListListenersCommand,
} from '@aws-sdk/client-global-accelerator';
import { type AcceleratorDoor, acceleratorDoors } from '../aws/accelerator-doors.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf } from '../aws/dependencies.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { inFrontOf, weakestOf } from '../aws/front.ts';
import { type Pages, pagesOf } from '../aws/pages.ts';
import type { Endpoint } from '../model/endpoint.ts';

const ACTIONS = {
  list: 'globalaccelerator:ListAccelerators',
  describe: 'globalaccelerator:DescribeAccelerator',
  custom: 'globalaccelerator:ListCustomRoutingAccelerators',
  listeners: 'globalaccelerator:ListListeners',
  groups: 'globalaccelerator:ListEndpointGroups',
} as const;
/** The most that it returns per page. */
const PAGE = 100;

export const globalAccelerator: Collector = {
  service: 'global-accelerator',
  scope: 'global',
  homeRegion: 'us-west-2',
  actions: Object.values(ACTIONS),
  cost: { empty: 2, each: 2 },
  async collect(cell) {
    // Other partitions do not have it.
    if (cell.place.partition !== 'aws') return [];
    const client = cell.client(GlobalAcceleratorClient);
    const accelerators = await cell.list(
      ACTIONS.list,
      (NextToken) => client.send(new ListAcceleratorsCommand({ MaxResults: PAGE, NextToken })),
      (page) => page.Accelerators,
      (page) => page.NextToken,
    );
    const custom = await cell.list(
      ACTIONS.custom,
      (NextToken) => client.send(new ListCustomRoutingAcceleratorsCommand({ MaxResults: PAGE, NextToken })),
      (page) => page.Accelerators,
      (page) => page.NextToken,
    );
    cell.watch(accelerators.length + custom.length);
    for (const { Name: name, Enabled: enabled } of custom) {
      if (enabled === false) continue;
      cell.gap(
        'incomplete',
        `custom routing accelerator ${name ?? 'unnamed'}: its port mappings are not followed`,
        name,
      );
    }
    const found = await Promise.all(accelerators.filter(isOn).map((accelerator) => frontsOf(cell, accelerator)));
    return found.flatMap(({ items }) => items);
  },
  async exists(cell, { arn, name, port }) {
    const client = cell.client(GlobalAcceleratorClient);
    const call = () => client.send(new DescribeAcceleratorCommand({ AcceleratorArn: arn }));
    const answer = await cell.askMaybe(ACTIONS.describe, call, ['AcceleratorNotFoundException'], arn);
    if (answer === ABSENT) return false;
    if (answer?.Accelerator === undefined) return undefined;
    if (!isOn(answer.Accelerator)) return false;
    const { items, whole } = await frontsOf(cell, answer.Accelerator);
    if (items.some((front) => front.name === name && front.port === port)) return true;
    return whole ? false : undefined;
  },
};

function isOn({ Enabled: enabled }: Accelerator): boolean {
  return enabled !== false;
}

async function frontsOf(cell: Cell, accelerator: Accelerator): Promise<Pages<Endpoint>> {
  const { AcceleratorArn: arn, DnsName, DualStackDnsName } = accelerator;
  const host = DualStackDnsName ?? DnsName;
  if (arn === undefined || host === undefined) {
    cell.gap('incomplete', `accelerator ${accelerator.Name ?? 'unnamed'} has no ARN or DnsName yet`);
    return { items: [], whole: false };
  }
  const client = cell.client(GlobalAcceleratorClient);
  const listeners = await pagesOf(cell, undefined, {
    action: ACTIONS.listeners,
    call: (NextToken) => client.send(new ListListenersCommand({ AcceleratorArn: arn, MaxResults: PAGE, NextToken })),
    items: (page) => page.Listeners,
    next: (page) => page.NextToken,
  });
  const tcp = listeners.items.filter(({ Protocol: protocol }) => protocol !== 'UDP');
  const led = await Promise.all(
    tcp.map(async (listener) => {
      const groups = await pagesOf(cell, undefined, {
        action: ACTIONS.groups,
        call: (NextToken) =>
          client.send(
            new ListEndpointGroupsCommand({ ListenerArn: listener.ListenerArn, MaxResults: PAGE, NextToken }),
          ),
        items: (page) => page.EndpointGroups,
        next: (page) => page.NextToken,
      });
      return { items: acceleratorDoors(listener, groups.items), whole: groups.whole };
    }),
  );
  const items = led.flatMap((l) => l.items).map((door) => endpointOf(cell, arn, host, accelerator, door));
  return { items, whole: listeners.whole && led.every(({ whole }) => whole) };
}

function endpointOf(
  cell: Cell,
  arn: string,
  host: string,
  { Name: name, CreatedTime: made }: Accelerator,
  { port, engine, ways }: AcceleratorDoor,
): Endpoint {
  // Names are not unique; the id at the end of the ARN is.
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  return awsEndpoint(cell, {
    name: id,
    door: String(port),
    host,
    port,
    engine,
    arn,
    tags: tagsOf(name === undefined ? {} : { Name: name }),
    incarnation: made?.toISOString(),
    foundBy: ['balancer'],
    declared: {
      network: inFrontOf(
        ways.map(({ target }) => target),
        weakestOf(ways.map(({ protection }) => protection)),
      ),
    },
    dependencies: [...keysOf('globalaccelerator:accelerator', id), ...ways.flatMap(({ keys }) => keys)],
  });
}
