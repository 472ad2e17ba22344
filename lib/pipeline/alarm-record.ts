/**
 * When somebody was alarmed of a stretch unseen, and who acknowledged it, as the ledger has it (alarms.ts). An alarm is of a
 * stretch where it names its subject, or counts it among those that it had no room to name, while the stretch lasts.
 */
import { z } from 'zod';
import type { LedgerEntry } from '../model/ledger.ts';
import type { Interruption } from '../model/report-evidence.ts';

const raisedBody = z.object({
  ...{ of: z.literal('guard'), event: z.literal('alarmed') },
  subjects: z.array(z.string()),
  more: z.number().exactOptional(),
});
const ackBody = z.object({ kind: z.literal('ack'), alarm: z.string(), by: z.string() });

interface Episode {
  readonly told: { readonly at: string; readonly subjects: ReadonlySet<string>; readonly more: boolean }[];
  readonly acks: { readonly at: string; readonly by: string }[];
  clearedAt?: string;
}

type Stretch = Pick<Interruption, 'subject' | 'from' | 'to' | 'code'>;
export type Alarm = Pick<Interruption, 'alarmedAt' | 'alarmSeconds' | 'ackedAt' | 'ackedBy'>;

export class AlarmRecord {
  readonly #at: string;
  readonly #episodes = new Map<string, Episode[]>();
  #since: string | undefined;

  /** Nothing later than `at` counts. */
  constructor(at: string) {
    this.#at = at;
  }

  /** From when on alarms are on record: a gap since then of which none is was alarmed to nobody. Absent in early ledgers. */
  get since(): string | undefined {
    return this.#since;
  }

  add(entry: LedgerEntry): void {
    const { kind, observedAt, body } = entry;
    if (observedAt > this.#at) return;
    if (kind === 'run' && body['alarms'] === true) this.#begin(observedAt);
    else if (kind === 'act') this.#addAck(entry);
    else if (kind === 'gap' && body['of'] === 'guard') this.#addAlarm(entry);
  }

  /** The first that was raised of it, and the first acknowledgement of that alarm since. */
  alarmOf(stretch: Stretch): Alarm {
    const alarms = [...this.#episodes]
      .filter(([key]) => isAbout(key, stretch))
      .flatMap(([, episodes]) => episodes.flatMap((episode) => alarmIn(episode, stretch)))
      .toSorted((a, b) => ((a.alarmedAt ?? '') < (b.alarmedAt ?? '') ? -1 : 1));
    return alarms[0] ?? {};
  }

  #begin(at: string): void {
    if (this.#since === undefined || at < this.#since) this.#since = at;
  }

  #addAlarm({ subject, observedAt: at, body }: LedgerEntry): void {
    this.#begin(at);
    if (!FAMILIES.includes(subject.split('/', 1)[0] ?? '')) return;
    const episodes = this.#episodes.get(subject) ?? [];
    this.#episodes.set(subject, episodes);
    const last = episodes.at(-1);
    const { success, data } = raisedBody.safeParse(body);
    if (success) {
      const told = { at, subjects: new Set(data.subjects), more: (data.more ?? 0) > 0 };
      if (last === undefined || last.clearedAt !== undefined) episodes.push({ told: [told], acks: [] });
      else last.told.push(told);
    } else if (body['event'] === 'cleared' && last !== undefined) last.clearedAt ??= at;
  }

  #addAck({ observedAt: at, body }: LedgerEntry): void {
    const { success, data } = ackBody.safeParse(body);
    if (success) this.#episodes.get(data.alarm)?.at(-1)?.acks.push({ at, by: data.by });
  }
}

/** Of alarms that are about stretches unseen, the first part of their keys. */
const FAMILIES: readonly string[] = [
  'overdue-probes',
  'overdue-cells',
  'blind-endpoints',
  'gaps',
  'coverage',
  'accounts',
];

/** Whether an alarm of this key tells of such stretches. */
function isAbout(key: string, { code, subject }: Stretch): boolean {
  switch (key) {
    case 'overdue-probes':
      return code === 'stale' || subject === 'all';
    case 'overdue-cells':
      return code === 'stale';
    case 'blind-endpoints':
      return code !== 'stale' && code !== 'not-running';
    // Of one machine, whose passes tell of all that they could not see.
    case 'gaps':
      return code !== 'not-running';
    default:
      return key === `coverage/${code}` || key === `accounts/${code}`;
  }
}

function alarmIn({ told, acks, clearedAt = '\uffff' }: Episode, stretch: Stretch): readonly Alarm[] {
  const { from, to = '\uffff' } = stretch;
  if (clearedAt <= from) return [];
  const naming = told.find((one) => one.at <= to && (isNamed(one.subjects, stretch) || (one.more && one.at >= from)));
  if (naming === undefined) return [];
  // One that stood already when it began, and names it, was an alarm from its beginning.
  const alarmedAt = naming.at < from ? from : naming.at;
  const ack = acks.find(({ at }) => at >= alarmedAt);
  const alarmSeconds = Math.floor((Date.parse(alarmedAt) - Date.parse(from)) / 1_000);
  return [{ alarmedAt, alarmSeconds, ...(ack === undefined ? {} : { ackedAt: ack.at, ackedBy: ack.by }) }];
}

/** Itself, or the account and region that it lies in. */
function isNamed(subjects: ReadonlySet<string>, { subject }: Stretch): boolean {
  if (subject === 'all') return true;
  const [account = '', region = ''] = subject.split('/', 2);
  return subjects.has(subject) || subjects.has(`${account}/${region}`);
}
