/** One visit of a probe to a bent peer, and what must hold of its answer whoever the peer is (promises I6, I8). */
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { PeerError } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { Probe, ProbeAccess } from '../../lib/model/probe.ts';
import { MAX_SHOWN } from '../../lib/model/text.ts';
import { scriptAccess } from '../support/script-access.ts';
import type { SiteInput, StreamInput } from './inputs.ts';

const MAX_ANSWER = 256 * 1024;
const MAX_NOTES = 40;
/** A stranger's text, and a few words of ours before it. */
const MAX_NOTE = MAX_SHOWN + 60;
const MAX_OBJECTS = 1_000;
/** Far beyond what any reply of this size costs, far below what a reader would wait for. */
const MAX_MS = 2_000;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

function endpointOf({ id, engines }: Probe, port: number): Endpoint {
  const engine = engines[0] ?? 'unidentified';
  return { id, host: 'db.example.org', port, engine, source: 'file', tags: {}, declared: {} };
}

export async function visitStream(probe: Probe, { connections }: StreamInput): Promise<void> {
  // A probe that speaks both is at its byte stream here.
  await visit(probe, scriptAccess({ connections }), probe.streamPorts?.[0]);
}

export async function visitSite(probe: Probe, { tls, port, pages }: SiteInput): Promise<void> {
  let asked = 0;
  const access: ProbeAccess = {
    ...scriptAccess({}),
    async request({ scheme }) {
      if ((scheme === 'https') !== tls) throw new PeerError('tls', 'plaintext', 'speaks the other one');
      const page = pages[asked++];
      if (page === undefined) throw new PeerError('protocol', 'closed', 'no more pages');
      return { ...page, scheme };
    },
  };
  await visit(probe, access, port);
}

async function visit(probe: Probe, access: ProbeAccess, port = probe.defaultPort): Promise<void> {
  const started = performance.now();
  const answer = await answerOf(probe, access, port);
  const took = performance.now() - started;
  if (took > MAX_MS) throw new Error(`${probe.id} took ${Math.round(took)} ms over one reply`);
  const wrong = answer instanceof PeerError ? undefined : wrongWith(probe, answer);
  if (wrong !== undefined) throw new Error(`${probe.id}: ${wrong}`);
}

async function answerOf(probe: Probe, access: ProbeAccess, port: number): Promise<ProbeAnswer | PeerError> {
  try {
    return await probe.visit(access, endpointOf(probe, port), { metadata: 2, nonce: '0123456789abcdef' });
  } catch (error) {
    if (error instanceof PeerError) return error;
    throw error;
  }
}

function wrongWith(probe: Probe, answer: ProbeAnswer): string | undefined {
  const rule = answer.rule.slice(probe.id.length + 1);
  if (!(rule in probe.rules) && !(rule.replace(/^tls-/u, '') in probe.rules))
    return `rule ${answer.rule} is not listed`;
  const { proto, notes, metadata } = answer;
  if (notes.length > MAX_NOTES) return `${notes.length} notes`;
  const shown = [...notes, proto.product ?? '', proto.version ?? ''];
  if (shown.some((text) => CONTROL.test(text))) return 'a control character in what is shown';
  if (shown.some((text) => text.length > MAX_NOTE)) return 'an unbounded text in what is shown';
  if ((metadata?.objects.length ?? 0) > MAX_OBJECTS) return `${metadata?.objects.length} objects`;
  if (JSON.stringify(answer).length > MAX_ANSWER) return 'an answer of more than 256 KiB';
  if (answer.auth.state === 'open-anonymous' && (answer.proof < 2 || proto.state !== 'match'))
    return 'open without proof';
  if (answer.auth.state !== 'open-anonymous' && metadata !== undefined) return 'metadata of a door that is not open';
  return undefined;
}
