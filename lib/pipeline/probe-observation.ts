/** What became of one visit, as an observation: an answer, or a peer's failure. Never an exception. */
import { dataAtRisk } from '../assess/classify.ts';
import type { GapCode } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { L4State, Observation, ProbeAnswer, ProtoAxis } from '../model/observation.ts';
import type { Probe } from '../model/probe.ts';
import type { Reading } from '../model/reading.ts';
import { blankAxes } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { WireError } from '../wire/error.ts';

export type Seen = Pick<Observation, 'probe' | 'vantage' | 'dns' | 'address' | 'observedAt'>;
export type Learnt = Omit<Observation, keyof Seen | 'elapsedMs'>;

/** Bytes that no table row expects are the peer's doing; anything else thrown is ours and says so. */
export function asPeerError(error: unknown): PeerError {
  if (error instanceof PeerError) return error;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new PeerError('protocol', error instanceof WireError ? 'closed' : 'fault', printable(detail), error);
}

export function success(
  { metadata, ...axes }: ProbeAnswer,
  { rawNames }: { readonly rawNames: boolean },
  { connectionBudget }: Pick<Probe, 'connectionBudget'>,
): Learnt {
  const data = metadata === undefined ? {} : { data: dataAtRisk(metadata, { rawNames }) };
  const gap = gapOf(axes, connectionBudget);
  return { ...axes, proto: withVersion(axes.proto), ...data, ...(gap === undefined ? {} : { gap }) };
}

/** What stands in the place of a version and is none may be anything, a secret too: it is not kept (promise I6). */
function withVersion({ version, ...proto }: ProtoAxis): ProtoAxis {
  return version !== undefined && /^v?\d/iu.test(version) ? { ...proto, version } : proto;
}

/**
 * A reading as it leaves the process that took it. Notes hold a server's own words, for whoever asks one server with `ajar probe`:
 * no queue, and no dead-letter queue, has any.
 */
export function withoutWords(reading: Reading): Reading {
  return { ...reading, observations: reading.observations.map((observation) => ({ ...observation, notes: [] })) };
}

/** The server refused the versions of our hello: it has TLS, and too old a one. Where plaintext answered, that says more. */
export function withOldTls(learnt: Learnt): Learnt {
  if (learnt.tls.state !== 'undetermined' || learnt.tls.facts !== undefined) return learnt;
  const note = 'the server speaks only TLS versions before 1.2, which are not safe and which no visit speaks';
  const gap =
    learnt.gap?.code === 'undetermined'
      ? { gap: { ...learnt.gap, detail: `${note}: what it is, and for whom, is not known` } }
      : {};
  return { ...learnt, tls: { ...learnt.tls, legacy: 'only' }, notes: [note, ...learnt.notes], ...gap };
}

/** What is known of a server that has a newer TLS: it takes older clients as well, or refused to when it was last asked. */
export function withOldTlsBeside(learnt: Learnt, word: 'also' | 'no' | undefined): Learnt {
  if (word === undefined) return learnt;
  const notes =
    word === 'no' ? learnt.notes : [...learnt.notes, 'the server also takes TLS 1.0 or 1.1, which are not safe'];
  return { ...learnt, tls: { ...learnt.tls, legacy: word }, notes };
}

const CATCH_ALL =
  'ports drawn at random accept connections as well: a honeypot, or something in front that answers for every port';

/** That it accepts proves nothing there; what it said does (probes.md section 1, rule 12). */
export function withCatchAll(learnt: Learnt): Learnt {
  const told = { ...learnt, catchAll: true, notes: [CATCH_ALL, ...learnt.notes] } as const;
  return learnt.proto.state === 'match' ? told : { ...told, gap: { code: 'undetermined', detail: CATCH_ALL } };
}

function gapOf(answer: ProbeAnswer, budget: Probe['connectionBudget']): Observation['gap'] | undefined {
  if (answer.auth.state === 'lockout') {
    const { unblock } = budget ?? {};
    const cure = unblock === undefined ? '' : ` (${unblock} clears it)`;
    const end = budget === undefined ? 'it is asked again at the next visit' : 'probing is suspended';
    return { code: 'lockout', detail: `the server blocks this vantage${cure}: ${end}` };
  }
  if (answer.proto.state === 'unknown') {
    return { code: 'undetermined', detail: `${mute(answer)}: what it is, and for whom, is not known (${answer.rule})` };
  }
  if (answer.proto.state !== 'match') {
    return {
      code: 'not-this-protocol',
      detail: `l4 ${answer.l4}, protocol ${answer.proto.state}, rule ${answer.rule}`,
    };
  }
  if (answer.auth.state !== 'undetermined') return undefined;
  return { code: 'undetermined', detail: `the server did not show whether it asks for credentials (${answer.rule})` };
}

/** What a port did that showed no protocol. That something else speaks there is more than anybody saw. */
function mute({ l4, auth }: ProbeAnswer): string {
  if (l4 === 'open-silent') return 'the port accepts connections and says nothing';
  if (l4 === 'tarpit') return 'the port accepts connections and answers too slowly or endlessly';
  if (l4 === 'accept-then-close') return 'the port accepts connections and closes them without a word';
  return auth.state === 'auth-required'
    ? 'the port turns strangers away before it shows what it speaks'
    : 'the port answers, but not so far that it shows what it speaks';
}

export function failure(error: PeerError, probe: string): Learnt {
  const l4 = l4Of(error);
  const closed = l4 === 'refused' || l4 === 'unreachable';
  const detail = printable(`${error.stage}: ${error.message}`);
  return {
    ...blankAxes(l4, `${probe}/${error.stage}-${error.reason}`),
    ...(closed ? {} : { gap: { code: gapCode(error), detail } }),
  };
}

function l4Of({ stage, reason }: PeerError): L4State {
  if (reason === 'refused') return 'refused';
  if (reason === 'unroutable') return 'unreachable';
  if (reason === 'cancelled' || reason === 'forbidden' || reason === 'fault' || stage === 'resolve') return 'not-tried';
  if (stage === 'connect' && reason === 'timeout') return 'filtered';
  if (stage === 'connect' && reason === 'limit') return 'not-tried';
  return reason === 'timeout' ? 'tarpit' : reason === 'limit' ? 'tarpit' : 'accept-then-close';
}

function gapCode({ stage, reason }: PeerError): GapCode {
  if (reason === 'cancelled') return 'cancelled';
  if (reason === 'forbidden') return 'forbidden-address';
  if (reason === 'fault') return 'fault';
  return stage === 'connect' ? 'no-answer' : 'undetermined';
}

/** An observation of nothing: why nobody looked, or could. */
export function nothing(
  seen: Pick<Observation, 'probe' | 'vantage' | 'dns' | 'observedAt'>,
  code: GapCode,
  detail: string,
): Observation {
  return {
    ...seen,
    elapsedMs: 0,
    ...blankAxes('not-tried', `${seen.probe}/${code}`),
    gap: { code, detail: printable(detail) },
  };
}
