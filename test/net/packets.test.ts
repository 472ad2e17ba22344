/** TLS whose handshake travels in TDS packets (probes.md section 3.9), and peers that use the packets against us. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { secure, server, took, visit } from '../support/lab.ts';
import type { Peer } from '../support/servers.ts';

const packet = (bytes: Buffer, type = 0x12): Buffer => {
  const head = Buffer.from([type, 1, 0, 0, 0, 0, 1, 0]);
  head.writeUInt16BE(bytes.length + 8, 2);
  return Buffer.concat([head, bytes]);
};

interface Relay {
  /** Puts what the TLS server said on the wire. */
  readonly send?: (socket: Socket, packets: Buffer) => void;
  /** Bytes of TLS in one packet. */
  readonly size?: number;
}

/** A server that speaks TLS 1.2 inside packets until its own Finished went out, then without, and echoes in capitals. */
async function tds({ send = (s, bytes) => void s.write(bytes), size = 4_000 }: Relay = {}) {
  const inner = await secure((s) => s.on('data', (d) => s.write(d.toString().toUpperCase())), {
    maxVersion: 'TLSv1.2',
  });
  const heads: number[] = [];
  const to = await server((s) => {
    let [pending, isOver] = [Buffer.alloc(0), false];
    const relay = connect(inner.port, inner.host).on('error', () => undefined);
    s.on('error', () => undefined).on('close', () => relay.destroy());
    s.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending[0] === 0x12 && pending.length >= pending.readUInt16BE(2)) {
        const length = pending.readUInt16BE(2);
        heads.push(pending[1] ?? 0);
        relay.write(pending.subarray(8, length));
        pending = pending.subarray(length);
      }
      if (pending.length > 0 && pending[0] !== 0x12) {
        isOver = true;
        relay.write(pending);
        pending = Buffer.alloc(0);
      }
    });
    relay.on('data', (bytes: Buffer) => {
      if (isOver) return void s.write(bytes);
      for (let at = 0; at < bytes.length; at += size) send(s, packet(bytes.subarray(at, at + size)));
    });
  });
  return { to, heads };
}

async function handshake(to: { host: string; port: number }) {
  const channel = await visit(to).access.open();
  return { channel, facts: await channel.startTls({ framing: 'tds' }) };
}

describe('a handshake in packets', () => {
  it('ends with the certificate, every message of ours marked as whole', async () => {
    const { to, heads } = await tds();
    const { facts } = await handshake(to);
    expect(facts).toMatchObject({ version: 'TLSv1.2', certificate: { selfSigned: true } });
    expect(heads.length).toBeGreaterThanOrEqual(2);
    expect(heads.every((status) => status === 1)).toBe(true);
  });

  it('goes on without packets', async () => {
    const { channel } = await handshake((await tds()).to);
    await channel.write('select');
    expect((await channel.readExactly(6)).toString()).toBe('SELECT');
    await channel.close();
  });

  it.each([1, 7, 300])('may come in packets of %i bytes', async (size) => {
    const { facts } = await handshake((await tds({ size })).to);
    expect(facts.version).toBe('TLSv1.2');
  });

  it('may come byte by byte', async () => {
    const send = (s: Socket, bytes: Buffer): void => {
      for (const byte of bytes) s.write(Buffer.from([byte]));
    };
    expect((await handshake((await tds({ send })).to)).facts.version).toBe('TLSv1.2');
  });

  it('is said goodbye to with a FIN', async () => {
    const { to } = await tds();
    const { channel } = await handshake(to);
    await channel.close();
    await sleep(30);
    expect(to.endings).toEqual(['end']);
  });
});

describe('a peer that means harm', () => {
  const answering = async (reply: (socket: Socket) => void): Promise<Peer> =>
    server((s) => {
      s.on('error', () => undefined);
      s.once('data', () => reply(s));
    });
  const harms: readonly (readonly [string, (socket: Socket) => void, string])[] = [
    ['a packet of another type', (s: Socket) => void s.write(packet(Buffer.from('x'), 0x01)), 'malformed'],
    [
      'a packet shorter than its head',
      (s: Socket) => void s.write(Buffer.from('1201000700000100', 'hex')),
      'malformed',
    ],
    [
      'no TLS inside of the packets',
      (s: Socket) => void s.write(packet(Buffer.from('HTTP/1.1 400 Bad\r\n'))),
      'plaintext',
    ],
    ['half a packet, and a FIN', (s: Socket) => void s.end(Buffer.from('120100ff', 'hex')), 'closed'],
    ['a FIN', (s: Socket) => void s.end(), 'closed'],
    ['a reset', (s: Socket) => void s.resetAndDestroy(), 'reset'],
    ['silence', () => undefined, 'timeout'],
    ['half a packet, and silence', (s: Socket) => void s.write(Buffer.from('120100ff', 'hex')), 'timeout'],
  ];
  it.each(harms)('with %s ends the handshake, and the connection', async (_, reply, reason) => {
    const to = await answering(reply);
    const channel = await visit(to).access.open();
    await expect(channel.startTls({ framing: 'tds' })).rejects.toMatchObject({ name: 'PeerError', reason });
    await expect(channel.write('x')).rejects.toMatchObject({ name: 'PeerError' });
    await sleep(30);
    expect(to.endings.length + (reason === 'reset' ? 1 : 0)).toBeGreaterThan(0);
  });

  it('cannot make us read packets without end, empty ones neither', async () => {
    const empty = Buffer.concat(Array.from({ length: 1_000 }, () => packet(Buffer.alloc(0))));
    for (const flood of [empty, packet(Buffer.alloc(4_000, 0x16))]) {
      const to = await answering((s) => {
        const pour = (): void => {
          while (s.writable && s.write(flood));
        };
        s.on('drain', pour);
        pour();
      });
      const channel = await visit(to).access.open();
      const spent = await took(
        expect(channel.startTls({ framing: 'tds' })).rejects.toMatchObject({ name: 'PeerError', stage: 'tls' }),
      );
      expect(spent).toBeLessThan(1_000);
    }
  });

  it('is left when the visit is over, in the middle of the handshake', async () => {
    const to = await answering(() => undefined);
    const channel = await visit(to, { deadlineMs: 60 }).access.open();
    await expect(channel.startTls({ framing: 'tds' })).rejects.toMatchObject({ reason: 'timeout' });
    await sleep(30);
    expect(to.endings).toHaveLength(1);
  });

  it('leaves no socket and no timer of ours', async () => {
    const to = await answering((s) => void s.write(packet(Buffer.from('x'), 0x01)));
    const held = (): number =>
      process.getActiveResourcesInfo().filter((r) => r === 'TCPSocketWrap' || r === 'Timeout').length;
    await sleep(50);
    const before = held();
    for (let n = 0; n < 5; n++) {
      const started = visit(to);
      const channel = await started.access.open();
      await channel.startTls({ framing: 'tds' }).catch(() => undefined);
      await started.close();
    }
    await sleep(150);
    expect(held()).toBeLessThanOrEqual(before);
  });
});
