import { locationHost, type Reply } from './http-front.ts';
import { member, parseJson, textMember } from './json.ts';

/** What Kibana and OpenSearch Dashboards say of themselves (probes.md section 3.8), pure. */

export type StatusRow = 'full' | 'redacted' | 'login' | 'refused' | 'not-ready' | 'aws-policy';

export interface Status {
  readonly row: StatusRow;
  readonly product: 'Kibana' | 'OpenSearch Dashboards';
  readonly markers: number;
  readonly version: string;
  readonly notes: readonly string[];
}

/** `GET /api/status`. Undefined where the reply bears no mark of either product. */
export function readStatus(reply: Reply): Status | undefined {
  const { headers } = reply;
  const json = parseJson(reply.body.toString('utf8'));
  if (reply.status === 403 && /^User: \S+ is not authorized to perform: es:/u.test(awsSays(json))) {
    return { row: 'aws-policy', product: 'OpenSearch Dashboards', markers: 1, version: '', notes: [] };
  }
  const isOsd = headers['osd-name'] !== undefined || headers['osd-version'] !== undefined;
  const isKibana = headers['kbn-name'] !== undefined || headers['kbn-license-sig'] !== undefined;
  const row = rowOf(reply, json);
  if (row === undefined) return undefined;
  const headed = isOsd || isKibana;
  // Closed doors are told by the header alone: a sign-in page or a level of availability may be anybody's.
  if (!headed && row.row !== 'full' && row.row !== 'not-ready') return undefined;
  const version = textMember(json, 'version', 'number') || (headers['osd-version'] ?? headers['kbn-version'] ?? '');
  return {
    ...row,
    product: isOsd ? 'OpenSearch Dashboards' : 'Kibana',
    markers: row.markers + (headed ? 1 : 0),
    version: /^\d{1,3}\.\d[\w.-]{0,30}$/u.test(version) ? version : '',
  };
}

/** A domain of AWS judges its access policy before this product sees a request. */
function awsSays(json: unknown): string {
  return textMember(json, 'Message') || textMember(json, 'message');
}

type Row = Pick<Status, 'row' | 'markers' | 'notes'>;

function rowOf(reply: Reply, json: unknown): Row | undefined {
  const { status, headers } = reply;
  if (status === 200) {
    const overall = member(json, 'status', 'overall');
    const isOverall = textMember(overall, 'level') !== '' || textMember(overall, 'state') !== '';
    if (!isOverall) return undefined;
    const isFull = textMember(json, 'version', 'number') !== '' && textMember(json, 'name') !== '';
    return isFull ? { row: 'full', markers: 2, notes: [] } : { row: 'redacted', markers: 1, notes: [] };
  }
  if (status >= 300 && status < 400 && /login|auth|saml|openid|oidc/iu.test(headers['location'] ?? '')) {
    return { row: 'login', markers: 0, notes: [`sent to sign in at ${locationHost(headers)}`] };
  }
  if (status === 401) return { row: 'refused', markers: 0, notes: [] };
  const isStarting = /(?:Kibana|OpenSearch Dashboards) server is not ready yet/u.test(reply.body.toString('utf8'));
  return status === 503 && isStarting ? { row: 'not-ready', markers: 1, notes: [] } : undefined;
}

/** Who a stranger is: somebody, nobody, a question for a password, or a security that is not there to ask. */
export type Account = 'anonymous-user' | 'refused' | 'no-security' | undefined;

/** `/internal/security/me` of Kibana. Its plugin being off, the path is unknown to a server that knows its own 404. */
export function readMe(reply: Reply): Account {
  const json = parseJson(reply.body.toString('utf8'));
  if (reply.status === 200) return textMember(json, 'username') === '' ? undefined : 'anonymous-user';
  if (reply.status === 401 || reply.status === 302) return 'refused';
  return reply.status === 404 && member(json, 'statusCode') === 404 ? 'no-security' : undefined;
}

/** `/api/v1/configuration/account` of OpenSearch Dashboards. */
export function readAccount(reply: Reply): Account {
  const json = parseJson(reply.body.toString('utf8'));
  if (reply.status === 200)
    return textMember(member(json, 'data') ?? json, 'user_name') === '' ? undefined : 'anonymous-user';
  if (reply.status === 401 || reply.status === 302) return 'refused';
  return reply.status === 404 && member(json, 'statusCode') === 404 ? 'no-security' : undefined;
}

/** Spaces of Kibana by id; what proves that nobody asks. Their names and descriptions are not kept. */
export function countSpaces(reply: Reply): number | undefined {
  const rows = reply.status === 200 ? parseJson(reply.body.toString('utf8')) : undefined;
  if (!Array.isArray(rows) || rows.length === 0) return undefined;
  return rows.every((row) => textMember(row, 'id') !== '') ? rows.length : undefined;
}
