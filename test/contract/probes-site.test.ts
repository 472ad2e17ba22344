/**
 * What every HTTP probe of the catalogue owes, whatever the site answers (probes.md section 1): only the requests it
 * declares, its connection budget, a rule that is written down, and no open door without its negative control.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROBED_ENGINES, type Endpoint } from '../../lib/model/endpoint.ts';
import { PeerError } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { HttpReply, HttpRequest, Probe } from '../../lib/model/probe.ts';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { siteRecordings } from '../support/recordings.ts';
import { scriptAccess } from '../support/script-access.ts';

const SITES = PROBES.filter(({ speaks }) => speaks !== 'stream');
const NONCE = '0123456789abcdef';
const CONTROL = `/.exposure-probe/${NONCE}`;
type Page = Omit<HttpReply, 'scheme'>;

const page = (status: number, body: string, headers: Record<string, string> = {}): Page => ({
  status,
  headers,
  body: Buffer.from(body),
  truncated: false,
  tls: undefined,
  clientCertRequested: false,
});
const NOT_FOUND = page(404, 'not found here');

const GENERIC: readonly Page[] = [
  NOT_FOUND,
  page(200, ''),
  page(200, '<html><title>Welcome</title>'),
  page(200, '{}', { 'content-type': 'application/json' }),
  page(200, '[]', { 'content-type': 'application/json' }),
  page(200, 'null'),
  page(200, `${'['.repeat(100_000)}`),
  page(200, '{"__proto__":{"status":"ok"},"constructor":{"name":"x"}}'),
  { ...page(200, '[{"name":"a"},{"na'), truncated: true },
  page(204, ''),
  page(302, '', { location: 'http://169.254.169.254/latest/meta-data/' }),
  page(401, 'Unauthorized', { 'www-authenticate': 'Basic realm="Restricted"' }),
  page(403, '{"Message":"Forbidden"}'),
  page(403, 'Access denied', { 'x-amzn-waf-action': 'challenge' }),
  page(500, 'oops'),
  page(503, '{"error":"unavailable"}'),
];

function endpointOf({ id, engines, defaultPort }: Probe, port = defaultPort): Endpoint {
  const engine = engines[0] ?? 'http';
  return { id, host: 'db.example.org', port, engine, source: 'file', tags: {}, declared: {} };
}

interface Seen {
  readonly answer: ProbeAnswer | PeerError;
  readonly requests: readonly HttpRequest[];
}

/** One visit to a site given as a function, and what must hold of any. */
async function visit(
  probe: Probe,
  tls: boolean,
  reply: (request: HttpRequest) => Page | PeerError,
  port?: number,
): Promise<Seen> {
  const requests: HttpRequest[] = [];
  const access = {
    ...scriptAccess({}),
    async request(request: HttpRequest): Promise<HttpReply> {
      requests.push(request);
      if ((request.scheme === 'https') !== tls) throw new PeerError('tls', 'plaintext', 'speaks the other one');
      const found = reply(request);
      if (found instanceof PeerError) throw found;
      return { ...found, scheme: request.scheme };
    },
  };
  const answer = await probe
    .visit(access, endpointOf(probe, port), { metadata: 2, nonce: NONCE })
    .catch((error: unknown) => {
      if (error instanceof PeerError) return error;
      throw error;
    });
  expect(requests.length).toBeLessThanOrEqual(probe.maxConnections);
  for (const request of requests) expectDeclared(probe, request);
  if (!(answer instanceof PeerError)) expectAnswer(probe, answer, requests);
  return { answer, requests };
}

function expectDeclared(probe: Probe, { path, post }: HttpRequest): void {
  const asked = `${post === undefined ? 'GET' : 'POST'} ${path}`;
  const isDeclared = probe.sends.some(({ what }) => {
    const [head, ...rest] = what.split('{}').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
    return new RegExp(`^${[head, ...rest].join('[^/?&]{1,400}')}$`, 'u').test(asked);
  });
  expect(isDeclared, `${probe.id} asked ${asked}, which its "sends" does not list`).toBe(true);
}

function expectAnswer(probe: Probe, answer: ProbeAnswer, requests: readonly HttpRequest[]): void {
  expect(answer.rule.startsWith(`${probe.id}/`), answer.rule).toBe(true);
  expect(Object.keys(probe.rules)).toContain(answer.rule.slice(probe.id.length + 1));
  for (const note of answer.notes) expect(note).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u);
  if (answer.auth.state !== 'open-anonymous') return expect(answer).not.toHaveProperty('metadata');
  expect(answer).toMatchObject({ l4: 'open', proto: { state: 'match' } });
  expect(answer.proof).toBeGreaterThanOrEqual(3);
  expect(requests.some(({ path }) => path === CONTROL)).toBe(true);
}

const isOpen = ({ answer }: Seen): boolean => !(answer instanceof PeerError) && answer.auth.state === 'open-anonymous';

it('every engine of an HTTP probe is one that the inventory knows as probed', () => {
  for (const { engines } of SITES) for (const engine of engines) expect(PROBED_ENGINES).toContain(engine);
});

describe.each(SITES)('$id', (probe) => {
  const recordings = siteRecordings(probe.id);
  const pages = [...GENERIC, ...recordings.flatMap(({ replies }) => replies)];

  it('has a recording, of a real server or written down from its documentation', () => {
    expect(recordings.length).toBeGreaterThan(0);
  });

  it.each(recordings)('finds on $name what is expected there', async ({ tls, port, reply, expect: expected }) => {
    const { answer } = await visit(probe, tls, (request) => reply(request) ?? NOT_FOUND, port);
    if (answer instanceof PeerError) throw answer;
    if (expected !== undefined) {
      expect({ auth: answer.auth.state, rule: answer.rule }).toEqual(expected);
    }
  });

  it('never calls a site open that answers every path alike', async () => {
    const ports = new Set([undefined, ...recordings.map(({ port }) => port)]);
    for (const port of ports) {
      for (const same of pages) expect(isOpen(await visit(probe, true, () => same, port))).toBe(false);
    }
  });

  it('calls no half page open, wherever it breaks off', async () => {
    for (const { tls, port, reply } of recordings) {
      const whole = await visit(probe, tls, (request) => reply(request) ?? NOT_FOUND, port);
      for (const { path } of whole.requests) {
        const { length } = reply({ scheme: 'http', path })?.body ?? [];
        for (let at = 0; at < length; at += Math.max(1, Math.floor(length / 60))) {
          const cutPage = (request: HttpRequest): Page => {
            const found = reply(request) ?? NOT_FOUND;
            return request.path === path ? { ...found, body: found.body.subarray(0, at) } : found;
          };
          const cut = await visit(probe, tls, cutPage, port);
          if (!isOpen(whole)) expect(isOpen(cut), `${path} cut at ${at}`).toBe(false);
        }
      }
    }
  });

  it('keeps to its budget, its requests and its proof on any site', async () => {
    const failure = fc
      .constantFrom(...(['reset', 'closed', 'timeout', 'limit', 'malformed'] as const))
      .map((reason) => new PeerError('protocol', reason, `scripted ${reason}`));
    const any = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pages) }, { weight: 1, arbitrary: failure });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.infiniteStream(any), async (tls, stream) => {
        const byPath = new Map<string, Page | PeerError>();
        await visit(probe, tls, ({ path, post }) => {
          const key = `${post?.body ?? ''} ${path}`;
          const found = byPath.get(key) ?? stream.next().value;
          byPath.set(key, found);
          return found;
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
