/** Names that lead elsewhere (evidence-and-alerts.md section 5.5 "DNS"). Behind each stands a server that is open: reaching it by a
 * forbidden way would be seen. What resolvers do to forbidden addresses at the socket is in test/net/ssrf.test.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NameResolver } from '../../lib/net/resolve.ts';
import { type HostileServer, table, type Talk } from './server.ts';

const fails = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error(`query ${code}`), { code });
};
const none = async (): Promise<readonly string[]> => [];
const answers = (v4: () => Promise<readonly string[]>, v6: () => Promise<readonly string[]> = none): NameResolver => ({
  resolve4: v4,
  resolve6: v6,
});
const many = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `127.250.${i >> 8}.${i & 255}`);
const mute = ({ end }: Talk): void => end();

export const DNS: readonly HostileServer[] = table('dns', 'E5.5 DNS; P9', [
  {
    name: 'rebinding: ours, then the metadata service',
    serve: mute,
    resolver: (ours) => turns([ours], ['169.254.169.254']),
  },
  { name: 'rebinding: ours, then private', serve: mute, resolver: (ours) => turns([ours], ['10.0.0.1']) },
  {
    name: 'ours among forbidden ones',
    serve: mute,
    resolver: (ours) => answers(async () => ['169.254.169.254', ours, '10.0.0.1']),
  },
  { name: '1,000 A records', slow: true, serve: mute, resolver: () => answers(async () => many(1_000)) },
  {
    name: '1,000 times the same A record',
    serve: mute,
    resolver: (ours) => answers(async () => Array.from({ length: 1_000 }, () => ours)),
  },
  { name: 'a mapped AAAA', serve: mute, resolver: (ours) => answers(none, async () => [`::ffff:${ours}`]) },
  { name: 'a NAT64 AAAA', serve: mute, resolver: (ours) => answers(none, async () => [`64:ff9b::${ours}`]) },
  { name: 'every name leads here', serve: mute, resolver: (ours) => answers(async () => [ours]) },
  {
    name: 'a chain of CNAMEs that takes its time',
    serve: mute,
    resolver: (ours) => answers(async () => (await sleep(300), [ours])),
  },
  {
    name: 'a chain of CNAMEs in a circle',
    serve: mute,
    resolver: () => answers(fails('ESERVFAIL'), fails('ESERVFAIL')),
  },
  { name: 'no such name', serve: mute, resolver: () => answers(fails('ENOTFOUND'), fails('ENOTFOUND')) },
  { name: 'A, but AAAA refused', serve: mute, resolver: (ours) => answers(async () => [ours], fails('EREFUSED')) },
  { name: 'no answer, ever', slow: true, serve: mute, resolver: () => answers(never, never) },
  {
    name: 'answers that are no addresses',
    serve: mute,
    resolver: () => answers(async () => ['127.1', '0x7f000001', 'localhost', '', `${'1'.repeat(5_000)}`]),
  },
  {
    name: 'another answer each time, no time to live',
    serve: mute,
    resolver: (ours) => turns([ours], ['127.0.0.1'], [ours], ['127.0.0.2']),
  },
]);

function turns(...answersInTurn: readonly (readonly string[])[]): NameResolver {
  let asked = 0;
  return answers(async () => answersInTurn[asked++ % answersInTurn.length] ?? []);
}

async function never(): Promise<never> {
  return new Promise(() => undefined);
}
