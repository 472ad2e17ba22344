/** Servers that mean harm: each may cost us a bounded wait and bounded memory, never the process (promise I8). */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import { connectError } from '../../lib/net/dial.ts';
import { Ending } from '../../lib/net/ending.ts';
import { inbox } from '../../lib/net/inbox.ts';
import { LIMITS } from '../../lib/net/limits.ts';
import { pacer } from '../../lib/net/visit.ts';
import { blackHole, QUICK, secure, server, took, visit } from '../support/lab.ts';

const flood = (socket: Socket): void => {
  const pour = (): void => {
    while (socket.writable && socket.write(Buffer.alloc(64 * 1024, 0x41)));
  };
  socket.on('drain', pour);
  pour();
};

describe('a port that answers no SYN', () => {
  it('costs the connect budget, the deadline or the rest of the run, whichever is least', async () => {
    const to = await blackHole();
    await expect(visit(to).access.open()).rejects.toMatchObject({ stage: 'connect', reason: 'timeout' });
    const patient = { limits: { ...QUICK, connectMs: 20_000 } };
    const late = visit(to, { ...patient, deadlineMs: 80 });
    expect(await took(late.access.open())).toBeLessThan(400);
    const stop = new AbortController();
    const pending = visit(to, { ...patient, signal: stop.signal }).access.request({ scheme: 'https', path: '/' });
    setTimeout(() => stop.abort(), 50);
    await expect(pending).rejects.toMatchObject({ reason: 'cancelled' });
  });
});

describe('no route', () => {
  const error = Object.assign(new Error('connect ENETUNREACH'), { code: 'ENETUNREACH' });
  it('is the peer’s state where the network says so, and our own where nothing was sent', () => {
    expect(connectError(error, false)).toMatchObject({ stage: 'connect', reason: 'unroutable' });
    expect(connectError(error, true)).toMatchObject({ stage: 'connect', reason: 'fault' });
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(connectError(refused, true)).toMatchObject({ reason: 'refused' });
  });
});

describe('our own shortcomings', () => {
  it('are faults, never an answer of the peer', async () => {
    const to = await server(() => undefined);
    const stray = visit(to, { localAddress: '192.0.2.7' }); // not an address of this machine
    await expect(stray.access.open()).rejects.toMatchObject({ stage: 'connect', reason: 'fault' });
    expect(stray.stats()).toMatchObject({ connections: 1, connected: false });
  });
});

describe('a reply without end', () => {
  it('is cut off after 64 KiB, also for a probe that takes what comes', async () => {
    const channel = await visit(await server(flood)).access.open();
    let read = 0;
    const all = async (): Promise<void> => {
      for (;;) read += (await channel.readSome(4_096)).length;
    };
    await expect(all()).rejects.toMatchObject({ stage: 'protocol', reason: 'limit' });
    expect(read).toBeLessThan(3 * LIMITS.maxReplyBytes);
  });

  it('begins anew with each of our writes', async () => {
    const to = await server((s) => s.on('data', () => s.write(Buffer.alloc(40_000, 0x41))));
    const channel = await visit(to).access.open();
    for (let i = 0; i < 3; i++) {
      await channel.write('more');
      expect(await channel.readExactly(40_000)).toHaveLength(40_000);
    }
  });

  it('does not hold up the goodbye', async () => {
    const started = visit(await server(flood));
    await started.access.open();
    await sleep(20);
    expect(await took(started.close())).toBeLessThan(400);
  });

  it('in single bytes costs no more than its bytes', () => {
    const box = inbox();
    const started = process.cpuUsage();
    const byte = Buffer.from('x');
    for (let i = 0; i < 60_000; i++) {
      box.push(byte);
      expect(box.indexOf('\r\n', Math.max(0, i - 2)) === -1).toBe(true);
    }
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
    expect(box.take(60_000)).toHaveLength(60_000);
  });
});

describe('the inbox', () => {
  it('gives back what went in, however it is cut, and never the same memory twice', () => {
    const box = inbox();
    const sent = Buffer.from(Array.from({ length: 5_000 }, (_, i) => i % 251));
    const got: Buffer[] = [];
    for (let at = 0; at < sent.length; at += 7) {
      box.push(sent.subarray(at, at + 7));
      if (box.held > 100) got.push(box.take(93));
    }
    got.push(box.take(box.held));
    expect(Buffer.concat(got).equals(sent)).toBe(true);
  });

  it('finds a mark that came in two pieces', async () => {
    const to = await server(async (s) => {
      s.write('ready\r');
      await sleep(20);
      s.write('\nrest');
    });
    const channel = await visit(to).access.open();
    expect((await channel.readUntil('\r\n', 100)).toString()).toBe('ready\r\n');
    expect((await channel.readExactly(4)).toString()).toBe('rest');
  });
});

describe('the end of a stream', () => {
  it('comes after the bytes before it', async () => {
    const channel = await visit(await server((s) => void s.end('last words'))).access.open();
    await sleep(30);
    expect((await channel.readExactly(10)).toString()).toBe('last words');
    await expect(channel.readSome(1)).rejects.toMatchObject({ reason: 'closed' });
    await expect(channel.write('too late')).rejects.toMatchObject({ reason: 'closed' });
  });

  it('cannot be outlived: a closed channel reads and writes nothing', async () => {
    const channel = await visit(await server(() => undefined)).access.open();
    await channel.close();
    await channel.close();
    await expect(channel.readSome(1)).rejects.toBeInstanceOf(PeerError);
    await expect(channel.write('x')).rejects.toBeInstanceOf(PeerError);
  });
});

describe('a goodbye', () => {
  it.each(['http', 'https'] as const)('over %s is a FIN, a hundred times over', async (scheme) => {
    const answer = (s: Socket): void =>
      void s.once('data', () => s.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}'));
    const to = scheme === 'http' ? await server(answer) : await secure(answer);
    for (let i = 0; i < 100; i++) await visit(to).access.request({ scheme, path: '/' });
    await sleep(20);
    expect(to.endings.filter((ending) => ending !== 'end')).toEqual([]);
  });

  it('waits no longer than its budget for a peer that keeps its side open', async () => {
    const to = await server((s) => {
      s.allowHalfOpen = true;
    });
    const started = visit(to);
    await started.access.open();
    const ms = await took(started.close());
    expect(ms).toBeGreaterThan(80);
    expect(ms).toBeLessThan(400);
  });
});

describe('one address', () => {
  it('has one visit at a time, whose clock starts when it is its turn', async () => {
    const to = await server((s) => s.write('x'));
    const pace = pacer(0);
    const first = visit(to, { pacer: pace });
    await (await first.access.open()).readExactly(1);
    const second = visit(to, { pacer: pace, deadlineMs: 100 });
    const waiting = second.access.open();
    await sleep(200); // twice its deadline
    expect(to.connections()).toBe(1);
    await first.close();
    expect((await (await waiting).readExactly(1)).toString()).toBe('x');
  });

  it('is left free by a visit whose deadline passed, and by one cancelled in the queue', async () => {
    const to = await server(() => undefined);
    const pace = pacer(0);
    await visit(to, { pacer: pace, deadlineMs: 60 }).access.open();
    const stop = new AbortController();
    const cancelled = visit(to, { pacer: pace, signal: stop.signal }).access.open();
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ reason: 'cancelled' });
    const third = visit(to, { pacer: pace });
    expect(await took(third.access.open())).toBeLessThan(300);
  });

  it('has one connection at a time: a second one closes the first', async () => {
    const to = await server((s) => s.write('x'));
    const { access } = visit(to);
    const first = await access.open();
    const second = await access.open();
    await expect(first.write('x')).rejects.toMatchObject({ reason: 'closed' });
    expect((await second.readExactly(1)).toString()).toBe('x');
    await sleep(20);
    expect(to.endings).toEqual(['end']);
  });

  it('gives up waiting for its turn when the run is stopped', async () => {
    const ending = new Ending();
    const pace = pacer(10_000);
    await pace.turn('127.0.0.1');
    const waiting = pace.turn('127.0.0.1', ending);
    ending.end(new PeerError('protocol', 'cancelled', 'stopped'));
    await expect(waiting).rejects.toThrow('stopped');
  });
});

describe('when all is done', () => {
  it('no socket and no timer is left', async () => {
    const to = await server((s) => s.once('data', () => s.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')));
    const held = (): number =>
      process.getActiveResourcesInfo().filter((r) => r === 'TCPSocketWrap' || r === 'Timeout' || r === 'Immediate')
        .length;
    await sleep(50);
    const before = held();
    for (let i = 0; i < 5; i++) {
      const started = visit(to, { deadlineMs: 60_000 });
      await started.access.request({ scheme: 'http', path: '/' });
      await started.access.open();
      await started.access.open({ tls: true }).catch(() => undefined);
      await started.close();
    }
    await sleep(150);
    expect(held()).toBeLessThanOrEqual(before);
  });
});
