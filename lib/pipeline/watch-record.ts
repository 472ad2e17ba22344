/**
 * What the ledger says of the watch itself, gathered in the one pass over it: since when each endpoint is known, the
 * stretches in which its look concluded nothing, the stretches in which a cell could not be read, and how often somebody
 * looked at all (evidence-and-alerts.md section 1.2, Q2). Of one endpoint so much is kept as it has gaps.
 */
import { z } from 'zod';
import { GAP_CODES } from '../model/endpoint.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import { VERDICTS } from '../model/verdict.ts';
import { isUnvisited, type Stretch, UnvisitedRecord } from './unvisited-record.ts';

export interface Lifetime {
  readonly firstAt: string;
  /** Those in which its looks concluded nothing, oldest first, none over another; then those without a look. */
  readonly stretches: readonly Stretch[];
}

interface Life {
  firstAt: string;
  verdict?: string;
  open?: Stretch;
  readonly stretches: Stretch[];
}

const verdictBody = z.object({ verdict: z.object({ name: z.enum(VERDICTS) }), late: z.literal(true).optional() });
const openedBody = z.object({
  kind: z.literal('gap-opened'),
  causes: z.array(z.object({ code: z.enum(GAP_CODES), detail: z.string() })),
  why: z.string(),
});
const cellBody = z.object({
  stage: z.literal('inventory'),
  event: z.enum(['began', 'ended']),
  code: z.enum(GAP_CODES),
  detail: z.string().optional(),
});

export class WatchRecord {
  readonly #at: string;
  readonly #lives = new Map<string, Life>();
  readonly #cells = new Map<string, { readonly subject: string; open?: Stretch; readonly stretches: Stretch[] }>();
  readonly #passes: string[] = [];
  readonly #unvisited = new UnvisitedRecord();

  /** Nothing later than `at` counts. */
  constructor(at: string) {
    this.#at = at;
  }

  add(entry: LedgerEntry): void {
    // The visit that ends a stretch tells of it, also of one that had begun before.
    if (isUnvisited(entry)) return this.#unvisited.add(entry);
    if (entry.observedAt > this.#at) return;
    if (entry.kind === 'probe') this.#addReading(entry);
    else if (entry.kind === 'gap' && entry.body['stage'] === 'inventory') this.#addCell(entry);
    else if (entry.kind === 'gap') this.#addGap(entry);
    else if (entry.kind === 'run') this.#addPass(entry);
  }

  lifetimeOf(endpointId: string): Lifetime | undefined {
    const life = this.#lives.get(endpointId);
    if (life === undefined) return undefined;
    const { firstAt, stretches, open } = life;
    const unvisited = this.#unvisited.stretchesOf(endpointId, this.#at);
    return { firstAt, stretches: [...stretches, ...(open === undefined ? [] : [open]), ...unvisited] };
  }

  /** Of accounts and cells, by subject. */
  cells(): readonly (Stretch & { readonly subject: string })[] {
    return [...this.#cells.values()].flatMap(({ subject, stretches, open }) =>
      [...stretches, ...(open === undefined ? [] : [open])].map((stretch) => ({ subject, ...stretch })),
    );
  }

  /** Ends of passes that read something, oldest first. None where nothing passes: each endpoint has its own schedule there. */
  passes(): readonly string[] {
    return this.#passes.toSorted();
  }

  #addReading(entry: LedgerEntry): void {
    const { subject, observedAt, body } = entry;
    if (body['late'] === true) this.#unvisited.addLate(entry);
    const life = this.#lives.get(subject);
    if (life === undefined) this.#lives.set(subject, { firstAt: observedAt, stretches: [], ...verdictOf(body) });
    else {
      if (observedAt < life.firstAt) life.firstAt = observedAt;
      Object.assign(life, verdictOf(body));
    }
  }

  #addGap({ subject, observedAt, body }: LedgerEntry): void {
    const life = this.#lives.get(subject);
    if (life === undefined) return;
    const opened = openedBody.safeParse(body);
    if (opened.success) {
      const [cause] = opened.data.causes;
      life.open = { from: observedAt, code: cause?.code ?? 'undetermined', cause: cause?.detail ?? opened.data.why };
    } else if (body['kind'] === 'gap-closed' && life.open !== undefined) {
      const { verdict } = life;
      life.stretches.push({ ...life.open, to: observedAt, ...(verdict === undefined ? {} : { catchUp: verdict }) });
      delete life.open;
    }
  }

  #addCell({ subject, observedAt, body }: LedgerEntry): void {
    const { success, data } = cellBody.safeParse(body);
    if (!success) return;
    const key = `${subject} ${data.code}`;
    const cell = this.#cells.get(key) ?? { subject, stretches: [] };
    this.#cells.set(key, cell);
    // One that is said twice began the first time.
    if (data.event === 'began') cell.open ??= { from: observedAt, code: data.code, cause: data.detail ?? data.code };
    else if (cell.open !== undefined) {
      cell.stretches.push({ ...cell.open, to: observedAt });
      delete cell.open;
    }
  }

  #addPass({ observedAt, body }: LedgerEntry): void {
    const { event, probed } = body;
    if (event === 'end' && typeof probed === 'number' && probed > 0) this.#passes.push(observedAt);
  }
}

function verdictOf(body: LedgerEntry['body']): { verdict?: string } {
  const { success, data } = verdictBody.safeParse(body);
  return success && data.late === undefined ? { verdict: data.verdict.name } : {};
}
