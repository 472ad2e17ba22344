/**
 * Objectives and gaps as Compliance Findings (2003). An objective is one event for each framework that it supports, with that
 * framework's requirements, so that a SIEM filters by standard; without a mapping it is one event of its own. What was not
 * determined is Unknown (0), never Pass, and so is every coverage gap: what was not seen has to be heard of where Pass is heard.
 */
import type { Report } from '../../model/report.ts';
import type { FrameworkId, ObjectiveState, ReportObjective } from '../../model/report-evidence.ts';
import type { Severity } from '../../model/verdict.ts';
import { GAP_WORDS } from '../wording.ts';
import { COMPLIANCE_FINDING, eventOf, type Happening, type Status, text } from './event.ts';

const STATES: Readonly<Record<ObjectiveState, { id: number; name: string; severity: Severity; status: Status }>> = {
  satisfied: { id: 1, name: 'Pass', severity: 'info', status: 'Resolved' },
  'not-satisfied': { id: 3, name: 'Fail', severity: 'high', status: 'New' },
  'not-determined': { id: 0, name: 'Unknown', severity: 'medium', status: 'New' },
};

export function* objectiveEvents(report: Report): Generator<object> {
  const standards = new Map(
    report.evidence.mapping.frameworks.map((each) => [each.id, `${each.title} ${each.version}`]),
  );
  for (const objective of report.evidence.objectives) {
    const frameworks = [...new Set(objective.requirements.map(({ framework }) => framework))];
    if (frameworks.length === 0) yield judged(report, objective, {});
    for (const framework of frameworks)
      yield judged(report, objective, standardOf(objective, framework, standards), framework);
  }
}

function standardOf(
  { requirements }: ReportObjective,
  framework: FrameworkId,
  standards: ReadonlyMap<FrameworkId, string>,
): object {
  const own = requirements.filter((each) => each.framework === framework);
  return {
    standards: [text(standards.get(framework) ?? framework)],
    requirements: own.map(({ id }) => text(id)),
    ...(own.every(({ verified }) => verified)
      ? {}
      : { status_details: ['Not every id was checked against a list of the publisher.'] }),
  };
}

function judged(report: Report, objective: ReportObjective, standard: object, framework?: FrameworkId): object {
  const { id, title, state, checks } = objective;
  const { id: statusId, name, severity, status } = STATES[state];
  const happening: Happening = {
    ...{ class: COMPLIANCE_FINDING, activity: 'Create', status, severity },
    ...{ at: report.period.to, created: report.period.to, first: report.period.from, last: report.period.to },
    finding: `objective/${report.id}/${id}${framework === undefined ? '' : `/${framework}`}`,
    title: `${id} ${state}: ${title}`,
    desc: checks.length === 0 ? 'There is no check of it.' : checks.map((check) => check.text).join(' '),
  };
  return eventOf(report, happening, [], {
    compliance: {
      ...{ control: id, desc: text(title), status_id: statusId, status: name, ...standard },
      checks: checks.map((check) => ({
        ...{ uid: text(check.id), name: text(check.id), desc: text(check.text) },
        ...{ status_id: STATES[check.state].id, status: STATES[check.state].name },
      })),
    },
  });
}

export function* gapEvents(report: Report): Generator<object> {
  for (const { stage, subject, code, detail, since } of report.gaps) {
    const happening: Happening = {
      ...{ class: COMPLIANCE_FINDING, activity: 'Create', status: 'New', severity: 'medium' },
      ...{ at: report.period.to, created: since ?? report.period.to, last: report.period.to },
      ...(since === undefined ? {} : { first: since }),
      finding: `gap/${stage}/${code}/${subject}`,
      title: `Coverage gap ${code}: ${subject}`,
      desc: detail,
    };
    yield eventOf(report, happening, [], {
      compliance: {
        ...{ control: 'coverage', status_id: 0, status: 'Unknown', status_details: [text(detail)] },
        desc: GAP_WORDS[code].cause,
      },
      remediation: { desc: GAP_WORDS[code].cure },
      resources: [{ uid: text(subject) }],
    });
  }
}
