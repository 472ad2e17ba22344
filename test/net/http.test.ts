/** HTTP from servers that mean harm: evidence-and-alerts.md section 5.5. */
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/model/probe.ts';
import { server, took, visit } from '../support/lab.ts';

describe('HTTP from a stranger', () => {
  const answering = (reply: string, then: (s: Socket) => void = (s) => void s.end()) =>
    server((s) =>
      s.once('data', () => {
        s.write(reply, 'latin1');
        then(s);
      }),
    );
  const get = (to: { host: string; port: number }, over = {}) =>
    visit(to, over).access.request({ scheme: 'http', path: '/' });
  const OK = 'HTTP/1.1 200 OK\r\n';

  it.each([
    ['a hundred and one header lines of one name', `${OK}${'a: b\r\n'.repeat(101)}\r\n`, 'limit'],
    ['17 KiB of one header', `${OK}a: ${'b'.repeat(17_000)}\r\n\r\n`, 'limit'],
    ['stacked encodings', `${OK}content-encoding: gzip, br\r\n\r\n`, 'limit'],
    ['HTTP/0.9', '<html>', 'malformed'],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'malformed'],
    ['two lengths', `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nxx`, 'malformed'],
    [
      'a length and chunks',
      `${OK}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
      'malformed',
    ],
    ['a chunk that is no number', `${OK}transfer-encoding: chunked\r\n\r\nzz\r\n`, 'malformed'],
    ['a NUL in a header', `${OK}a: b\u0000c\r\n\r\n`, 'malformed'],
    ['an escape sequence in a header', `${OK}server: \u001b[31mred\r\n\r\n`, 'malformed'],
    ['a bare CR in a header', `${OK}a: b\rc\r\n\r\n`, 'malformed'],
    ['a TLS alert', '\u0015\u0003\u0001\u0000\u0002\u0002\u0028', 'malformed'],
    ['headers and the end', `${OK}content-length: 5\r\n\r\n`, 'closed'],
  ])('is refused: %s', async (_, reply, reason) => {
    await expect(get(await answering(reply))).rejects.toMatchObject({ name: 'PeerError', reason });
  });

  it('may send interim replies, but not for ever', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
    expect(await get(await answering(`${hints}${hints}${OK}content-length: 0\r\n\r\n`))).toMatchObject({ status: 200 });
    const forever = await answering('', (s) => {
      const timer = setInterval(() => s.write(hints), 5);
      s.on('close', () => clearInterval(timer));
    });
    await expect(get(forever)).rejects.toMatchObject({ reason: 'limit' });
  });

  it.each([
    ['headers', ''],
    ['a body', `${OK}content-length: 1000\r\n\r\n`],
  ])('may drip %s no longer than the deadline', async (_, head) => {
    const to = await answering(head, (s) => {
      const timer = setInterval(() => s.write('HTTP/1.1 200 OK\r\nx: '.charAt(s.bytesWritten % 20)), 20);
      s.on('close', () => clearInterval(timer));
    });
    expect(await took(get(to, { deadlineMs: 300 }))).toBeLessThan(600);
  });

  it('keeps header names apart from our own objects', async () => {
    const reply = await get(await answering(`${OK}__proto__: polluted\r\nconstructor: x\r\ncontent-length: 0\r\n\r\n`));
    expect(Object.getPrototypeOf(reply.headers)).toBe(Object.prototype);
    expect(Object.entries(reply.headers)).toContainEqual(['__proto__', 'polluted']);
  });

  it('shows header values printable and at most 1,024 characters long', async () => {
    const red = await get(await answering(`${OK}server: \u009b31mred\r\ncontent-length: 0\r\n\r\n`));
    expect(red.headers['server']).toBe('U+009B31mred');
    const long = await get(await answering(`${OK}x: ${'y'.repeat(3_000)}\r\ncontent-length: 0\r\n\r\n`));
    expect(long.headers['x']).toHaveLength(1_024);
  });

  it('ends an infinite body at its cap, with a FIN before the drop', async () => {
    const to = await answering(`${OK}transfer-encoding: chunked\r\n\r\n`, (s) => {
      const timer = setInterval(() => s.write(`2000\r\n${'z'.repeat(0x2000)}\r\n`), 1);
      s.on('close', () => clearInterval(timer)).on('end', () => s.end());
    });
    const started = visit(to);
    const reply = await started.access.request({ scheme: 'http', path: '/', maxBytes: 10_000 });
    expect(reply).toMatchObject({ truncated: true, status: 200 });
    expect(reply.body).toHaveLength(10_000);
    expect(to.endings[0]).toBe('end');
  });

  it('counts what it was asked and what it said', async () => {
    const started = visit(await answering(`${OK}content-length: 3\r\n\r\nabc`));
    await started.access.request({ scheme: 'http', path: '/' });
    expect(started.stats()).toMatchObject({ connections: 1, bytesRead: 3, connected: true });
    expect(started.stats().bytesSent).toBeGreaterThan(100);
  });

  it('is asked by POST only what fits a small body', async () => {
    let heard = '';
    const to = await server((socket) =>
      socket.on('data', (chunk) => {
        heard += chunk.toString();
        if (heard.endsWith('{}')) socket.end(`${OK}content-length: 0\r\n\r\n`);
      }),
    );
    const ask = (body: string) =>
      visit(to).access.request({ scheme: 'http', path: '/list', post: { type: 'application/json', body } });
    expect(await ask('{}')).toMatchObject({ status: 200 });
    expect(heard).toMatch(/^POST \/list HTTP\/1\.1\r\n/u);
    expect(heard.toLowerCase()).toContain('content-type: application/json');
    expect(heard.toLowerCase()).toContain('content-length: 2');
    await expect(ask('x'.repeat(513))).rejects.toMatchObject({ reason: 'fault' });
  });

  it('is never asked what would end a line of the request', async () => {
    const to = await answering(`${OK}content-length: 0\r\n\r\n`);
    for (const asked of [
      { path: '/ HTTP/1.1' },
      { path: '/\r\nx: y' },
      { path: '/', accept: 'a\r\nx: y' },
      { path: '/é' },
    ]) {
      const request = visit(to).access.request({ scheme: 'http', ...asked } as HttpRequest);
      await expect(request).rejects.toMatchObject({ reason: 'fault' });
    }
    const named = visit(to, { userAgent: 'ajar\r\nx: y' }).access.request({ scheme: 'http', path: '/' });
    await expect(named).rejects.toMatchObject({ reason: 'fault' });
    expect(to.connections()).toBe(0);
  });

  it('is told the host as a browser would tell it', async () => {
    const hosts: (string | undefined)[] = [];
    const answer = (s: Socket): void =>
      void s.once('data', (asked: Buffer) => {
        hosts.push(/^host: (.*)$/mu.exec(asked.toString())?.[1]?.trim());
        s.end(`${OK}content-length: 0\r\n\r\n`);
      });
    const [v4, v6] = [await server(answer), await server(answer, '::1')];
    await visit(v4, { host: 'es.example.test.' }).access.request({ scheme: 'http', path: '/' });
    await visit(v6).access.request({ scheme: 'http', path: '/' });
    expect(hosts).toEqual([`es.example.test:${v4.port}`, `[::1]:${v6.port}`]);
  });
});
