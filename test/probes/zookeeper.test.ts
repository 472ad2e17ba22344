import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import { zookeeper } from '../../lib/probes/zookeeper.ts';
import { readSrvr } from '../../lib/wire/zookeeper.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { recordings } from '../support/recordings.ts';
import { type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const NONE = Buffer.alloc(0);
const SRVR =
  'Zookeeper version: 3.8.0-5a02a05, built on 2022-02-25\nLatency min/avg/max: 0/0.0/0\nReceived: 1\n' +
  'Zxid: 0x0\nMode: standalone\nNode count: 5\n';

async function visit(connections: readonly ScriptConnection[], port = 2181): Promise<ProbeAnswer & ScriptAccess> {
  const access = scriptAccess({ connections });
  const endpoint = {
    id: 'z',
    host: 'zk.example.org',
    port,
    engine: 'zookeeper',
    source: 'file',
    tags: {},
    declared: {},
  } as const;
  const answer = await zookeeper.visit(access, endpoint, { metadata: 1, nonce: '0123456789abcdef' });
  return { ...access, ...answer, opened: access.opened };
}
const says = (text: string, more: Partial<ScriptConnection> = {}): ScriptConnection => ({
  replies: [NONE, Buffer.from(text)],
  ...more,
});

it('sends four bytes, without a newline, and never a session', async () => {
  const seen = await visit([says(SRVR)]);
  expect(seen.written).toEqual(['1:73727672']);
});

describe('rows of probes.md section 3.15', () => {
  it.each([
    ['a state', SRVR, 'srvr', 'firm', '3.8.0'],
    ['a state without a role', 'Zookeeper version: 3.4.6-1, built\n', 'srvr', 'tentative', '3.4.6'],
    [
      'a word that is not allowed',
      'srvr is not executed because it is not in the whitelist.\n',
      'not-allowed',
      'firm',
      undefined,
    ],
    ['no ensemble', 'This ZooKeeper instance is not currently serving requests\n', 'not-serving', 'firm', undefined],
  ])('%s says nothing on authentication', async (_, text, rule, confidence, version) => {
    const seen = await visit([says(text)]);
    expect(seen).toMatchObject({ l4: 'open', auth: { state: 'undetermined' }, proof: 1, tls: { state: 'absent' } });
    expect(seen).toMatchObject({ rule: `zookeeper/${rule}`, proto: { state: 'match', confidence } });
    expect(seen.proto.version).toBe(version);
    expect(seen).not.toHaveProperty('metadata');
  });

  it('shows the role and how many nodes there are', async () => {
    expect((await visit([says(SRVR)])).notes.slice(1)).toEqual(['mode: standalone', 'node count: 5']);
  });

  it('is read to its end, however it comes', async () => {
    const seen = await visit([says(SRVR, { end: 'timeout' })]);
    expect(seen.rule).toBe('zookeeper/srvr');
  });
});

describe('a TLS hello', () => {
  it.each([
    ['after a close', { end: 'closed' }, 2181, 2],
    ['not after silence', { end: 'timeout' }, 2181, 1],
    ['after silence on a port that is known for TLS', { end: 'timeout' }, 2281, 2],
  ] as const)('goes out %s', async (_, end, port, opened) => {
    const tls: ScriptConnection = { transport: 'tls', replies: [NONE, Buffer.from(SRVR)] };
    const seen = await visit([{ replies: [NONE], ...end }, tls], port);
    expect(seen.opened).toBe(opened);
    expect(seen.rule).toBe(opened === 2 ? 'zookeeper/srvr' : 'zookeeper/open-silent');
  });
});

it('reads ZooKeeper 3.8.0 as it was recorded, TLS where the port is known for it', async () => {
  const recorded = (wanted: string): ScriptConnection =>
    recordings('zookeeper').find(({ name }) => name === `3.8.0-${wanted}`)?.connection ?? says('');
  const rules = await Promise.all(
    [[recorded('open')], [recorded('words')], [recorded('tls-plaintext'), recorded('tls')]].map(async (connections) => {
      const { rule, tls } = await visit(connections, 2281);
      return [rule, tls.state];
    }),
  );
  expect(rules).toEqual([
    ['zookeeper/srvr', 'absent'],
    ['zookeeper/srvr', 'absent'],
    ['zookeeper/srvr', 'required'],
  ]);
});

it('hostile bytes give a reading of bounded text, or none', () => {
  fc.assert(
    fc.property(hostileBytes([Buffer.from(SRVR)]), (bytes) => {
      const { version = '', mode = '', nodes = 0 } = readSrvr(bytes) ?? {};
      expect(version.length + mode.length).toBeLessThanOrEqual(80);
      expect(Number.isSafeInteger(nodes)).toBe(true);
    }),
    { numRuns: 10_000 },
  );
});
