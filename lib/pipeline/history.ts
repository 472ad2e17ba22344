/**
 * How things stood at an instant of the past. The state holds the newest posture of each endpoint and the newest word
 * on each incident; the ledger has an entry for every change, so the last one by then tells what was so then.
 */
import { z } from 'zod';
import { LONGEST_PAUSE_MS } from '../assess/overdue.ts';
import { AccountGaps } from './account-gaps.ts';
import { drillOutcomes } from './drill-report.ts';
import type { DrillOutcome } from '../model/drill.ts';
import { incidentDocument } from '../model/documents.ts';
import { GAP_CODES } from '../model/endpoint.ts';
import type { Incident } from '../model/incident.ts';
import { GENESIS_HASH, type LedgerEntry } from '../model/ledger.ts';
import { AUTH_STATES } from '../model/observation.ts';
import type { Posture } from '../model/posture.ts';
import { type Basis, everyProtection, LEVELS, PROTECTIONS } from '../model/protection.ts';
import type { Report, Unwatched } from '../model/report.ts';
import { VERDICTS } from '../model/verdict.ts';
import { isUnvisited } from './unvisited-record.ts';

export interface History {
  readonly ledger: Report['ledger'];
  /** Of any endpoint; readings that changed nothing are only known by their passes. */
  readonly firstReadingAt?: string;
  readonly lastLookAt?: string;
  /** Pauses in looking, over the whole ledger. */
  readonly pauses: readonly Unwatched[];
  /** Openings of the drill by then, oldest first. */
  readonly drills: readonly DrillOutcome[];
  /** Accounts that could not be listed then. */
  readonly accountGaps: Report['gaps'];
  postureOf(endpointId: string): Remembered | undefined;
  /** The incident as its last change by then left it. */
  incidentOf(endpointId: string, incidentId: string): Incident | undefined;
  /** First reading on record after the instant. */
  nextReadingOf(endpointId: string): string | undefined;
}

export interface Reader {
  add(entry: LedgerEntry): void;
}

export interface Remembered {
  readonly posture: Posture;
  readonly at: string;
  readonly gapSince?: string;
}

/** One pass over the whole ledger. Only of the endpoints in `ids` is anything kept: those whose state is later than `at`. */
export async function readHistory(
  ledger: AsyncIterable<LedgerEntry>,
  at: string,
  ids: ReadonlySet<string>,
  /** Of ajar's own doors: that somebody looked at them says nothing of any other. */
  own: ReadonlySet<string> = new Set(),
  /** Whoever reads the same pass: `all` every entry, the others of ajar's own doors only what came of the drill. */
  also: { readonly all?: Reader; readonly others?: readonly Reader[] } = {},
): Promise<History> {
  const looks = new Looks();
  const drills: LedgerEntry[] = [];
  const accounts = new AccountGaps();
  const last = new Map<string, LedgerEntry>();
  const next = new Map<string, string>();
  let entries = 0;
  let [first, head]: (LedgerEntry | undefined)[] = [];
  for await (const entry of ledger) {
    entries++;
    first ??= entry;
    head = entry;
    also.all?.add(entry);
    if (entry.kind === 'drill' && entry.observedAt <= at) drills.push(entry);
    if (entry.observedAt <= at) accounts.add(entry);
    if (!own.has(entry.subject)) looks.add(entry);
    if (!own.has(entry.subject) || entry.kind === 'drill') for (const reader of also.others ?? []) reader.add(entry);
    const key = ids.has(entry.subject) ? keyOf(entry) : undefined;
    if (key === undefined) continue;
    const { subject, observedAt, kind } = entry;
    if (observedAt <= at) {
      if (observedAt >= (last.get(key)?.observedAt ?? '')) last.set(key, entry);
    } else if (kind === 'probe' && observedAt < (next.get(subject) ?? '\uffff')) next.set(subject, observedAt);
  }
  return {
    ledger: {
      entries,
      firstSeq: first?.seq ?? 0,
      lastSeq: head?.seq ?? 0,
      headHash: head?.hash ?? GENESIS_HASH,
      ...(head === undefined ? {} : { headAt: head.recordedAt }),
    },
    ...looks.found(),
    drills: drillOutcomes(drills),
    accountGaps: accounts.found(),
    postureOf: (id) => remembered(last.get(`probe ${id}`), last.get(`gap ${id}`)),
    incidentOf: (id, incidentId) => incidentIn(last.get(`transition ${id} ${incidentId}`)),
    nextReadingOf: (id) => next.get(id),
  };
}

/** When anybody looked at anything: every reading that changed something, and the end of every pass that read. */
class Looks {
  #first: string | undefined;
  #last: string | undefined;
  readonly #pauses: Unwatched[] = [];

  add({ kind, observedAt, body }: LedgerEntry): void {
    const { event, probed } = body;
    const isPass = kind === 'run' && event === 'end' && typeof probed === 'number' && probed > 0;
    if (kind !== 'probe' && !isPass) return;
    if (kind === 'probe' && observedAt < (this.#first ?? '\uffff')) this.#first = observedAt;
    const last = this.#last ?? observedAt;
    if (Date.parse(observedAt) - Date.parse(last) > LONGEST_PAUSE_MS) {
      this.#pauses.push({ from: last, to: observedAt, why: 'between' });
    }
    if (observedAt >= last) this.#last = observedAt;
  }

  found(): Pick<History, 'firstReadingAt' | 'lastLookAt' | 'pauses'> {
    return {
      ...(this.#first === undefined ? {} : { firstReadingAt: this.#first }),
      ...(this.#last === undefined ? {} : { lastLookAt: this.#last }),
      pauses: this.#pauses,
    };
  }
}

function keyOf(entry: LedgerEntry): string | undefined {
  const { kind, subject, body } = entry;
  // Of a stretch that is over: the posture is that of the visit that ended it.
  if (isUnvisited(entry)) return undefined;
  if (kind === 'gap') return `gap ${subject}`;
  // A late one was too old to be folded: the posture did not follow it.
  if (kind === 'probe') return body['late'] === true ? undefined : `probe ${subject}`;
  if (kind !== 'transition') return undefined;
  const id = z.object({ id: z.string() }).safeParse(body['incident']);
  return id.success ? `transition ${subject} ${id.data.id}` : undefined;
}

function incidentIn(entry: LedgerEntry | undefined): Incident | undefined {
  const parsed = incidentDocument.safeParse(entry?.body['incident']);
  return parsed.success ? (parsed.data as Incident) : undefined;
}

const levels = z.partialRecord(z.enum(PROTECTIONS), z.enum(LEVELS));
const probeBody = z.object({
  verdict: z.object({ name: z.enum(VERDICTS), shadow: z.boolean(), confirmed: z.boolean(), why: z.string() }),
  declared: levels,
  observed: levels,
  auth: z.enum(AUTH_STATES),
  proof: z.number(),
  rules: z.array(z.string()),
  addresses: z.array(z.string()),
});
const gapBody = z.object({
  kind: z.literal('gap-opened'),
  causes: z.array(z.object({ code: z.enum(GAP_CODES), detail: z.string() })),
});

/** What a `probe` entry holds of a posture; the rest (product, TLS, data) was never on record. */
function remembered(probe: LedgerEntry | undefined, gap: LedgerEntry | undefined): Remembered | undefined {
  const seen = probeBody.safeParse(probe?.body);
  if (probe === undefined || !seen.success) return undefined;
  const { verdict, declared, observed, auth, proof, rules, addresses } = seen.data;
  const blind = verdict.confirmed ? undefined : gapBody.safeParse(gap?.body).data;
  const causes = blind?.causes ?? [];
  return {
    at: probe.observedAt,
    ...(gap === undefined || blind === undefined ? {} : { gapSince: gap.observedAt }),
    posture: {
      declared: protections('declared', declared, probe.seq),
      observed: protections('observed', observed, probe.seq),
      verdict,
      silent: false,
      ...{ auth, proof, rules, addresses },
      gaps: causes.map((cause) => ({ stage: 'probe', subject: probe.subject, ...cause })),
    },
  };
}

function protections(basis: Basis, found: z.infer<typeof levels>, seq: number): Posture['declared'] {
  return everyProtection((name) => ({
    level: found[name] ?? 'unknown',
    basis,
    evidence: `ledger entry ${seq}`,
  }));
}
