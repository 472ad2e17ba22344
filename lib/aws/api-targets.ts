/**
 * Where an API's integration leads (aws-services.md section 2.27): to a host of a data store, a balancer or an
 * instance, to an API of AWS that holds data, or through a VPC link to a balancer, whose targets are followed as those
 * of any other (section 2.24). Functions and the rest lead nowhere that is known to hold data.
 */
import { APIGatewayClient, GetVpcLinkCommand } from '@aws-sdk/client-api-gateway';
import type { DependencyKey } from '../model/change.ts';
import { printable } from '../model/text.ts';
import { balancerKeys, type Balancers, openBalancers } from './balancers.ts';
import type { Cell } from './cell.ts';
import { leadsTo } from './front.ts';
import { once } from './lazily.ts';
import { kindOfHost } from './stores.ts';

/** The one IAM action of API Gateway: its verb. */
export const API_ACTION = 'apigateway:GET';

export interface Integration {
  readonly uri: string | undefined;
  /** Id of a VPC link, where it goes through one. */
  readonly link: string | undefined;
  /** The role whose rights the API lends to its callers. */
  readonly credentials: string | undefined;
}

export interface ApiTarget {
  readonly name: string;
  /** Of what was followed on the way there. */
  readonly keys: readonly DependencyKey[];
}

/** Where it leads; undefined where that is nothing that holds data. What cannot be followed leads somewhere. */
export type Follow = (integration: Integration) => Promise<ApiTarget | undefined>;

/** Services of AWS whose actions read data. */
const DATA_APIS = new Set([
  'aoss',
  'cassandra',
  'cloudsearch',
  'dynamodb',
  'es',
  'kendra',
  'neptune-db',
  'rds-data',
  'redshift-data',
  'timestream',
]);

export function openTargets(cell: Cell): Follow {
  const balancers = openBalancers(cell);
  const links = once((link: string) => balancerOf(cell, link));
  return async (integration) => {
    const { uri = '', link, credentials } = integration;
    const target = link === undefined ? byUri(uri) : await throughLink(balancers, links, link, uri);
    return target === undefined || credentials === undefined
      ? target
      : { ...target, name: printable(`${target.name} with the rights of ${credentials}`) };
  };
}

function byUri(uri: string): ApiTarget | undefined {
  const name = nameByUri(uri);
  return name === undefined ? undefined : { name, keys: [] };
}

function nameByUri(uri: string): string | undefined {
  if (uri.startsWith('arn:')) {
    // arn:aws:apigateway:<region>:[<subdomain>.]<service>:path|action/...
    const service = uri.split(':', 5)[4]?.split('.').at(-1) ?? '';
    return DATA_APIS.has(service) ? printable(`the API of ${service}`) : undefined;
  }
  if (!/^https?:/i.test(uri)) return undefined;
  const url = URL.parse(uri);
  // A stage variable stands for the host: whatever it holds, it is not seen here.
  if (url === null || uri.includes('${stageVariables')) return printable(uri, 120);
  const port = portOf(url);
  return kindOfHost(url.hostname, port) === undefined ? undefined : printable(`${url.hostname}:${port}`, 120);
}

async function throughLink(
  balancers: Balancers,
  links: (link: string) => Promise<string | undefined>,
  link: string,
  uri: string,
): Promise<ApiTarget | undefined> {
  const name = `VPC link ${link}`;
  const unseen = { name: printable(`${name} to ${uri}`, 120), keys: [] };
  const at = uri.startsWith('arn:') ? listenerAt(uri) : portAt(await links(link), uri);
  // A service of Cloud Map, a link of the newer kind, or one that was not read.
  if (at === undefined) return unseen;
  const { items, whole } = await balancers.listeners(at.balancer);
  const own = items.filter((l) => (at.listener === undefined ? l.Port === at.port : l.ListenerArn === at.listener));
  const led = await Promise.all(own.map((listener) => balancers.leads(listener)));
  const stores = led.flatMap((l) => l.stores).map(({ target, port }) => `${target}:${port}`);
  const keys = [...balancerKeys(at.balancer), ...led.flatMap((l) => l.keys)];
  if (stores.length > 0) return { name: printable(`${name}, which ${leadsTo(stores)}`, 120), keys };
  return whole && led.every((l) => l.whole) ? undefined : { ...unseen, keys };
}

interface Listening {
  readonly balancer: string;
  readonly listener?: string;
  readonly port?: number;
}

/** `...:listener/net/name/id/listener` belongs to `...:loadbalancer/net/name/id`. */
function listenerAt(uri: string): Listening | undefined {
  if (!uri.includes(':elasticloadbalancing:') || !uri.includes(':listener/')) return undefined;
  const balancer = uri.slice(0, uri.lastIndexOf('/')).replace(':listener/', ':loadbalancer/');
  return { balancer, listener: uri };
}

/** A REST API's link leads to one Network Load Balancer. */
async function balancerOf(cell: Cell, link: string): Promise<string | undefined> {
  const client = cell.client(APIGatewayClient);
  const answer = await cell.ask(API_ACTION, () => client.send(new GetVpcLinkCommand({ vpcLinkId: link })), link);
  return answer?.targetArns?.[0];
}

/** The listener is the one on the port of the URI. */
function portAt(balancer: string | undefined, uri: string): Listening | undefined {
  const url = URL.parse(uri);
  if (balancer === undefined || url === null) return undefined;
  return { balancer, port: portOf(url) };
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
}
