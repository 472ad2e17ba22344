import { readFileSync } from 'node:fs';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { installFerretdb } from './install-go.ts';
import { plantDocument } from './mongo.ts';
import { accepts } from './ready.ts';

interface FerretVariant extends Variant {
  readonly auth?: true;
  readonly mutual?: true;
}

const PORT = 27017;

/** MongoDB's protocol by somebody else again, of one that knows accounts: over SQLite. */
export const FERRETDB_VARIANTS: readonly FerretVariant[] = [
  variant('ferretdb-open', '127.0.37.11', 'no authentication'),
  variant('ferretdb-empty', '127.0.37.12', 'no authentication, nothing in it'),
  variant('ferretdb-auth', '127.0.37.13', 'SCRAM', { auth: true }),
  variant('ferretdb-tls', '127.0.37.14', 'TLS only, no authentication', { tls: 'first' }),
  variant('ferretdb-tls-auth', '127.0.37.15', 'TLS only, SCRAM', { tls: 'first', auth: true }),
  variant('ferretdb-mtls', '127.0.37.16', 'client certificate demanded', { tls: 'first', mutual: true }),
];

function variant(
  id: string,
  host: string,
  note: string,
  more: Pick<FerretVariant, 'tls' | 'auth' | 'mutual'> = {},
): FerretVariant {
  return { id, kind: 'ferretdb', engine: 'mongodb', host, port: PORT, note, tls: 'plain', extra: true, ...more };
}

export async function startFerretdb(
  bench: Bench,
  certificates: Certificates,
  variants: readonly FerretVariant[],
): Promise<void> {
  const command = installFerretdb();
  await Promise.all(
    variants.map(async ({ id, host, port, tls, auth, mutual }) => {
      const folder = bench.place(id);
      const account = ['--setup-database=admin', '--setup-username=bench', '--setup-password=CANARY-ferretdb-password'];
      const files = [
        `--listen-tls-cert-file=${certificates.certificate}`,
        `--listen-tls-key-file=${certificates.key}`,
        ...(mutual === true ? [`--listen-tls-ca-file=${certificates.authority}`] : []),
      ];
      await bench.launch({
        id,
        host,
        port,
        command,
        folder,
        args: [
          ...['--handler=sqlite', `--sqlite-url=file:${folder}/`, `--state-dir=${folder}`, '--log-level=WARN'],
          // Nothing leaves this machine, and nothing listens beside the one port.
          ...['--telemetry=disable', '--debug-addr=-'],
          ...(tls === 'first'
            ? ['--listen-addr=', `--listen-tls=${host}:${port}`, ...files]
            : [`--listen-addr=${host}:${port}`]),
          ...(auth === true ? ['--test-enable-new-auth', ...account] : []),
        ],
        deadlineMs: 30_000,
        ready: () => accepts(host, port),
      });
      const isPlanted = auth === undefined && mutual === undefined && id !== 'ferretdb-empty';
      const authority = tls === 'first' ? readFileSync(certificates.authority) : undefined;
      if (isPlanted) await plantDocument(host, port, authority);
    }),
  );
}
