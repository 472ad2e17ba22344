/**
 * What every probe of the catalogue owes, whoever answers (probes.md sections 1, 5 and 10): an answer or a PeerError,
 * a rule and a proof behind every verdict, its budgets, and never an open door that was not proved.
 */
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROBED_ENGINES, type Endpoint } from '../../lib/model/endpoint.ts';
import { PeerError } from '../../lib/model/errors.ts';
import { AUTH_STATES, L4_STATES, type ProbeAnswer, PROVEN_BY_WORD, TLS_STATES } from '../../lib/model/observation.ts';
import type { Channel, Probe } from '../../lib/model/probe.ts';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { encodeBson } from '../../lib/wire/bson.ts';
import { recordings } from '../support/recordings.ts';
import { type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const MAX_SENT = 2 * 1024;
const ENDS = ['closed', 'reset', 'timeout'] as const;
const NONE = Buffer.alloc(0);
const STREAMS = PROBES.filter(({ speaks }) => speaks !== 'http');

function endpointOf(probe: Probe): Endpoint {
  const engine = probe.engines[0] ?? 'redis';
  return {
    id: probe.id,
    host: 'db.example.org',
    port: probe.streamPorts?.[0] ?? probe.defaultPort,
    engine,
    source: 'file',
    tags: {},
    declared: {},
  };
}

type Outcome = ProbeAnswer | PeerError;

/** One visit, and what must hold of any. The same script answers each connection. */
async function visit(
  probe: Probe,
  connection: ScriptConnection,
  change = (c: Channel): Channel => c,
): Promise<Outcome> {
  const connections = Array.from({ length: probe.maxConnections }, () => connection);
  const script = scriptAccess({ connections });
  const access = { ...script, open: async (options?: object) => change(await script.open(options)) };
  const outcome: unknown = await probe
    .visit(access, endpointOf(probe), { metadata: 1, nonce: '0123456789abcdef' })
    .catch((error: unknown) => error);
  if (!(outcome instanceof PeerError)) expectAnswer(probe, outcome as ProbeAnswer);
  expectBudgets(probe, script);
  return outcome as Outcome;
}

function expectAnswer(probe: Probe, answer: ProbeAnswer): void {
  expectKnownRule(probe, answer.rule);
  expect([0, 1, 2, 3, 4]).toContain(answer.proof);
  expect(L4_STATES).toContain(answer.l4);
  expect(TLS_STATES).toContain(answer.tls.state);
  expect(AUTH_STATES).toContain(answer.auth.state);
  for (const note of answer.notes) expect(note).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u);
  if (answer.auth.state !== 'open-anonymous') expect(answer).not.toHaveProperty('metadata');
  else expect(answer).toMatchObject({ l4: 'open', proto: { state: 'match' } });
  if (answer.auth.state === 'open-anonymous') expect(answer.proof).toBeGreaterThanOrEqual(leastProof(probe));
}

/** A report quotes what a rule means, so a rule that nobody wrote down must not be named. */
function expectKnownRule(probe: Probe, rule: string): void {
  expect(rule).toMatch(new RegExp(`^${probe.id}/[a-z0-9-]+$`, 'u'));
  const name = rule.slice(probe.id.length + 1);
  expect(Object.keys(probe.rules)).toContain(name in probe.rules ? name : name.replace(/^tls-/u, ''));
}

/** Metadata came back, or one of the protocols whose word is proof (probes.md section 0). */
function leastProof(probe: Probe): number {
  return PROVEN_BY_WORD.has(probe.id) ? 2 : 3;
}

function expectBudgets(probe: Probe, { written, opened }: ScriptAccess): void {
  const sent = written.reduce((sum, line) => sum + line.slice(line.indexOf(':') + 1).length / 2, 0);
  expect(sent).toBeLessThanOrEqual(MAX_SENT);
  expect(written.length).toBeLessThanOrEqual(6);
  expect(opened).toBeLessThanOrEqual(probe.maxConnections);
}

const isOpen = (outcome: Outcome): boolean =>
  !(outcome instanceof PeerError) && outcome.auth.state === 'open-anonymous';

/** No Mongo runs here (engines.md), so its replies are built; the others were recorded. */
function mongo(responseTo: number, document: Buffer): Buffer {
  const head = Buffer.alloc(21);
  [head.length + document.length, 1, responseTo, 2013].forEach((value, n) => head.writeInt32LE(value, n * 4));
  return Buffer.concat([head, document]);
}
const HELLO = mongo(1, encodeBson({ ismaster: true, maxWireVersion: 21, ok: 1 }));
const UNAUTHORIZED = mongo(2, encodeBson({ ok: 0, errmsg: 'requires authentication', code: 13 }));
const BUILT: Readonly<Record<string, readonly { readonly name: string; readonly connection: ScriptConnection }[]>> = {
  mongodb: [{ name: 'unauthorized', connection: { replies: [NONE, HELLO, UNAUTHORIZED] } }],
};

const FIXTURES = STREAMS.flatMap((probe) =>
  [...recordings(probe.id), ...(BUILT[probe.id] ?? [])].map(({ name, connection }) => ({
    name: `${probe.id} ${name}`,
    probe,
    connection,
  })),
);

describe('the catalogue', () => {
  it('is the folder, in order, each probe under its own name', () => {
    const files = readdirSync(new URL('../../lib/probes/', import.meta.url)).filter((file) => file !== 'catalogue.ts');
    expect(PROBES.map(({ id }) => `${id}.ts`)).toEqual(files.sort());
  });

  it('serves every engine exactly once', () => {
    expect(PROBES.flatMap(({ engines }) => engines).sort()).toEqual([...PROBED_ENGINES].sort());
  });

  it.each(PROBES)('$id stays within the budgets of a visit', (probe) => {
    // HTTP here is without keep-alive: the six messages of rule 3 need six connections.
    expect(probe.maxConnections).toBeLessThanOrEqual(probe.speaks === 'stream' ? 4 : 6);
    expect(probe.deadlineMs).toBe(probe.speaks === 'http' ? 8_000 : 15_000);
  });

  it('names the ports of its byte stream exactly where a probe speaks both', () => {
    for (const { id, speaks, streamPorts, defaultPort } of PROBES) {
      expect((streamPorts ?? []).length > 0, id).toBe(speaks === 'both');
      expect(streamPorts ?? [], id).not.toContain(defaultPort);
    }
  });

  it.each(PROBES)('$id says what it sends and what its rules mean', ({ id, sends, rules }) => {
    expect(sends.length).toBeGreaterThan(0);
    for (const { what, why } of sends) {
      expect(what).not.toBe('');
      expect(why).not.toBe('');
    }
    for (const [rule, meaning] of Object.entries(rules)) {
      expect(rule, id).toMatch(/^[a-z0-9-]+$/u);
      expect(meaning, rule).not.toBe('');
    }
  });

  it.each(STREAMS)('has a fixture for $id', ({ id }) => {
    expect(FIXTURES.some(({ probe }) => probe.id === id)).toBe(true);
  });
});

describe.each(FIXTURES)('$name', ({ probe, connection }) => {
  it('is an answer, and the same one byte by byte', async () => {
    const whole = await visit(probe, connection);
    const slow = await visit(probe, connection, oneByteAtATime);
    if (whole instanceof PeerError) throw whole;
    if (slow instanceof PeerError) throw slow;
    // Notes quote what had arrived; no axis may depend on it.
    expect({ ...slow, notes: [] }).toEqual({ ...whole, notes: [] });
  });

  it('cut off anywhere shows no door more open than the whole', async () => {
    const mayBeOpen = isOpen(await visit(probe, connection));
    const total = connection.replies.reduce((sum, reply) => sum + reply.length, 0);
    // Every byte where heads and verdicts are; of long lists here and there.
    for (let cut = 0; cut < total; cut += cut < 512 ? 1 : 29) {
      for (const end of ENDS) {
        const outcome = await visit(probe, { ...connection, replies: cutAt(connection.replies, cut), end });
        if (!mayBeOpen) expect(isOpen(outcome), `cut at ${cut}, then ${end}`).toBe(false);
      }
    }
  });
});

/** As the slowest network would hand it over. */
function oneByteAtATime(channel: Channel): Channel {
  return Object.defineProperties(Object.create(channel) as Channel, {
    readSome: { value: async () => channel.readSome(1) },
  });
}

function cutAt(replies: readonly Uint8Array[], cut: number): Buffer[] {
  let left = cut;
  return replies.map((reply) => {
    const head = Buffer.from(reply.subarray(0, left));
    left -= head.length;
    return head;
  });
}

describe('an answer that only says "I am here" (probes.md section 5)', () => {
  const fine = (id: string, name: string, ...replies: readonly Uint8Array[]) => ({ id, name, replies });
  const binaryVersion = Buffer.concat([
    Buffer.from(`810b${'00'.repeat(9)}06${'00'.repeat(12)}`, 'hex'),
    Buffer.from('1.6.18'),
  ]);
  const recorded = (id: string, ending: string): readonly Uint8Array[] =>
    recordings(id).find(({ name }) => name.endsWith(ending))?.connection.replies ?? [];
  const rows = [
    fine('redis', '+PONG', NONE, Buffer.from('+PONG\r\n')),
    fine('redis', '+PONG and a null bulk', NONE, Buffer.from('+PONG\r\n'), Buffer.from('$-1\r\n')),
    fine('redis', '+PONG and an error', NONE, Buffer.from('+PONG\r\n'), Buffer.from('-ERR unknown command\r\n')),
    fine('memcached', 'VERSION', NONE, Buffer.from('VERSION 1.6.18\r\n')),
    fine('memcached', 'binary version', NONE, binaryVersion),
    fine('mongodb', 'hello', NONE, HELLO),
    fine('postgres', 'S', NONE, Buffer.from('S')),
    fine('postgres', 'N', NONE, Buffer.from('N')),
    fine(
      'postgres',
      'AuthenticationOk and no word more',
      NONE,
      Buffer.from('N'),
      Buffer.from('520000000800000000', 'hex'),
    ),
    fine('cassandra', 'SUPPORTED', NONE, Buffer.from(recorded('cassandra', 'password')[1] ?? [])),
    fine('kafka', 'ApiVersions', NONE, Buffer.from(recorded('kafka', 'open')[1] ?? [])),
    fine('zookeeper', 'srvr', ...recorded('zookeeper', 'open')),
    fine('neo4j', 'HELLO', ...recorded('neo4j', '-open').slice(0, 3)),
    fine('sqlserver', 'PRELOGIN', ...recorded('sqlserver', 'cleartext')),
    fine('oracle', 'a refusal', ...recorded('oracle', 'refuse')),
    fine('mysql', 'a greeting', ...recorded('mysql', 'plain')),
  ];
  it.each(rows)('$id: $name', async ({ id, replies }) => {
    expect(replies.length).toBeGreaterThan(0);
    const probe = STREAMS.find((p) => p.id === id);
    if (probe === undefined) throw new Error(`no probe ${id}`);
    for (const end of ENDS) {
      for (const transport of ['plain', 'tls', 'either'] as const) {
        const outcome = await visit(probe, { replies, end, transport });
        expect(isOpen(outcome), `${transport}, then ${end}`).toBe(false);
      }
    }
  });
});

describe.each(STREAMS)('$id among strangers', (probe) => {
  const strangers: readonly (readonly [string, Buffer])[] = [
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')],
    ['an SSH banner', Buffer.from('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n')],
    ['a TLS alert', Buffer.from('15030300020246', 'hex')],
    ['a mebibyte of 0xff', Buffer.alloc(1024 * 1024, 0xff)],
    ['a mebibyte of zeros', Buffer.alloc(1024 * 1024)],
    ['a mebibyte of text without an end', Buffer.alloc(1024 * 1024, '+')],
    ['nothing', NONE],
  ];
  it.each(strangers)('%s is no match and no verdict', async (_name, bytes) => {
    for (const end of ENDS) {
      for (const transport of ['plain', 'tls', 'either'] as const) {
        for (const replies of [[bytes], [NONE, bytes], [NONE, bytes, bytes, bytes]]) {
          const outcome = await visit(probe, { replies, end, transport });
          if (outcome instanceof PeerError) continue;
          expect(outcome.proto.state, `${transport}, then ${end}`).not.toBe('match');
          expect(outcome).toMatchObject({ auth: { state: 'undetermined' }, proof: 0 });
        }
      }
    }
  });

  it('random bytes open nothing', async () => {
    const reply = fc.uint8Array({ maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { maxLength: 5 }), fc.constantFrom(...ENDS), async (replies, end) => {
        expect(isOpen(await visit(probe, { replies, end, transport: 'either' }))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('a connection that was never accepted is left to the pipeline', async () => {
    for (const reason of ['refused', 'timeout', 'unroutable', 'forbidden'] as const) {
      const access = scriptAccess({ connections: [reason] });
      const options = { metadata: 1, nonce: '0' } as const;
      await expect(probe.visit(access, endpointOf(probe), options)).rejects.toMatchObject({ stage: 'connect', reason });
      expect(access.opened).toBe(1);
    }
  });

  it('a stopped run is no answer', async () => {
    const stopped = async (): Promise<never> => {
      throw new PeerError('protocol', 'cancelled', 'the run was stopped');
    };
    const calls = ['write', 'readExactly', 'readUntil', 'readSome', 'startTls'] as const;
    const stop = (channel: Channel): Channel =>
      Object.defineProperties(
        Object.create(channel) as Channel,
        Object.fromEntries(calls.map((call) => [call, { value: stopped }])),
      );
    expect(await visit(probe, { replies: [] }, stop)).toMatchObject({ reason: 'cancelled' });
  });
});
