/** What both inventories may hold, for tests that put them together. */
import { declaredOff } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { DESCRIPTION_TAG, REQUESTER_TAG } from '../../lib/model/second-inventory.ts';

const PLACE = { account: '111122223333', region: 'us-east-1', source: 'aws' } as const;
export const OPEN = declaredOff('open to WORLD: IPv4 sg-1 tcp/9200 from 0.0.0.0/0');

export function door(port: number, change: Partial<Endpoint> = {}): Endpoint {
  const host = change.host ?? '54.1.2.3';
  return {
    ...PLACE,
    id: `111122223333/us-east-1/interfaces/eni-1/${host}:${port}`,
    arn: 'arn:aws:ec2:us-east-1:111122223333:network-interface/eni-1',
    name: 'i-1',
    service: 'interfaces',
    host,
    port,
    engine: 'unidentified',
    tags: {},
    declared: { network: OPEN },
    foundBy: ['interface'],
    ...change,
  };
}

export function rds(name: string, port: number, change: Partial<Endpoint> = {}): Endpoint {
  return {
    ...PLACE,
    id: `111122223333/us-east-1/rds/${name}`,
    service: 'rds',
    host: `${name}.abc.us-east-1.rds.amazonaws.com`,
    port,
    engine: 'postgres',
    tags: {},
    declared: { network: declaredOff('x') },
    foundBy: ['service'],
    ...change,
  };
}

export function filed(host: string, port: number, change: Partial<Endpoint> = {}): Endpoint {
  return { id: `file-${host}`, source: 'file', host, port, engine: 'elasticsearch', tags: {}, declared: {}, ...change };
}

export const MADE_BY_RDS = { tags: { [REQUESTER_TAG]: 'amazon-rds', [DESCRIPTION_TAG]: 'RDSNetworkInterface' } };
