/**
 * HTTP for sinks and heartbeats, through undici: ordinary DNS, ordinary certificate checks, keep-alive. One request more or
 * less does not matter here; what strangers are asked goes over lib/net/http.ts (docs/decisions/0017).
 */
import { request } from 'undici';

const MAX_RETRY_AFTER_MS = 3_600_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** No redirects; the answer's body is not kept. */
export async function postJson(
  url: string,
  body: string,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    /** For all of it, connecting and the answer's body included. */
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly status: number; readonly retryAfterMs?: number }> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  const reply = await request(url, { method: 'POST', body, headers: { ...options.headers }, signal });
  await reply.body.dump({ limit: MAX_ANSWER_BYTES, signal });
  const retryAfterMs = retryAfter(reply.headers['retry-after']);
  return { status: reply.statusCode, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3), at most an hour. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
