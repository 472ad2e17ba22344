/**
 * REST and HTTP APIs that lead from the internet to data stores (aws-services.md section 2.27), of which API Gateway
 * alone knows. With credentials of its own an integration opens to its callers what is closed to them otherwise.
 * Calls, all under one IAM action: GetRestApis, GetApis; per API GetResources, or GetIntegrations and GetRoutes; VPC
 * links and the balancers behind them where an API uses one; custom names where an API has no other. All of them are
 * `http`, for a visit to the root says nothing of a path. Private APIs are no doors from the internet. Functions,
 * usage plans and web ACLs are not followed.
 */
import { APIGatewayClient, GetRestApiCommand, GetRestApisCommand, type RestApi } from '@aws-sdk/client-api-gateway';
import { type Api, ApiGatewayV2Client, GetApiCommand, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { type ApiName, readApiNames } from '../aws/api-names.ts';
import { API_ACTION, type Follow, openTargets } from '../aws/api-targets.ts';
import { type ApiRoute, type ApiRoutes, httpRoutes, restRoutes } from '../aws/apis.ts';
import { FOLLOW_ACTIONS } from '../aws/balancers.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf } from '../aws/dependencies.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { inFrontOf } from '../aws/front.ts';
import { PARTITION_FACTS } from '../aws/partitions.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { policyProtection, whoMayCall } from '../reach/policy.ts';

const REST_PAGE = 500;
const GONE = ['NotFoundException'];
const MODERN_TLS = /^(TLS_1_[23]$|SecurityPolicy_TLS1[23]_)/;

export const apiGateway: Collector = {
  service: 'api-gateway',
  scope: 'regional',
  actions: [API_ACTION, ...FOLLOW_ACTIONS],
  cost: { empty: 2, each: 1.5 },
  async collect(cell) {
    const rest = cell.client(APIGatewayClient);
    const http = cell.client(ApiGatewayV2Client);
    const restApis = await cell.list(
      API_ACTION,
      (position) => rest.send(new GetRestApisCommand({ limit: REST_PAGE, position })),
      (page) => page.items,
      (page) => page.position,
    );
    const httpApis = await cell.list(
      API_ACTION,
      (NextToken) => http.send(new GetApisCommand({ NextToken })),
      (page) => page.Items,
      (page) => page.NextToken,
    );
    cell.watch(restApis.length + httpApis.length);
    const follow = openTargets(cell);
    const judged = await Promise.all([
      ...restApis.map((api) => restFront(cell, follow, api)),
      ...httpApis.map((api) => httpFront(cell, follow, api)),
    ]);
    const fronts = judged.filter(({ routes }) => routes.length > 0);
    const names = fronts.some(({ own }) => !own)
      ? await readApiNames(cell, http)
      : new Map<string, readonly ApiName[]>();
    return fronts.flatMap((front) => endpointsOf(cell, front, names.get(front.id) ?? []));
  },
  async exists(cell, { name = '', arn = '', host }) {
    const front = await (arn.includes('/restapis/') ? restById(cell, name) : httpById(cell, name));
    if (front === ABSENT) return false;
    if (front === undefined) return undefined;
    if (!front.own && host.startsWith(`${name}.execute-api.`)) return false;
    if (front.routes.length > 0) return true;
    return front.whole ? false : undefined;
  },
};

async function restById(cell: Cell, restApiId: string): Promise<Front | typeof ABSENT | undefined> {
  const client = cell.client(APIGatewayClient);
  const call = () => client.send(new GetRestApiCommand({ restApiId }));
  const api = await cell.askMaybe(API_ACTION, call, GONE, restApiId);
  return api === undefined || api === ABSENT ? api : restFront(cell, openTargets(cell), api);
}

async function httpById(cell: Cell, ApiId: string): Promise<Front | typeof ABSENT | undefined> {
  const client = cell.client(ApiGatewayV2Client);
  const call = () => client.send(new GetApiCommand({ ApiId }));
  const api = await cell.askMaybe(API_ACTION, call, GONE, ApiId);
  return api === undefined || api === ABSENT ? api : httpFront(cell, openTargets(cell), api);
}

/** An API with its routes that lead to data. */
interface Front extends ApiRoutes {
  readonly id: string;
  readonly path: string;
  /** Whether its own host answers. */
  readonly own: boolean;
  readonly name: string | undefined;
  readonly made: Date | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** A policy restricts REST APIs only. */
  readonly access?: Protection;
  /** TLS of its own host. */
  readonly tls: Protection;
  readonly kind: 'restapi' | 'api';
}

async function restFront(cell: Cell, follow: Follow, api: RestApi): Promise<Front> {
  const { id = '', name, createdDate: made, tags, securityPolicy } = api;
  const types = api.endpointConfiguration?.types ?? [];
  const isPrivate = types.length > 0 && types.every((type) => type === 'PRIVATE');
  const led = isPrivate ? { routes: [], whole: true } : await restRoutes(cell, follow, api);
  const own = api.disableExecuteApiEndpoint !== true;
  const access = accessOf(cell, api.policy);
  const tls = tlsOf([securityPolicy]);
  return { ...led, id, path: `restapis/${id}`, kind: 'restapi', own, name, made, tags, access, tls };
}

async function httpFront(cell: Cell, follow: Follow, api: Partial<Api>): Promise<Front> {
  const { ApiId: id = '', Name: name, CreatedDate: made, Tags: tags, DisableExecuteApiEndpoint: disabled } = api;
  const led = await httpRoutes(cell, follow, id);
  const tls = declaredOn('HTTPS only: HTTP APIs take TLS 1.2 and later');
  return { ...led, id, path: `apis/${id}`, kind: 'api', own: disabled !== true, name, made, tags, tls };
}

/** Policies name the oldest TLS they take: `TLS_1_2`, `SecurityPolicy_TLS13_1_2_2021_06`. */
function tlsOf(policies: readonly (string | undefined)[]): Protection {
  const said = `HTTPS only, securityPolicy=${policies.map((policy) => policy ?? 'absent').join(' ') || 'absent'}`;
  if (policies.includes('TLS_1_0')) return declaredPartial(said);
  const known = policies.every((policy) => policy !== undefined && MODERN_TLS.test(policy));
  return policies.length > 0 && known ? declaredOn(said) : declaredUnknown(said);
}

/** Without a policy everybody may try; the policy comes with its quotes escaped once too often. */
function accessOf({ place }: Cell, policy: string | undefined): Protection {
  if (policy === undefined || policy === '') return declaredOff('no resource policy');
  const text = policy.startsWith('{\\"') ? policy.replaceAll('\\"', '"').replaceAll('\\/', '/') : policy;
  const callers = whoMayCall(text, {
    // Its resources are stages and paths: a statement on any of them counts.
    resourceArn: '',
    accountId: place.account,
    organizationId: place.organization,
    region: place.region,
    service: 'execute-api',
    dataActions: ['execute-api:Invoke'],
    families: ['v4', 'v6'],
    plaintextPort: false,
  });
  return policyProtection(callers);
}

function endpointsOf(cell: Cell, front: Front, names: readonly ApiName[]): readonly Endpoint[] {
  const { region, partition } = cell.place;
  const { id, path, own, name, routes, access, kind } = front;
  const targets = routes.map(({ target, name }) => `${target.name} by ${name}`);
  const declared = {
    network: inFrontOf(targets, declaredOff('open to WORLD: an API has no security group')),
    authentication: authenticationOf(routes),
    ...(access === undefined ? {} : { 'access-policy': access }),
  };
  const doors = own
    ? [{ host: `${id}.execute-api.${region}.${PARTITION_FACTS[partition].dnsSuffix}`, tls: front.tls }]
    : names.map(({ host, tls }) => ({ host, door: host, tls: tlsOf(tls) }));
  const dependencies = [...keysOf(`apigateway:${kind}`, id), ...routes.flatMap(({ target }) => target.keys)];
  return doors.map(({ tls, ...door }) =>
    awsEndpoint(cell, {
      name: id,
      ...door,
      port: 443,
      engine: 'http',
      arn: `arn:${partition}:apigateway:${region}::/${path}`,
      tags: tagsOf({ ...front.tags, ...(name === undefined ? {} : { Name: name }) }),
      incarnation: front.made?.toISOString(),
      foundBy: ['balancer'],
      declared: { ...declared, tls },
      dependencies,
    }),
  );
}

/** One open route is enough. A key tells callers apart for billing; it is no authentication. */
function authenticationOf(routes: readonly ApiRoute[]): Protection {
  const said = ({ name, authorization }: ApiRoute): string => `${name}: authorizationType=${authorization ?? 'absent'}`;
  const open = routes.filter(({ authorization }) => authorization === 'NONE');
  const [free] = open.filter(({ apiKey }) => !apiKey);
  if (free !== undefined) return declaredOff(said(free));
  const unsaid = routes.find(({ authorization }) => authorization === undefined);
  if (unsaid !== undefined) return declaredUnknown(said(unsaid));
  const [keyed] = open;
  if (keyed !== undefined) return declaredPartial(`${said(keyed)}, apiKeyRequired`);
  const types = [...new Set(routes.map(({ authorization }) => authorization))];
  return declaredOn(`authorizationType=${types.join(' ')} on every route that leads there`);
}
