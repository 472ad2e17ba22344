import { describe, expect, it } from 'vitest';
import { logKeys } from '../../lib/aws/log-groups.ts';

describe('keys of log groups', () => {
  it.each([
    ['/aws/es/audit', ['logs:log-group//aws/es/audit']],
    ['arn:aws:logs:us-east-1:111122223333:log-group:/aws/es/audit:*', ['logs:log-group//aws/es/audit']],
    ['arn:aws-cn:logs:cn-north-1:111122223333:log-group:plain', ['logs:log-group/plain']],
    ['arn:aws:s3:::bucket', []],
    ['', []],
    [undefined, []],
  ])('%s', (group, keys) => {
    expect(logKeys(group)).toEqual(keys);
  });
});
