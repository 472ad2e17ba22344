import { createConnection } from 'node:net';
import { exchange, type Target } from './exchange.ts';

/** For servers that do not say when they are ready. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port }, () => {
      socket.end();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** 503 is "up, but not yet itself": a cluster without a manager, a security plugin without its index. */
export async function answers(target: Target, path = '/'): Promise<boolean> {
  try {
    return (await exchange(target, { method: 'GET', path })).status !== 503;
  } catch {
    return false;
  }
}
