import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
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

/** Sooner than any budget of a visit: whoever answers this late is still busy with its start. */
const PROMPT_MS = 1_000;
const SETTLE_MS = 30_000;

/** Whether anything at all comes back, soon; inside TLS where an authority is given. */
function replies({ host, port, authority }: Target, question: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket =
      authority === undefined ? createConnection({ host, port }) : connectTls({ host, port, ca: authority });
    const finish = (isPrompt: boolean) => {
      socket.destroy();
      resolve(isPrompt);
    };
    socket.setTimeout(PROMPT_MS, () => finish(false));
    socket.once('error', () => finish(false)).once('close', () => finish(false));
    socket.once('data', () => finish(true));
    socket.write(question);
  });
}

/** Ready is a prompt reply twice in a row over the very address and port that will be visited. */
export async function settle(target: Target, question: Buffer): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  while (!((await replies(target, question)) && (await replies(target, question)))) {
    if (Date.now() > deadline) throw new Error(`${target.host}:${target.port} listens, and does not answer`);
    await sleep(100);
  }
}
