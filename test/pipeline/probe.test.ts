import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { PeerError } from '../../lib/model/errors.ts';
import type { L4State, Observation, ProbeAnswer } from '../../lib/model/observation.ts';
import type { Probe } from '../../lib/model/probe.ts';
import { blankAxes } from '../../lib/model/silence.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { probeAll, probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { anEndpoint } from '../support/builders.ts';
import { aProbeRun } from '../support/probe-run.ts';
import { type Peer, peer } from '../support/servers.ts';

/** A made-up protocol: the server says `open` or `auth`. */
const toy: Probe = {
  id: 'toy',
  speaks: 'stream',
  sends: [],
  rules: {},
  engines: ['redis'],
  defaultPort: 1,
  maxConnections: 2,
  deadlineMs: 600,
  async visit(access) {
    const channel = await access.open({ firstByteMs: 200 });
    const said = (await channel.readUntil('\n', 64)).toString().trim();
    return {
      l4: 'open',
      proto: { state: 'match', confidence: 'firm' },
      tls: { state: 'absent', clientCert: 'no' },
      auth: { state: said === 'open' ? 'open-anonymous' : 'auth-required' },
      proof: said === 'open' ? 3 : 2,
      rule: `toy/${said}`,
      notes: [],
    };
  },
};

const peers: Peer[] = [];
afterEach(async () => {
  for (const p of peers.splice(0)) await p.close();
});
async function server(behave: (socket: Socket) => void): Promise<Endpoint> {
  const started = await peer(behave);
  peers.push(started);
  return anEndpoint({ host: started.host, port: started.port, engine: 'redis' });
}
const run = (over: Partial<ProbeRun> = {}): ProbeRun => aProbeRun({ probes: [toy], concurrency: 10, ...over });
async function observe(endpoint: Endpoint, over: Partial<ProbeRun> = {}): Promise<Observation> {
  const outcome = await probeEndpoint(endpoint, run(over));
  if (outcome.kind !== 'reading') throw new Error(`no reading: ${outcome.kind}`);
  const [observation] = outcome.reading.observations;
  if (observation === undefined) throw new Error('no observation');
  return observation;
}
const verdict = (observation: Observation): string =>
  judge({
    id: 'r',
    runId: 'r',
    at: observation.observedAt,
    endpoint: anEndpoint(),
    vantage: 'test',
    observations: [observation],
    vantageAlive: true,
  }).verdict.name;

describe('a visit', () => {
  it('turns what the probe answers into an observation, with address and time', async () => {
    const observation = await observe(await server((s) => s.write('open\n')));
    expect(observation).toMatchObject({
      probe: 'toy',
      vantage: 'test',
      dns: 'literal',
      address: '127.0.0.1',
      l4: 'open',
      rule: 'toy/open',
    });
    expect(verdict(observation)).toBe('exposed');
  });

  it.each<[string, (s: Socket) => void, Partial<Observation>, string]>([
    ['resets', (s) => void setTimeout(() => s.resetAndDestroy(), 20), { l4: 'accept-then-close' }, 'unknown'],
    ['closes', (s) => void s.end(), { l4: 'accept-then-close' }, 'unknown'],
    ['is silent', () => undefined, { l4: 'tarpit' }, 'unknown'],
    ['floods', (s) => void s.write(Buffer.alloc(1 << 20, 0x41)), { l4: 'tarpit' }, 'unknown'],
  ])('calls a server that %s unknown, with a gap, never safe', async (_, behave, axes, name) => {
    const observation = await observe(await server(behave));
    expect(observation).toMatchObject({ ...axes, gap: expect.anything() });
    expect(verdict(observation)).toBe(name);
  });

  const axes = (l4: L4State, over: Partial<ProbeAnswer> = {}): ProbeAnswer => ({
    ...blankAxes(l4, `toy/${l4}`),
    ...over,
  });
  const match = { state: 'match', confidence: 'firm' } as const;
  it.each<[string, ProbeAnswer, string, string]>([
    ['says nothing', axes('open-silent'), 'undetermined', 'accepts connections and says nothing'],
    ['never comes to an end', axes('tarpit'), 'undetermined', 'too slowly or endlessly'],
    ['hangs up', axes('accept-then-close'), 'undetermined', 'closes them without a word'],
    ['breaks off', axes('open'), 'undetermined', 'not so far that it shows'],
    [
      'demands a client certificate first',
      axes('open', { auth: { state: 'auth-required' } }),
      'undetermined',
      'turns strangers away before it shows',
    ],
    [
      'speaks something else',
      axes('open', { proto: { state: 'other', confidence: 'firm' } }),
      'not-this-protocol',
      'protocol other',
    ],
    [
      'is some web server',
      axes('open', { proto: { state: 'generic-http', confidence: 'tentative' } }),
      'not-this-protocol',
      'protocol generic-http',
    ],
    ['does not show whether it asks', axes('open', { proto: match }), 'undetermined', 'asks for credentials'],
  ])('calls a peer that %s what it is: nothing is claimed that was not seen', async (_, answer, code, words) => {
    const observation = await observe(await server(() => undefined), {
      probes: [{ ...toy, visit: async () => answer }],
    });
    expect(observation.gap).toEqual({ code, detail: expect.stringContaining(words) });
    expect(observation.gap?.detail).toContain(answer.rule);
    expect(verdict(observation)).toBe('unknown');
  });

  it('is stamped when the answer is in, and says when it began', async () => {
    let ms = Date.UTC(2026, 11, 4);
    const endpoint = await server((s) => {
      ms += 700; // the peer answers this much later than we began
      s.write('open\n');
    });
    const outcome = await probeEndpoint(endpoint, run({ now: () => new Date(ms) }));
    expect(outcome).toMatchObject({ reading: { began: '2026-12-04T00:00:00.000Z', at: '2026-12-04T00:00:00.700Z' } });
  });

  it('takes a refusal for closed: positive evidence, no gap', async () => {
    const endpoint = await server(() => undefined);
    await peers.splice(0)[0]?.close();
    const observation = await observe(endpoint);
    expect(observation).toMatchObject({ l4: 'refused' });
    expect(observation.gap).toBeUndefined();
    expect(verdict(observation)).toBe('protected');
  });

  it('does not connect where the guard says no, and says what would', async () => {
    const observation = await observe(await server((s) => s.write('open\n')), {
      policy: { allowPrivate: false, only: [] },
    });
    expect(observation).toMatchObject({
      l4: 'not-tried',
      gap: { code: 'forbidden-address', detail: expect.stringContaining('--allow-private') },
    });
    expect(peers[0]?.connections()).toBe(0);
    expect(verdict(observation)).toBe('unknown');
  });

  it('calls an error in a probe our fault and a gap, and goes on', async () => {
    const broken = { ...toy, visit: async () => Promise.reject(new TypeError('undefined is not a function')) };
    const observation = await observe(await server(() => undefined), { probes: [broken] });
    expect(observation).toMatchObject({
      l4: 'not-tried',
      gap: { code: 'fault', detail: expect.stringContaining('TypeError') },
    });
  });

  it('has a gap for a name that does not resolve, and for an engine without a probe', async () => {
    const nowhere = async (): Promise<never> => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }));
    const name = await observe(anEndpoint({ host: 'gone.example.com', engine: 'redis' }), {
      resolver: { resolve4: nowhere, resolve6: nowhere },
    });
    expect(name).toMatchObject({ dns: 'none', gap: { code: 'unresolved' } });
    expect(await observe(anEndpoint({ engine: 'mongodb' }))).toMatchObject({ gap: { code: 'no-probe' } });
  });

  it('does not call a name whole whose other half the resolver kept to itself', async () => {
    const broken = async (): Promise<never> => Promise.reject(Object.assign(new Error(), { code: 'ESERVFAIL' }));
    const outcome = await probeEndpoint(
      anEndpoint({ host: 'half.example.com', engine: 'redis' }),
      run({ resolver: { resolve4: async () => ['127.0.0.1'], resolve6: broken } }),
    );
    const gaps = outcome.kind === 'reading' ? outcome.reading.observations.map((o) => o.gap) : [];
    expect(gaps).toContainEqual({ code: 'unresolved', detail: expect.stringContaining('AAAA') });
  });

  it.each([
    ['configuration agrees', 'on', 'redis', 'protected'],
    ['configuration agrees and no probe speaks it', 'on', 'redshift', 'protected'],
    ['configuration says public: the resolver may stand inside', 'off', 'redis', 'latent'],
    ['configuration is not known', undefined, 'redis', 'unknown'],
  ] as const)(
    'takes private addresses for closed only where the configuration agrees: %s',
    async (_, level, engine, verdict) => {
      const none = async (): Promise<never> => Promise.reject(Object.assign(new Error(), { code: 'ENODATA' }));
      const declared = level === undefined ? {} : { network: { level, basis: 'declared' as const, evidence: 'VPC' } };
      const outcome = await probeEndpoint(
        anEndpoint({ host: 'db.example.com', engine, declared }),
        run({
          policy: { allowPrivate: false, only: [] },
          resolver: { resolve4: async () => ['10.0.0.1'], resolve6: none },
        }),
      );
      if (outcome.kind !== 'reading') throw new Error(outcome.kind);
      const judged = judge(outcome.reading).verdict;
      expect([judged.name, judged.confirmed]).toEqual([verdict, verdict === 'protected']);
    },
  );

  it('keeps the connection budget: not again within the interval, a gap at the stop', async () => {
    const endpoint = await server((s) => s.write('auth\n'));
    const counted = { ...toy, connectionBudget: { stopAt: 2, minIntervalMs: 60_000 } };
    const { budgets } = memoryStore({ sinks: [] });
    const at = (minute: number) =>
      run({ probes: [counted], budgets, now: () => new Date(Date.UTC(2026, 11, 4, 10, minute)) });
    expect((await probeEndpoint(endpoint, at(0))).kind).toBe('reading');
    expect((await probeEndpoint(endpoint, at(0))).kind).toBe('not-due');
    expect((await probeEndpoint(endpoint, at(2))).kind).toBe('reading');
    expect(await probeEndpoint(endpoint, at(4))).toMatchObject({
      reading: { observations: [{ gap: { code: 'budget-spent' } }] },
    });
    expect(peers[0]?.connections()).toBe(2);
  });

  it('says how often it comes by, which is no oftener than the budget of the probe has it', async () => {
    const endpoint = await server((s) => s.write('auth\n'));
    const daily = { ...toy, connectionBudget: { stopAt: 2, minIntervalMs: 86_400_000 } };
    const due = async (over: Partial<ProbeRun>): Promise<unknown> => {
      const outcome = await probeEndpoint(endpoint, run(over));
      return outcome.kind === 'reading' ? outcome.reading.everyMs : outcome.kind;
    };
    expect(await due({ everyMs: 60_000, probes: [toy] })).toBe(60_000);
    expect(await due({ everyMs: 60_000, probes: [daily] })).toBe(86_400_000);
    expect(await due({ probes: [toy] })).toBeUndefined();
  });

  it('does not go back to a server that blocks us', async () => {
    const endpoint = await server((s) => s.write('auth\n'));
    const blocking: Probe = {
      ...toy,
      connectionBudget: { stopAt: 40, minIntervalMs: 0 },
      visit: async (access, e, o) => ({ ...(await toy.visit(access, e, o)), auth: { state: 'lockout' } }),
    };
    const { budgets } = memoryStore({ sinks: [] });
    const visit = () => probeEndpoint(endpoint, run({ probes: [blocking], budgets }));
    expect(await visit()).toMatchObject({ reading: { observations: [{ gap: { code: 'lockout' } }] } });
    expect(await visit()).toMatchObject({
      reading: {
        observations: [{ gap: { code: 'budget-spent', detail: expect.stringContaining('blocks this vantage') } }],
      },
    });
    expect(peers[0]?.connections()).toBe(1);
  });

  it('stops at once when the run is cancelled, and reads nothing into it', async () => {
    const stop = new AbortController();
    const endpoint = await server(() => undefined);
    const outcomes: string[] = [];
    const done = probeAll([endpoint, endpoint, endpoint], run({ concurrency: 1, signal: stop.signal }), async (o) => {
      outcomes.push(o.kind);
    });
    setTimeout(() => stop.abort(), 50);
    await done;
    expect(outcomes).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('lets a PeerError of the first connection decide the axes', async () => {
    const filtered = { ...toy, visit: async () => Promise.reject(new PeerError('connect', 'timeout', 'nobody')) };
    expect(await observe(await server(() => undefined), { probes: [filtered] })).toMatchObject({
      l4: 'filtered',
      gap: { code: 'no-answer' },
    });
  });
});

describe('the vantage', () => {
  it('is alive when it hears some other endpoint, not by the endpoint itself', () => {
    const ears = hearing(1_000);
    const at = (ms: number): Date => new Date(1_000_000 + ms);
    ears.heard('a', at(0));
    expect(ears.alive('a', at(10))).toBe(false);
    expect(ears.alive('b', at(10))).toBe(true);
    ears.heard('b', at(20));
    expect(ears.alive('a', at(30))).toBe(true);
    expect(ears.alive('a', at(2_000))).toBe(false);
  });

  it('is not made alive by a clock that is set back, by less than has passed either', () => {
    let passed = 0;
    const ears = hearing(1_000, () => passed);
    ears.heard('canary', new Date(10_000));
    passed = 1_500;
    expect(ears.alive('a', new Date(10_000 + passed - 700))).toBe(false);
    passed = 900;
    expect(ears.alive('a', new Date(10_000 + passed - 700))).toBe(true);
  });

  it('is alive in a region by what it hears there, and by nothing that it hears elsewhere', () => {
    const ears = hearing(1_000);
    const at = (ms: number): Date => new Date(1_000_000 + ms);
    ears.heard('canary', at(0));
    ears.heard('a', at(0), 'eu-west-1');
    expect([ears.alive('b', at(10), 'eu-west-1'), ears.alive('b', at(10), 'eu-west-2')]).toEqual([true, false]);
    expect([ears.alive('a', at(10)), ears.alive('a', at(10), 'eu-west-1')]).toEqual([true, false]);
  });

  it('is not alive by what it heard before its canary was deaf, and is again by what it hears since', () => {
    let passed = 0;
    const ears = hearing(1_000, () => passed);
    const at = (): Date => new Date(1_000_000 + passed);
    ears.heard('a', at(), 'eu-west-1');
    passed = 100;
    ears.deaf();
    expect([ears.alive('b', at()), ears.alive('b', at(), 'eu-west-1')]).toEqual([false, false]);
    passed = 200;
    ears.heard('c', at(), 'eu-west-1');
    expect([ears.alive('b', at()), ears.alive('b', at(), 'eu-west-1')]).toEqual([true, true]);
  });

  it('is not alive by what it heard before its clock was set back: nobody knows how long ago that was', () => {
    const ears = hearing(1_000);
    ears.heard('canary', new Date(900_000));
    expect(ears.alive('a', new Date(1_000))).toBe(false);
    ears.heard('canary', new Date(1_010));
    expect(ears.alive('a', new Date(1_020))).toBe(true);
  });
});
