/** What objectives are judged by, and how a check is put together: what speaks against it, then what is not known, then nothing. Pure. */
import type { Told } from '../metrics.ts';
import type { Report, ReportEndpoint, ReportIncident } from '../../model/report.ts';
import { MAX_CHECK_SUBJECTS, type ReportCheck, type ReportEvidence } from '../../model/report-evidence.ts';

export interface Facts
  extends Pick<Report, 'period' | 'endpoints' | 'incidents' | 'drill' | 'ledger'>,
    Pick<ReportEvidence, 'population' | 'watch' | 'metrics' | 'exceptions' | 'changes' | 'sealed'> {
  readonly toldOf: (incidentId: string) => Told | undefined;
  /** When a notice of any incident of the endpoint was last accepted by a sink. */
  readonly lastReceiptOf: (endpointId: string) => string | undefined;
  /** Sequence number of the first ledger entry that does not follow the one before it. */
  readonly brokenAt?: number;
  /** From when on alarms are on record. */
  readonly alarmsSince?: string;
}

export type Check = (facts: Facts) => ReportCheck;

/** What was found, in the words of one sentence. `of` is what was looked at; where there is nothing, nothing was shown. */
export interface Finding {
  readonly against: readonly string[];
  readonly unknown: readonly string[];
  readonly says: {
    readonly against: (count: number) => string;
    readonly unknown: (count: number) => string;
    readonly good: string;
  };
}

export function judged(id: string, { against, unknown, says }: Finding): ReportCheck {
  const [bad, open] = [unique(against), unique(unknown)];
  if (bad.length > 0) return checkOf(id, 'not-satisfied', says.against(bad.length), bad);
  if (open.length > 0) return checkOf(id, 'not-determined', says.unknown(open.length), open);
  return checkOf(id, 'satisfied', says.good);
}

export function checkOf(
  id: string,
  state: ReportCheck['state'],
  text: string,
  subjects: readonly string[] = [],
): ReportCheck {
  return { id, state, text, subjects: subjects.slice(0, MAX_CHECK_SUBJECTS), count: subjects.length };
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)].toSorted();
}

/** Below this the evidence does not suffice, whatever it shows (evidence-and-alerts.md section 1.4). */
const LEAST_PERCENT = 99;

export function isWatched({ watch: { percent } }: Facts): boolean {
  return percent !== undefined && percent >= LEAST_PERCENT;
}

/** For every objective that rests on looks from outside. */
export function watched(id: string): Check {
  return (facts) => {
    const { percent } = facts.watch;
    if (percent === undefined)
      return checkOf(
        id,
        'not-determined',
        'Insufficient evidence: no endpoint existed in the period, as far as is known.',
      );
    const said = `${percent} % of the time that endpoints existed was watched`;
    return isWatched(facts)
      ? checkOf(id, 'satisfied', `${said}.`)
      : checkOf(id, 'not-determined', `Insufficient evidence: ${said}; ${LEAST_PERCENT} % are needed.`);
  };
}

/** Not those that somebody accepted: their posture is approved and in the exception register. */
export function unaccepted({ incidents }: Facts): readonly ReportIncident[] {
  return incidents.filter(({ status }) => status !== 'accepted');
}

export function endpointIds(endpoints: readonly ReportEndpoint[]): readonly string[] {
  return endpoints.map(({ endpoint }) => endpoint.id);
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
