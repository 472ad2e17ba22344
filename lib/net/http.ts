/**
 * One request to a stranger over a socket of our own: HTTP/1.1 only, no redirects, no compression, no keep-alive, everything
 * capped. undici costs four times as much for one GET, so it carries only what goes to our own side (lib/net/post.ts);
 * docs/decisions/0017 has the figures. The reply is read by lib/wire/http-reply.ts, which trusts nobody.
 */
import { isIP, type Socket } from 'node:net';
import { PeerError, type PeerReason } from '../model/errors.ts';
import { type HttpReply, type HttpRequest, MAX_POST_BYTES } from '../model/probe.ts';
import { WireError } from '../wire/error.ts';
import { HttpReplyReader } from '../wire/http-reply.ts';
import type { Ending } from './ending.ts';
import { peerError } from './errors.ts';
import { sayGoodbye } from './goodbye.ts';
import { boundedHeaders } from './headers.ts';
import type { Limits } from './limits.ts';
import type { Link } from './tls.ts';

export interface AskOptions {
  readonly host: string;
  readonly port: number;
  readonly userAgent: string;
  readonly limits: Limits;
  /** Connects, and upgrades where the scheme asks for it. */
  readonly connect: (scheme: 'http' | 'https') => Promise<Link>;
  readonly onSent: (bytes: number) => void;
  readonly onReceived: (bytes: number) => void;
  readonly ending: Ending;
}

export async function ask(asked: HttpRequest, options: AskOptions): Promise<HttpReply> {
  const { limits, ending } = options;
  const request = requestBytes(asked, options);
  let link: Link | undefined;
  try {
    link = await options.connect(asked.scheme);
    options.onSent(request.length);
    const reply = await exchange(link.socket, request, asked.maxBytes ?? limits.maxReplyBytes, options);
    return { scheme: asked.scheme, ...reply, tls: link.facts, clientCertRequested: link.clientCertRequested };
  } catch (error) {
    throw ending.reason ?? whyNot(error, link);
  } finally {
    if (ending.reason !== undefined) link?.socket.destroy();
    else if (link !== undefined) await sayGoodbye(link.socket, limits.closeMs);
  }
}

const PRINTABLE = /^[\x20-\x7e]+$/;

/** Nothing but printable ASCII gets into a line of it: a name that a server gave may be in the path. */
function requestBytes({ scheme, path, accept = 'application/json', post }: HttpRequest, options: AskOptions): Buffer {
  const { host, port, userAgent } = options;
  if (!/^\/[\x21-\x7e]*$/.test(path)) throw new PeerError('protocol', 'fault', 'not a path that may be asked for');
  const name = isIP(host) === 6 ? `[${host}]` : host;
  const isUsual = port === (scheme === 'https' ? 443 : 80);
  if (![name, accept, userAgent].every((text) => PRINTABLE.test(text)))
    throw new PeerError('protocol', 'fault', 'not a header that may be sent');
  const body = post?.body ?? '';
  const length = Buffer.byteLength(body);
  if (length > MAX_POST_BYTES) throw new PeerError('protocol', 'fault', `a probe may post ${MAX_POST_BYTES} bytes`);
  const head =
    `${post === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1\r\n` +
    `host: ${isUsual ? name : `${name}:${port}`}\r\n` +
    'connection: close\r\naccept-encoding: identity\r\n' +
    `accept: ${accept}\r\n` +
    `user-agent: ${userAgent}\r\n` +
    (post === undefined ? '' : `content-type: ${post.type}\r\ncontent-length: ${length}\r\n`);
  return Buffer.from(`${head}\r\n${body}`);
}

/**
 * No reply at all. Under TLS 1.3 the want of a client certificate shows only now, and there may be nothing to see but
 * the end of the stream.
 */
function whyNot(error: unknown, link: Link | undefined): PeerError {
  if (error instanceof PeerError) return error;
  const failed =
    error instanceof WireError
      ? failure(error.reason === 'truncated' ? 'closed' : error.reason, error.message)
      : peerError(error, 'protocol', { certificateAsked: link?.clientCertRequested ?? false });
  const ended = failed.reason === 'closed' || failed.reason === 'reset';
  if (!ended || link?.clientCertRequested !== true) return failed;
  return new PeerError('tls', 'client-cert', `asked for a certificate, then: ${failed.message}`, error);
}

type Exchanged = Pick<HttpReply, 'status' | 'headers' | 'body' | 'truncated'>;

/** Settles as soon as the reply is known and goes on reading, so that the goodbye after it finds nothing unread. */
function exchange(socket: Socket, request: Buffer, cap: number, options: AskOptions): Promise<Exchanged> {
  const { limits, ending } = options;
  const reader = new HttpReplyReader(cap);
  return new Promise((resolve, reject) => {
    let head: Pick<HttpReply, 'status' | 'headers'> | undefined;
    let settled = false;
    let drained = 0;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      ending.off(fail);
      finish();
    };
    /** Once there is a head, the end of the stream is no word about certificates. */
    const fail = (error: unknown): void =>
      settle(() => reject(head === undefined || ending.reason !== undefined ? error : whyNot(error, undefined)));
    const onLate = (): void =>
      fail(
        failure(
          'timeout',
          head === undefined ? `no headers within ${limits.firstByteMs} ms` : `no more within ${limits.idleGapMs} ms`,
        ),
      );
    const read = (step: () => void): void => {
      const before = reader.size;
      try {
        step();
        options.onReceived(reader.size - before);
        if (head === undefined && reader.head !== undefined) {
          head = { status: reader.head.status, headers: boundedHeaders(reader.head.fields) };
          clearTimeout(timer);
          timer = setTimeout(onLate, limits.idleGapMs);
        }
      } catch (error) {
        return fail(error);
      }
      if (head === undefined || !(reader.done || reader.truncated)) return;
      const known = { ...head, body: reader.body, truncated: reader.truncated };
      settle(() => resolve(known));
    };
    const onData = (chunk: Buffer): void => {
      if (settled) {
        drained += chunk.length;
        if (drained > cap) socket.destroy(); // drained enough of what nobody will read
        return;
      }
      if (head !== undefined) timer.refresh();
      read(() => reader.push(chunk));
    };
    const onEnd = (): void => {
      if (!settled) read(() => reader.end());
    };
    let timer = setTimeout(onLate, limits.firstByteMs);
    ending.on(fail);
    if (ending.reason !== undefined) return fail(ending.reason);
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', fail);
    // It may have ended before we listened: a handshake and its refusal can come in one segment.
    if (socket.errored !== null) return fail(socket.errored);
    if (socket.destroyed) return onEnd();
    socket.write(request);
  });
}

function failure(reason: PeerReason, detail: string): PeerError {
  return new PeerError('protocol', reason, detail);
}
