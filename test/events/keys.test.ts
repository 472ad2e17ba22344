import { describe, expect, it } from 'vitest';
import { KEY_TYPES, keysOfName } from '../../lib/events/keys.ts';
import { keyOfArn, MAX_DEPENDENCY_KEY } from '../../lib/model/change.ts';
import { nameOf, SAMPLES } from './sample.ts';

describe('the vocabulary', () => {
  it.each(KEY_TYPES)('has a key for the name of a %s', (type) => {
    expect(keysOfName(type, nameOf(type))).toEqual([SAMPLES[type].key]);
  });

  const withArn = KEY_TYPES.flatMap((type) => {
    const { arn } = SAMPLES[type];
    return arn === undefined ? [] : [{ type, arn }];
  });

  it.each(withArn)('makes the same key of the ARN of a $type, as collectors do', ({ type, arn }) => {
    expect(keysOfName(type, arn)).toEqual([SAMPLES[type].key]);
    expect(keysOfName('arn', arn)).toEqual([SAMPLES[type].key]);
    expect(keyOfArn(arn)).toBe(SAMPLES[type].key);
  });

  it.each([
    ['rds:db-proxy', 'arn:aws:rds:eu-west-1:111122223333:db-proxy:prx-0a1b'],
    ['redshift-serverless:workgroup', 'arn:aws:redshift-serverless:eu-west-1:111122223333:workgroup/0a-1b'],
    ['redshift-serverless:namespace', 'arn:aws:redshift-serverless:eu-west-1:111122223333:namespace/0a-1b'],
    ['dms:rep', 'arn:aws:dms:eu-west-1:111122223333:rep:ABCDEFGHIJ'],
    ['dms:instance-profile', 'arn:aws:dms:eu-west-1:111122223333:instance-profile:ABCDEFGHIJ'],
    ['lightsail:relationaldatabase', 'arn:aws:lightsail:eu-west-1:111122223333:RelationalDatabase/0a-1b'],
    ['lightsail:instance', 'arn:aws:lightsail:eu-west-1:111122223333:Instance/0a-1b'],
  ] as const)('has no key for the ARN of a %s, which holds an id', (type, arn) => {
    expect(keysOfName(type, arn)).toBeUndefined();
    expect(keysOfName('arn', arn)).toBeUndefined();
  });

  it.each([
    ['arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c3d', ['ec2:sg-0a1b2c3d']],
    ['arn:aws-cn:rds:cn-north-1:111122223333:cluster:Orders', ['rds:cluster/Orders', 'rds:cluster/orders']],
    ['arn%3Aaws%3Aes%3Aeu-west-1%3A111122223333%3Adomain%2Forders', ['es:domain/orders']],
    ['arn%3aaws%3Aes%3Aeu-west-1%3A111122223333%3Adomain%2', undefined],
    ['arn%3aaws%3Aes%3Aeu-west-1%3A111122223333%3Adomain%2Fo%ff', undefined],
    ['arn:aws:rds:eu-west-1:111122223333:global-cluster:x', undefined],
    ['arn:aws:s3:::bucket', undefined],
    ['arn:', undefined],
    ['orders', undefined],
  ])('reads %s as %j', (arn, keys) => {
    expect(keysOfName('arn', arn)).toEqual(keys);
  });

  it.each(['', ' ', 'a b', 'a\nb', '\u001b[2J', 'naïve', 'a%2Fb', '<x>', "o'r", 'x'.repeat(MAX_DEPENDENCY_KEY)])(
    'has no key for %.20j',
    (name) => expect(keysOfName('es:domain', name)).toBeUndefined(),
  );

  it.each(['sg-', 'sg-XYZ', 'my-group', 'sg-0a1b2c3d/x', '0a1b2c3d', 'vpce-svc-0a1b2c3d'])(
    'has no key for %s, which is no id of EC2',
    (id) => expect(keysOfName('ec2', id)).toBeUndefined(),
  );

  it('has keys that fit, or none', () => {
    for (const length of [490, 495, 500, 505, 510, 512]) {
      for (const key of keysOfName('logs:log-group', 'x'.repeat(length)) ?? []) {
        expect(key.length).toBeLessThanOrEqual(MAX_DEPENDENCY_KEY);
      }
    }
    expect(keysOfName('logs:log-group', 'x'.repeat(490))).toHaveLength(1);
  });
});
