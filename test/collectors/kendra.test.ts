import {
  DescribeIndexCommand,
  type DescribeIndexResponse,
  KendraClient,
  ListExperiencesCommand,
  ListIndicesCommand,
} from '@aws-sdk/client-kendra';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { kendra } from '../../lib/collectors/kendra.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(KendraClient);
afterEach(() => aws.reset());

const ID = '0a1b2c3d-0000-4000-8000-000000000001';
const summary = (Id: string | undefined) => ({
  Id,
  Name: 'handbook',
  CreatedAt: new Date(0),
  UpdatedAt: new Date(0),
  Status: 'ACTIVE' as const,
});
const PAGE = 'https://search1.experiences.kendra.us-east-1.on.aws';

function answer(index: DescribeIndexResponse, ...pages: readonly string[]): void {
  aws.on(ListIndicesCommand).resolves({ IndexConfigurationSummaryItems: [summary(ID)] });
  aws.on(DescribeIndexCommand).resolves(index);
  aws.on(ListExperiencesCommand).resolves({
    SummaryItems: pages.map((Endpoint, i) => ({ Id: `x${i}`, Endpoints: [{ EndpointType: 'HOME', Endpoint }] })),
  });
}

describe('Kendra indexes', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    aws.on(ListIndicesCommand).resolves({ IndexConfigurationSummaryItems: [] });
    const { endpoints, status, cell } = await collectWith(kendra);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['kendra:ListIndices']]);
  });

  it('reads an index behind the API host that all customers share', async () => {
    answer({ Id: ID, UserContextPolicy: 'USER_TOKEN', ServerSideEncryptionConfiguration: { KmsKeyId: 'key-1' } });
    const { endpoints, status, cell } = await collectWith(kendra);
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints).toMatchObject([
      {
        id: `111122223333/us-east-1/kendra/${ID}`,
        host: 'kendra.us-east-1.amazonaws.com',
        port: 443,
        engine: 'kendra',
        shared: true,
        arn: `arn:aws:kendra:us-east-1:111122223333:index/${ID}`,
      },
    ]);
    expect(levels(endpoints[0]!)).toEqual({
      network: 'not-applicable',
      authentication: 'on',
      'access-policy': 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
    });
  });

  it('asks at the host of its own partition', async () => {
    answer({ UserContextPolicy: 'USER_TOKEN' });
    const place = { account: '111122223333', region: 'cn-north-1', partition: 'aws-cn' } as const;
    const { endpoints } = await collectWith(kendra, { place });
    expect(endpoints[0]).toMatchObject({
      host: 'kendra.cn-north-1.amazonaws.com.cn',
      arn: `arn:aws-cn:kendra:cn-north-1:111122223333:index/${ID}`,
    });
  });

  it.each([
    ['USER_TOKEN', 'on'],
    ['ATTRIBUTE_FILTER', 'partial'],
    [undefined, 'unknown'],
  ] as const)('lets callers say who they are: UserContextPolicy=%s', async (UserContextPolicy, level) => {
    answer(UserContextPolicy === undefined ? {} : { UserContextPolicy });
    expect((await collectWith(kendra)).endpoints[0]?.declared.authentication?.level).toBe(level);
  });

  it('has each search page on the internet as a door that asks for a login', async () => {
    answer({ UserContextPolicy: 'USER_TOKEN' }, PAGE, `${PAGE.replace('search1', 'search2')}/`);
    const { endpoints } = await collectWith(kendra);
    expect(endpoints.slice(1).map((e) => [e.id.split('/').at(-1), e.host, e.engine, e.shared])).toEqual([
      ['experience-x0', 'search1.experiences.kendra.us-east-1.on.aws', 'http', undefined],
      ['experience-x1', 'search2.experiences.kendra.us-east-1.on.aws', 'http', undefined],
    ]);
    expect(levels(endpoints[1]!)).toMatchObject({ network: 'off', authentication: 'on' });
  });

  it('follows every page', async () => {
    answer({ UserContextPolicy: 'USER_TOKEN' });
    aws
      .on(ListIndicesCommand)
      .callsFake(({ NextToken }: { NextToken?: string }) =>
        NextToken === undefined
          ? { IndexConfigurationSummaryItems: [summary('a')], NextToken: 'more' }
          : { IndexConfigurationSummaryItems: [summary('b')] },
      );
    aws.on(ListExperiencesCommand).callsFake(({ NextToken }: { NextToken?: string }) => ({
      SummaryItems: [{ Id: NextToken ?? 'first', Endpoints: [{ Endpoint: PAGE }] }],
      ...(NextToken === undefined ? { NextToken: 'second' } : {}),
    }));
    const { endpoints, status } = await collectWith(kendra);
    expect(status).toBe('complete');
    expect(endpoints.map((e) => e.id.split('/').slice(3).join('/'))).toEqual([
      'a',
      'a/experience-first',
      'a/experience-second',
      'b',
      'b/experience-first',
      'b/experience-second',
    ]);
  });

  it('is denied where the list is denied, and in doubt where a token or an id is wrong', async () => {
    aws.on(ListIndicesCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(kendra)).status).toBe('denied');
    answer({});
    aws.on(ListIndicesCommand).resolves({ IndexConfigurationSummaryItems: [summary(ID)], NextToken: 'same' });
    expect((await collectWith(kendra)).status).toBe('partial');
    aws.on(ListIndicesCommand).resolves({ IndexConfigurationSummaryItems: [summary(undefined)] });
    expect((await collectWith(kendra)).status).toBe('partial');
  });

  it('leaves only what was denied unknown', async () => {
    answer({}, PAGE);
    aws.on(DescribeIndexCommand).rejects(awsError('AccessDeniedException', 403));
    const { endpoints, status, cell } = await collectWith(kendra);
    expect(status).toBe('complete');
    expect(cell.gaps()).toMatchObject([{ subject: ID, code: 'denied' }]);
    expect(endpoints.map((e) => e.declared.authentication?.level)).toEqual(['unknown', 'on']);
  });

  it('keeps the list in doubt where search pages are denied: they are doors', async () => {
    answer({ UserContextPolicy: 'USER_TOKEN' });
    aws.on(ListExperiencesCommand).rejects(awsError('AccessDeniedException', 403));
    const { endpoints, status } = await collectWith(kendra);
    expect([endpoints.length, status]).toEqual([1, 'partial']);
  });

  it('bounds and cleans hostile ids and addresses', async () => {
    answer({}, 'https://bad host/', `https://${'y'.repeat(5_000)}`);
    aws.on(ListIndicesCommand).resolves({ IndexConfigurationSummaryItems: [summary(`a\u202e${'x'.repeat(5_000)}`)] });
    const { endpoints } = await collectWith(kendra);
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/\u202e/u);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer({}, PAGE);
    const [index, page] = (await collectWith(kendra)).endpoints;
    const ask = (endpoint = index) => kendra.exists(testCell('kendra'), endpoint!);
    expect([await ask(), await ask(page)]).toEqual([true, true]);
    aws.on(ListExperiencesCommand).resolves({ SummaryItems: [] });
    expect([await ask(), await ask(page)]).toEqual([true, false]);
    aws.on(ListExperiencesCommand).rejects(awsError('ThrottlingException'));
    expect(await ask(page)).toBeUndefined();
    aws.on(DescribeIndexCommand).rejects(awsError('ThrottlingException'));
    expect([await ask(), await ask(page)]).toEqual([undefined, undefined]);
    aws.on(DescribeIndexCommand).rejects(awsError('ResourceNotFoundException'));
    expect([await ask(), await ask(page)]).toEqual([false, false]);
  });
});

describe('what Kendra says of a search page', () => {
  it('does not take one for gone that is listed without its address', async () => {
    answer({}, PAGE, PAGE.replace('search1', 'search2'));
    const [, page] = (await collectWith(kendra)).endpoints;
    const ask = () => kendra.exists(testCell('kendra'), page!);
    aws.on(ListExperiencesCommand).resolves({ SummaryItems: [{ Id: 'x0', Status: 'CREATING' }] });
    expect(await ask()).toBe(true);
    aws.on(ListExperiencesCommand).resolves({ SummaryItems: [{ Id: 'x1', Endpoints: [{ Endpoint: PAGE }] }] });
    expect(await ask()).toBe(false);
  });

  it('doubts the list where a page has an address that is none', async () => {
    answer({}, 'https://bad host/');
    const { status, cell } = await collectWith(kendra);
    expect([status, cell.gaps().map((g) => g.code)]).toEqual(['partial', ['incomplete']]);
  });

  it('depends on the index and its key', async () => {
    const KmsKeyId = 'arn:aws:kms:us-east-1:111122223333:key/k-1';
    answer({ ServerSideEncryptionConfiguration: { KmsKeyId } }, PAGE);
    const { endpoints } = await collectWith(kendra);
    expect(endpoints.map((e) => e.dependencies)).toEqual(Array(2).fill([`kendra:index/${ID}`, 'kms:key/k-1']));
  });
});
