import { describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/model/endpoint.ts';
import type { PeerReason } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import { banner } from '../../lib/probes/banner.ts';
import { PLAIN_TLS, type ScriptAccess, type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const NONE = Buffer.alloc(0);

async function visit(
  engine: Engine,
  connections: readonly (ScriptConnection | PeerReason)[],
  port = 443,
): Promise<ProbeAnswer & Pick<ScriptAccess, 'opened' | 'written'>> {
  const access = scriptAccess({ connections });
  const endpoint = { id: 'b', host: 'db.example.org', port, engine, source: 'aws', tags: {}, declared: {} } as const;
  const answer = await banner.visit(access, endpoint, { metadata: 2, nonce: '00112233445566aa' });
  return { ...answer, opened: access.opened, written: access.written };
}

const mute = (end: 'closed' | 'timeout'): ScriptConnection => ({ replies: [NONE], end });
const insideTls = (said: Buffer = NONE): ScriptConnection => ({ transport: 'tls', replies: [said], end: 'timeout' });

describe('a look at the transport', () => {
  it('writes nothing, and sees the certificate', async () => {
    const seen = await visit('redis', [mute('timeout'), insideTls()]);
    expect(seen).toMatchObject({
      l4: 'open',
      proto: { state: 'unknown' },
      tls: { state: 'undetermined', facts: PLAIN_TLS, clientCert: 'undetermined' },
      auth: { state: 'undetermined' },
      proof: 0,
      rule: 'banner/tls',
      written: [],
      opened: 2,
    });
  });

  it('calls TLS all that is spoken only where plaintext was hung up on', async () => {
    expect((await visit('opensearch', [mute('closed'), insideTls()])).tls.state).toBe('implicit');
    expect((await visit('opensearch', [mute('timeout'), insideTls()])).tls.state).toBe('undetermined');
  });

  it('sees that no client certificate is wanted only once something came inside TLS', async () => {
    expect((await visit('redis', [mute('timeout'), insideTls(Buffer.from('hi'))])).tls.clientCert).toBe('no');
  });

  it('takes a dead backend behind a living TLS listener for what it is', async () => {
    const dead: ScriptConnection = { transport: 'tls', replies: [NONE], end: 'closed' };
    expect(await visit('rabbitmq', [mute('timeout'), dead])).toMatchObject({ l4: 'accept-then-close' });
  });

  it('hears a server that speaks first, and opens no second connection', async () => {
    const seen = await visit('redis', [{ replies: [Buffer.from('NATS')] }]);
    expect(seen).toMatchObject({
      rule: 'banner/speaks-first',
      auth: { state: 'undetermined' },
      opened: 1,
      written: [],
    });
  });

  it.each(['kafka', 'zookeeper', 'sqlserver', 'mysql'] as const)('says no TLS hello to %s', async (engine) => {
    expect((await visit(engine, [mute('timeout'), insideTls()], 9092)).opened).toBe(1);
  });

  it.each([9094, 9194, 9198])('says it to Kafka at %i, where MSK speaks TLS', async (port) => {
    expect(await visit('kafka', [mute('timeout'), insideTls()], port)).toMatchObject({ opened: 2, rule: 'banner/tls' });
  });

  it('tells a port that speaks no TLS from one that was not asked', async () => {
    const seen = await visit('redis', [mute('timeout'), { replies: [NONE] }]);
    expect(seen).toMatchObject({ rule: 'banner/open-silent', l4: 'open-silent', tls: { state: 'undetermined' } });
    expect(seen.notes.join()).toContain('TLS tried as well');
  });

  it('says of authentication only what a TLS layer says by itself', async () => {
    expect(await visit('redis', [mute('timeout'), 'client-cert'])).toMatchObject({
      auth: { state: 'auth-required' },
      tls: { clientCert: 'required' },
    });
  });
});

describe('a look at Redshift and its kin', () => {
  const S = Buffer.from('S');
  it('asks for TLS in place and leaves before any StartupMessage', async () => {
    const seen = await visit('redshift', [{ replies: [NONE, S] }]);
    expect(seen).toMatchObject({
      rule: 'banner/tls-in-place',
      tls: { facts: PLAIN_TLS },
      auth: { state: 'undetermined' },
    });
    expect(seen.written).toEqual(['1:0000000804d2162f']);
  });

  it('starts no TLS over bytes that came with the letter', async () => {
    const seen = await visit('postgres', [{ replies: [NONE, Buffer.from('SR')] }]);
    expect(seen).toMatchObject({ rule: 'banner/cut-short', tls: { state: 'undetermined' } });
  });

  it.each([
    ['N', 'no-tls-in-place'],
    ['E', 'cut-short'],
    ['SSH-2.0', 'cut-short'],
  ])('reads %s as no word on authentication', async (letter, rule) => {
    const seen = await visit('redshift', [{ replies: [NONE, Buffer.from(letter)] }]);
    expect(seen).toMatchObject({ rule: `banner/${rule}`, auth: { state: 'undetermined' }, proof: 0 });
  });
});
