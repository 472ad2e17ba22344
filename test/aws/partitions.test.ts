import { describe, expect, it } from 'vitest';
import { awsEndpoint, tagsOf } from '../../lib/aws/endpoint.ts';
import { accountOfArn, PARTITION_FACTS, partitionOfArn } from '../../lib/aws/partitions.ts';
import { partitionOfRegion } from '../../lib/model/partition.ts';
import { endpointDocument } from '../../lib/model/documents.ts';
import { doorName } from '../../lib/model/endpoint.ts';
import { PARTITIONS } from '../../lib/model/inventory.ts';
import { PLACE } from '../support/aws.ts';

describe('partitions', () => {
  it.each([
    ['us-east-1', 'aws'],
    ['ap-southeast-4', 'aws'],
    ['mx-central-1', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['mars-north-1', undefined],
    ['us-east-1.evil.example', undefined],
    ['', undefined],
  ] as const)('%s lies in %s', (region, partition) => {
    expect(partitionOfRegion(region)).toBe(partition);
  });

  it.each([
    'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1',
    'ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1',
    'eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1',
    'me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2',
  ])('own each region alone: %s', (names) => {
    for (const name of names.split(' ')) {
      expect(PARTITIONS.filter((p) => PARTITION_FACTS[p].regions.test(name))).toEqual(['aws']);
    }
  });

  it('own no region of another, nor of those that nobody can reach', () => {
    const owners = (name: string) => PARTITIONS.filter((p) => PARTITION_FACTS[p].regions.test(name));
    expect(['us-gov-west-1', 'us-gov-east-1', 'cn-northwest-1', 'eusc-de-east-1'].map(owners)).toEqual([
      ['aws-us-gov'],
      ['aws-us-gov'],
      ['aws-cn'],
      ['aws-eusc'],
    ]);
    expect(['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'].flatMap(owners)).toEqual([]);
  });

  it('are read from an ARN, and only ours', () => {
    expect(['arn:aws-cn:sts::1:x', 'arn:aws-iso:sts::1:x', 'aws', undefined].map(partitionOfArn)).toEqual([
      'aws-cn',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the account of an ARN', () => {
  it.each([
    ['arn:aws:iam::111122223333:role/x', '111122223333'],
    ['arn:aws:sts::111122223333:assumed-role/x/y:z', '111122223333'],
    ['arn:aws:iam::{account}:role/x', undefined],
    ['arn:aws:s3:::bucket', undefined],
    ['arn:aws:iam::1111222233334:role/x', undefined],
    ['111122223333', undefined],
    [undefined, undefined],
  ])('%s: %s', (arn, account) => {
    expect(accountOfArn(arn)).toBe(account);
  });
});

describe('an AWS endpoint', () => {
  it('is a valid document whatever a stranger calls it', () => {
    const door = {
      name: `\u202e${'x'.repeat(4_000)}\n`,
      host: 'H.Example.COM',
      port: 9200,
      engine: 'opensearch',
      declared: {},
    } as const;
    const endpoint = awsEndpoint(
      { place: PLACE, service: 'opensearch' },
      { ...door, door: 'custom', incarnation: 'y'.repeat(4_000) },
    );
    expect(endpointDocument.safeParse(endpoint).error).toBeUndefined();
    expect(endpoint.host).toBe('h.example.com');
  });

  it('keeps its door apart from a name that looks like one', () => {
    const of = (name: string, own?: string) =>
      awsEndpoint(
        { place: PLACE, service: 's' },
        { name, host: 'h', port: 1, engine: 'http', declared: {}, ...(own === undefined ? {} : { door: own }) },
      );
    expect([doorName(of('a/reader')), doorName(of('a@b', 'reader')), doorName(of('a'))]).toEqual(['', 'reader', '']);
    expect(of('x'.repeat(250)).id).not.toBe(of(`${'x'.repeat(249)}y`).id);
  });

  it('reads tags in both shapes, and no more than AWS allows', () => {
    expect(tagsOf([{ Key: 'a', Value: 'b' }, { Value: 'no key' }, { Key: 'c' }])).toEqual({ a: 'b', c: '' });
    expect(tagsOf({ a: '\u0000' })).toEqual({ a: 'U+0000' });
    expect(Object.keys(tagsOf(Array.from({ length: 500 }, (_, i) => ({ Key: String(i) }))))).toHaveLength(50);
    expect(tagsOf(undefined)).toEqual({});
  });
});
