/**
 * Whether what lies beside a report says the same as the ledger: of every endpoint the verdict that was recorded last, of every
 * incident how it stood. What was read while somebody wrote may be of any entry that came meanwhile.
 */
import { z } from 'zod';
import type { Incident } from '../model/incident.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import { INPUTS, type ReportInputs, type ReportMade, type ReportState } from '../model/report-inputs.ts';
import type { Finding } from '../model/verified.ts';
import { newestOf } from './report-inputs.ts';

const probeBody = z.object({
  late: z.literal(true).optional(),
  verdict: z.object({ name: z.string(), confirmed: z.boolean() }),
});
const incidentBody = z.object({
  incident: z.object({
    ...{ id: z.string(), endpointId: z.string(), protection: z.string(), status: z.string() },
    start: z.object({ upper: z.string() }),
    closed: z.object({ upper: z.string(), cause: z.string() }).optional(),
  }),
});
type Recorded = z.infer<typeof incidentBody>['incident'];
const digestBody = z.union([
  z.object({ event: z.literal('loaded'), digest: z.string() }),
  z.object({ event: z.literal('start'), allowlist: z.string() }),
]);

/** What entries said last, and what they said since the inputs began to be read. */
interface Said {
  readonly seq: number;
  readonly words: Set<string>;
}

export class InputsCheck {
  readonly #inputs: ReportInputs;
  readonly #asked: ReportMade['asked'];
  readonly #verdicts = new Map<string, Said>();
  readonly #incidents = new Map<string, Said & { readonly last: Recorded }>();
  readonly #allowlists = new Set<string>();

  constructor(inputs: ReportInputs, asked: ReportMade['asked']) {
    this.#inputs = inputs;
    this.#asked = asked;
  }

  add({ seq, kind, subject, body }: LedgerEntry): void {
    if (kind === 'probe') {
      const { success, data } = probeBody.safeParse(body);
      if (success && data.late === undefined) {
        this.#verdicts.set(subject, this.#said(seq, this.#verdicts.get(subject), wordOf(data.verdict)));
      }
    } else if (kind === 'transition') {
      const { success, data } = incidentBody.safeParse(body);
      if (!success) return;
      const { id } = data.incident;
      const said = this.#said(seq, this.#incidents.get(id), standingOf(data.incident));
      this.#incidents.set(id, { ...said, last: data.incident });
    } else if (kind === 'allowlist' || kind === 'run') {
      const { success, data } = digestBody.safeParse(body);
      if (success) this.#allowlists.add('digest' in data ? data.digest : data.allowlist);
    }
  }

  #said(seq: number, before: Said | undefined, word: string): Said {
    if (before === undefined || seq <= this.#inputs.readAfter) return { seq, words: new Set([word]) };
    before.words.add(word);
    return { seq, words: before.words };
  }

  found(): readonly Finding[] {
    return [...this.#endpoints(), ...this.#windows()];
  }

  /** What the record cannot show, or shows in part. */
  notes(lastSeq: number): readonly string[] {
    const { readAfter, allowlist } = this.#inputs;
    const notes: string[] = [];
    if (readAfter !== lastSeq)
      notes.push(
        `entries ${readAfter + 1} to ${lastSeq} were written while the report was made: either side of them is accepted`,
      );
    if (!this.#allowlists.has(allowlist.digest) && (allowlist.digest !== 'none' || this.#allowlists.size > 0))
      notes.push(`no entry names the allowlist of the report, ${allowlist.digest}: it is as ${INPUTS} has it`);
    return notes;
  }

  *#endpoints(): Generator<Finding> {
    const states = new Map<string, ReportState>(this.#inputs.states.map((state) => [state.endpoint.id, state]));
    for (const [id, { seq, words }] of this.#verdicts) {
      const state = states.get(id);
      states.delete(id);
      if (state === undefined) {
        // One that was first seen while the report was made may be missing.
        if (seq <= this.#inputs.readAfter)
          yield finding(`endpoint ${id}`, seq, 'is in the ledger and not in the inputs');
        continue;
      }
      const word = wordOf(state.posture.verdict);
      if (!words.has(word))
        yield finding(
          `endpoint ${id}`,
          seq,
          `was recorded as ${[...words].join(' or ')}, and is ${word} in the inputs`,
        );
    }
    for (const id of states.keys())
      yield finding(`endpoint ${id}`, undefined, 'is in the inputs, and no entry tells of it');
  }

  *#windows(): Generator<Finding> {
    const incidents = new Map<string, Incident>(this.#inputs.incidents.map((incident) => [incident.id, incident]));
    for (const [id, said] of this.#incidents) {
      const incident = incidents.get(id);
      incidents.delete(id);
      const { seq, words } = said;
      if (incident === undefined) {
        if (seq <= this.#inputs.readAfter && this.#isOwed(said.last))
          yield finding(`incident ${id}`, seq, 'is in the ledger and not in the inputs');
        continue;
      }
      const word = standingOf(incident);
      if (!words.has(word))
        yield finding(
          `incident ${id}`,
          seq,
          `was recorded as ${[...words].join(' or ')}, and is ${word} in the inputs`,
        );
    }
    for (const id of incidents.keys())
      yield finding(`incident ${id}`, undefined, 'is in the inputs, and no entry tells of it');
  }

  /** Whether its window touches the time that was asked for. */
  #isOwed({ start, closed }: Recorded): boolean {
    const { from, to = newestOf(this.#inputs.states) } = this.#asked;
    if (to !== undefined && start.upper > to) return false;
    return from === undefined || closed === undefined || closed.upper >= from;
  }
}

function finding(where: string, seq: number | undefined, why: string): Finding {
  return { where, ...(seq === undefined ? {} : { seq }), why };
}

function wordOf({ name, confirmed }: { readonly name: string; readonly confirmed: boolean }): string {
  return confirmed ? name : `${name}, not confirmed`;
}

/** How it ended may be better known since, by a look that came late, and then no entry says so. Whether it ended, one does. */
function standingOf({ endpointId, protection, status, closed }: Recorded | Incident): string {
  const isNone = closed?.cause === 'merged' || closed?.cause === 'withdrawn';
  return `${isNone ? closed.cause : status} (${protection} of ${endpointId})`;
}
