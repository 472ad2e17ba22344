import type { Socket } from 'node:net';

/**
 * FIN, then until the peer has closed too, at most `closeMs`. Whoever reads the socket goes on reading meanwhile:
 * unread bytes would turn our close into a reset, which is an error line in the peer's log (probes.md section 1, rule 6).
 */
export async function sayGoodbye(socket: Socket, closeMs: number): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), closeMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.end();
  });
}
