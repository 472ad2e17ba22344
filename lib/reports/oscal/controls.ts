/**
 * Objectives and controls. A finding is about ajar's own objectives (`exp-2_obj`), which the assessment plan defines: what they
 * support of NIST 800-53 or another framework is a property beside them. A finding on `sc-7_obj` would say that SC-7 is
 * satisfied, and no monitor of endpoints can know that (evidence-and-alerts.md section 1.5: "supports", never "compliant").
 */
import type { Report } from '../../model/report.ts';
import type { ReportObjective } from '../../model/report-evidence.ts';
import { line, NS, objectiveToken, prose } from './names.ts';

/** `AC-3(7)` is `ac-3.7` in the OSCAL catalogue of NIST. */
function controlId(id: string): string {
  return id
    .toLowerCase()
    .replace(/\((\d+)\)/g, '.$1')
    .replace(/[^\p{L}\p{N}._-]/gu, '');
}

function controlsOf({ requirements }: ReportObjective): readonly string[] {
  const ids = requirements.filter(({ framework }) => framework === 'nist-800-53').map(({ id }) => controlId(id));
  return ids.filter((id) => /^[\p{L}_]/u.test(id));
}

export function reviewedControls({ evidence: { objectives } }: Report): object {
  const controls = [...new Set(objectives.flatMap(controlsOf))].sort();
  const included = objectives.map(({ id }) => ({ 'objective-id': objectiveToken(id) }));
  const all = { 'include-all': {} };
  return {
    description: 'Controls of NIST SP 800-53 that the objectives support, and the objectives that were judged.',
    'control-selections': [
      controls.length === 0 ? all : { 'include-controls': controls.map((id) => ({ 'control-id': id })) },
    ],
    'control-objective-selections': [included.length === 0 ? all : { 'include-objectives': included }],
  };
}

/** Where no control of 800-53 is mapped, the objective stands for itself. */
export function localObjective(objective: ReportObjective): object {
  return {
    'control-id': controlsOf(objective)[0] ?? objective.id.toLowerCase(),
    description: prose(objective.title),
    props: supports(objective),
    parts: [
      { id: objectiveToken(objective.id), name: 'objective', title: objective.id, prose: prose(objective.title) },
    ],
  };
}

export function supports({ requirements }: ReportObjective): readonly object[] | undefined {
  if (requirements.length === 0) return undefined;
  return requirements.map(({ framework, id, verified }) => ({
    ...{ name: 'supports', ns: NS, value: line(id), class: framework },
    ...(verified ? {} : { remarks: 'The id was not checked against a list of the publisher.' }),
  }));
}
