/**
 * POSTs each notice as JSON. `idempotency-key` is the notice key, so that a receiver can drop the repeat that a
 * crash between its answer and our record of it may cause. What is accepted and what is tried again: accepted.ts.
 */
import { createHash } from 'node:crypto';
import type { Sink } from '../model/sink.ts';
import { accepted, type Post } from './accepted.ts';
import { asffJson } from './asff.ts';
import { noticeJson } from './notice-json.ts';
import { signature } from './signature.ts';

export interface WebhookOptions {
  readonly url: string;
  readonly post: Post;
  /** Signs time and body: signature.ts. */
  readonly secret?: string;
  readonly now?: () => Date;
  /** Of those that have a name. */
  readonly id?: string;
  readonly format?: 'notice' | 'asff';
}

export function webhookSink(options: WebhookOptions): Sink {
  const { url, post, secret, now = () => new Date(), id = idOf(url), format = 'notice' } = options;
  return {
    id,
    async deliver(notice, signal) {
      const body = format === 'asff' ? asffJson(notice) : noticeJson(notice);
      if (body === undefined) return { id: `not sent, no AWS account and region have it: ${notice.key}` };
      const headers = {
        'idempotency-key': notice.key,
        ...(secret === undefined ? {} : { 'ajar-signature': signature(secret, body, now()) }),
      };
      return { id: `${await accepted({ post, url, body, headers, signal })} ${notice.key}` };
    },
  };
}

/** The URL may hold a token: only its host and a short digest name the sink. */
function idOf(url: string): string {
  return `webhook:${new URL(url).host}:${createHash('sha256').update(url).digest('hex').slice(0, 8)}`;
}
