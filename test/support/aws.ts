/** A cell for collector tests: the real one, over SDK clients that aws-sdk-client-mock answers for. */
import type { Collector } from '../../lib/aws/collector.ts';
import { type OpenCell, openCell } from '../../lib/aws/cell.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Place } from '../../lib/model/inventory.ts';
import { type Network, NETWORK_PARTS, type NetworkPart } from '../../lib/model/network.ts';

export const PLACE: Place = { account: '111122223333', region: 'us-east-1', partition: 'aws' };

export const EMPTY_NETWORK: Network = {
  interfaces: [],
  groups: [],
  subnets: [],
  routeTables: [],
  nacls: [],
  internetGateways: [],
  blockMode: 'off',
  prefixLists: {},
  addresses: [],
  missing: new Set<NetworkPart>(),
};
export const UNREAD_NETWORK: Network = { ...EMPTY_NETWORK, missing: new Set(NETWORK_PARTS) };

export interface TestCell extends OpenCell {
  /** IAM actions asked for, in order. */
  readonly asked: string[];
  /** Refusals that were no gap: action and what was said. */
  readonly refused: (readonly [string, string])[];
}

export function testCell(service: string, options: { place?: Place; network?: Network } = {}): TestCell {
  const place = options.place ?? PLACE;
  const asked: string[] = [];
  const refused: (readonly [string, string])[] = [];
  const cell = openCell({
    place,
    service,
    now: () => new Date('2026-11-25T12:00:00.000Z'),
    signal: new AbortController().signal,
    run: async (action, call) => {
      asked.push(action);
      return call();
    },
    client: (make) => {
      const config = { region: place.region, credentials: { accessKeyId: 'x', secretAccessKey: 'x' }, maxAttempts: 1 };
      return new make(config as never);
    },
    network: async () => options.network ?? EMPTY_NETWORK,
    memo: new Map(),
    onRefusal: (action, detail) => refused.push([action, detail]),
  });
  return { ...cell, asked, refused };
}

/** An AWS error as the SDK throws it. */
export function awsError(name: string, status = 400, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

export interface Collected {
  readonly endpoints: readonly Endpoint[];
  readonly cell: TestCell;
  readonly status: ReturnType<TestCell['status']>;
  /** Endpoint whose id ends with this. */
  readonly door: (ending: string) => Endpoint;
}

export async function collectWith(
  collector: Collector,
  options: { place?: Place; network?: Network } = {},
): Promise<Collected> {
  const cell = testCell(collector.service, options);
  const endpoints = await collector.collect(cell);
  return {
    endpoints,
    cell,
    status: cell.status(endpoints.length),
    door(ending) {
      const found = endpoints.find((e) => e.id.endsWith(ending));
      if (found === undefined)
        throw new Error(`no endpoint ends with ${ending}: ${endpoints.map((e) => e.id).join(' ')}`);
      return found;
    },
  };
}

/** `protection: level` of an endpoint, for short expectations. */
export function levels({ declared }: Endpoint): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(declared).map(([name, { level }]) => [name, level]));
}
