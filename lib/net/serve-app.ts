/** An application of requests and responses, on this machine alone. */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { AjarError } from '../model/errors.ts';
import { parseCanonical } from './guard.ts';
import { listening, type Server } from './serve.ts';

/** A page is small and whoever asks is near: who dawdles longer holds a connection for nothing. */
const REQUEST_MS = 30_000;

/** Throws `bad-input` where the address is not this machine's own, or the port is taken. Port 0: any that is free. */
export async function serveApp(
  app: (request: Request) => Promise<Response>,
  host: string,
  port: number,
): Promise<Server> {
  if (parseCanonical(host)?.range() !== 'loopback')
    throw new AjarError('bad-input', `--listen ${host}: not an address of this machine alone`, {
      cure: 'use 127.0.0.1 or ::1; for others there is the console of the stack, behind a login (docs/console.md)',
    });
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, getRequestListener(app));
  return listening(server, host, port);
}
