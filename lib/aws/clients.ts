import type { ClientMaker } from './cell.ts';

/** The clients of one cell: one of each kind, made on first use, destroyed together. */
export interface CellClients {
  of<C>(make: ClientMaker<C>): C;
  destroy(): void;
}

export function cellClients(open: <C>(make: ClientMaker<C>) => C): CellClients {
  const made = new Map<unknown, unknown>();
  return {
    of<C>(make: ClientMaker<C>): C {
      const client = made.has(make) ? (made.get(make) as C) : open(make);
      made.set(make, client);
      return client;
    },
    destroy() {
      for (const client of made.values()) destroy(client);
    },
  };
}

function destroy(client: unknown): void {
  if (typeof client === 'object' && client !== null && 'destroy' in client && typeof client.destroy === 'function') {
    client.destroy();
  }
}
