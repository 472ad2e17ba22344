import {
  CloudSearchClient,
  DescribeDomainEndpointOptionsCommand,
  DescribeDomainsCommand,
  DescribeServiceAccessPoliciesCommand,
  type DomainStatus,
  type OptionState,
} from '@aws-sdk/client-cloudsearch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { cloudsearch } from '../../lib/collectors/cloudsearch.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(CloudSearchClient);
afterEach(() => aws.reset());

const HOST = 'movies-abc.us-east-1.cloudsearch.amazonaws.com';
const statement = (action: string | string[], condition?: object): object => ({
  Effect: 'Allow',
  Principal: { AWS: ['*'] },
  Action: action,
  ...(condition === undefined ? {} : { Condition: condition }),
});
const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const OPEN = policy(statement('cloudsearch:*'));
const OFFICE = policy(statement('cloudsearch:search', { IpAddress: { 'aws:SourceIp': ['198.41.0.4/32'] } }));

function domain(change: Partial<DomainStatus> = {}): DomainStatus {
  return {
    DomainId: '111122223333/movies',
    DomainName: 'movies',
    ARN: 'arn:aws:cloudsearch:us-east-1:111122223333:domain/movies',
    Created: true,
    RequiresIndexDocuments: false,
    SearchService: { Endpoint: `search-${HOST}` },
    DocService: { Endpoint: `doc-${HOST}` },
    ...change,
  };
}

interface Setting {
  readonly state?: OptionState;
  readonly deleted?: boolean;
}
const status = ({ state = 'Active', deleted = false }: Setting = {}) => ({
  CreationDate: new Date(0),
  UpdateDate: new Date(0),
  State: state,
  PendingDeletion: deleted,
});

function answer(domains: readonly DomainStatus[], text = '', https = true, setting: Setting = {}): void {
  aws.on(DescribeDomainsCommand).resolves({ DomainStatusList: [...domains] });
  aws.on(DescribeServiceAccessPoliciesCommand).resolves({ AccessPolicies: { Options: text, Status: status(setting) } });
  const Options = { EnforceHTTPS: https, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' as const };
  aws.on(DescribeDomainEndpointOptionsCommand).resolves({ DomainEndpointOptions: { Options, Status: status() } });
}

describe('CloudSearch domains', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer([]);
    const { endpoints, status: whole, cell } = await collectWith(cloudsearch);
    expect([endpoints, whole, cell.asked]).toEqual([[], 'complete', ['cloudsearch:DescribeDomains']]);
  });

  it('reads a domain that answers signed requests over HTTPS only', async () => {
    answer([domain()]);
    const { endpoints, cell } = await collectWith(cloudsearch);
    expect(cell.gaps()).toEqual([]);
    expect(endpoints.map((e) => [e.id.split('/').slice(3).join('/'), e.host, e.port])).toEqual([
      ['movies', `search-${HOST}`, 443],
      ['movies/doc', `doc-${HOST}`, 443],
    ]);
    expect(levels(endpoints[0]!)).toEqual({
      network: 'off',
      authentication: 'on',
      'access-policy': 'on',
      tls: 'on',
      'encryption-at-rest': 'not-applicable',
      'audit-log': 'not-applicable',
    });
  });

  it('listens on port 80 as well where HTTPS is not enforced', async () => {
    answer([domain()], OPEN, false);
    const { endpoints, door } = await collectWith(cloudsearch);
    expect(endpoints.map((e) => e.port)).toEqual([443, 80, 443, 80]);
    expect(levels(door('/http'))).toMatchObject({ authentication: 'off', 'access-policy': 'off', tls: 'partial' });
    expect(door('/doc-http').host).toBe(`doc-${HOST}`);
  });

  it('tells who may search from who may write: a policy without Resource', async () => {
    answer([domain()], policy(statement(['cloudsearch:search', 'cloudsearch:suggest'])));
    const { door } = await collectWith(cloudsearch);
    expect(levels(door('/movies'))).toMatchObject({ authentication: 'off', 'access-policy': 'off' });
    expect(levels(door('/doc'))).toMatchObject({ authentication: 'on', 'access-policy': 'on' });
    answer([domain()], policy(statement('cloudsearch:document')));
    const written = await collectWith(cloudsearch);
    expect(written.door('/doc').declared.authentication).toMatchObject({
      level: 'off',
      evidence: 'statement #0 accepts unsigned cloudsearch:document',
    });
  });

  it('is partial where only some addresses are let in', async () => {
    answer([domain()], OFFICE);
    const { door } = await collectWith(cloudsearch);
    expect(levels(door('/movies'))).toMatchObject({ authentication: 'partial', 'access-policy': 'partial' });
  });

  it('holds to what is deployed while a change is processed, and says what comes', async () => {
    answer([domain()], OPEN, true, { state: 'Processing' });
    aws
      .on(DescribeServiceAccessPoliciesCommand, { Deployed: true })
      .resolves({ AccessPolicies: { Options: '', Status: status() } });
    const { door } = await collectWith(cloudsearch);
    expect(door('/movies').declared['access-policy']).toMatchObject({ level: 'on', pending: 'off' });
    expect(door('/movies').declared.authentication).toMatchObject({ level: 'on', pending: 'off' });
  });

  it('knows that a policy on its way out leaves only the account itself', async () => {
    answer([domain()], OPEN, true, { deleted: true });
    const { door } = await collectWith(cloudsearch);
    expect(door('/movies').declared['access-policy']).toMatchObject({ level: 'off', pending: 'on' });
  });

  it('expects nothing of a change that did not validate', async () => {
    answer([domain()], '', true, { state: 'FailedToValidate' });
    aws
      .on(DescribeServiceAccessPoliciesCommand, { Deployed: true })
      .resolves({ AccessPolicies: { Options: OPEN, Status: status() } });
    const { door } = await collectWith(cloudsearch);
    expect(door('/movies').declared['access-policy']?.level).toBe('off');
    expect(door('/movies').declared['access-policy']).not.toHaveProperty('pending');
  });

  it('leaves only what was denied unknown', async () => {
    answer([domain()]);
    aws.on(DescribeServiceAccessPoliciesCommand).rejects(awsError('AccessDeniedException', 403));
    const { door, status: whole, cell } = await collectWith(cloudsearch);
    expect(whole).toBe('complete');
    expect(cell.gaps()).toMatchObject([{ subject: 'movies', code: 'denied' }]);
    expect(levels(door('/movies'))).toMatchObject({ authentication: 'unknown', 'access-policy': 'unknown', tls: 'on' });
  });

  it('calls nothing safe that AWS did not say, and looks at port 80', async () => {
    answer([domain()], '{"Statement":');
    aws.on(DescribeDomainEndpointOptionsCommand).resolves({ DomainEndpointOptions: undefined });
    const { door } = await collectWith(cloudsearch);
    expect(levels(door('/http'))).toMatchObject({
      authentication: 'unknown',
      'access-policy': 'unknown',
      tls: 'unknown',
    });
  });

  it('is denied where the list is denied', async () => {
    aws.on(DescribeDomainsCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(cloudsearch)).status).toBe('denied');
  });

  it('leaves out what is deleted, and has a gap for what is being made', async () => {
    answer([domain({ Deleted: true }), domain({ DomainName: 'new', SearchService: {}, DocService: {} })]);
    const { endpoints, cell } = await collectWith(cloudsearch);
    expect(endpoints).toEqual([]);
    expect(cell.gaps()).toMatchObject([{ subject: 'new', code: 'incomplete' }]);
  });

  it('bounds and cleans a hostile name', async () => {
    answer([domain({ DomainName: `a\u202e\n${'x'.repeat(5_000)}` })], `{"a":"${'y'.repeat(300_000)}"}`);
    const { endpoints } = await collectWith(cloudsearch);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
    expect(endpoints[0]?.declared['access-policy']?.level).toBe('unknown');
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer([domain()]);
    const [endpoint] = (await collectWith(cloudsearch)).endpoints;
    const ask = () => cloudsearch.exists(testCell('cloudsearch'), endpoint!);
    aws.reset();
    aws
      .on(DescribeDomainsCommand)
      .resolvesOnce({ DomainStatusList: [] })
      .resolvesOnce({ DomainStatusList: [domain({ Deleted: true })] })
      .rejectsOnce(awsError('ThrottlingException'))
      .resolvesOnce({ DomainStatusList: undefined })
      .resolves({ DomainStatusList: [domain()] });
    const found = [await ask(), await ask(), await ask(), await ask(), await ask()];
    expect(found).toEqual([false, false, undefined, undefined, true]);
  });

  it('knows that port 80 is gone once HTTPS is enforced', async () => {
    answer([domain()], '', false);
    const { door } = await collectWith(cloudsearch);
    const ask = () => cloudsearch.exists(testCell('cloudsearch'), door('/http'));
    expect(await ask()).toBe(true);
    answer([domain()], '', true);
    expect(await ask()).toBe(false);
    aws.on(DescribeDomainEndpointOptionsCommand).rejects(awsError('ThrottlingException'));
    expect(await ask()).toBeUndefined();
  });
});

describe('what a CloudSearch domain depends on', () => {
  it('is the domain alone: it holds all that decides', async () => {
    answer([domain()]);
    const { endpoints } = await collectWith(cloudsearch);
    expect(new Set(endpoints.flatMap((e) => e.dependencies ?? []))).toEqual(new Set(['cloudsearch:domain/movies']));
  });

  it('has a gap where one of its two services has no endpoint', async () => {
    answer([domain({ SearchService: {} })]);
    const { cell, endpoints } = await collectWith(cloudsearch);
    expect(endpoints.map((e) => e.host)).toEqual([`doc-${HOST}`]);
    expect(cell.gaps()).toMatchObject([{ subject: 'movies', code: 'incomplete' }]);
  });
});
