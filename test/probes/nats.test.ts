import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nats } from '../../lib/probes/nats.ts';
import { WireError } from '../../lib/wire/error.ts';
import { CONNECT_PING, readAnswer, readInfo, readStreams, readVarz } from '../../lib/wire/nats.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { CONTROL, page, visitRecorded, visitSite } from '../support/recorded-site.ts';
import { recordings } from '../support/recordings.ts';
import { PLAIN_TLS, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const ASKED = CONNECT_PING.toString('hex');
const at = (port: number) =>
  ({ id: 'n', host: 'n.example.org', port, engine: 'nats', source: 'file', tags: {}, declared: {} }) as const;

async function visit(connections: readonly ScriptConnection[], port = 4222) {
  const access = scriptAccess({ connections });
  const answer = await nats.visit(access, at(port), { metadata: 2, nonce: '0123456789abcdef' });
  return { answer, written: access.written, opened: access.opened };
}

function recorded(name: string): ScriptConnection {
  const found = recordings('nats').find((recording) => recording.name === `2.9.10-${name}`);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found.connection;
}

const info = (more: object = {}): Buffer =>
  Buffer.from(`INFO ${JSON.stringify({ server_id: 'N', version: '2.10.1', max_payload: 1_048_576, ...more })} \r\n`);
const line = (text: string): Buffer => Buffer.from(`${text}\r\n`);
const VIOLATION = line("-ERR 'Authorization Violation'");

describe('a NATS server', () => {
  it('that answers PING after a CONNECT without a user is open, by its word and without a subject asked for', async () => {
    const { answer, written } = await visit([recorded('open')]);
    expect(answer).toMatchObject({
      proto: { state: 'match', confidence: 'firm', product: 'NATS', version: '2.9.10' },
      tls: { state: 'absent' },
      auth: { state: 'open-anonymous' },
      proof: 2,
      rule: 'nats/pong',
    });
    expect(answer).not.toHaveProperty('metadata');
    expect(written).toEqual([`1:${ASKED}`]);
    expect(CONNECT_PING.toString()).not.toMatch(/"(?:user|pass|auth_token|jwt|sig|nkey)"|SUB|PUB/u);
  });

  it('that asks for a token in the clear is weak', async () => {
    expect((await visit([recorded('token')])).answer).toMatchObject({
      auth: { state: 'auth-weak', weakness: ['cleartext'] },
      rule: 'nats/authorization',
      proof: 2,
      notes: ['-ERR Authorization Violation'],
    });
  });

  it('that takes a signature of its nonce is not: no secret crosses the wire', async () => {
    const { answer } = await visit([{ replies: [info({ auth_required: true, nonce: 'AkNIF_mYoel0fVA' }), VIOLATION] }]);
    expect(answer.auth).toEqual({ state: 'auth-required' });
  });

  it('that demands TLS is upgraded in place, and asked only inside it', async () => {
    const { answer, opened } = await visit([recorded('tls')]);
    expect(answer).toMatchObject({
      tls: { state: 'required', facts: PLAIN_TLS, clientCert: 'no' },
      auth: { state: 'open-anonymous' },
    });
    expect(opened).toBe(1);
  });

  it('whose TLS fails is sent nothing, and what it said of authentication stands', async () => {
    const failing = (more: object) => ({
      replies: [info({ tls_required: true, ...more })],
      startTls: 'reset' as const,
    });
    const silent = await visit([failing({})]);
    expect(silent).toMatchObject({ answer: { rule: 'nats/greeting', auth: { state: 'undetermined' } }, written: [] });
    expect((await visit([failing({ auth_required: true })])).answer).toMatchObject({
      rule: 'nats/auth-stated',
      auth: { state: 'auth-required' },
    });
  });

  it.each([
    ['in the handshake', { startTls: 'client-cert' as const }],
    ['after it, under TLS 1.3', { startTls: PLAIN_TLS, clientCertRequested: true, end: 'closed' as const }],
  ])('that demands a client certificate says so %s', async (_, connection) => {
    const { answer } = await visit([{ replies: [info({ tls_required: true })], ...connection }]);
    expect(answer).toMatchObject({
      rule: 'nats/client-cert',
      auth: { state: 'auth-required' },
      tls: { clientCert: 'required' },
      proto: { state: 'match' },
    });
  });

  it('that wants TLS before its greeting is greeted there, and upgraded no second time', async () => {
    const first = { transport: 'tls', end: 'timeout', replies: [info({ tls_required: true }), line('PONG')] } as const;
    const { answer, written } = await visit([first, first]);
    expect(answer).toMatchObject({ rule: 'nats/pong', tls: { state: 'required' } });
    expect(written).toEqual([`2:${ASKED}`]);
  });

  it('that offers TLS beside plaintext is judged by plaintext', async () => {
    const { answer } = await visit([{ replies: [info({ tls_available: true, auth_required: true }), VIOLATION] }]);
    expect(answer).toMatchObject({ tls: { state: 'offered' }, auth: { state: 'auth-weak' } });
  });

  it.each([
    ['only greets', [info()], 'greeting', 'undetermined'],
    ['has no room', [info(), line("-ERR 'maximum connections exceeded'")], 'max-connections', 'undetermined'],
    ['fails for another reason', [info(), line("-ERR 'Parser Error'")], 'error', 'undetermined'],
    [
      'says other things first',
      [info(), Buffer.concat([line('+OK'), line('PING'), line('PONG')])],
      'pong',
      'open-anonymous',
    ],
    ['never comes to the point', [info(), Buffer.concat(Array(20).fill(line('PING')))], 'greeting', 'undetermined'],
    ['talks something else', [info(), line('MSG a 1 0')], 'greeting', 'undetermined'],
  ])('that %s', async (_, replies, rule, state) => {
    expect((await visit([{ replies }])).answer).toMatchObject({ rule: `nats/${rule}`, auth: { state } });
  });
});

describe('its monitoring', () => {
  it('is open to whoever asks, and names streams without their messages', async () => {
    const { answer, asked } = await visitRecorded(nats, 'nats-2.9.10-monitoring', 1);
    expect(answer).toMatchObject({ rule: 'nats/list', auth: { state: 'open-anonymous' }, proof: 4 });
    expect(answer.metadata?.objects).toEqual([
      { name: 'device_events', records: 1, bytes: expect.any(Number), kind: 'topic', system: false },
    ]);
    expect(asked.map((one) => one.split(' ')[2])).toEqual([
      ...['/varz', '/varz', CONTROL, '/jsz?accounts=true&streams=true&limit=200'],
    ]);
  });

  it('without streams, or without JetStream, is open all the same', async () => {
    for (const jsz of [page({ disabled: true }), page('', 404)]) {
      const { answer } = await visitRecorded(nats, 'nats-2.9.10-monitoring', 1, ({ path }) =>
        path.startsWith('/jsz') ? jsz : undefined,
      );
      expect(answer).toMatchObject({ rule: 'nats/list', proof: 3, metadata: { objects: [] } });
    }
  });

  it('behind a proxy that asks for credentials is closed, and is not NATS by that', async () => {
    const { answer } = await visitSite(nats, () => page('', 401, { 'www-authenticate': 'Basic realm="ops"' }));
    expect(answer).toMatchObject({ rule: 'nats/proxy-auth', proto: { state: 'generic-http' } });
  });

  it('says that there is more where there is more', () => {
    const streams = Array.from({ length: 201 }, (_, n) => ({ name: `s${n}`, state: { messages: n } }));
    const body = Buffer.from(JSON.stringify({ account_details: [{ name: '$G', stream_detail: streams }] }));
    const reply = { status: 200, headers: {}, body, truncated: false };
    expect(readStreams(reply)).toMatchObject({ truncated: true });
    expect(readStreams(reply)?.rows).toHaveLength(200);
    const half = readStreams({ ...reply, body: body.subarray(0, 3_000), truncated: true });
    expect(half).toMatchObject({ truncated: true });
    expect(half?.rows[0]).toEqual({ name: 's0', records: 0 });
  });
});

it('hostile lines and pages are read within limits or refused', () => {
  const streams = page({
    account_details: [{ stream_detail: [{ name: 'a', state: { messages: 1, bytes: 2 } }] }],
  }).body;
  const varz = page({ server_id: 'N', version: '2', max_payload: 1, total_connections: 1 }).body;
  fc.assert(
    fc.property(hostileBytes([info(), VIOLATION, line('PONG'), streams, varz]), fc.boolean(), (bytes, truncated) => {
      const reply = { status: 200, headers: {}, body: bytes, truncated };
      for (const read of [
        () => readInfo(bytes),
        () => readAnswer(bytes),
        () => readVarz(reply),
        () => readStreams(reply),
      ]) {
        try {
          expect(JSON.stringify(read() ?? '').length).toBeLessThan(1_000);
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
        }
      }
    }),
    { numRuns: 10_000 },
  );
});
