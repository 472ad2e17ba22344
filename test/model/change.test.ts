import { describe, expect, it } from 'vitest';
import { aChange } from '../events/changes.ts';
import { keyOfArn, keysOfChange, MAX_DEPENDENCY_KEY, scopedKey } from '../../lib/model/change.ts';

describe('the key of an ARN', () => {
  it.each([
    ['arn:aws:rds:us-east-1:111122223333:pg:Name', 'rds:pg/Name'],
    ['arn:aws:rds:us-east-1:111122223333:snapshot:rds:orders-2026-12-04', 'rds:snapshot/rds:orders-2026-12-04'],
    ['arn:aws:es:us-east-1:111122223333:domain/orders', 'es:domain/orders'],
    ['arn:aws:ec2:us-east-1:111122223333:security-group/sg-0abc', 'ec2:sg-0abc'],
    ['arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/front/50dc', 'elasticloadbalancing:loadbalancer/front'],
    ['arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/gwy/front/50dc', 'elasticloadbalancing:loadbalancer/front'],
    ['arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/classic', 'elasticloadbalancing:loadbalancer/classic'],
    ['arn:aws:elasticloadbalancing:us-east-1:1:listener/net/front/50dc/0a', 'elasticloadbalancing:loadbalancer/front'],
    ['arn:aws:elasticloadbalancing:us-east-1:1:listener-rule/app/f/5/0/1', 'elasticloadbalancing:loadbalancer/f'],
    ['arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/stores/73e2', 'elasticloadbalancing:targetgroup/stores'],
    ['arn:aws:globalaccelerator::1:accelerator/ab/listener/cd', 'globalaccelerator:accelerator/ab'],
    ['arn:aws:logs:us-east-1:1:log-group:/aws/es:*', 'logs:log-group//aws/es'],
    ['arn:aws:lightsail:us-east-1:1:RelationalDatabase/ab', 'lightsail:relationaldatabase/ab'],
    ['arn:aws:apigateway:us-east-1::/restapis/a1/stages/prod', 'apigateway:restapi/a1'],
    ['arn:aws:mq:us-east-1:1:broker:orders:b-1', 'mq:broker/b-1'],
    ['arn:aws:sns:us-east-1:1:topic', 'sns:topic'],
  ])('%s is %s', (arn, key) => {
    expect(keyOfArn(arn)).toBe(key);
  });

  it.each([
    '',
    'orders',
    'arn:aws',
    'arn:aws:rds:us-east-1:1',
    `arn:aws:es:us-east-1:1:domain/${'x'.repeat(MAX_DEPENDENCY_KEY)}`,
  ])('is none of %.40j', (arn) => expect(keyOfArn(arn)).toBeUndefined());
});

describe('where a key is looked up', () => {
  it.each(['ec2:sg-0a1b2c3d4e5f60718', 'ec2:pl-0a1b2c3d', 'ec2:subnet-0a1b2c3d'])(
    '%s is the same everywhere',
    (key) => {
      expect(scopedKey(key, '111122223333', 'eu-west-1')).toBe(key);
    },
  );

  it.each(['rds:db/orders', 'ec2:sg-x', 'ec2:sg-0a1b2c3d/y'])('%s is of its account and region', (key) => {
    expect(scopedKey(key, '111122223333', 'eu-west-1')).toBe(`111122223333/eu-west-1/${key}`);
  });
});

describe('a change is filed', () => {
  it.each([
    [
      'under what it touched',
      { touched: ['rds:db/a', 'ec2:sg-0a1b2c3d'] },
      ['111122223333/eu-west-1/rds:db/a', 'ec2:sg-0a1b2c3d'],
    ],
    ['once under each', { touched: ['rds:db/a', 'rds:db/a'] }, ['111122223333/eu-west-1/rds:db/a']],
    [
      'under its cells, where it touched them whole',
      { touched: [], services: ['rds', 'aurora'] },
      ['111122223333/eu-west-1/rds', '111122223333/eu-west-1/aurora'],
    ],
  ] as const)('%s', (_, over, keys) => {
    expect(keysOfChange(aChange(over))).toEqual(keys);
  });
});
