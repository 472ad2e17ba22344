/** TLS of APIs, their custom names, and what they depend on. */
import {
  APIGatewayClient,
  GetResourcesCommand,
  GetRestApisCommand,
  GetVpcLinkCommand,
  type RestApi,
} from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  type DomainName,
  GetApiMappingsCommand,
  GetApisCommand,
  GetDomainNamesCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { apiGateway } from '../../lib/collectors/api-gateway.ts';
import { collectWith } from '../support/aws.ts';
import { answerBalancers, NLB } from '../support/balancers.ts';

const rest = mockClient(APIGatewayClient);
const http = mockClient(ApiGatewayV2Client);
const elb = mockClient(ElasticLoadBalancingV2Client);
afterEach(() => [rest, http, elb].forEach((mock) => mock.reset()));

const SEARCH = 'https://search-users-abc.us-east-1.es.amazonaws.com/';

function answerRest(change: Partial<RestApi> = {}, methodIntegration: object = { uri: SEARCH }): void {
  rest.on(GetRestApisCommand).resolves({ items: [{ id: 'abc', ...change }] });
  rest.on(GetResourcesCommand).resolves({
    items: [{ path: '/', resourceMethods: { GET: { authorizationType: 'NONE', methodIntegration } } }],
  });
  http.on(GetApisCommand).resolves({ Items: [] });
}

function answerNames(change: Partial<DomainName> = {}): void {
  answerRest({ disableExecuteApiEndpoint: true, securityPolicy: 'TLS_1_2' });
  http.on(GetDomainNamesCommand).resolves({ Items: [{ DomainName: 'api.example.com', ...change }] });
  http.on(GetApiMappingsCommand).resolves({ Items: [{ ApiId: 'abc', Stage: 'x' }] });
}
const policy = (...policies: readonly ('TLS_1_0' | 'TLS_1_2')[]) => ({
  DomainNameConfigurations: policies.map((SecurityPolicy) => ({ SecurityPolicy })),
});

describe('TLS of an API', () => {
  it.each([
    ['TLS_1_2', 'on'],
    ['SecurityPolicy_TLS13_1_3_2025_09', 'on'],
    ['TLS_1_0', 'partial'],
    ['brand new', 'unknown'],
    [undefined, 'unknown'],
  ])('is told by its policy: %s', async (securityPolicy, level) => {
    answerRest(securityPolicy === undefined ? {} : { securityPolicy: securityPolicy as 'TLS_1_2' });
    expect((await collectWith(apiGateway)).endpoints[0]?.declared.tls?.level).toBe(level);
  });

  it.each([
    ['modern', policy('TLS_1_2'), 'on'],
    ['old', policy('TLS_1_0'), 'partial'],
    ['one of two old', policy('TLS_1_2', 'TLS_1_0'), 'partial'],
    ['not said', {}, 'unknown'],
  ])('under a custom name is that of the name: %s', async (_, change, level) => {
    answerNames(change);
    expect((await collectWith(apiGateway)).endpoints[0]).toMatchObject({
      host: 'api.example.com',
      declared: { tls: { level } },
    });
  });
});

describe('custom names that cannot be followed', () => {
  it('are a gap where one stands for many hosts', async () => {
    answerNames({ DomainName: '*.example.com' });
    const { endpoints, status, cell } = await collectWith(apiGateway);
    expect([endpoints, status]).toEqual([[], 'partial']);
    expect(cell.gaps()).toMatchObject([{ code: 'incomplete', detail: expect.stringContaining('*.example.com') }]);
  });

  it('are a gap where rules route them, which are not read', async () => {
    answerNames({ RoutingMode: 'ROUTING_RULE_ONLY' });
    expect((await collectWith(apiGateway)).status).toBe('partial');
    answerNames({ RoutingMode: 'API_MAPPING_ONLY' });
    expect((await collectWith(apiGateway)).status).toBe('complete');
  });
});

describe('what an API depends on', () => {
  it('is the API', async () => {
    answerRest();
    expect((await collectWith(apiGateway)).endpoints[0]?.dependencies).toEqual(['apigateway:restapi/abc']);
  });

  it('is also the balancer behind its VPC link, and its target groups', async () => {
    answerBalancers(elb);
    rest.on(GetVpcLinkCommand).resolves({ targetArns: [NLB] });
    answerRest({}, { uri: 'http://inner.example:9200/', connectionType: 'VPC_LINK', connectionId: 'link-1' });
    expect((await collectWith(apiGateway)).endpoints[0]?.dependencies).toEqual([
      'apigateway:restapi/abc',
      'elasticloadbalancing:loadbalancer/front',
      'elasticloadbalancing:targetgroup/search',
    ]);
  });

  it('is an HTTP API of the newer kind', async () => {
    rest.on(GetRestApisCommand).resolves({ items: [] });
    http
      .on(GetApisCommand)
      .resolves({ Items: [{ ApiId: 'def', Name: 'n', ProtocolType: 'HTTP', RouteSelectionExpression: '' }] });
    http.on(GetIntegrationsCommand).resolves({ Items: [{ IntegrationId: 'i1', IntegrationUri: SEARCH }] });
    http.on(GetRoutesCommand).resolves({ Items: [{ RouteKey: 'GET /', Target: 'integrations/i1' }] });
    expect((await collectWith(apiGateway)).endpoints[0]?.dependencies).toEqual(['apigateway:api/def']);
  });
});
