/**
 * Who was told when, who did what, and what of the watch itself was changed, gathered in the one pass over the ledger
 * (evidence-and-alerts.md section 1.2, Q4 to Q6). People act seldom: of incidents and changes little is kept.
 */
import { z } from 'zod';
import type { Told } from '../assess/metrics.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import type { ReportChange } from '../model/report-evidence.ts';
import { printable } from '../model/text.ts';
import { alarmChange, byOf, glassSilence, type Said, sinksChange, sinksSaid } from './silences.ts';

/** What the ledger was told of an entry when a list with it came into force. */
export interface RecordedAllowance {
  readonly id: string;
  readonly owner: string;
  readonly author?: string;
  readonly approvedBy: readonly string[];
  readonly approvedOn: string;
  readonly expires: string;
  readonly ticket: string;
  readonly reason?: string;
  readonly scope?: string;
  readonly permits?: string;
}

const approval = z.object({
  ...{ id: z.string(), owner: z.string(), author: z.string().exactOptional() },
  approvedBy: z.array(z.string()),
  second: z.string().exactOptional(),
  ...{ approvedOn: z.string(), expires: z.string(), ticket: z.string() },
  ...{ reason: z.string().exactOptional(), scope: z.string().exactOptional(), permits: z.string().exactOptional() },
});
const allowlistBody = z.union([
  z.object({
    event: z.literal('loaded'),
    digest: z.string(),
    counts: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
    added: z.array(approval),
    changed: z.array(approval),
    removed: z.array(z.string()),
  }),
  z.object({ event: z.literal('refused'), problems: z.number(), said: z.array(z.string()) }),
]);
const noticeBody = z.object({ incidentId: z.string(), also: z.array(z.string()).exactOptional(), sink: z.string() });
const actBody = z.object({
  ...{ kind: z.string(), by: z.string(), incidentId: z.string().exactOptional(), alarm: z.string().exactOptional() },
  ...{ text: z.string().exactOptional(), to: z.string().exactOptional(), since: z.string().exactOptional() },
});
const runBody = z.object({
  event: z.literal('start'),
  allowlist: z.string(),
  vantage: z.string(),
  toolVersion: z.string(),
  sinks: z.array(z.string()).exactOptional(),
  by: z.string().exactOptional(),
});
const drillBody = z.object({ from: z.string(), to: z.string(), alertSeconds: z.number().exactOptional() });
const guardrailBody = z.object({
  kind: z.string(),
  incident: z.object({
    protection: z.literal('guardrail'),
    evidence: z.string(),
    attribution: z.object({ changes: z.array(z.object({ actor: z.object({ who: z.string() }) })) }).exactOptional(),
  }),
});

/** One line of a change log: what is cut is in the ledger. */
const MAX_SAID = 400;

export class ActRecord {
  readonly #at: string;
  readonly #told = new Map<string, { receiptAt?: string; ackedAt?: string }>();
  readonly #receipts = new Map<string, string>();
  readonly #used = new Map<string, string>();
  readonly #allowances = new Map<string, RecordedAllowance>();
  readonly #changed = new Map<string, string>();
  readonly #changes: ReportChange[] = [];
  #run: z.infer<typeof runBody> | undefined;

  /** Nothing later than `at` counts. */
  constructor(at: string) {
    this.#at = at;
  }

  add(entry: LedgerEntry): void {
    if (entry.recordedAt > this.#at) return;
    switch (entry.kind) {
      case 'notice':
        return this.#addReceipt(entry);
      case 'act':
        return this.#addAct(entry);
      case 'allowlist':
        return this.#addAllowlist(entry);
      case 'run':
        return this.#addRun(entry);
      case 'drill':
        return this.#addDrill(entry);
      case 'transition':
        return this.#addGuardrail(entry);
      case 'probe':
        return this.#addUse(entry);
      case 'gap':
        return this.#noteAll(entry, alarmChange(entry));
      case 'inventory':
        return undefined;
    }
  }

  toldOf(incidentId: string): Told | undefined {
    return this.#told.get(incidentId);
  }

  /** Of a message about any incident of the endpoint: the last. */
  lastReceiptOf(endpointId: string): string | undefined {
    return this.#receipts.get(endpointId);
  }

  /** When an entry last covered a look that is on record. */
  usedAt(allowanceId: string): string | undefined {
    return this.#used.get(allowanceId);
  }

  /** When an entry of this id was last changed while it stood. */
  changedAt(allowanceId: string): string | undefined {
    return this.#changed.get(allowanceId);
  }

  /** Of every entry that the ledger names, as it was last. */
  allowances(): readonly RecordedAllowance[] {
    return [...this.#allowances.values()];
  }

  /** Oldest first. */
  changes(): readonly ReportChange[] {
    return this.#changes.toSorted((a, b) => (a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1));
  }

  #addReceipt({ subject, recordedAt, body }: LedgerEntry): void {
    const { success, data } = noticeBody.safeParse(body);
    if (!success) return;
    if (recordedAt > (this.#receipts.get(subject) ?? '')) this.#receipts.set(subject, recordedAt);
    for (const id of [data.incidentId, ...(data.also ?? [])]) {
      const told = this.#told.get(id) ?? {};
      if (recordedAt < (told.receiptAt ?? '\uffff')) this.#told.set(id, { ...told, receiptAt: recordedAt });
    }
  }

  #addAct({ seq, observedAt: at, body }: LedgerEntry): void {
    const { success, data } = actBody.safeParse(body);
    if (!success) return;
    const { kind, by, incidentId, alarm } = data;
    if (kind === 'ack' && incidentId !== undefined) {
      const told = this.#told.get(incidentId) ?? {};
      if (at < (told.ackedAt ?? '\uffff')) this.#told.set(incidentId, { ...told, ackedAt: at });
      this.#note({ at, seq, kind: 'silence', subject: incidentId, by, text: 'ack: reminders every four hours alone' });
    } else if (kind === 'ack' && alarm !== undefined) {
      this.#note({ at, seq, kind: 'silence', subject: alarm, by, text: 'ack: it is said again less often' });
    } else if (incidentId !== undefined) {
      const said = data.text ?? data.to ?? data.since;
      const text = said === undefined ? kind : `${kind}: ${said}`;
      this.#note({ at, seq, kind: 'act', subject: incidentId, by, text });
    }
  }

  #addAllowlist({ seq, observedAt: at, subject, body }: LedgerEntry): void {
    const { success, data } = allowlistBody.safeParse(body);
    if (!success) return;
    if (data.event === 'refused') {
      const text = `a list with ${data.problems} mistakes was refused, the last good one stayed: ${data.said.join('; ')}`;
      this.#note({ at, seq, kind: 'allowlist', subject, text });
      return;
    }
    for (const { second, ...entry } of [...data.added, ...data.changed]) {
      const approvedBy = second === undefined ? entry.approvedBy : [...entry.approvedBy, second];
      this.#allowances.set(entry.id, { ...entry, approvedBy });
    }
    for (const { id } of data.changed) this.#changed.set(id, at);
    const { added, changed, removed } = data.counts;
    const named = (word: string, ids: readonly string[]): string =>
      ids.length === 0 ? '' : `; ${word} ${ids.join(', ')}`;
    const text =
      `in force: ${added} added, ${changed} changed, ${removed} removed` +
      named(
        'added',
        data.added.map(({ id }) => id),
      ) +
      named(
        'changed',
        data.changed.map(({ id }) => id),
      ) +
      named('removed', data.removed);
    const glass = [...data.added, ...data.changed].filter(({ permits }) => permits?.includes('"breakGlass"') === true);
    for (const { id, expires, approvedBy, second } of glass) {
      const by = byOf(second === undefined ? approvedBy : [...approvedBy, second]);
      const said = `break-glass ${id} until ${expires}: what it covers wakes nobody`;
      this.#note({ at, seq, kind: 'silence', subject: id, ...by, text: said });
    }
    const approvers = [...new Set([...data.added, ...data.changed].flatMap(({ approvedBy }) => approvedBy))].sort();
    this.#note({
      at,
      seq,
      kind: 'allowlist',
      subject,
      text,
      ...(approvers.length === 0 ? {} : { by: approvers.join(', ') }),
    });
  }

  /** Passes carry what they were run with: one that differs from the pass before it is a change. */
  #addRun(entry: LedgerEntry): void {
    const { seq, observedAt: at, subject, body } = entry;
    this.#noteAll(entry, sinksChange(entry));
    const { success, data } = runBody.safeParse(body);
    if (!success) return;
    const before = this.#run;
    this.#run = data;
    if (before === undefined) return;
    if (before.sinks !== undefined && data.sinks !== undefined) {
      const [was, is] = [new Set(before.sinks), new Set(data.sinks)];
      const removed = before.sinks.filter((id) => !is.has(id));
      const added = data.sinks.filter((id) => !was.has(id));
      this.#noteAll(entry, sinksSaid(subject, { removed, added }, data.by));
    }
    const differs = (['allowlist', 'vantage', 'toolVersion'] as const).filter((name) => before[name] !== data[name]);
    if (differs.length === 0) return;
    const text = differs.map((name) => `${WORDS[name]} ${before[name]} to ${data[name]}`).join('; ');
    this.#note({ at, seq, kind: 'run', subject, ...(data.by === undefined ? {} : { by: data.by }), text });
  }

  #addDrill({ seq, observedAt: at, subject, body }: LedgerEntry): void {
    const { success, data } = drillBody.safeParse(body);
    if (!success || data.alertSeconds !== undefined) return;
    this.#note({ at, seq, kind: 'drill', subject, text: `the opening of ${data.from} was told to nobody` });
  }

  #addGuardrail(entry: LedgerEntry): void {
    const { seq, observedAt: at, subject, body } = entry;
    this.#noteAll(
      entry,
      glassSilence(entry, (id) => this.#allowances.get(id)?.approvedBy ?? []),
    );
    const { success, data } = guardrailBody.safeParse(body);
    if (!success) return;
    const [change] = data.incident.attribution?.changes ?? [];
    const by = change === undefined ? {} : { by: change.actor.who };
    this.#note({ at, seq, kind: 'guardrail', subject, ...by, text: `${data.kind}: ${data.incident.evidence}` });
  }

  #addUse({ observedAt, body }: LedgerEntry): void {
    const { allowances } = body;
    if (!Array.isArray(allowances)) return;
    for (const id of allowances) {
      if (typeof id === 'string' && observedAt > (this.#used.get(id) ?? '')) this.#used.set(id, observedAt);
    }
  }

  #noteAll({ seq, observedAt: at }: LedgerEntry, all: readonly Said[]): void {
    for (const said of all) this.#note({ at, seq, ...said });
  }

  #note({ text, by, ...change }: ReportChange): void {
    const who = by === undefined ? {} : { by: printable(by) };
    this.#changes.push({ ...change, ...who, text: printable(text, MAX_SAID) });
  }
}

const WORDS = { allowlist: 'allowlist', vantage: 'vantage', toolVersion: 'ajar' } as const;
