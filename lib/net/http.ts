/**
 * HTTP through undici, one request a connection: HTTP/1.1 only, no redirects, no compression, everything capped.
 * Bare sockets would be about three times cheaper for a single GET; decision 0005 says why undici all the same.
 */
import { isIP, type Socket } from 'node:net';
import { Client, type Dispatcher, request } from 'undici';
import { PeerError } from '../model/errors.ts';
import type { TlsFacts } from '../model/observation.ts';
import type { HttpReply, HttpRequest } from '../model/probe.ts';
import { printable } from '../model/text.ts';
import { peerError } from './errors.ts';
import type { Limits } from './limits.ts';

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADER_LINES = 100;
const MAX_HEADER_VALUE = 1_024;

/** A socket that is connected, and upgraded where the scheme asks for it. */
export type Connect = (
  scheme: 'http' | 'https',
) => Promise<{ readonly socket: Socket; readonly facts: TlsFacts | undefined }>;

export interface GetOptions {
  readonly host: string;
  readonly port: number;
  readonly userAgent: string;
  readonly limits: Limits;
  readonly connect: Connect;
  readonly signal: AbortSignal;
}

export async function get(asked: HttpRequest, options: GetOptions): Promise<HttpReply> {
  const { host, port, limits, userAgent, signal } = options;
  let facts: TlsFacts | undefined;
  const client = new Client(`${asked.scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`, {
    allowH2: false,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: limits.firstByteMs,
    bodyTimeout: limits.firstByteMs,
    connect: (_, callback) => {
      options.connect(asked.scheme).then(
        (connected) => {
          facts = connected.facts;
          callback(null, connected.socket);
        },
        (error: unknown) => callback(peerError(error, 'connect'), null),
      );
    },
  });
  try {
    const headers = { 'accept-encoding': 'identity', accept: 'application/json', 'user-agent': userAgent };
    const reply = await client.request({ method: 'GET', path: asked.path, headers, reset: true, signal });
    const { body, truncated } = await readBody(reply, asked.maxBytes ?? limits.maxReplyBytes);
    const bounded = headersOf(reply.headers);
    if ((bounded['content-encoding'] ?? 'identity') !== 'identity') {
      throw new PeerError(
        'protocol',
        'limit',
        `content-encoding ${bounded['content-encoding'] ?? ''} was not asked for`,
      );
    }
    return {
      scheme: asked.scheme,
      status: reply.statusCode,
      headers: bounded,
      body,
      truncated,
      tls: facts,
      clientCertRequested: false,
    };
  } catch (error) {
    if (signal.aborted) throw peerError(signal.reason, 'protocol');
    throw peerError(error, 'protocol');
  } finally {
    await client.destroy();
  }
}

async function readBody(reply: Dispatcher.ResponseData, cap: number): Promise<{ body: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of reply.body as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, cap - size));
    size += chunk.length;
    if (size > cap) return { body: Buffer.concat(chunks), truncated: true };
  }
  return { body: Buffer.concat(chunks), truncated: false };
}

function headersOf(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const lines = Object.entries(headers);
  if (lines.length > MAX_HEADER_LINES)
    throw new PeerError('protocol', 'limit', `more than ${MAX_HEADER_LINES} header lines`);
  const bounded = lines.map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
    return [printable(name.toLowerCase(), 64), printable(text, MAX_HEADER_VALUE)];
  });
  return Object.fromEntries(bounded) as Record<string, string>;
}

/** For sinks: ordinary DNS, ordinary certificate checks, no redirects; the answer's body is not kept. */
export async function postJson(
  url: string,
  body: string,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly status: number }> {
  const { headers, timeoutMs, signal } = options;
  const reply = await request(url, {
    method: 'POST',
    body,
    headers: { ...headers },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    signal,
  });
  await reply.body.dump({ limit: 64 * 1024 });
  return { status: reply.statusCode };
}
