/**
 * HTTP through undici, one request a connection: HTTP/1.1 only, no redirects, no compression, everything capped.
 * Bare sockets would be about three times cheaper for a single GET; decision 0005 says why undici all the same.
 */
import { isIP } from 'node:net';
import { Client, type Dispatcher, request } from 'undici';
import { PeerError, type PeerReason } from '../model/errors.ts';
import { type HttpReply, type HttpRequest, MAX_POST_BYTES } from '../model/probe.ts';
import { peerError } from './errors.ts';
import { sayGoodbye } from './goodbye.ts';
import { boundedHeaders, MAX_HEADER_BYTES } from './headers.ts';
import type { Limits } from './limits.ts';
import type { Link } from './tls.ts';

/** `100 Continue` and its kin before the reply proper. A server may send them for ever. */
const MAX_INTERIM = 5;

export interface AskOptions {
  readonly host: string;
  readonly port: number;
  readonly userAgent: string;
  readonly limits: Limits;
  /** Connects, and upgrades where the scheme asks for it. */
  readonly connect: (scheme: 'http' | 'https') => Promise<Link>;
  readonly onSent: (bytes: number) => void;
  readonly onReceived: (bytes: number) => void;
  /** Aborted, with the PeerError to end with, when the visit is over. */
  readonly signal: AbortSignal;
}

export async function ask(asked: HttpRequest, options: AskOptions): Promise<HttpReply> {
  const { host, port, limits, signal } = options;
  let link: Link | undefined;
  const client = new Client(`${asked.scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`, {
    allowH2: false,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Ours instead: undici's are half a second coarse, and interim replies start them anew.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_, callback) => {
      options.connect(asked.scheme).then(
        (connected) => {
          link = connected;
          callback(null, connected.socket);
        },
        (error: unknown) => callback(peerError(error, 'connect'), null),
      );
    },
  });
  try {
    const reply = await exchange(client, asked, options);
    return {
      scheme: asked.scheme,
      ...reply,
      tls: link?.facts,
      clientCertRequested: link?.clientCertRequested ?? false,
    };
  } catch (error) {
    throw signal.aborted ? peerError(signal.reason, 'protocol') : whyNot(error, link);
  } finally {
    if (link !== undefined && !signal.aborted) await sayGoodbye(link.socket, limits.closeMs);
    await client.destroy();
  }
}

/**
 * No reply at all. Under TLS 1.3 the want of a client certificate shows only now, and undici may see nothing but the
 * end of the stream.
 */
function whyNot(error: unknown, link: Link | undefined): PeerError {
  if (error instanceof PeerError) return error;
  const failed = peerError(error, 'protocol', { certificateAsked: link?.clientCertRequested ?? false });
  const ended = failed.reason === 'closed' || failed.reason === 'reset';
  if (!ended || link?.clientCertRequested !== true) return failed;
  return new PeerError('tls', 'client-cert', `asked for a certificate, then: ${failed.message}`, error);
}

type Exchanged = Pick<HttpReply, 'status' | 'headers' | 'body' | 'truncated'>;

/** Settles as soon as the reply is known; undici goes on reading, so that the goodbye after it finds nothing unread. */
function exchange(client: Client, asked: HttpRequest, options: AskOptions): Promise<Exchanged> {
  const { limits, signal } = options;
  if (Buffer.byteLength(asked.post?.body ?? '') > MAX_POST_BYTES) {
    throw new PeerError('protocol', 'fault', `a probe may post ${MAX_POST_BYTES} bytes`);
  }
  const cap = asked.maxBytes ?? limits.maxReplyBytes;
  return new Promise((resolve, reject) => {
    let head: Pick<HttpReply, 'status' | 'headers'> | undefined;
    let timer: NodeJS.Timeout | undefined;
    let settled = false;
    let interim = 0;
    let size = 0;
    const chunks: Buffer[] = [];
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const onAbort = (): void => fail(signal.reason);
    const wait = (ms: number, what: string): void => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(failure('timeout', `${what} within ${ms} ms`)), ms);
    };
    const done = (truncated: boolean): void =>
      settle(() => {
        if (head === undefined) reject(failure('malformed', 'a body without a head'));
        else resolve({ ...head, body: Buffer.concat(chunks), truncated });
      });
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => {
        if (!settled) wait(limits.firstByteMs, 'no headers');
      },
      onResponseStart(controller, status) {
        if (status < 200) {
          if (++interim > MAX_INTERIM) fail(failure('limit', `more than ${MAX_INTERIM} interim replies`));
          return;
        }
        const headers = boundedHeaders(rawHeaders(controller));
        if (headers instanceof PeerError) return fail(headers);
        head = { status, headers };
        if (!settled) wait(limits.idleGapMs, 'no more of the body');
      },
      onResponseData(controller, chunk) {
        options.onReceived(chunk.length);
        size += chunk.length;
        if (size > 2 * cap) controller.abort(failure('limit', 'drained enough'));
        if (settled) return;
        timer?.refresh();
        chunks.push(size > cap ? chunk.subarray(0, chunk.length - (size - cap)) : chunk);
        if (size > cap) done(true);
      },
      onResponseEnd: () => done(false),
      onResponseError: (_, error) => fail(head === undefined ? error : peerError(error, 'protocol')),
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) return onAbort();
    const { path, accept = 'application/json', post } = asked;
    const headers = {
      'accept-encoding': 'identity',
      accept,
      'user-agent': options.userAgent,
      ...(post === undefined ? {} : { 'content-type': post.type }),
    };
    options.onSent(sentBytes(path, options.host, headers) + Buffer.byteLength(post?.body ?? ''));
    const ask = post === undefined ? { method: 'GET' as const } : { method: 'POST' as const, body: post.body };
    client.dispatch({ ...ask, path, headers, reset: true }, handler);
  });
}

function failure(reason: PeerReason, detail: string): PeerError {
  return new PeerError('protocol', reason, detail);
}

function rawHeaders({ rawHeaders: raw }: Dispatcher.DispatchController): readonly (Buffer | string)[] {
  return Array.isArray(raw) ? raw : [];
}

/** Near enough: what undici adds is the request line, the host and `connection: close`. */
function sentBytes(path: string, host: string, headers: Readonly<Record<string, string>>): number {
  const lines = Object.entries({ host: `${host}:65535`, connection: 'close', ...headers });
  return lines.reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    `GET ${path} HTTP/1.1\r\n\r\n`.length,
  );
}

const MAX_RETRY_AFTER_MS = 3_600_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** For sinks: ordinary DNS, ordinary certificate checks, no redirects; the answer's body is not kept. */
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
