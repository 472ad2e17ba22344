import type { Reply } from './http-front.ts';
import { type Listed, MAX_ROWS, nameOf, type Row, type Welcome } from './listing.ts';

/** Web consoles that have no data format of their own: H2's and YugabyteDB's pages (probes.md sections 4.17 and 4.18). Pure. */

export type H2Row = 'console' | 'local-only';

/** The page at `/`: it hands out a session and sends it to a login, or says that its owner keeps it to one machine. */
export function readH2Console({ status, body }: Reply): H2Row | undefined {
  const text = status === 200 ? body.toString('utf8') : '';
  if (!/<title>H2 Console<\/title>/u.test(text)) return undefined;
  if (/'login\.jsp\?jsessionid=[0-9a-f]{32}'/u.test(text)) return 'console';
  return text.includes("'webAllowOthers'") ? 'local-only' : undefined;
}

const TABLE = /<td>([^<>]{1,255})<\/td>\s{0,40}<td><a href="\/table\?id=[0-9a-f]{32,64}">([^<>]{1,255})<\/a><\/td>/gu;

/** `/tables` of a master or a tablet server. */
export function readYugabyte({ status, body }: Reply): Welcome | undefined {
  const text = status === 200 ? body.toString('utf8') : '';
  const isOurs = /<title>Yugabyte ?DB<\/title>/iu.test(text) && /<h[1-4]>\s{0,10}User tables\b/iu.test(text);
  return isOurs ? { markers: 2, version: '' } : undefined;
}

/** Names of tables, each behind its keyspace's. */
export function readYugabyteTables({ body, truncated }: Reply): Listed {
  const rows: Row[] = [];
  for (const [, keyspace = '', table = ''] of body.toString('utf8').matchAll(TABLE)) {
    if (rows.length === MAX_ROWS) return { rows, truncated: true };
    const name = nameOf(`${keyspace}.${table}`);
    if (name !== undefined) rows.push({ name });
  }
  return { rows, truncated };
}
