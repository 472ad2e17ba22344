/** Servers that take TLS 1.0 or 1.1 beside newer versions (probes.md section 7): asked once a week, remembered between. */
import type { Socket } from 'node:net';
import type { SecureVersion } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { asked } from '../../lib/pipeline/asked.ts';
import { OLD_TLS } from '../../lib/pipeline/old-tls.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ConnectionBudgets } from '../../lib/model/store.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { anEndpoint } from '../support/builders.ts';
import { aProbeRun } from '../support/probe-run.ts';
import { QUICK, secure, server } from '../support/lab.ts';

const START = Date.parse('2026-11-26T10:00:00.000Z');
const LAX = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

interface At {
  readonly host: string;
  readonly port: number;
}

/** A run of its own: nothing but the store outlasts it. */
function visitor(budgets: ConnectionBudgets) {
  let ms = START;
  const now = (): Date => new Date(ms);
  const run = aProbeRun({ budgets, now, limits: QUICK, oldTls: asked(OLD_TLS, budgets, now) });
  return {
    run,
    later: (by: number) => void (ms += by),
    async visit(engine: 'redis' | 'couchdb' | 'postgres' | 'mysql', { host, port }: At) {
      const told = await probeEndpoint(anEndpoint({ engine, host, port }), run);
      if (told.kind !== 'reading') throw new Error(told.kind);
      return told.reading;
    },
  };
}

const answers = (socket: Socket) =>
  void socket.on('data', () => socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'));

const store = () => memoryStore({ sinks: [] }).budgets;
const legacy = async (reading: ReturnType<ReturnType<typeof visitor>['visit']>) =>
  (await reading).observations[0]?.tls.legacy;

/** Counts TCP connections; `min` may change while it runs. */
async function counted(min: { version: SecureVersion }) {
  let connections = 0;
  const [old, strict] = [await secure(answers, LAX), await secure(answers, { minVersion: 'TLSv1.2' })];
  const relay = await server((socket: Socket) => {
    connections++;
    const { port, host } = min.version === 'TLSv1' ? old : strict;
    const behind = new (socket.constructor as typeof Socket)();
    behind.connect(port, host);
    behind.on('error', () => socket.destroy()).on('close', () => socket.end());
    socket.on('error', () => behind.destroy()).on('close', () => behind.end());
    socket.pipe(behind).pipe(socket);
  });
  return { ...relay, count: () => connections };
}

describe('a server with TLS 1.2 that takes older clients', () => {
  it.each(['TLSv1', 'TLSv1.1'] as const)('has TLS, partly, from %s on', async (minVersion) => {
    const at = await secure(answers, { ...LAX, minVersion });
    const reading = await visitor(store()).visit('couchdb', at);
    expect(reading.observations).toMatchObject([{ tls: { legacy: 'also', facts: { version: 'TLSv1.3' } } }]);
    expect(reading.observations[0]?.notes.join()).toMatch(/also takes TLS 1\.0 or 1\.1/u);
    const { observed, oldTls: word } = judge(reading);
    expect(observed.tls).toMatchObject({
      level: 'partial',
      evidence: expect.stringMatching(/versions before 1\.2 as well/u),
    });
    expect(word).toBe('also');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is not one that begins with %s', async (minVersion) => {
    const at = await secure(answers, { minVersion });
    const reading = await visitor(store()).visit('couchdb', at);
    expect(reading.observations[0]?.tls.legacy).toBe('no');
    expect(judge(reading).oldTls).toBe('no');
  });

  it('is not one that hangs up at such a hello: nothing is known', async () => {
    const strict = await secure(answers, { minVersion: 'TLSv1.2' });
    let first = 0;
    const deaf = await server((socket) => {
      socket.once('data', (hello) => {
        // client_version at 9: an old client is cut off.
        if (hello.readUInt16BE(9) === 0x0302) return void socket.destroy();
        first++;
        const behind = new (socket.constructor as typeof Socket)();
        behind.on('error', () => socket.destroy());
        behind.connect(strict.port, strict.host, () => {
          behind.write(hello);
          socket.pipe(behind).pipe(socket);
        });
      });
      socket.on('error', () => undefined);
    });
    const reading = await visitor(store()).visit('couchdb', deaf);
    expect(first).toBeGreaterThan(0);
    expect(reading.observations[0]?.tls).toMatchObject({ facts: { version: 'TLSv1.3' } });
    expect(reading.observations[0]?.tls.legacy).toBeUndefined();
  });

  it('is asked after the word of the protocol that TLS follows', async () => {
    const versions = { ...LAX, maxVersion: 'TLSv1.2' } as const;
    const behind = await secure((socket) => socket.end(Buffer.from('R\0\0\0\x08\0\0\0\x03', 'latin1')), versions);
    const pg = await server((socket) => {
      socket.once('data', (asked) => {
        if (asked.toString('hex') !== '0000000804d2162f') return void socket.end();
        const tls = new (socket.constructor as typeof Socket)();
        tls.on('error', () => socket.destroy());
        tls.connect(behind.port, behind.host, () => {
          socket.write('S');
          socket.pipe(tls).pipe(socket);
        });
      });
      socket.on('error', () => undefined);
    });
    expect(await legacy(visitor(store()).visit('postgres', pg))).toBe('also');
  });
});

describe('how often it is asked', () => {
  it('is once a week and address; what was said is told at every visit, in a later run as well', async () => {
    const min = { version: 'TLSv1' as SecureVersion };
    const at = await counted(min);
    const budgets = store();
    const one = visitor(budgets);
    expect(await legacy(one.visit('couchdb', at))).toBe('also');
    const asking = at.count();
    expect(await legacy(one.visit('couchdb', at))).toBe('also');
    const visit = at.count() - asking;
    expect(asking - visit).toBe(1);
    min.version = 'TLSv1.2';
    one.later(OLD_TLS.everyMs - 1);
    expect(await legacy(one.visit('couchdb', at))).toBe('also');
    const another = visitor(budgets);
    another.later(OLD_TLS.everyMs - 1);
    expect(await legacy(another.visit('couchdb', at))).toBe('also');
    expect(at.count()).toBe(asking + 3 * visit);
    another.later(1);
    expect(await legacy(another.visit('couchdb', at))).toBe('no');
    expect(at.count()).toBe(asking + 4 * visit + 1);
  });

  it('is never where nothing is remembered, where connections are counted, or where no TLS was met', async () => {
    const at = await counted({ version: 'TLSv1' });
    const { oldTls: _lasting, ...forgetful } = visitor(store()).run;
    const told = await probeEndpoint(anEndpoint({ engine: 'couchdb', host: at.host, port: at.port }), forgetful);
    expect(told).toMatchObject({
      kind: 'reading',
      reading: { observations: [{ tls: { facts: { version: 'TLSv1.3' } } }] },
    });
    expect(JSON.stringify(told)).not.toContain('legacy');
    const greeting = Buffer.from('0a382e302e333600', 'hex'); // cut short, and counted all the same
    let counts = 0;
    const my = await server((socket) => void (counts++, socket.end(greeting)));
    await visitor(store()).visit('mysql', my);
    expect(counts).toBe(1);
    let plain = 0;
    const bare = await server((socket) => {
      plain++;
      socket.on('data', () => socket.write('-NOAUTH Authentication required.\r\n'));
    });
    expect(await legacy(visitor(store()).visit('redis', bare))).toBeUndefined();
    expect(plain).toBe(1);
  });

  it('keeps what is known where this time nothing is learnt', async () => {
    const budgets = store();
    const words = asked(OLD_TLS, budgets, () => new Date(START));
    expect(await words.wordOn('a', async () => 'also')).toBe('also');
    const later = asked(OLD_TLS, budgets, () => new Date(START + OLD_TLS.everyMs));
    expect(await later.wordOn('a', async () => undefined)).toBe('also');
    expect(await later.wordOn('a', async () => 'no')).toBe('also'); // not due again
  });
});
