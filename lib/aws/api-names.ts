/** Custom host names of APIs (aws-services.md section 2.27): the only door where an API's own host is switched off. */
import {
  type ApiGatewayV2Client,
  type DomainName,
  GetApiMappingsCommand,
  GetDomainNamesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { addressOf } from './address.ts';
import { API_ACTION } from './api-targets.ts';
import type { Cell } from './cell.ts';
import { pagesOf } from './pages.ts';

export interface ApiName {
  readonly host: string;
  /** TLS policies of its configurations: `TLS_1_2`. Empty: not said. */
  readonly tls: readonly (string | undefined)[];
}

/**
 * Host names by API id. A failure leaves the whole cell in doubt, as do a name that stands for many hosts and rules
 * that route a name besides its mappings: an API may have doors that are not seen.
 */
export async function readApiNames(
  cell: Cell,
  client: ApiGatewayV2Client,
): Promise<ReadonlyMap<string, readonly ApiName[]>> {
  const domains = await pagesOf(cell, undefined, {
    action: API_ACTION,
    call: (NextToken) => client.send(new GetDomainNamesCommand({ NextToken })),
    items: (page) => page.Items,
    next: (page) => page.NextToken,
  });
  const mapped = await Promise.all(domains.items.map(async (domain) => mappingsOf(cell, client, domain)));
  const byApi = new Map<string, readonly ApiName[]>();
  for (const { api, name } of mapped.flat()) byApi.set(api, [...(byApi.get(api) ?? []), name]);
  return byApi;
}

async function mappingsOf(
  cell: Cell,
  client: ApiGatewayV2Client,
  { DomainName, DomainNameConfigurations: configurations, RoutingMode: mode }: DomainName,
): Promise<readonly { readonly api: string; readonly name: ApiName }[]> {
  if (DomainName === undefined) return [];
  if (mode !== undefined && mode !== 'API_MAPPING_ONLY') {
    cell.gap('incomplete', `custom name ${DomainName}: RoutingMode=${mode}, its rules are not read`);
  }
  const mappings = await pagesOf(cell, undefined, {
    action: API_ACTION,
    call: (NextToken) => client.send(new GetApiMappingsCommand({ DomainName, NextToken })),
    items: (page) => page.Items,
    next: (page) => page.NextToken,
  });
  const apis = mappings.items.flatMap(({ ApiId }) => ApiId ?? []);
  if (apis.length > 0 && addressOf(DomainName, 443) === undefined) {
    cell.gap('incomplete', `custom name ${DomainName} is no host: it may stand for many`);
    return [];
  }
  const name = { host: DomainName, tls: (configurations ?? []).map(({ SecurityPolicy }) => SecurityPolicy) };
  return apis.map((api) => ({ api, name }));
}
