import { printable } from '../model/text.ts';
import { asObject, parseJson } from './json.ts';

/** The part of an HTTP reply that is read here. Header names are lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly truncated: boolean;
}

export type FrontRow = 'waf' | 'redirect' | 'proxy-auth' | 'generic-http';

export interface Front {
  readonly row: FrontRow;
  readonly notes: readonly string[];
}

/**
 * Whatever stands in front of the server, or instead of it, read from a reply that bears no mark of the product
 * (probes.md section 5). Never followed, never bypassed.
 */
export function readFront({ status, headers, body }: Reply): Front {
  const wall = wallOf(status, headers);
  if (wall !== undefined) return { row: 'waf', notes: [`waf:${wall}`] };
  if (status >= 300 && status < 400) return { row: 'redirect', notes: [`redirects to ${locationHost(headers)}`] };
  if (status === 401 || status === 407) {
    return { row: 'proxy-auth', notes: [`challenge: ${printable(headers['www-authenticate'] ?? '', 100)}`] };
  }
  const kind = asObject(parseJson(body.toString('utf8'))) === undefined ? 'no JSON object' : 'JSON of something else';
  return { row: 'generic-http', notes: [`status ${status} with ${kind}`] };
}

/** nginx finishes the handshake of a client without a certificate, and then refuses every path in these words. */
export function demandsCertificate({ status, body }: Reply): boolean {
  return status === 400 && body.toString('utf8').includes('<title>400 No required SSL certificate was sent</title>');
}

function wallOf(status: number, headers: Reply['headers']): string | undefined {
  if (headers['x-amzn-waf-action'] !== undefined) return 'aws';
  const isRefusal = [403, 405, 406, 429, 503].includes(status);
  if (headers['cf-mitigated'] !== undefined || (isRefusal && headers['cf-ray'] !== undefined)) return 'cloudflare';
  return undefined;
}

/** Only the host is kept: what a path or a query of a stranger's redirect holds is nobody's business. */
export function locationHost(headers: Reply['headers']): string {
  const url = URL.parse(headers['location'] ?? '', 'http://same-host.invalid');
  return url === null || url.host === 'same-host.invalid' ? 'a path of its own' : printable(url.host, 100);
}

/**
 * The negative control (probes.md section 1, rule 7): a path that cannot exist was answered like the real thing, so
 * something answers everything alike and the verdict is void.
 */
export function isCatchAll(control: Reply, positive: Reply): boolean {
  return Math.floor(control.status / 100) === Math.floor(positive.status / 100) && shape(control) === shape(positive);
}

function shape({ body }: Reply): string {
  const text = body.toString('utf8').trimStart();
  const object = asObject(parseJson(text));
  if (object !== undefined) return `object of ${Object.keys(object).sort().join()}`;
  return text.startsWith('[') ? 'array' : text.startsWith('{') ? 'object, cut' : 'text';
}

/**
 * A list that hit the body cap, cut after its last whole element and closed again: a server with a thousand names
 * must not look less open than one with ten. `mark` must be text that no name may hold.
 */
export function wholeText({ body, truncated }: Pick<Reply, 'body' | 'truncated'>, mark: string, close: string): string {
  const text = body.toString('utf8');
  const last = truncated ? text.lastIndexOf(mark) : -1;
  return last === -1 ? text : `${text.slice(0, last + mark.length - 1)}${close}`;
}
