import { describe, expect, it } from 'vitest';
import { ownInterfaces } from '../../lib/aws/own-interfaces.ts';
import type { NetworkInterface } from '../../lib/model/network.ts';
import { EMPTY_NETWORK } from '../support/aws.ts';

const LEADER: NetworkInterface = {
  NetworkInterfaceId: 'eni-1',
  VpcId: 'vpc-1',
  PrivateIpAddress: '10.0.0.7',
  Association: { PublicIp: '198.51.100.7' },
};
const OTHER_VPC: NetworkInterface = { ...LEADER, NetworkInterfaceId: 'eni-2', VpcId: 'vpc-2', Association: undefined };
const network = { ...EMPTY_NETWORK, interfaces: [LEADER, OTHER_VPC] };
const within = ({ VpcId }: NetworkInterface): boolean => VpcId === 'vpc-1';

describe('interfaces of a managed endpoint', () => {
  it.each([
    ['its public address', { addresses: ['198.51.100.7'] }],
    ['its private address in its own VPC', { addresses: ['10.0.0.7', undefined] }],
    ['its id', { ids: ['eni-1'] }],
  ])('are found by %s', (_, marks) => {
    expect(ownInterfaces(network, { ...marks, within })).toEqual([LEADER]);
  });

  it('are not known where none that fits has a public address', () => {
    expect(ownInterfaces(network, { ids: ['eni-2'], within })).toBeUndefined();
    expect(ownInterfaces(network, { addresses: ['10.0.0.8'], within })).toBeUndefined();
    expect(ownInterfaces(network, { addresses: [undefined], ids: [undefined], within })).toBeUndefined();
  });

  it('are not known where interfaces could not be read', () => {
    const unread = { ...network, missing: new Set(['interfaces'] as const) };
    expect(ownInterfaces(unread, { ids: ['eni-1'], within })).toBeUndefined();
  });
});
