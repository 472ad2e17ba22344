import { describe, expect, it } from 'vitest';
import { postJson } from '../../lib/net/post.ts';
import { serve } from '../../lib/net/serve.ts';
import { secure, server, took } from '../support/lab.ts';

const never = new AbortController().signal;
const post = (to: { host: string; port: number }, over = {}, scheme = 'http') =>
  postJson(`${scheme}://${to.host}:${to.port}/hook`, '{"a":1}', {
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
    timeoutMs: 1_000,
    signal: never,
    ...over,
  });
const answering = (reply: string) => server((s) => s.once('data', () => s.end(reply)));

describe('a webhook', () => {
  it('gets the body and the headers, and its answer is the status', async () => {
    let asked = '';
    const to = await server((s) =>
      s.on('data', (d) => {
        asked += d.toString();
        if (asked.endsWith('{"a":1}')) s.end('HTTP/1.1 204 No Content\r\n\r\n');
      }),
    );
    expect(await post(to)).toEqual({ status: 204 });
    expect(asked).toMatch(/^POST \/hook HTTP\/1\.1\r\n/);
    expect(asked).toMatch(/idempotency-key: k\r\n/i);
  });

  it.each([
    ['7', 7_000],
    ['86400', 3_600_000],
    [new Date(Date.now() + 60_000).toUTCString(), expect.closeTo(60_000, -4)],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['soon', undefined],
    ['-1e9', undefined],
  ])('may ask to be left alone: retry-after %s', async (value, retryAfterMs) => {
    const to = await answering(`HTTP/1.1 429 No\r\nretry-after: ${value}\r\ncontent-length: 0\r\n\r\n`);
    const { retryAfterMs: got, status } = await post(to);
    expect(status).toBe(429);
    expect(got).toEqual(retryAfterMs);
  });

  it('does not send us elsewhere', async () => {
    const to = await answering('HTTP/1.1 307 Go\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n');
    expect(await post(to)).toEqual({ status: 307 });
    expect(to.connections()).toBe(1);
  });

  it('has to have a certificate that verifies', async () => {
    await expect(post(await secure(() => undefined), {}, 'https')).rejects.toThrow();
  });

  it('has one deadline for everything, a dripping answer included', async () => {
    const to = await server((s) => {
      s.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const timer = setInterval(() => s.write('.'), 20);
      s.on('close', () => clearInterval(timer)).on('error', () => undefined);
    });
    const dripping = post(to, { timeoutMs: 200 });
    expect(await took(dripping)).toBeLessThan(600);
    await expect(dripping).rejects.toThrow();
  });
});

describe('a stand-in', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'localhost', '127.1', ''])(
    'does not listen on %j',
    async (host) => {
      const answer = () => ({ status: 200, headers: {}, body: '' });
      await expect(serve(answer, host)).rejects.toMatchObject({ code: 'invariant' });
    },
  );

  it('answers on loopback and goes away at once', async () => {
    const stand = await serve(
      ({ method, path }) => ({ status: 201, headers: {}, body: `${method} ${path}` }),
      '127.8.7.6',
    );
    expect(await post({ host: '127.8.7.6', port: stand.port })).toEqual({ status: 201 });
    await stand.close();
    await expect(post({ host: '127.8.7.6', port: stand.port })).rejects.toThrow();
  });
});
