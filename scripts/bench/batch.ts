/**
 * `npm run bench:batch [-- --visits 100 --silent 0.5 --mb 512]`: runs of the probe function as it is deployed, with so many visits in a
 * batch: so great a share of them silent after the connect, the others TLS with an answer. What it takes, what it holds, and whether any
 * visit concluded less for want of processor. Where cgroups can be written (root) the run gets the share of a processor
 * that Lambda gives with this memory, and no more memory than that. Loopback only.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { parseArgs } from 'node:util';
import type { AssessMessage } from '../../lib/model/messages.ts';
import { dynoxide, startDynamo } from '../../test/stores/dynamodb-server.ts';
import { buildFunctions } from '../build/bundles.ts';
import { MB_PER_VCPU } from '../cost/model.ts';

const { values } = parseArgs({
  options: {
    visits: { type: 'string', default: '100' },
    silent: { type: 'string', default: '0.5' },
    mb: { type: 'string', default: '512' },
  },
});
const [visits, mb] = [Number(values.visits), Number(values.mb)];
const silent = Math.round(visits * Number(values.silent));
const [TLS, PLAIN] = [29_300, 29_400];
const here = (name: string): string => new URL(name, import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'ajar-batch-'));
const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];

try {
  await main();
} finally {
  for (const stop of stops.reverse()) await stop();
}

async function main(): Promise<void> {
  const program = dynoxide();
  if (program === undefined) throw new Error('no dynoxide for this platform: npm ci brings it for Linux on x64');
  const dynamo = await startDynamo(program);
  stops.push(() => dynamo.stop());
  await target(process.execPath, [here('tls-targets.ts'), String(TLS), String(visits), '5']);
  const fleet = join(folder, 'fleet');
  execFileSync('cc', ['-O2', '-o', fleet, here('fleet.c')]);
  await target(fleet, [String(PLAIN)]);
  await buildFunctions(here('../../functions'), folder);
  const queue = await openQueue();
  const pair = ownCertificate();
  const [table, assess] = [await overTls(dynamo.url, pair), await overTls(queue.url, pair)];
  const env = {
    ...{ PATH: process.env['PATH'], AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
    ...{
      AWS_ENDPOINT_URL_DYNAMODB: table,
      AWS_ENDPOINT_URL_SQS: assess,
      NODE_EXTRA_CA_CERTS: pair.certFile,
      AJAR_TABLE: await dynamo.table(),
    },
    ...{ AJAR_ASSESS_QUEUE: `${assess}/1/assess`, AJAR_VANTAGE: 'bench', AJAR_CANARY: `127.0.0.1:${PLAIN}` },
    ...{ AJAR_ONLY: '127.0.0.0/8', AJAR_ALLOW_PRIVATE: 'yes', POWERTOOLS_METRICS_NAMESPACE: 'ajar' },
    ...{ POWERTOOLS_SERVICE_NAME: 'ajar', AWS_LAMBDA_FUNCTION_NAME: 'probe', POWERTOOLS_DEV: 'false' },
  };
  // As the runtime of Lambda sets them.
  const heap = [`--max-old-space-size=${Math.floor(mb * 0.9)}`, `--max-semi-space-size=${Math.floor(mb / 20)}`];
  const bundle = join(folder, 'functions', 'probe.mjs');
  const run = [
    ...heap,
    '--no-warnings',
    here('one-run.ts'),
    bundle,
    String(visits),
    String(silent),
    String(TLS),
    String(PLAIN + 1),
  ];
  const child = spawn('sh', ['-c', `${confined()} exec "$@"`, 'sh', process.execPath, ...run], {
    ...{ env, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const figures = output.split('\n').filter((line) => line.startsWith('run '));
  console.log(`${visits} visits a run, ${silent} of them silent, ${mb} MB, ended with ${String(code)}`);
  for (const line of figures) console.log(line);
  console.log(`readings ${queue.readings()} in ${queue.requests()} requests: ${JSON.stringify(queue.concluded)}`);
}

async function target(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  stops.push(() => child.kill());
  await new Promise((resolve) => child.stdout.once('data', resolve));
}

interface Pair {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly certFile: string;
}

function ownCertificate(): Pair {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const self = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...self, ...name, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  return { key: readFileSync(keyFile), cert: readFileSync(certFile), certFile };
}

/** AWS speaks TLS, and the first run of an environment pays for every connection. */
async function overTls(url: string, { key, cert }: Pair): Promise<string> {
  const server = createTlsServer({ key, cert }, (socket) => {
    const onward = connect(Number(new URL(url).port), '127.0.0.1');
    for (const each of [socket, onward]) each.on('error', () => each.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Shell that puts itself into groups with what Lambda gives; nothing where groups cannot be written. */
function confined(): string {
  const groups = [
    { of: 'cpu', file: 'cpu.cfs_quota_us', limit: Math.floor((mb / MB_PER_VCPU) * 100_000) },
    { of: 'memory', file: 'memory.limit_in_bytes', limit: mb * 2 ** 20 },
  ];
  return groups
    .map(({ of, file, limit }) => {
      const path = `/sys/fs/cgroup/${of}/ajar-batch`;
      if (!isWritable(`/sys/fs/cgroup/${of}`)) return `echo 'run not confined: ${of}';`;
      mkdirSync(path, { recursive: true });
      stops.push(() => rmdirSync(path));
      writeFileSync(join(path, file), String(limit));
      return `echo $$ > ${path}/cgroup.procs;`;
    })
    .join(' ');
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** Takes whatever SendMessageBatch brings. */
async function openQueue(): Promise<{
  readonly url: string;
  readonly concluded: Readonly<Record<string, number>>;
  readings(): number;
  requests(): number;
}> {
  const concluded: Record<string, number> = {};
  let [readings, requests] = [0, 0];
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { Entries } = JSON.parse(body) as { Entries: { Id: string; MessageBody: string }[] };
      requests++;
      for (const { MessageBody } of Entries) {
        readings++;
        const { reading } = JSON.parse(MessageBody) as AssessMessage;
        const [seen] = reading.observations;
        const word = `${seen?.l4 ?? 'nothing'} ${seen?.proto.state ?? ''} ${seen?.auth.state ?? ''}`;
        concluded[word] = (concluded[word] ?? 0) + 1;
      }
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      const Successful = Entries.map(({ Id, MessageBody }) => {
        return { Id, MessageId: Id, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
      });
      response.end(JSON.stringify({ Successful, Failed: [] }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, concluded, readings: () => readings, requests: () => requests };
}
