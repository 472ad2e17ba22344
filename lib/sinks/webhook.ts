/**
 * POSTs each notice as JSON. `idempotency-key` is the notice key, so that a receiver can drop the repeat that a
 * crash between its answer and our record of it may cause. Accepted means 2xx; all else is tried again.
 */
import { createHash, createHmac } from 'node:crypto';
import { AjarError } from '../model/errors.ts';
import type { Sink } from '../model/sink.ts';
import { noticeJson } from './notice-json.ts';

const TIMEOUT_MS = 10_000;

export type Post = (
  url: string,
  body: string,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly status: number }>;

export interface WebhookOptions {
  readonly url: string;
  readonly post: Post;
  /** Signs the body: `ajar-signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. */
  readonly secret?: string;
  readonly now?: () => Date;
}

export function webhookSink({ url, post, secret, now = () => new Date() }: WebhookOptions): Sink {
  const { host } = new URL(url);
  return {
    // The URL may hold a token: only its host and a short digest name the sink.
    id: `webhook:${host}:${createHash('sha256').update(url).digest('hex').slice(0, 8)}`,
    async deliver(notice, signal) {
      const body = noticeJson(notice);
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': notice.key,
        ...(secret === undefined ? {} : { 'ajar-signature': signature(secret, body, now()) }),
      };
      const { status } = await post(url, body, { headers, timeoutMs: TIMEOUT_MS, signal });
      if (status < 200 || status > 299) throw new AjarError('sink-refused', `${host} answered ${status}`);
      return { id: `${status} ${notice.key}` };
    },
  };
}

function signature(secret: string, body: string, at: Date): string {
  const t = Math.floor(at.getTime() / 1_000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}
