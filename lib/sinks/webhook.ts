/**
 * POSTs each notice as JSON. `idempotency-key` is the notice key, so that a receiver can drop the repeat that a
 * crash between its answer and our record of it may cause. Accepted means 2xx; all else is tried again.
 */
import { createHash, createHmac } from 'node:crypto';
import { AjarError } from '../model/errors.ts';
import type { Notice } from '../model/incident.ts';
import type { Sink } from '../model/sink.ts';
import { printable } from '../model/text.ts';

const TIMEOUT_MS = 10_000;
/** What every common receiver accepts; longer notices lose samples and words, never validity. */
const MAX_BYTES = 32 * 1024;
const MAX_ALSO = 50;
const MAX_ADDRESSES = 16;
const MAX_LINES = 10;
const LINE_LIMIT = 400;

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
      const body = bodyOf(notice);
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

/** At most 32 KiB and always whole JSON: what does not fit is left out by name, and `truncated` says so. */
function bodyOf(notice: Notice): string {
  for (const form of [notice, withoutWords(notice)]) {
    const body = JSON.stringify({ schemaVersion: 1, ...form });
    if (Buffer.byteLength(body) <= MAX_BYTES) return body;
  }
  return JSON.stringify({ schemaVersion: 1, ...essence(notice) });
}

/** Without what grows with the peer: samples, the words behind each class, companions, addresses. */
function withoutWords(notice: Notice): object {
  const { incident, endpoint } = notice;
  const data = incident.data && {
    ...incident.data,
    samples: [],
    classes: incident.data.classes.map((hit) => ({ ...hit, because: [] })),
  };
  return {
    truncated: true,
    ...notice,
    incident: { ...incident, data },
    also: notice.also.slice(0, MAX_ALSO).map(({ id, protection }) => ({ id, protection })),
    endpoint: { ...endpoint, addresses: endpoint.addresses.slice(0, MAX_ADDRESSES) },
  };
}

/** Bounded field by field: ten lines of 400 characters are 12 KB at most, the rest is less than 4. */
function essence({ key, kind, createdAt, subject, lines, incident, endpoint }: Notice): object {
  const { id, protection, from, to, severity, verdict, status, start, detectedAt } = incident;
  return {
    truncated: true,
    key,
    kind,
    createdAt,
    subject: printable(subject),
    lines: lines.slice(0, MAX_LINES).map((line) => printable(line, LINE_LIMIT)),
    incident: {
      id,
      endpointId: printable(incident.endpointId),
      protection,
      from,
      to,
      severity,
      verdict,
      status,
      start,
      detectedAt,
    },
    endpoint: {
      id: printable(endpoint.id),
      host: printable(endpoint.host),
      port: endpoint.port,
      engine: endpoint.engine,
    },
  };
}

function signature(secret: string, body: string, at: Date): string {
  const t = Math.floor(at.getTime() / 1_000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}
