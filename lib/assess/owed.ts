/** What a decision owes: ledger lines for the auditor and notices for the team. Pure. */
import type { Allowlist } from '../model/allowlist.ts';
import { ownerOf } from './copies.ts';
import { isRegistered } from '../model/endpoint.ts';
import {
  type Incident,
  MAX_ROOTS,
  type Notice,
  type NoticeEndpoint,
  type NoticeKind,
  type Transition,
} from '../model/incident.ts';
import type { Json, LedgerKind, LedgerLine } from '../model/ledger.ts';
import type { Posture } from '../model/posture.ts';
import type { Reading } from '../model/reading.ts';
import { isUnderGlass } from '../model/sink.ts';
import type { EndpointState } from '../model/state.ts';
import { messageOf } from './notice.ts';
import { coverageAt } from './sample.ts';
import type { Change } from './windows.ts';

/** A change that somebody is told of. */
interface Told {
  readonly kind: NoticeKind;
  readonly incident: Incident;
}
type ToTell = Pick<Change, 'incident' | 'tell'> & { readonly kind: Change['kind'] | NoticeKind };

export function noticesOf(
  state: EndpointState,
  changes: readonly ToTell[],
  vantage: string,
  now: Date,
): { notices: readonly Notice[] } & Pick<EndpointState, 'noticeSeq' | 'told'> {
  const told = changes.flatMap(({ kind, incident, tell = kind }) =>
    tell === 'merged' || tell === 'withdrawn' || tell === 'settled' || tell === 'nobody'
      ? []
      : [{ kind: tell, incident }],
  );
  const before = state.told === undefined ? {} : { told: state.told };
  if (told.length === 0) return { notices: [], noticeSeq: state.noticeSeq, ...before };
  const noticeSeq: Record<string, number> = { ...state.noticeSeq };
  const messages = new Map(Object.entries(state.told ?? {}));
  const endpoint = noticeEndpoint(state, vantage);
  const notices = groups(told).map(({ kind, incidents }) => {
    const [incident, ...also] = incidents as [Incident, ...Incident[]];
    const counter = `${incident.id}/${kind}`;
    const number = (noticeSeq[counter] ?? 0) + 1;
    noticeSeq[counter] = number;
    const key = `${counter}/${number}`;
    const after = [...new Set(incidents.flatMap(({ id }) => messages.get(id) ?? []))].slice(-MAX_AFTER);
    for (const { id } of incidents) messages.set(id, [...(messages.get(id) ?? []), key].slice(-MAX_TOLD));
    return {
      key,
      kind,
      ...(after.length === 0 ? {} : { after }),
      createdAt: now.toISOString(),
      incident,
      also,
      endpoint,
      ...messageOf(kind, incident, also, endpoint, number),
    };
  });
  // Counters of windows that are over and folded away are not needed again: their ids never come back.
  const live = new Set(state.incidents.map((i) => i.id));
  const kept = Object.entries(noticeSeq).filter(([counter]) => live.has(counter.split('/')[0] ?? ''));
  return {
    notices,
    noticeSeq: Object.fromEntries(kept),
    told: Object.fromEntries([...messages].filter(([id]) => live.has(id))),
  };
}

/** Of one incident. What is older and was not taken by then went past its turn long ago. */
const MAX_TOLD = 8;
/** Of all incidents of one message. */
const MAX_AFTER = 32;

/**
 * One message per severity for what got worse, and one per kind for what ended: what one decision learns of one
 * endpoint is one page, never across severities, nor what wakes people with what is under break-glass. What opened speaks for what only worsened beside it.
 */
function groups(changes: readonly Told[]): readonly { kind: NoticeKind; incidents: Incident[] }[] {
  const byKey = new Map<string, Told[]>();
  for (const change of changes) {
    const isAlert = change.kind === 'opened' || change.kind === 'worsened' || change.kind === 'flapping';
    const key = `${isAlert ? 'alert' : change.kind}/${change.incident.severity}/${isUnderGlass(change.incident)}`;
    byKey.set(key, [...(byKey.get(key) ?? []), change]);
  }
  return [...byKey.values()].map((group) => {
    const sorted = group.toSorted((a, b) => weight(a) - weight(b));
    return { kind: sorted[0]?.kind ?? 'opened', incidents: sorted.map((c) => c.incident) };
  });
}

function weight({ kind, incident }: Told): number {
  return (kind === 'worsened' ? 10 : kind === 'flapping' ? 20 : 0) + rank(incident);
}

/** Authentication speaks first: it is the door itself. */
function rank({ protection }: Incident): number {
  return protection === 'authentication' ? 0 : protection === 'network' ? 1 : 2;
}

/** Of what it depends on, what one change alters for many at once. */
const ROOT = /^ec2:sg-|policy/;

function noticeEndpoint({ endpoint, posture }: EndpointState, vantage: string): NoticeEndpoint {
  const { id, host, port, engine, account, region, name, arn } = endpoint;
  const { product, version, addresses } = posture;
  const network = posture.declared.network;
  const isOpen = endpoint.source === 'aws' && (network.level === 'off' || network.level === 'partial');
  const path = isOpen ? network.evidence : undefined;
  const forgotten = endpoint.source === 'aws' && !isRegistered(endpoint) ? true : undefined;
  const { drill } = endpoint;
  const { id: copyOf, owner: sourceOwner } = posture.source ?? {};
  const owner = ownerOf(endpoint) ?? sourceOwner;
  const shared = (endpoint.dependencies ?? []).filter((key) => ROOT.test(key)).slice(0, MAX_ROOTS);
  const roots = shared.length === 0 ? undefined : shared;
  const optional = { account, region, name, arn, product, version, path, forgotten, drill, copyOf, owner, roots };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  const { most, less, unsure } = posture.vantages ?? { most: [vantage], less: [] };
  const others = { ...(less.length === 0 ? {} : { less }), ...(unsure === undefined ? {} : { unsure }) };
  return { id, host, port, engine, ...given, addresses, vantages: most, ...others };
}

export function probeLine(reading: Reading, posture: Posture, allowlist: Allowlist, now: Date): LedgerLine {
  return line('probe', reading, now, {
    readingId: reading.id,
    vantage: reading.vantage,
    vantageAlive: reading.vantageAlive,
    ...(reading.clockOffMs === undefined ? {} : { clockOffMs: reading.clockOffMs }),
    verdict: { ...posture.verdict },
    observed: levels(posture.observed),
    declared: levels(posture.declared),
    auth: posture.auth,
    proof: posture.proof,
    rules: posture.rules,
    addresses: posture.addresses,
    ...(posture.vantages === undefined ? {} : { vantages: { ...posture.vantages } }),
    allowances: coverageAt(reading, posture, allowlist).ids,
    allowlist: allowlist.digest,
  });
}

export function transitionLine(
  { kind, incident }: Change,
  reading: Pick<Reading, 'id' | 'runId' | 'endpoint' | 'at'>,
  allowlist: Allowlist,
  now: Date,
): LedgerLine {
  return line('transition', reading, now, {
    kind,
    readingId: reading.id,
    incident: JSON.parse(JSON.stringify(incident)) as Json,
    why: whyDecided(kind, incident),
    allowlist: allowlist.digest,
  });
}

/** What the allowlist had to do with it. */
function whyDecided(kind: Change['kind'], { allowances, lapsed, glass, origin }: Incident): string {
  if (kind === 'accepted') return 'a later entry accepts this posture';
  if (glass?.isOver === false) return `under break-glass ${glass.entries.join(', ')}: nobody is woken`;
  if (glass?.isOver === true) return `break-glass ${glass.entries.join(', ')} is over`;
  if (lapsed !== undefined) return `${lapsed.join(', ')} no longer covers it`;
  if (allowances.length === 0) return 'no entry covers it';
  return `${allowances.join(', ')} ${origin === 'removed' ? 'accepts the posture, not the removal' : 'does not accept it'}`;
}

export function gapLine(gap: Transition, reading: Reading, posture: Posture, now: Date): LedgerLine {
  return line('gap', reading, now, {
    kind: gap.kind,
    ...(gap.from === undefined ? {} : { since: gap.from }),
    causes: posture.gaps.map(({ code, detail }) => ({ code, detail })),
    why: posture.verdict.why,
  });
}

/** Too old to be folded: kept as evidence, decides nothing. */
export function lateLine(reading: Reading, posture: Posture, now: Date): LedgerLine {
  return line('probe', reading, now, { late: true, readingId: reading.id, verdict: { ...posture.verdict } });
}

/** The message again, where more is known of what it tells. */
export function retold(notice: Notice, incidents: ReadonlyMap<string, Incident>): Notice {
  const newer = (incident: Incident): Incident => {
    const { attribution } = incidents.get(incident.id) ?? incident;
    return attribution === undefined ? incident : { ...incident, attribution };
  };
  const [incident, also] = [newer(notice.incident), notice.also.map(newer)];
  const number = Number(notice.key.split('/').at(-1));
  return { ...notice, incident, also, ...messageOf(notice.kind, incident, also, notice.endpoint, number) };
}

function line(
  kind: LedgerKind,
  reading: Pick<Reading, 'runId' | 'endpoint' | 'at'>,
  now: Date,
  body: LedgerLine['body'],
): LedgerLine {
  const { runId, endpoint, at } = reading;
  return { kind, runId, subject: endpoint.id, observedAt: at, recordedAt: now.toISOString(), body };
}

function levels(protections: Posture['observed']): Json {
  return Object.fromEntries(Object.entries(protections).map(([name, { level }]) => [name, level]));
}
