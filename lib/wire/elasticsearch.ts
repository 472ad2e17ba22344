import { printable } from '../model/text.ts';
import { type Reply, readFront } from './http-front.ts';
import { parseJson, textMember } from './json.ts';

/**
 * Which row of probes.md section 3.7 (and 3.20, first two rows) a reply to `GET /` is: pure, over one bounded reply.
 * What a row means is the probe's. No reply here carries credentials of ours, so whoever the server says we are, it
 * says of any stranger.
 */
export type RootRow =
  | 'main'
  | 'main-unavailable'
  | 'headed'
  | 'missing-credentials'
  | 'opensearch-security'
  | 'anonymous-forbidden'
  | 'anonymous-role'
  | 'security-forbidden'
  | 'not-initialized'
  | 'aws-policy'
  | 'aoss-network'
  | 'aoss-credentials'
  | 'elastic-cloud'
  | 'proxy-auth'
  | 'waf'
  | 'redirect'
  | 'generic-http';

export interface Root {
  readonly row: RootRow;
  /** Independent marks of the product (probes.md section 1, rule 8): one is tentative, two are firm. */
  readonly markers: number;
  readonly product?: string;
  readonly version?: string;
  readonly notes: readonly string[];
}

export function readRoot(reply: Reply, host: string): Root {
  const body = reply.body.toString('utf8');
  const json = parseJson(body);
  const main = mainOf(reply, json);
  const row = main ?? refusal(reply, json, body, host) ?? inFront(reply);
  return { ...row, notes: [...row.notes, ...proxyNotes(reply.headers)] };
}

/** Tagline and version, or the product header in place of the tagline. A 503 with both has no elected master. */
function mainOf(reply: Reply, json: unknown): Root | undefined {
  const { status, headers } = reply;
  if (status !== 200 && status !== 503) return undefined;
  const tagline = textMember(json, 'tagline');
  const number = textMember(json, 'version', 'number');
  const isOpenSearch =
    tagline.startsWith('The OpenSearch Project') || textMember(json, 'version', 'distribution') === 'opensearch';
  const isNamed = textMember(json, 'cluster_uuid') !== '' || textMember(json, 'name') !== '';
  const isTagged = tagline === 'You Know, for Search' || tagline.startsWith('The OpenSearch Project');
  const hasHeader = isHeaded(reply);
  if (!/^\d{1,4}\.\d/u.test(number) || !(isTagged || hasHeader)) return undefined;
  const isWarned = /built-in security features are not enabled/iu.test(headers['warning'] ?? '');
  return {
    row: status === 200 ? 'main' : 'main-unavailable',
    markers: [isTagged, hasHeader, isNamed, true].filter(Boolean).length,
    product: isOpenSearch ? 'opensearch' : 'elasticsearch',
    version: printable(number, 40),
    notes: isWarned ? ['the server itself warns that its security is off'] : [],
  };
}

/** The refusals that name their product. */
function refusal({ status, headers }: Reply, json: unknown, body: string, host: string): Root | undefined {
  const challenge = headers['www-authenticate'] ?? '';
  const reason = textMember(json, 'error', 'reason');
  const message = textMember(json, 'Message') || textMember(json, 'message');
  const isSecurity = textMember(json, 'error', 'type') === 'security_exception';
  const said = [reason, message].filter((text) => text !== '').map((text) => printable(text));
  const root = (row: RootRow, markers: number, product: string, ...notes: readonly string[]): Root => ({
    row,
    markers,
    product,
    notes: [...said, ...notes],
  });
  switch (status) {
    case 401: {
      const realm = /realm="(OpenSearch Security|Open Distro Security|Search Guard)"/iu.exec(challenge)?.[1];
      if (realm !== undefined) {
        const product = realm.toLowerCase() === 'search guard' ? 'elasticsearch' : 'opensearch';
        return root('opensearch-security', body.trim() === 'Unauthorized' ? 2 : 1, product, `realm ${realm}`);
      }
      if (!isSecurity) break;
      const isWorded = /missing authentication (?:credentials|token)|unable to authenticate/iu.test(reason);
      return root('missing-credentials', isWorded || /realm="security"/iu.test(challenge) ? 2 : 1, 'elasticsearch');
    }
    case 403:
      if (/^User: \S+ is not authorized to perform: es:/u.test(message)) {
        const hint = 'an address condition in the access policy gives the same answer to outsiders';
        return root('aws-policy', 2, 'aws opensearch service', hint);
      }
      if (headers['x-aoss-response-hint']?.includes('gw-helper-deny') === true) {
        return root('aoss-network', 1, 'aws opensearch serverless');
      }
      if (/^no permissions for \[.{1,200}\] and User \S/u.test(reason)) {
        return root('anonymous-role', isSecurity ? 2 : 1, 'opensearch');
      }
      if (/^action \[.{1,200}\] is unauthorized for (?:user|API key|service account) /u.test(reason)) {
        return root('anonymous-forbidden', isSecurity ? 2 : 1, 'elasticsearch');
      }
      if (isSecurity) return root('security-forbidden', 1, 'elasticsearch');
      break;
    case 503: {
      const found = /\b(OpenSearch Security|Open Distro Security|Search Guard) not initialized/iu.exec(body)?.[1];
      if (found === undefined) break;
      return root('not-initialized', 1, /guard/iu.test(found) ? 'elasticsearch' : 'opensearch');
    }
  }
  const isServerless = /\.aoss\.amazonaws\.com(?:\.cn)?\.?$/u.test(host) && (status === 401 || status === 403);
  return isServerless ? root('aoss-credentials', 1, 'aws opensearch serverless') : undefined;
}

/** No mark of the product: whatever stands in front of it, or instead of it. */
function inFront(reply: Reply): Root {
  const front = readFront(reply);
  if (front.row === 'generic-http' && isElasticCloud(reply.headers)) {
    return { row: 'elastic-cloud', markers: 0, product: 'elastic cloud proxy', notes: [] };
  }
  // Elasticsearch from 7.14 on says its name on every reply, whatever stands for its main page.
  if (front.row === 'generic-http' && isHeaded(reply)) {
    return { row: 'headed', markers: 1, product: 'elasticsearch', notes: front.notes };
  }
  return { ...front, markers: 0 };
}

function isHeaded({ headers }: Reply): boolean {
  return headers['x-elastic-product'] === 'Elasticsearch';
}

function isElasticCloud(headers: Reply['headers']): boolean {
  return headers['x-found-handling-cluster'] !== undefined || headers['x-cloud-request-id'] !== undefined;
}

function proxyNotes(headers: Reply['headers']): readonly string[] {
  return isElasticCloud(headers) ? ['behind the Elastic Cloud proxy'] : [];
}
