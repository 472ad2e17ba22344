/** Response headers of a stranger, counted and bounded (evidence-and-alerts.md section 5.5). */
import { PeerError } from '../model/errors.ts';
import { printable } from '../model/text.ts';

export const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADER_LINES = 100;
const MAX_HEADER_NAME = 64;
const MAX_HEADER_VALUE = 1_024;

/** From name, value, name, value as they came. Lower-case names; repeated headers joined by `, `. */
export function boundedHeaders(raw: readonly (Buffer | string)[]): Readonly<Record<string, string>> | PeerError {
  if (raw.length / 2 > MAX_HEADER_LINES) {
    return new PeerError('protocol', 'limit', `more than ${MAX_HEADER_LINES} header lines`);
  }
  const joined = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = printable(text(raw[i]).toLowerCase(), MAX_HEADER_NAME);
    const earlier = joined.get(name);
    joined.set(name, earlier === undefined ? text(raw[i + 1]) : `${earlier}, ${text(raw[i + 1])}`);
  }
  const bounded = [...joined].map(([name, value]) => [name, printable(value, MAX_HEADER_VALUE)] as const);
  const headers: Readonly<Record<string, string>> = Object.fromEntries(bounded);
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity' || encoding === '') return headers;
  return new PeerError('protocol', 'limit', `content-encoding ${printable(encoding, 64)} was not asked for`);
}

function text(part: Buffer | string | undefined): string {
  return typeof part === 'string' ? part : (part?.toString('latin1') ?? '');
}
