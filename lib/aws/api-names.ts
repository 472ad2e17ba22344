/** Custom host names of APIs (aws-services.md section 2.27): the only door where an API's own host is switched off. */
import { type ApiGatewayV2Client, GetApiMappingsCommand, GetDomainNamesCommand } from '@aws-sdk/client-apigatewayv2';
import { API_ACTION } from './api-targets.ts';
import type { Cell } from './cell.ts';
import { pagesOf } from './pages.ts';

/** Host names by API id. A failure leaves the whole cell in doubt: an API may have doors that are not seen. */
export async function readApiNames(
  cell: Cell,
  client: ApiGatewayV2Client,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const domains = await pagesOf(cell, undefined, {
    action: API_ACTION,
    call: (NextToken) => client.send(new GetDomainNamesCommand({ NextToken })),
    items: (page) => page.Items,
    next: (page) => page.NextToken,
  });
  const names = domains.items.flatMap(({ DomainName: name }) => name ?? []);
  const mapped = await Promise.all(
    names.map(async (DomainName) => {
      const mappings = await pagesOf(cell, undefined, {
        action: API_ACTION,
        call: (NextToken) => client.send(new GetApiMappingsCommand({ DomainName, NextToken })),
        items: (page) => page.Items,
        next: (page) => page.NextToken,
      });
      return mappings.items.flatMap(({ ApiId: api }) => (api === undefined ? [] : [{ api, name: DomainName }]));
    }),
  );
  const byApi = new Map<string, readonly string[]>();
  for (const { api, name } of mapped.flat()) byApi.set(api, [...(byApi.get(api) ?? []), name]);
  return byApi;
}
