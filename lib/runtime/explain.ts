/**
 * `ajar explain`: the chain from a reading to a notice, of one endpoint. What was asked, from where, what answered, by which
 * rule, what that means for each protection, what the allowlist says, and which incidents and messages came of it.
 */
import { seenOf as seenOfPosture } from '../assess/allowlist.ts';
import { type Approved, approvedFor } from '../assess/approved.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Incident } from '../model/incident.ts';
import type { Look } from '../model/observation.ts';
import type { Probe } from '../model/probe.ts';
import { PROTECTIONS, type Protection, type ProtectionName } from '../model/protection.ts';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import { printable } from '../model/text.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Moment } from '../model/moment.ts';
import { historyOf } from '../pipeline/chain.ts';
import { PROBES } from '../probes/catalogue.ts';
import { badInput } from './config.ts';

export interface Chain {
  readonly endpoint: Endpoint;
  /** Everything that a visit may send, in order; empty where no probe speaks its engine, or none may be sent. */
  readonly asked: readonly { readonly what: string; readonly why: string }[];
  readonly seen: readonly Seen[];
  readonly protections: readonly {
    readonly name: ProtectionName;
    readonly declared: Protection;
    readonly observed: Protection;
  }[];
  readonly verdict: Verdict;
  readonly lastReadingAt: string;
  readonly lastConclusiveAt?: string;
  readonly gaps: readonly string[];
  readonly allowlist: {
    readonly file: string;
    readonly digest: string;
    readonly posture: Approved['posture'];
    /** Those that match, then the nearest of the others. */
    readonly entries: readonly {
      readonly id: string;
      readonly matches: boolean;
      readonly why: string;
      readonly accepts: string;
    }[];
    readonly others: number;
  };
  /** Newest first, the last ones of many. */
  readonly incidents: readonly { readonly incident: Incident; readonly history: readonly Moment[] }[];
}

/** The newest look of one place at one address. */
export interface Seen {
  readonly vantage: string;
  readonly at: string;
  readonly look: Omit<Look, 'data'>;
  /** What the rule that decided means. */
  readonly rule: string;
}

const MAX_INCIDENTS = 20;
const MAX_OFFERED = 5;
/** Entries that do not match are shown up to so many. */
const MAX_ENTRIES = 10;

export async function explainChain(store: StateStore, id: string, allowlist: Allowlist, now: Date): Promise<Chain> {
  const state = await store.read(id);
  if (state === undefined) throw badInput([`${printable(id)}: never scanned`], await offered(store, id));
  const { endpoint, posture, lastReadingAt, lastConclusiveAt } = state;
  const probe = endpoint.shared === true ? undefined : PROBES.find((p) => p.engines.includes(endpoint.engine));
  const at = now.toISOString();
  const { posture: approved, entries } = approvedFor(allowlist, endpoint, seenOfPosture(posture), at);
  const shown = entries.filter(({ matches }, i) => matches || i < MAX_ENTRIES);
  return {
    endpoint,
    asked: (probe?.sends ?? []).map(({ what, why }) => ({ what, why })),
    seen: seenOf(state),
    protections: PROTECTIONS.map((name) => {
      return { name, declared: posture.declared[name], observed: posture.observed[name] };
    }),
    verdict: posture.verdict,
    lastReadingAt,
    ...(lastConclusiveAt === undefined ? {} : { lastConclusiveAt }),
    gaps: posture.gaps.map(({ code, detail }) => `${code}: ${detail}`),
    allowlist: {
      ...{ file: allowlist.file, digest: allowlist.digest, posture: approved },
      entries: shown.map(({ id: entry, matches, why, accepts }) => ({ id: entry, matches, why, accepts })),
      others: entries.length - shown.length,
    },
    incidents: await incidentsOf(store, id),
  };
}

function seenOf({ views = {} }: EndpointState): readonly Seen[] {
  return Object.entries(views)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([vantage, { at, looks }]) =>
      // What names say of the data is told with the incident.
      looks.map(({ data: _names, ...look }) => ({ vantage, at, look, rule: meaningOf(look.rule) })),
    );
}

/** `<probe>/<row>`, in the words of the probe's own table. */
function meaningOf(rule: string): string {
  const [id, row] = rule.split('/', 2);
  const probe: Probe | undefined = PROBES.find((p) => p.id === id);
  return (row === undefined ? undefined : probe?.rules[row]) ?? 'no probe decided: the transport did, or nothing';
}

async function incidentsOf(store: StateStore, endpointId: string): Promise<Chain['incidents']> {
  const found: Incident[] = [];
  for await (const incident of store.incidents({ endpointId })) found.push(incident);
  const last = found.slice(-MAX_INCIDENTS).toReversed();
  const moments = await historyOf(
    store,
    endpointId,
    last.map(({ id }) => id),
  );
  return last.map((incident) => ({ incident, history: moments.filter((m) => m.incidentId === incident.id) }));
}

async function offered(store: StateStore, id: string): Promise<string> {
  const close: string[] = [];
  let count = 0;
  for await (const { endpoint } of store.states()) {
    count++;
    if (close.length < MAX_OFFERED && endpoint.id.toLowerCase().includes(id.toLowerCase())) close.push(endpoint.id);
  }
  if (close.length > 0) return `did you mean ${close.map((one) => printable(one)).join(', ')}?`;
  return `${count} endpoints are known: ajar report --format csv lists them`;
}
