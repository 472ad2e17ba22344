import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../lib/net/limits.ts';
import { pacer } from '../../lib/net/visit.ts';
import { fixture, secure, server, took, visit } from '../support/lab.ts';
import { type Peer, peer } from '../support/servers.ts';

describe('a channel', () => {
  it('reads exactly, up to a mark, and what is there', async () => {
    const { access } = visit(await server((s) => s.write('abcdef\r\nrest')));
    const channel = await access.open();
    expect((await channel.readExactly(3)).toString()).toBe('abc');
    expect((await channel.readUntil('\r\n', 100)).toString()).toBe('def\r\n');
    expect((await channel.readSome(100)).toString()).toBe('rest');
    expect(channel.bytesRead).toBe(12);
  });

  it('puts a reply together that comes byte by byte', async () => {
    const to = await server(async (s) => {
      for (const byte of 'slow\r\n') {
        s.write(byte);
        await sleep(10);
      }
    });
    expect((await (await visit(to).access.open()).readUntil('\r\n', 10)).toString()).toBe('slow\r\n');
  });

  it.each([
    ['closes at once', (s: Socket) => void s.end(), 'closed'],
    ['resets', (s: Socket) => void setTimeout(() => s.resetAndDestroy(), 20), 'reset'],
    ['says nothing', () => undefined, 'timeout'],
    ['stops in the middle', (s: Socket) => void s.write('ab'), 'timeout'],
    ['closes in the middle', (s: Socket) => void s.end('ab'), 'closed'],
  ])('names it when the server %s', async (_, behave, reason) => {
    const channel = await visit(await server(behave)).access.open();
    await expect(channel.readExactly(5)).rejects.toMatchObject({ name: 'PeerError', reason });
  });

  it('refuses a reply that never ends, holding no more than its limit', async () => {
    const to = await server((s) => {
      const flood = (): void => {
        while (s.writable && s.write(Buffer.alloc(64 * 1024, 0x41)));
      };
      s.on('drain', flood);
      flood();
    });
    const channel = await visit(to).access.open();
    await expect(channel.readUntil('\r\n', 1_000_000)).rejects.toMatchObject({ reason: 'limit' });
    expect(channel.buffered).toBeLessThan(256 * 1024);
  });

  it('ends a drip at the deadline of the visit', async () => {
    const to = await server((s) => {
      const timer = setInterval(() => s.write('.'), 30);
      s.on('close', () => clearInterval(timer));
    });
    const { access } = visit(to, { deadlineMs: 400 });
    const channel = await access.open();
    const ms = await took(channel.readUntil('\r\n', 1_000));
    expect(ms).toBeGreaterThan(300);
    expect(ms).toBeLessThan(650);
  });

  it('says goodbye with FIN, also where bytes were left unread', async () => {
    const to = await server((s) => s.write(Buffer.alloc(10_000)));
    const started = visit(to);
    await (await started.access.open()).readExactly(1);
    await started.close();
    await sleep(20);
    expect(to.endings).toEqual(['end']);
  });
});

describe('connecting', () => {
  it('tells refused from silent', async () => {
    const gone = await peer(() => undefined);
    await gone.close();
    await expect(visit(gone).access.open()).rejects.toMatchObject({ stage: 'connect', reason: 'refused' });
  });

  it('asks the guard at the socket: an address pinned by mistake is not connected to', async () => {
    const to = await server(() => undefined);
    const stray = visit(to, { policy: { allowPrivate: true, only: ['127.9.0.0/16'] } });
    await expect(stray.access.open()).rejects.toMatchObject({ reason: 'forbidden' });
    await expect(stray.access.request({ scheme: 'http', path: '/' })).rejects.toMatchObject({ reason: 'forbidden' });
    const metadata = visit({ host: '169.254.169.254', port: 80 }, { policy: { allowPrivate: true, only: [] } });
    await expect(metadata.access.open()).rejects.toMatchObject({ reason: 'forbidden' });
    expect(to.connections()).toBe(0);
  });

  it('stops at the probe’s number of connections', async () => {
    const { access } = visit(await server(() => undefined), { maxConnections: 1 });
    await access.open();
    await expect(access.open()).rejects.toMatchObject({ stage: 'connect', reason: 'limit' });
  });

  it('lets a probe send no more than its bytes', async () => {
    const channel = await visit(await server((s) => s.resume())).access.open();
    await expect(channel.write(Buffer.alloc(3_000))).rejects.toMatchObject({ reason: 'limit' });
  });

  it('spaces connections to one address, and not to another', async () => {
    const pace = pacer(80);
    expect(await took(Promise.all([pace.turn('127.0.0.1'), pace.turn('127.0.0.2')]))).toBeLessThan(40);
    expect(await took(pace.turn('127.0.0.1'))).toBeGreaterThan(40);
  });

  it('speaks IPv6', async () => {
    const channel = await visit(await server((s) => s.write('six'), '::1')).access.open();
    expect((await channel.readExactly(3)).toString()).toBe('six');
  });

  it('looks from the address of its vantage', async () => {
    let from = '';
    const to = await server((s) => {
      from = s.remoteAddress ?? '';
      s.write('x');
    });
    await (await visit(to, { localAddress: '127.0.0.9' }).access.open()).readExactly(1);
    expect(from).toBe('127.0.0.9');
  });

  it('ends every pending call when the run is stopped', async () => {
    const stop = new AbortController();
    const channel = await visit(await server(() => undefined), { signal: stop.signal }).access.open();
    const pending = channel.readExactly(1);
    stop.abort();
    await expect(pending).rejects.toMatchObject({ reason: 'cancelled' });
  });
});

describe('TLS', () => {
  it('takes any certificate and reports its facts', async () => {
    const to = await secure((s) => s.write('hi'));
    const channel = await visit(to).access.open({ tls: true });
    expect((await channel.readExactly(2)).toString()).toBe('hi');
    expect(channel.tls).toMatchObject({
      version: 'TLSv1.3',
      certificate: { subject: 'CN=es.example.test', selfSigned: true, matchesHost: false },
    });
  });

  it.each([
    ['plaintext', (s: Socket) => void s.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'plaintext'],
    ['a close', (s: Socket) => void s.end(), /closed|reset/],
    ['silence', () => undefined, 'timeout'],
  ])('names %s where a handshake was wanted', async (_, behave, reason) => {
    const opening = visit(await server(behave)).access.open({ tls: true });
    await expect(opening).rejects.toMatchObject({
      stage: 'tls',
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
  });

  it('sees under TLS 1.3 that a client certificate is required, at the first read', async () => {
    const to = await secure((s) => s.write('never'), {
      requestCert: true,
      rejectUnauthorized: true,
      ca: [fixture('ca.pem')],
    });
    const channel = await visit(to).access.open({ tls: true });
    await expect(channel.readExactly(1)).rejects.toMatchObject({ reason: 'client-cert' });
  });

  it('upgrades in place, and refuses to where bytes came early', async () => {
    const early = await server((s) => s.write('SX'));
    const channel = await visit(early).access.open();
    await channel.readExactly(1);
    await sleep(20);
    await expect(channel.startTls()).rejects.toMatchObject({ stage: 'tls', reason: 'malformed' });
  });
});

describe('HTTP', () => {
  const http = (reply: string | Buffer) => server((s) => s.once('data', () => s.end(reply)));
  const get = async (to: Peer, over = {}) => visit(to, over).access.request({ scheme: 'http', path: '/' });

  it('gives status, headers and body, and says who asks', async () => {
    let asked = '';
    const to = await server((s) =>
      s.once('data', (d) => {
        asked = d.toString();
        s.end('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="security"\r\ncontent-length: 2\r\n\r\n{}');
      }),
    );
    expect(await get(to)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="security"' },
      truncated: false,
    });
    expect(asked).toMatch(/user-agent: ajar-test/i);
    expect(asked).toMatch(/accept-encoding: identity/i);
  });

  it('does not follow redirects', async () => {
    const to = await http('HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n');
    expect(await get(to)).toMatchObject({ status: 302 });
    expect(to.connections()).toBe(1);
  });

  it('cuts a body at its cap', async () => {
    const to = await http(`HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n${'x'.repeat(100_000)}`);
    const reply = await get(to);
    expect(reply.truncated).toBe(true);
    expect(reply.body).toHaveLength(LIMITS.maxReplyBytes);
  });

  it.each([
    [
      'an encoding nobody asked for',
      'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\nx',
      'limit',
    ],
    ['ten thousand headers', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_000)}\r\n`, 'limit'],
    ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'malformed'],
    ['an empty reply', '', 'closed'],
    ['a body shorter than promised', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx', /closed|malformed/],
  ])('refuses %s', async (_, reply, reason) => {
    await expect(get(await http(reply))).rejects.toMatchObject({
      name: 'PeerError',
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
  });

  it('ends a silent server at the first-byte budget, and an endless body at the deadline', async () => {
    expect(await took(get(await server(() => undefined)))).toBeLessThan(1_800);
    const endless = await server((s) =>
      s.once('data', () => {
        s.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        const timer = setInterval(() => s.write('1\r\nx\r\n'), 20);
        s.on('close', () => clearInterval(timer));
      }),
    );
    expect(await took(get(endless, { deadlineMs: 400 }))).toBeLessThan(800);
  });
});
