import { existsSync } from 'node:fs';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { exchange } from './exchange.ts';
import { productFolder } from './layout.ts';
import { answers } from './ready.ts';

const PORT = 8000;

/** It knows no accounts: what protects it stands in front of it. */
export const CHROMA_VARIANTS: readonly Variant[] = [
  variant('chroma-open', '127.0.40.1', 'one collection'),
  variant('chroma-empty', '127.0.40.2', 'no collection yet'),
];

function variant(id: string, host: string, note: string): Variant {
  return { id, kind: 'chroma', engine: 'chroma', host, port: PORT, note, tls: 'plain' };
}

/** The machine's own Python, where there is one: root's may live in a folder that `nobody` cannot enter. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

export async function startChroma(bench: Bench, _: Certificates, variants: readonly Variant[]): Promise<void> {
  await Promise.all(
    variants.map(async ({ id, host, port }) => {
      const folder = bench.place(id);
      const args = ['chroma', 'run', '--host', host, '--port', String(port), '--path', `${folder}/data`];
      await bench.launch({
        id,
        host,
        port,
        folder,
        command: PYTHON,
        args: ['-c', `import sys, chromadb_rust_bindings as b; b.cli(sys.argv[1:])`, ...args],
        env: { PYTHONPATH: productFolder('chroma'), ANONYMIZED_TELEMETRY: 'False' },
        deadlineMs: 30_000,
        ready: () => answers({ host, port }, '/api/v2/heartbeat'),
      });
      if (id === 'chroma-open') await plant(host, port);
    }),
  );
}

async function plant(host: string, port: number): Promise<void> {
  const path = '/api/v2/tenants/default_tenant/databases/default_database/collections';
  const body = JSON.stringify({ name: 'device-embeddings', metadata: { owner: 'CANARY-chroma@example.invalid' } });
  const reply = await exchange({ host, port }, { method: 'POST', path, body });
  if (reply.status >= 300) throw new Error(`planting in Chroma: ${reply.status} ${reply.body}`);
}
