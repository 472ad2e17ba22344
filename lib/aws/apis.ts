/**
 * REST and HTTP APIs in one shape (aws-services.md section 2.27): who may call which route, and which of them leads to
 * data. What decides whether an API is a front at all is read against the whole cell.
 */
import { APIGatewayClient, GetResourcesCommand, type Method, type RestApi } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetIntegrationsCommand, GetRoutesCommand } from '@aws-sdk/client-apigatewayv2';
import { API_ACTION, type ApiTarget, type Follow, type Integration } from './api-targets.ts';
import type { Cell } from './cell.ts';
import { pagesOf } from './pages.ts';

/** The most that API Gateway returns per page. */
const PAGE = 500;

export interface ApiRoute {
  /** Method and path. */
  readonly name: string;
  /** `NONE`, `AWS_IAM`, `CUSTOM`, `JWT`, `COGNITO_USER_POOLS`; undefined where AWS did not say. */
  readonly authorization: string | undefined;
  readonly apiKey: boolean;
  readonly target: ApiTarget;
}

/** Routes that lead to data. `whole` is false where there may be others. */
export interface ApiRoutes {
  readonly routes: readonly ApiRoute[];
  readonly whole: boolean;
}

export async function restRoutes(cell: Cell, follow: Follow, { id: restApiId }: RestApi): Promise<ApiRoutes> {
  const client = cell.client(APIGatewayClient);
  const { items, whole } = await pagesOf(cell, undefined, {
    action: API_ACTION,
    call: (position) => client.send(new GetResourcesCommand({ restApiId, limit: PAGE, embed: ['methods'], position })),
    items: (page) => page.items,
    next: (page) => page.position,
  });
  const methods = items.flatMap(({ path = '/', resourceMethods }) =>
    Object.entries(resourceMethods ?? {}).map(([verb, method]) => ({ name: `${verb} ${path}`, method })),
  );
  const routes = await Promise.all(
    methods.map(async ({ name, method }) => ({
      name,
      authorization: method.authorizationType,
      apiKey: method.apiKeyRequired === true,
      target: await follow(integrationOf(method)),
    })),
  );
  return { routes: leading(routes), whole };
}

function integrationOf({ methodIntegration: integration }: Method): Integration {
  const { uri, connectionType, connectionId, credentials } = integration ?? {};
  return { uri, link: connectionType === 'VPC_LINK' ? (connectionId ?? 'not named') : undefined, credentials };
}

export async function httpRoutes(cell: Cell, follow: Follow, ApiId: string): Promise<ApiRoutes> {
  const client = cell.client(ApiGatewayV2Client);
  const MaxResults = String(PAGE);
  const integrations = await pagesOf(cell, undefined, {
    action: API_ACTION,
    call: (NextToken) => client.send(new GetIntegrationsCommand({ ApiId, MaxResults, NextToken })),
    items: (page) => page.Items,
    next: (page) => page.NextToken,
  });
  const targets = new Map<string, ApiTarget | undefined>(
    await Promise.all(
      integrations.items.map(async ({ IntegrationId: id = '', IntegrationUri: uri, ...rest }) => {
        const link = rest.ConnectionType === 'VPC_LINK' ? (rest.ConnectionId ?? 'not named') : undefined;
        return [`integrations/${id}`, await follow({ uri, link, credentials: rest.CredentialsArn })] as const;
      }),
    ),
  );
  if ([...targets.values()].every((target) => target === undefined)) return { routes: [], whole: integrations.whole };
  const routes = await pagesOf(cell, undefined, {
    action: API_ACTION,
    call: (NextToken) => client.send(new GetRoutesCommand({ ApiId, MaxResults, NextToken })),
    items: (page) => page.Items,
    next: (page) => page.NextToken,
  });
  const found = routes.items.map(
    ({ RouteKey: name = 'a route', AuthorizationType: authorization, ApiKeyRequired, Target }) => ({
      name,
      authorization,
      apiKey: ApiKeyRequired === true,
      target: targets.get(Target ?? ''),
    }),
  );
  return { routes: leading(found), whole: integrations.whole && routes.whole };
}

function leading(
  routes: readonly (Omit<ApiRoute, 'target'> & { readonly target: ApiTarget | undefined })[],
): readonly ApiRoute[] {
  return routes.flatMap(({ target, ...route }) => (target === undefined ? [] : [{ ...route, target }]));
}
