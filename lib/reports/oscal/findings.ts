/**
 * Objectives as findings. OSCAL has two states and no third: what could not be determined is `not-satisfied` with the reason
 * `other` and says so in its remarks, since silence is no pass.
 */
import type { Report } from '../../model/report.ts';
import type { ObjectiveState, ReportObjective } from '../../model/report-evidence.ts';
import { supports } from './controls.ts';
import { checkOf, line, objectiveToken, ORIGINS, prose, riskOf, uuidOf } from './names.ts';

const REASONS = { satisfied: 'pass', 'not-satisfied': 'fail', 'not-determined': 'other' } as const;
const REMARKS: Readonly<Partial<Record<ObjectiveState, string>>> = {
  'not-determined':
    'Not determined: the evidence does not suffice to say either. It is not known to fail, and it is no pass.',
};

export function findings(report: Report): readonly object[] {
  const known = new Set(report.incidents.map(({ id }) => id));
  return report.evidence.objectives.map((objective) => finding(report.id, objective, known));
}

function finding(reportId: string, objective: ReportObjective, known: ReadonlySet<string>): object {
  const { id, title, state, checks } = objective;
  const incidents = [...new Set(checks.flatMap(({ subjects }) => subjects))].filter((subject) => known.has(subject));
  const remarks = REMARKS[state];
  return {
    uuid: uuidOf('finding', reportId, id),
    title: line(`${id}: ${state}`),
    description: prose(`${title}. ${checks.map(({ text }) => text).join(' ')}`),
    props: supports(objective),
    origins: ORIGINS,
    target: {
      type: 'objective-id',
      'target-id': objectiveToken(id),
      title: prose(title),
      status: {
        state: state === 'satisfied' ? 'satisfied' : 'not-satisfied',
        reason: REASONS[state],
        ...(remarks === undefined ? {} : { remarks }),
      },
    },
    ...(checks.length === 0
      ? {}
      : { 'related-observations': checks.map((check) => ({ 'observation-uuid': checkOf(reportId, id, check.id) })) }),
    ...(incidents.length === 0
      ? {}
      : { 'related-risks': incidents.map((incident) => ({ 'risk-uuid': riskOf(incident) })) }),
  };
}
