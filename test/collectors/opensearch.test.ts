import {
  DescribeDomainCommand,
  DescribeDomainsCommand,
  type DomainStatus,
  ListDomainNamesCommand,
  OpenSearchClient,
} from '@aws-sdk/client-opensearch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { opensearch } from '../../lib/collectors/opensearch.ts';
import { awsError, collectWith, levels, PLACE, testCell } from '../support/aws.ts';

const aws = mockClient(OpenSearchClient);
afterEach(() => aws.reset());

const ARN = 'arn:aws:es:us-east-1:111122223333:domain/device-analytics';
const OPEN = JSON.stringify({
  Statement: [{ Sid: 'everyone', Effect: 'Allow', Principal: '*', Action: 'es:*', Resource: `${ARN}/*` }],
});

function domain(change: Partial<DomainStatus> = {}): DomainStatus {
  return {
    DomainId: '111122223333/device-analytics',
    DomainName: 'device-analytics',
    ARN,
    ClusterConfig: {},
    Endpoint: 'search-device-analytics-abc.us-east-1.es.amazonaws.com',
    EngineVersion: 'OpenSearch_2.19',
    DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
    EncryptionAtRestOptions: { Enabled: true },
    AdvancedSecurityOptions: { Enabled: true, InternalUserDatabaseEnabled: true },
    LogPublishingOptions: { AUDIT_LOGS: { Enabled: true } },
    ...change,
  };
}

function answer(...domains: readonly DomainStatus[]): void {
  aws.on(ListDomainNamesCommand).resolves({ DomainNames: domains.map((d) => ({ DomainName: d.DomainName ?? '' })) });
  aws.on(DescribeDomainsCommand).callsFake(({ DomainNames }: { DomainNames: string[] }) => ({
    DomainStatusList: domains.filter((d) => DomainNames.includes(d.DomainName ?? '')),
  }));
}

describe('OpenSearch domains', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collectWith(opensearch);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['es:ListDomainNames']]);
  });

  it('reads a public domain that asks for credentials', async () => {
    answer(domain());
    const { endpoints, status } = await collectWith(opensearch);
    expect(status).toBe('complete');
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/opensearch/device-analytics',
      host: 'search-device-analytics-abc.us-east-1.es.amazonaws.com',
      port: 443,
      engine: 'opensearch',
      arn: ARN,
      foundBy: ['service'],
    });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'off',
      authentication: 'on',
      'access-policy': 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'on',
    });
  });

  it('reads the domain of 4 December: everything taken off, port 80 open as well', async () => {
    answer(
      domain({
        AccessPolicies: OPEN,
        AdvancedSecurityOptions: { Enabled: false },
        DomainEndpointOptions: { EnforceHTTPS: false, TLSSecurityPolicy: 'Policy-Min-TLS-1-0-2019-07' },
        LogPublishingOptions: {},
        EncryptionAtRestOptions: { Enabled: false },
      }),
    );
    const { endpoints, door } = await collectWith(opensearch);
    expect(endpoints.map((e) => e.port)).toEqual([443, 80]);
    expect(levels(door('/http'))).toEqual({
      network: 'off',
      authentication: 'off',
      'access-policy': 'off',
      tls: 'partial',
      'encryption-at-rest': 'off',
      'audit-log': 'off',
    });
    expect(door('/http').declared['access-policy']?.evidence).toContain('everyone');
  });

  it('takes a policy that lets only our own organisation in for closed, and only where it is known to be ours', async () => {
    const only = { Sid: 'ours', Effect: 'Allow', Principal: '*', Action: 'es:*', Resource: `${ARN}/*` };
    const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-ours' } };
    answer(domain({ AccessPolicies: JSON.stringify({ Statement: [{ ...only, Condition }] }) }));
    const level = async (place?: typeof PLACE) => {
      const { endpoints } = await collectWith(opensearch, place === undefined ? {} : { place });
      return endpoints[0]?.declared['access-policy']?.level;
    };
    expect([await level({ ...PLACE, organization: 'o-ours' }), await level()]).toEqual(['on', 'partial']);
  });

  it('describes domains five at a time and misses none', async () => {
    const names = Array.from({ length: 12 }, (_, i) => domain({ DomainName: `d${i}` }));
    answer(...names);
    const { endpoints, cell } = await collectWith(opensearch);
    expect(endpoints).toHaveLength(12);
    expect(cell.asked).toEqual(['es:ListDomainNames', ...Array<string>(3).fill('es:DescribeDomains')]);
  });

  it('keeps every door: dual stack and custom names', async () => {
    answer(
      domain({
        EndpointV2: 'search-d.aos.us-east-1.on.aws',
        DomainEndpointOptions: {
          EnforceHTTPS: true,
          CustomEndpointEnabled: true,
          CustomEndpoint: 'Search.Example.com',
        },
      }),
    );
    const { endpoints } = await collectWith(opensearch);
    expect(endpoints.map((e) => e.host).slice(1)).toEqual(['search-d.aos.us-east-1.on.aws', 'search.example.com']);
  });

  it('does not judge a VPC domain by its policy alone: the network is closed', async () => {
    answer(
      domain({
        Endpoint: undefined,
        Endpoints: { vpc: 'vpc-d.us-east-1.es.amazonaws.com' },
        VPCOptions: { VPCId: 'vpc-1', SecurityGroupIds: ['sg-1'] },
      }),
    );
    const { endpoints } = await collectWith(opensearch);
    expect(endpoints[0]?.host).toBe('vpc-d.us-east-1.es.amazonaws.com');
    expect(endpoints[0]?.declared.network).toMatchObject({
      level: 'on',
      evidence: 'VPCOptions.VPCId=vpc-1, security groups sg-1',
    });
  });

  it('says what is on its way out while a change is processed', async () => {
    answer(domain({ ModifyingProperties: [{ Name: 'DomainEndpointOptions.EnforceHTTPS', PendingValue: 'false' }] }));
    const { endpoints } = await collectWith(opensearch);
    expect(endpoints[0]?.declared.tls).toMatchObject({ level: 'on', pending: 'partial' });
  });

  it('calls nothing safe that AWS did not say', async () => {
    answer(
      domain({ DomainEndpointOptions: undefined, EncryptionAtRestOptions: undefined, AccessPolicies: '{"Statement":' }),
    );
    const { endpoints, door } = await collectWith(opensearch);
    expect(levels(endpoints[0]!)).toMatchObject({
      tls: 'unknown',
      'encryption-at-rest': 'unknown',
      'access-policy': 'unknown',
    });
    // Port 80 may be open: it is looked at until the API says otherwise.
    expect(door('/http').port).toBe(80);
  });

  it('does not know TLS whose policy is not returned', async () => {
    answer(domain({ DomainEndpointOptions: { EnforceHTTPS: true } }));
    expect((await collectWith(opensearch)).endpoints[0]?.declared.tls?.level).toBe('unknown');
  });

  it('keeps the list in doubt when the details are denied', async () => {
    answer(domain());
    aws.on(DescribeDomainsCommand).rejects(awsError('AccessDeniedException', 403));
    const { endpoints, status, cell } = await collectWith(opensearch);
    expect([endpoints, status]).toEqual([[], 'denied']);
    expect(cell.gaps()).toMatchObject([
      { stage: 'inventory', subject: '111122223333/us-east-1/opensearch', code: 'denied' },
    ]);
  });

  it('bounds and cleans a hostile name', async () => {
    answer(domain({ DomainName: `a\u202e\n${'x'.repeat(5_000)}`, AccessPolicies: `{"a":"${'y'.repeat(200_000)}"}` }));
    const { endpoints } = await collectWith(opensearch);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
    expect(endpoints[0]?.declared['access-policy']?.level).toBe('unknown');
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer(domain());
    const [endpoint] = (await collectWith(opensearch)).endpoints;
    const ask = () => opensearch.exists(testCell('opensearch'), endpoint!);
    aws
      .on(DescribeDomainCommand)
      .rejectsOnce(awsError('ResourceNotFoundException', 409))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ DomainStatus: domain() });
    expect([await ask(), await ask(), await ask()]).toEqual([false, undefined, true]);
  });
});

describe('what OpenSearch leaves out of its answers', () => {
  it('doubts the list where a listed domain is not described, or has no name', async () => {
    answer(domain());
    aws.on(ListDomainNamesCommand).resolves({
      DomainNames: [{ DomainName: 'device-analytics' }, { DomainName: 'lost' }, { DomainName: 'lost-2' }],
    });
    const { endpoints, status, cell } = await collectWith(opensearch);
    expect([endpoints.length, status]).toEqual([1, 'partial']);
    expect(cell.gaps().map(({ subject, code, detail }) => [subject, code, detail.split(' ')[1]])).toEqual([
      ['111122223333/us-east-1/opensearch', 'incomplete', 'lost'],
      ['111122223333/us-east-1/opensearch', 'incomplete', 'lost-2'],
    ]);
    aws.on(ListDomainNamesCommand).resolves({ DomainNames: [{}] });
    expect((await collectWith(opensearch)).status).toBe('partial');
  });

  it('lets a domain go that is described as deleted', async () => {
    answer(domain({ Deleted: true }));
    const { endpoints, status } = await collectWith(opensearch);
    expect([endpoints, status]).toEqual([[], 'complete']);
  });

  it('does not take a custom name for gone where the endpoint options are not returned', async () => {
    const DomainEndpointOptions = { EnforceHTTPS: true, CustomEndpointEnabled: true, CustomEndpoint: 'd.example.com' };
    answer(domain({ DomainEndpointOptions }));
    const { door } = await collectWith(opensearch);
    const ask = () => opensearch.exists(testCell('opensearch'), door('/custom'));
    aws
      .on(DescribeDomainCommand)
      .resolvesOnce({ DomainStatus: domain({ DomainEndpointOptions: undefined }) })
      .resolves({ DomainStatus: domain() });
    expect([await ask(), await ask()]).toEqual([undefined, false]);
  });
});

describe('what an OpenSearch domain is moving to', () => {
  const off = { AdvancedSecurityOptions: { Enabled: false } };

  it.each([
    ['older TLS', 'DomainEndpointOptions.TLSSecurityPolicy', 'Policy-Min-TLS-1-0-2019-07', 'tls', 'partial'],
    ['a policy for all', 'AccessPolicies', OPEN, 'access-policy', 'off'],
    ['unsigned requests for all', 'AccessPolicies', OPEN, 'authentication', 'off'],
    ['a policy that is not understood', 'AccessPolicies', '{"Statement":', 'access-policy', 'unknown'],
  ] as const)('is said: %s', async (_, Name, PendingValue, protection, pending) => {
    answer(domain({ ...off, ModifyingProperties: [{ Name, PendingValue }] }));
    const { endpoints } = await collectWith(opensearch);
    expect(endpoints[0]?.declared[protection]).toMatchObject({ level: 'on', pending });
  });
});
