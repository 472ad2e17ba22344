/** Also of lib/aws/api-targets.ts, lib/aws/apis.ts, lib/aws/api-names.ts. */
import {
  APIGatewayClient,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetVpcLinkCommand,
  type Method,
  type RestApi,
} from '@aws-sdk/client-api-gateway';
import {
  type Api,
  ApiGatewayV2Client,
  GetApiCommand,
  GetApiMappingsCommand,
  GetApisCommand,
  GetDomainNamesCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  type Integration,
  type Route,
} from '@aws-sdk/client-apigatewayv2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { apiGateway } from '../../lib/collectors/api-gateway.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';
import { answerBalancers, NLB, PREFIX, type Site } from '../support/balancers.ts';

const rest = mockClient(APIGatewayClient);
const http = mockClient(ApiGatewayV2Client);
const elb = mockClient(ElasticLoadBalancingV2Client);
afterEach(() => [rest, http, elb].forEach((mock) => mock.reset()));

const SEARCH = 'https://search-users-abc.us-east-1.es.amazonaws.com/{proxy}';

function method(uri: string | undefined, change: Partial<Method> = {}, integration: object = {}): Method {
  return { authorizationType: 'NONE', methodIntegration: { type: 'HTTP_PROXY', uri, ...integration }, ...change };
}

const SHOP = { id: 'abc', name: 'shop', securityPolicy: 'TLS_1_2' } as const;
function answerRest(methods: Readonly<Record<string, Method>>, change: Partial<RestApi> = {}): void {
  const api: RestApi = { ...SHOP, endpointConfiguration: { types: ['REGIONAL'] }, ...change };
  rest.on(GetRestApisCommand).resolves({ items: [api] });
  rest.on(GetRestApiCommand).resolves(api);
  rest.on(GetResourcesCommand).resolves({ items: [{ path: '/search', resourceMethods: methods }] });
  http.on(GetApisCommand).resolves({ Items: [] });
}

function answerHttp(integration: Partial<Integration>, route: Partial<Route> = {}, change: Partial<Api> = {}): void {
  const api = { ApiId: 'def', Name: 'shop', ProtocolType: 'HTTP' as const, RouteSelectionExpression: '', ...change };
  rest.on(GetRestApisCommand).resolves({ items: [] });
  http.on(GetApisCommand).resolves({ Items: [api] });
  http.on(GetApiCommand).resolves(api);
  http.on(GetIntegrationsCommand).resolves({ Items: [{ IntegrationId: 'i1', ...integration }] });
  http.on(GetRoutesCommand).resolves({
    Items: [{ RouteKey: 'ANY /{proxy+}', AuthorizationType: 'NONE', Target: 'integrations/i1', ...route }],
  });
}

describe('REST APIs in front of data stores', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    rest.on(GetRestApisCommand).resolves({ items: [] });
    http.on(GetApisCommand).resolves({ Items: [] });
    const { endpoints, status, cell } = await collectWith(apiGateway);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['apigateway:GET', 'apigateway:GET']]);
  });

  it('finds one that lets anybody search', async () => {
    answerRest({ GET: method(SEARCH) });
    const { endpoints, status } = await collectWith(apiGateway);
    expect(status).toBe('complete');
    expect(endpoints).toMatchObject([
      {
        id: '111122223333/us-east-1/api-gateway/abc',
        host: 'abc.execute-api.us-east-1.amazonaws.com',
        port: 443,
        engine: 'http',
        arn: 'arn:aws:apigateway:us-east-1::/restapis/abc',
        tags: { Name: 'shop' },
        foundBy: ['balancer'],
      },
    ]);
    expect(levels(endpoints[0]!)).toEqual({ network: 'off', authentication: 'off', tls: 'on', 'access-policy': 'off' });
    expect(endpoints[0]?.declared.network?.evidence).toBe(
      'leads to search-users-abc.us-east-1.es.amazonaws.com:443 by GET /search; open to WORLD: an API has no security group',
    );
  });

  it.each([
    ['functions', 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations'],
    ['somebody else', 'https://www.example.com/'],
    ['nothing', undefined],
  ])('leaves out what leads to %s', async (_, uri) => {
    answerRest({ GET: method(uri) });
    expect((await collectWith(apiGateway)).endpoints).toEqual([]);
  });

  it('leaves out private APIs', async () => {
    answerRest({ GET: method(SEARCH) }, { endpointConfiguration: { types: ['PRIVATE'] } });
    expect((await collectWith(apiGateway)).endpoints).toEqual([]);
    answerRest({ GET: method(SEARCH) }, { endpointConfiguration: { types: [] } });
    expect((await collectWith(apiGateway)).endpoints).toHaveLength(1);
  });

  it('says whose rights an integration lends', async () => {
    const scan = 'arn:aws:apigateway:us-east-1:dynamodb:action/Scan';
    answerRest({ GET: method(scan, {}, { type: 'AWS', credentials: 'arn:aws:iam::111122223333:role/api' }) });
    const { endpoints } = await collectWith(apiGateway);
    expect(endpoints[0]?.declared.network?.evidence).toContain('the API of dynamodb with the rights of arn:aws:iam');
  });

  it('keeps one whose host hides behind a stage variable', async () => {
    answerRest({ GET: method('https://${stageVariables.search}/x') });
    expect((await collectWith(apiGateway)).endpoints).toHaveLength(1);
  });

  it.each([
    ['one open route of two', { GET: method(SEARCH), POST: method(SEARCH, { authorizationType: 'AWS_IAM' }) }, 'off'],
    ['a key', { GET: method(SEARCH, { apiKeyRequired: true }) }, 'partial'],
    ['signatures', { GET: method(SEARCH, { authorizationType: 'AWS_IAM' }) }, 'on'],
    ['a type that is not said', { GET: method(SEARCH, { authorizationType: undefined }) }, 'unknown'],
    [
      'an open route that leads elsewhere',
      { GET: method(SEARCH, { authorizationType: 'CUSTOM' }), PUT: method('https://x.example') },
      'on',
    ],
  ])('says what %s is worth', async (_, methods, level) => {
    answerRest(methods);
    expect((await collectWith(apiGateway)).endpoints[0]?.declared.authentication?.level).toBe(level);
  });

  it.each([
    ['office addresses', { Condition: { IpAddress: { 'aws:SourceIp': '198.41.0.4/32' } } }, 'partial'],
    ['anybody', {}, 'off'],
  ])('reads a policy that lets in %s, escaped as AWS sends it', async (_, condition, level) => {
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: 'execute-api:/*',
      ...condition,
    };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    answerRest({ GET: method(SEARCH) }, { policy: policy.replaceAll('/', '\\/').replaceAll('"', '\\"') });
    expect((await collectWith(apiGateway)).endpoints[0]?.declared['access-policy']?.level).toBe(level);
  });

  it('knows nothing of a policy that it cannot read, and of old TLS that it is old', async () => {
    answerRest({ GET: method(SEARCH) }, { policy: '{"Statement":', securityPolicy: 'TLS_1_0' });
    const { endpoints } = await collectWith(apiGateway);
    expect(levels(endpoints[0]!)).toMatchObject({ 'access-policy': 'unknown', tls: 'partial' });
  });
});

describe('APIs through a VPC link', () => {
  const link = { connectionType: 'VPC_LINK' as const, connectionId: 'link-1' };

  function answerLink(site: Site): void {
    answerBalancers(elb, site);
    rest.on(GetVpcLinkCommand).resolves({ targetArns: [NLB] });
  }

  it('are followed to the data store behind the balancer', async () => {
    answerLink({});
    answerRest({ GET: method('http://inner.example:9200/', {}, link) });
    const { endpoints, status } = await collectWith(apiGateway);
    expect(status).toBe('complete');
    expect(endpoints[0]?.declared.network?.evidence).toContain('VPC link link-1, which leads to 10.0.0.5:9200');
  });

  it('ask once for a link that many routes use', async () => {
    answerLink({});
    const used = method('http://inner.example:9200/', {}, link);
    answerRest({ GET: used, PUT: used, POST: used });
    await collectWith(apiGateway);
    expect(rest.commandCalls(GetVpcLinkCommand)).toHaveLength(1);
  });

  it('are left out where the balancer leads to no data store', async () => {
    answerLink({ listener: { Port: 80 }, group: { Port: 8080 }, targets: [{ Id: '10.0.0.5', Port: 8080 }] });
    answerRest({ GET: method('http://inner.example/', {}, link) });
    const { endpoints, status } = await collectWith(apiGateway);
    expect([endpoints, status]).toEqual([[], 'complete']);
  });

  it('are kept where they cannot be followed', async () => {
    answerLink({});
    rest.on(GetVpcLinkCommand).rejects(awsError('AccessDeniedException', 403));
    answerRest({ GET: method('http://inner.example:9200/', {}, link) });
    const { endpoints, status, cell } = await collectWith(apiGateway);
    expect([status, cell.gaps().map((g) => g.subject)]).toEqual(['complete', ['link-1']]);
    expect(endpoints[0]?.declared.network?.evidence).toContain('VPC link link-1 to http://inner.example:9200/');
  });

  it('are followed by the listener that an HTTP API names', async () => {
    answerLink({ listener: { ListenerArn: `${PREFIX}:listener/net/front/50dc/9a` } });
    answerHttp({
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'l2',
      IntegrationUri: `${PREFIX}:listener/net/front/50dc/9a`,
    });
    const { endpoints } = await collectWith(apiGateway);
    expect(endpoints[0]?.declared.network?.evidence).toContain('leads to VPC link l2, which leads to 10.0.0.5:9200');
    answerHttp({
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'l2',
      IntegrationUri: 'arn:aws:servicediscovery:x:service/s',
    });
    expect((await collectWith(apiGateway)).endpoints).toHaveLength(1);
  });
});

describe('HTTP APIs in front of data stores', () => {
  it.each([
    ['NONE', 'off'],
    ['JWT', 'on'],
    [undefined, 'unknown'],
  ] as const)('finds one with AuthorizationType=%s', async (AuthorizationType, level) => {
    answerHttp({ IntegrationUri: SEARCH }, { AuthorizationType });
    const { endpoints } = await collectWith(apiGateway);
    expect(endpoints[0]).toMatchObject({ arn: 'arn:aws:apigateway:us-east-1::/apis/def', name: 'def' });
    expect(levels(endpoints[0]!)).toEqual({ network: 'off', authentication: level, tls: 'on' });
  });

  it('reads no routes of an API that leads nowhere', async () => {
    answerHttp({ IntegrationUri: 'arn:aws:lambda:us-east-1:111122223333:function:f' });
    const { endpoints, cell } = await collectWith(apiGateway);
    expect([endpoints, cell.asked.length]).toEqual([[], 3]);
  });

  it('is found under its custom names where its own host is switched off', async () => {
    answerHttp({ IntegrationUri: SEARCH }, {}, { DisableExecuteApiEndpoint: true });
    http.on(GetDomainNamesCommand).resolves({ Items: [{ DomainName: 'api.example.com' }] });
    http.on(GetApiMappingsCommand).resolves({ Items: [{ ApiId: 'def', Stage: 'x' }] });
    const { endpoints } = await collectWith(apiGateway);
    expect(endpoints.map((e) => [e.id, e.host])).toEqual([
      ['111122223333/us-east-1/api-gateway/def/api.example.com', 'api.example.com'],
    ]);
    http.on(GetDomainNamesCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(apiGateway)).status).toBe('denied');
  });
});

describe('what API Gateway does not answer', () => {
  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    answerRest({ GET: method(SEARCH) });
    rest
      .on(GetRestApisCommand)
      .resolvesOnce({ items: [{ id: 'a' }], position: '1' })
      .resolvesOnce({ items: [{ id: 'b' }] })
      .resolvesOnce({ items: [{ id: 'a' }], position: '1' })
      .resolvesOnce({ items: [{ id: 'a' }], position: '1' })
      .rejects(awsError('AccessDeniedException', 403));
    const first = await collectWith(apiGateway);
    expect([first.status, first.endpoints.length]).toEqual(['complete', 2]);
    expect((await collectWith(apiGateway)).status).toBe('partial');
    expect((await collectWith(apiGateway)).status).toBe('denied');
  });

  it('leaves the list in doubt where what an API leads to is denied', async () => {
    answerRest({ GET: method(SEARCH) });
    rest.on(GetResourcesCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(apiGateway)).status).toBe('denied');
    answerHttp({ IntegrationUri: SEARCH });
    http.on(GetRoutesCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(apiGateway)).status).toBe('denied');
  });

  it('bounds and cleans hostile names and paths', async () => {
    answerRest({ [`GET\u202e${'x'.repeat(5_000)}`]: method(SEARCH) }, { name: `a\u202e${'x'.repeat(5_000)}` });
    const { endpoints } = await collectWith(apiGateway);
    const text = JSON.stringify(endpoints);
    expect(text).not.toMatch(/\u202e/u);
    expect(text.length).toBeLessThan(3_000);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answerRest({ GET: method(SEARCH) });
    const [old] = (await collectWith(apiGateway)).endpoints;
    answerHttp({ IntegrationUri: SEARCH });
    const [modern] = (await collectWith(apiGateway)).endpoints;
    const ask = (endpoint = old!) => apiGateway.exists(testCell('api-gateway'), endpoint);
    expect([await ask(), await ask(modern)]).toEqual([true, true]);
    answerHttp({ IntegrationUri: 'https://www.example.com' });
    answerRest({ GET: method('https://www.example.com') });
    expect([await ask(), await ask(modern)]).toEqual([false, false]);
    rest.on(GetResourcesCommand).rejects(awsError('TooManyRequestsException', 429));
    http.on(GetIntegrationsCommand).rejects(awsError('TooManyRequestsException', 429));
    expect([await ask(), await ask(modern)]).toEqual([undefined, undefined]);
    answerRest({ GET: method(SEARCH) }, { disableExecuteApiEndpoint: true });
    expect(await ask()).toBe(false);
    rest.on(GetRestApiCommand).rejects(awsError('NotFoundException', 404));
    http.on(GetApiCommand).rejects(awsError('TooManyRequestsException', 429));
    expect([await ask(), await ask(modern)]).toEqual([false, undefined]);
  });
});
