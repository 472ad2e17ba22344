import { readFileSync } from 'node:fs';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { exchange, type Target } from './exchange.ts';
import { installEtcd36 } from './install-go.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface EtcdVariant extends Variant {
  /** Switches v3 authentication on; v2 keeps its own, and stays open. */
  readonly auth?: true;
  readonly mutual?: true;
  readonly args?: readonly string[];
}

const PORT = 2379;

export const ETCD_VARIANTS: readonly EtcdVariant[] = [
  variant('etcd-open', '127.0.14.1', 'no authentication'),
  variant('etcd-auth', '127.0.14.2', 'v3 authentication', { auth: true }),
  variant('etcd-v2-open', '127.0.14.3', 'v3 authentication, v2 keys served without', {
    auth: true,
    args: ['--enable-v2=true'],
  }),
  variant('etcd-tls', '127.0.14.4', 'TLS, no authentication', { tls: 'first' }),
  variant('etcd-tls-auth', '127.0.14.5', 'TLS, v3 authentication', { tls: 'first', auth: true }),
  variant('etcd-mtls', '127.0.14.6', 'client certificate demanded', { tls: 'first', mutual: true }),
  variant('etcd-no-gateway', '127.0.14.7', 'no authentication, no JSON gateway', {
    args: ['--enable-grpc-gateway=false'],
  }),
];

/** No v2 any more. */
export const ETCD_36_VARIANTS: readonly EtcdVariant[] = [
  newer('etcd36-open', '127.0.14.11', 'no authentication'),
  newer('etcd36-auth', '127.0.14.12', 'v3 authentication', { auth: true }),
  newer('etcd36-tls', '127.0.14.13', 'TLS, no authentication', { tls: 'first' }),
  newer('etcd36-tls-auth', '127.0.14.14', 'TLS, v3 authentication', { tls: 'first', auth: true }),
  newer('etcd36-mtls', '127.0.14.15', 'client certificate demanded', { tls: 'first', mutual: true }),
];

function newer(...from: Parameters<typeof variant>): EtcdVariant {
  return { ...variant(...from), kind: 'etcd-3.6', extra: true };
}

function variant(
  id: string,
  host: string,
  note: string,
  more: Pick<EtcdVariant, 'tls' | 'auth' | 'mutual' | 'args'> = {},
): EtcdVariant {
  return { id, kind: 'etcd', engine: 'etcd', host, port: PORT, note, tls: 'plain', ...more };
}

type Start = (bench: Bench, certificates: Certificates, variants: readonly EtcdVariant[]) => Promise<void>;

export const startEtcd: Start = (...from) => start(debianFile('usr/bin/etcd'), ...from);
export const startEtcd36: Start = (...from) => start(installEtcd36(), ...from);

async function start(
  command: string,
  bench: Bench,
  certificates: Certificates,
  variants: readonly EtcdVariant[],
): Promise<void> {
  await Promise.all(
    variants.map(async ({ id, host, tls, auth, mutual, args }) => {
      const folder = bench.place(id);
      const scheme = tls === 'first' ? 'https' : 'http';
      const peer = `http://${host}:2380`;
      await bench.launch({
        id,
        host,
        port: PORT,
        command,
        folder,
        args: [
          ...['--name', id, '--data-dir', `${folder}/data`, '--log-level', 'warn', '--logger', 'zap'],
          ...['--listen-client-urls', `${scheme}://${host}:${PORT}`],
          ...['--advertise-client-urls', `${scheme}://${host}:${PORT}`],
          ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `${id}=${peer}`],
          ...(tls === 'first' ? ['--cert-file', certificates.certificate, '--key-file', certificates.key] : []),
          ...(mutual === true ? ['--client-cert-auth', '--trusted-ca-file', certificates.authority] : []),
          ...(args ?? []),
        ],
        deadlineMs: 20_000,
        ready: () => accepts(host, PORT),
      });
      if (mutual === true || args?.includes('--enable-grpc-gateway=false') === true) return;
      const authority = tls === 'first' ? { authority: readFileSync(certificates.authority) } : {};
      await plant({ host, port: PORT, ...authority }, auth === true, args?.includes('--enable-v2=true') === true);
    }),
  );
}

/** Two keys in v3 and, where it is served, one in v2; then the root account, whose existence auth demands. */
async function plant(target: Target, auth: boolean, v2: boolean): Promise<void> {
  const ask = async (method: 'PUT' | 'POST', path: string, body: object | string, type?: string) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const reply = await exchange(target, { method, path, body: text, ...(type === undefined ? {} : { type }) });
    if (reply.status >= 300) throw new Error(`planting ${path}: ${reply.status} ${reply.body}`);
  };
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  await ask('POST', '/v3/kv/put', { key: base64('/registry/alexa-tokens'), value: base64('CANARY-etcd-token') });
  await ask('POST', '/v3/kv/put', { key: base64('/registry/wifi'), value: base64('CANARY-etcd-wifi') });
  if (v2) await ask('PUT', '/v2/keys/device', 'value=CANARY-etcd-v2', 'application/x-www-form-urlencoded');
  if (!auth) return;
  await ask('POST', '/v3/auth/user/add', { name: 'root', password: 'CANARY-etcd-password' });
  await ask('POST', '/v3/auth/role/add', { name: 'root' });
  await ask('POST', '/v3/auth/user/grant', { user: 'root', role: 'root' });
  await ask('POST', '/v3/auth/enable', {});
}
