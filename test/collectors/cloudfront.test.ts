import {
  CloudFrontClient,
  type DistributionSummary,
  GetDistributionCommand,
  ListDistributionsCommand,
  type Origin,
} from '@aws-sdk/client-cloudfront';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { cloudfront } from '../../lib/collectors/cloudfront.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(CloudFrontClient);
afterEach(() => aws.reset());

const SEARCH = 'search-users-abc.us-east-1.es.amazonaws.com';

function distribution(change: object = {}): DistributionSummary {
  return {
    Id: 'E1',
    ARN: 'arn:aws:cloudfront::111122223333:distribution/E1',
    DomainName: 'd1.cloudfront.net',
    Enabled: true,
    WebACLId: '',
    Origins: { Quantity: 1, Items: [origin(SEARCH)] },
    DefaultCacheBehavior: { TargetOriginId: SEARCH, ViewerProtocolPolicy: 'https-only' },
    CacheBehaviors: { Quantity: 0 },
    ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
    ...change,
  } as DistributionSummary;
}

function origin(DomainName: string, change: Partial<Origin> = {}): Origin {
  return { Id: DomainName, DomainName, ...change };
}

const leadingTo = (...origins: readonly Origin[]) => ({
  Origins: { Quantity: origins.length, Items: [...origins] },
  DefaultCacheBehavior: { TargetOriginId: origins[0]?.Id, ViewerProtocolPolicy: 'https-only' },
});

function answer(...distributions: readonly DistributionSummary[]): void {
  aws.on(ListDistributionsCommand).resolves({ DistributionList: page(distributions) });
}

function page(items: readonly DistributionSummary[], NextMarker?: string) {
  return {
    Marker: '',
    MaxItems: 100,
    IsTruncated: NextMarker !== undefined,
    NextMarker,
    Quantity: items.length,
    Items: [...items],
  };
}

describe('CloudFront distributions in front of data stores', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collectWith(cloudfront);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['cloudfront:ListDistributions']]);
  });

  it('finds one in front of an OpenSearch domain', async () => {
    answer(distribution());
    const { endpoints, status } = await collectWith(cloudfront);
    expect(status).toBe('complete');
    expect(endpoints).toMatchObject([
      {
        id: '111122223333/us-east-1/cloudfront/E1',
        host: 'd1.cloudfront.net',
        port: 443,
        engine: 'opensearch',
        foundBy: ['balancer'],
      },
    ]);
    expect(levels(endpoints[0]!)).toEqual({ network: 'off', tls: 'on' });
    expect(endpoints[0]?.declared.network?.evidence).toBe(
      `leads to ${SEARCH}; open to WORLD: a distribution has no security group, WebACLId=none`,
    );
  });

  it.each([
    ['a serverless collection', 'abc.us-east-1.aoss.amazonaws.com', 'opensearch'],
    ['a dual stack domain', 'search-d.aos.us-east-1.on.aws', 'opensearch'],
    ['a CloudSearch domain', 'search-d.us-east-1.cloudsearch.amazonaws.com', 'cloudsearch'],
    ['a balancer', 'front-1.us-east-1.elb.amazonaws.com', 'http'],
    ['an instance', 'ec2-52-0-0-1.compute-1.amazonaws.com', 'http'],
  ])('knows %s by its name', async (_, host, engine) => {
    answer(distribution(leadingTo(origin(host))));
    const { endpoints } = await collectWith(cloudfront);
    expect(endpoints).toMatchObject([{ engine }]);
  });

  it('knows a data store by the port of an origin, and an origin inside a VPC by its kind', async () => {
    const custom = { OriginProtocolPolicy: 'http-only', HTTPPort: 9200, HTTPSPort: 443 } as const;
    answer(
      distribution(leadingTo(origin('front-1.us-east-1.elb.amazonaws.com', { CustomOriginConfig: custom }))),
      distribution({ Id: 'E2', ...leadingTo(origin('inner.example', { VpcOriginConfig: { VpcOriginId: 'vo_1' } })) }),
    );
    const { endpoints } = await collectWith(cloudfront);
    expect(endpoints.map((e) => e.engine)).toEqual(['elasticsearch', 'http']);
    expect(endpoints[1]?.declared.network?.evidence).toContain('inner.example (VPC origin vo_1)');
  });

  it('leaves out what leads to files, what no behaviour uses, and what is switched off', async () => {
    answer(
      distribution(leadingTo(origin('assets.s3.amazonaws.com'))),
      distribution(leadingTo(origin('www.example.com'), origin(SEARCH))),
      distribution({ Enabled: false }),
    );
    expect((await collectWith(cloudfront)).endpoints).toEqual([]);
  });

  it('is http where only a path leads there, and follows a group of origins', async () => {
    answer(
      distribution({
        ...leadingTo(origin('www.example.com'), origin(SEARCH)),
        OriginGroups: { Quantity: 1, Items: [{ Id: 'both', Members: { Quantity: 1, Items: [{ OriginId: SEARCH }] } }] },
        CacheBehaviors: { Quantity: 1, Items: [{ TargetOriginId: 'both', ViewerProtocolPolicy: 'https-only' }] },
      }),
    );
    const { endpoints } = await collectWith(cloudfront);
    expect(endpoints).toMatchObject([{ engine: 'http' }]);
  });

  it('opens port 80 as well where plaintext is served', async () => {
    answer(distribution({ DefaultCacheBehavior: { TargetOriginId: SEARCH, ViewerProtocolPolicy: 'allow-all' } }));
    const { endpoints, door } = await collectWith(cloudfront);
    expect(endpoints.map((e) => e.port)).toEqual([443, 80]);
    expect(door('/http').declared.tls?.level).toBe('partial');
  });

  it.each([
    ['TLS 1.0 for old browsers', { ViewerCertificate: { MinimumProtocolVersion: 'TLSv1' } }, 'partial'],
    ['no certificate shown', { ViewerCertificate: undefined }, 'unknown'],
    [
      'one policy of two that is not shown',
      { CacheBehaviors: { Quantity: 1, Items: [{ TargetOriginId: SEARCH }] } },
      'unknown',
    ],
    ['no policy shown', { DefaultCacheBehavior: { TargetOriginId: SEARCH } }, 'unknown'],
  ])('says what %s is worth', async (_, change, level) => {
    answer(distribution(change));
    expect((await collectWith(cloudfront)).endpoints[0]?.declared.tls?.level).toBe(level);
  });

  it('counts signed URLs and client certificates as authentication, where every way asks for them', async () => {
    const signed = { TargetOriginId: SEARCH, ViewerProtocolPolicy: 'https-only', TrustedKeyGroups: { Enabled: true } };
    const free = { TargetOriginId: SEARCH, ViewerProtocolPolicy: 'https-only' };
    answer(
      distribution({ DefaultCacheBehavior: signed }),
      distribution({ Id: 'E2', DefaultCacheBehavior: signed, CacheBehaviors: { Quantity: 1, Items: [free] } }),
      distribution({ Id: 'E3', ViewerMtlsConfig: { Mode: 'required' } }),
      distribution({ Id: 'E4', ViewerMtlsConfig: { Mode: 'optional' } }),
    );
    const { endpoints } = await collectWith(cloudfront);
    expect(endpoints.map((e) => e.declared.authentication?.level)).toEqual(['on', undefined, 'on', undefined]);
  });

  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    aws
      .on(ListDistributionsCommand)
      .resolvesOnce({ DistributionList: page([distribution()], '1') })
      .resolvesOnce({ DistributionList: page([distribution({ Id: 'E2' })]) })
      .resolvesOnce({ DistributionList: page([distribution()], '1') })
      .resolvesOnce({ DistributionList: page([distribution()], '1') })
      .rejects(awsError('AccessDenied', 403));
    const first = await collectWith(cloudfront);
    expect([first.status, first.endpoints.length]).toEqual(['complete', 2]);
    expect((await collectWith(cloudfront)).status).toBe('partial');
    expect((await collectWith(cloudfront)).status).toBe('denied');
  });

  it('does not lose a distribution without a host silently, and cleans a hostile one', async () => {
    const hostile = origin(`a\u202e.es.amazonaws.com`, { Id: 'x'.repeat(5_000) });
    answer(distribution({ DomainName: undefined }), distribution({ Id: 'E2', ...leadingTo(hostile) }));
    const { endpoints, cell } = await collectWith(cloudfront);
    expect(endpoints[0]?.declared.network?.evidence).not.toMatch(/\u202e/u);
    expect(cell.gaps()).toHaveLength(1);
  });

  it('confirms a deletion, or that a door is no more, only on the word of the API', async () => {
    const plain = { DefaultCacheBehavior: { TargetOriginId: SEARCH, ViewerProtocolPolicy: 'allow-all' } };
    answer(distribution(plain));
    const { door } = await collectWith(cloudfront);
    const ask = (ending: string) => cloudfront.exists(testCell('cloudfront'), door(ending));
    const described = (change: object) => ({ Distribution: { DistributionConfig: distribution(change) } }) as object;
    aws
      .on(GetDistributionCommand)
      .rejectsOnce(awsError('NoSuchDistribution', 404))
      .rejectsOnce(awsError('Throttling'))
      .resolvesOnce(described(leadingTo(origin('www.example.com'))))
      .resolves(described({}));
    expect([await ask('/E1'), await ask('/E1'), await ask('/E1')]).toEqual([false, undefined, false]);
    expect([await ask('/E1'), await ask('/http')]).toEqual([true, false]);
  });
});

describe('what CloudFront leaves unsaid', () => {
  it('doubts a list that is cut off without saying where', async () => {
    aws.on(ListDistributionsCommand).resolves({ DistributionList: { ...page([distribution()]), IsTruncated: true } });
    const { endpoints, status } = await collectWith(cloudfront);
    expect([endpoints.length, status]).toEqual([1, 'partial']);
  });

  it('has a gap for a distribution whose tenants have names of their own', async () => {
    answer(distribution({ ConnectionMode: 'tenant-only' }));
    const { cell, status } = await collectWith(cloudfront);
    expect([status, cell.gaps().map(({ subject, code }) => [subject, code])]).toEqual([
      'complete',
      [['E1', 'incomplete']],
    ]);
  });

  it('depends on the distribution', async () => {
    answer(distribution());
    expect((await collectWith(cloudfront)).endpoints[0]?.dependencies).toEqual(['cloudfront:distribution/E1']);
  });
});
