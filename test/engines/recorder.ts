import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { RunningEngine } from './engine.ts';

/** A peer that has said nothing for this long has finished its reply; loopback answers in microseconds. */
const QUIET_MS = 400;

/** `send` writes, then hears the reply out; `tls` upgrades in band; `hear` waits for a server that speaks first. */
export type Move = { readonly send: Buffer } | 'tls' | 'hear';

/**
 * Plays the moves on one connection and returns what crossed the wire, one event a line: `> hex` sent,
 * `< hex` received, `~ TLSv1.3` handshake done, `x code` the peer ended the connection. After `~` the bytes are
 * those inside TLS.
 */
export async function record(engine: RunningEngine, moves: readonly Move[]): Promise<string[]> {
  const lines: string[] = [];
  let ended = '';
  let heard = Buffer.alloc(0);
  const plain = createConnection({
    host: engine.host,
    port: engine.port,
    ...(engine.localAddress === undefined ? {} : { localAddress: engine.localAddress }),
  });
  let socket: Socket = plain;
  const listen = () => {
    socket.on('data', (chunk: Buffer) => (heard = Buffer.concat([heard, chunk])));
    socket.on('end', () => (ended ||= 'end')).on('error', (error) => (ended ||= codeOf(error)));
  };
  const hear = async () => {
    for (let before = -1; before !== heard.length && ended === ''; ) {
      before = heard.length;
      await sleep(QUIET_MS);
    }
    if (heard.length > 0) lines.push(`< ${heard.toString('hex')}`);
    heard = Buffer.alloc(0);
  };
  listen();
  await once(plain, 'connect');
  for (const move of moves) {
    if (ended !== '') break;
    if (move === 'hear') await hear();
    else if (move === 'tls') {
      plain.removeAllListeners('data');
      const secure = connectTls({ socket: plain, rejectUnauthorized: false });
      socket = secure;
      listen();
      // A handshake that the server ends is how TLS 1.2 refuses us, and goes into the recording like any other end.
      await Promise.race([once(secure, 'secureConnect'), once(secure, 'close')]).catch(() => undefined);
      if (ended === '') lines.push(`~ ${secure.getProtocol() ?? 'unknown'}`);
    } else {
      socket.write(move.send);
      lines.push(`> ${move.send.toString('hex')}`);
      await hear();
    }
  }
  if (ended !== '') lines.push(`x ${ended}`);
  socket.destroy();
  return lines;
}

function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.message;
}
