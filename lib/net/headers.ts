/** Response headers of a stranger, bounded as to what is shown (evidence-and-alerts.md section 5.5); how many there may
 * be is counted where they are read, in lib/wire/http-reply.ts. */
import { PeerError } from '../model/errors.ts';
import { printable } from '../model/text.ts';

const MAX_HEADER_NAME = 64;
const MAX_HEADER_VALUE = 1_024;

/** From name, value, name, value as they came. Lower-case names; repeated headers joined by `, `. */
export function boundedHeaders(raw: readonly string[]): Readonly<Record<string, string>> {
  const joined = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = printable((raw[i] ?? '').toLowerCase(), MAX_HEADER_NAME);
    const value = raw[i + 1] ?? '';
    const earlier = joined.get(name);
    joined.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  const bounded = [...joined].map(([name, value]) => [name, printable(value, MAX_HEADER_VALUE)] as const);
  const headers: Readonly<Record<string, string>> = Object.fromEntries(bounded);
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity' || encoding === '') return headers;
  throw new PeerError('protocol', 'limit', `content-encoding ${printable(encoding, 64)} was not asked for`);
}
