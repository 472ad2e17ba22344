import type { Reply } from './http-front.ts';
import { member, parseJson, textMember } from './json.ts';
import { parseBody } from './json-cut.ts';
import { type Listed, plainRows, unlessRefused, type Welcome } from './listing.ts';

/** Prometheus, VictoriaMetrics and Loki (probes.md section 4.13), pure. */

const VICTORIA = 'VictoriaMetrics';

/** `/api/v1/status/buildinfo`. VictoriaMetrics has next to nothing on it, and names itself by a header and a realm. */
export function readBuild(reply: Reply): Welcome | undefined {
  const { status, headers, body } = reply;
  const isNamed = headers['x-server-hostname'] !== undefined;
  if (status === 401 && /realm="VictoriaMetrics"/u.test(headers['www-authenticate'] ?? '')) {
    return { markers: isNamed ? 2 : 1, version: '', product: VICTORIA, refused: true };
  }
  const json = status === 200 ? parseJson(body.toString('utf8')) : undefined;
  if (textMember(json, 'status') !== 'success' || member(json, 'data') === undefined) return undefined;
  const version = textMember(json, 'data', 'version');
  if (version !== '' && textMember(json, 'data', 'goVersion') !== '') return { markers: 2, version };
  return isNamed ? { markers: 2, version, product: VICTORIA } : undefined;
}

/** Loki's build page is the bare object, at a path of its own; a Loki of many tenants asks there too which one is meant. */
export function readLokiBuild(reply: Reply): Welcome | undefined {
  if (isOrgWanted(reply)) return { markers: 1, version: '' };
  const json = reply.status === 200 ? parseJson(reply.body.toString('utf8')) : undefined;
  const version = textMember(json, 'version');
  const isBuild = version !== '' && textMember(json, 'revision') !== '' && textMember(json, 'goVersion') !== '';
  return isBuild ? { markers: 2, version } : undefined;
}

/** `no org id` is a question which tenant, not who: it is no authentication. */
function isOrgWanted({ status, body }: Reply): boolean {
  return status === 401 && /^no org id\s*$/u.test(body.toString('utf8', 0, 40));
}

/** Names of labels. Loki leaves an empty list out. */
export function readLabels(reply: Reply): Listed {
  if (isOrgWanted(reply)) return undefined;
  return unlessRefused(reply, () => {
    const json = parseBody(reply, 2);
    return textMember(json, 'status') === 'success' ? plainRows(member(json, 'data') ?? [], reply) : undefined;
  });
}
