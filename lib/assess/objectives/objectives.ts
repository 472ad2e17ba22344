/**
 * EXP-1 to EXP-11 (evidence-and-alerts.md section 1.5): what each demands, and its state by executable checks. An objective is
 * as good as the worst of its checks; what is not known is no pass. "Supports", never "compliant". Pure.
 */
import {
  OBJECTIVE_IDS,
  type ObjectiveId,
  type ObjectiveState,
  type ReportCheck,
  type ReportObjective,
} from '../../model/report-evidence.ts';
import { requirementsOf } from '../mapping/mapping.ts';
import type { Check, Facts } from './facts.ts';
import { POSTURE_CHECKS } from './posture.ts';
import { RUNNING_CHECKS } from './running.ts';

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

const CHECKS: readonly Check[] = [...POSTURE_CHECKS, ...RUNNING_CHECKS];
const WORST_FIRST: readonly ObjectiveState[] = ['not-satisfied', 'not-determined', 'satisfied'];

export function objectivesOf(facts: Facts): readonly ReportObjective[] {
  const results = Map.groupBy(
    CHECKS.map((check) => check(facts)),
    ({ id }) => id.split('/', 1)[0],
  );
  return OBJECTIVE_IDS.map((id) => {
    const checks = results.get(id) ?? [];
    return { id, title: OBJECTIVE_TITLES[id], state: worst(checks), checks, requirements: requirementsOf(id) };
  });
}

/** What nobody checked is not determined. */
function worst(checks: readonly ReportCheck[]): ObjectiveState {
  return WORST_FIRST.find((state) => checks.some((check) => check.state === state)) ?? 'not-determined';
}
