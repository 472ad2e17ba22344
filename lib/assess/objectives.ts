/** EXP-1 to EXP-11 (evidence-and-alerts.md section 1.5): what each demands. "Supports", never "compliant". */
import {
  MAX_CHECK_SUBJECTS,
  OBJECTIVE_IDS,
  type ObjectiveId,
  type ReportCheck,
  type ReportObjective,
} from '../model/report-evidence.ts';

export const OBJECTIVE_TITLES: Readonly<Record<ObjectiveId, string>> = {
  'EXP-1': 'The inventory of data endpoints is complete',
  'EXP-2': 'No endpoint is exposed without being meant to',
  'EXP-3': 'Every reachable endpoint demands authentication',
  'EXP-4': 'Data is encrypted in transit',
  'EXP-5': 'Data is encrypted at rest',
  'EXP-6': 'Access and audit logs are on',
  'EXP-7': 'A change that matters is detected within minutes',
  'EXP-8': 'The watch runs, and its own failure is noticed',
  'EXP-9': 'Exceptions are approved, bounded and reviewed',
  'EXP-10': 'What is found is told, handled and closed',
  'EXP-11': 'Evidence is protected from alteration',
};

export function objectivesOf(): readonly ReportObjective[] {
  return OBJECTIVE_IDS.map((id) => ({
    ...{ id, title: OBJECTIVE_TITLES[id], state: 'not-determined', requirements: [] },
    checks: [check(`${id}/judged`, 'not-determined', 'This release does not judge it yet.', [])],
  }));
}

function check(id: string, state: ReportCheck['state'], text: string, subjects: readonly string[]): ReportCheck {
  return { id, state, text, subjects: subjects.toSorted().slice(0, MAX_CHECK_SUBJECTS), count: subjects.length };
}
