/** The mapping as reports carry it: which requirement each objective supports, and whether its id was checked. Pure. */
import {
  FRAMEWORK_IDS,
  type FrameworkId,
  type ObjectiveId,
  type ReportMapping,
  type ReportRequirement,
} from '../../model/report-evidence.ts';
import { FRAMEWORK_LISTS } from './framework-lists.ts';
import { FRAMEWORKS, MAPPING_VERSION } from './frameworks.ts';
import { OBJECTIVE_MAP } from './objective-map.ts';

export function idsIn(list: string): readonly string[] {
  return list.split(/\s+/).filter((id) => id !== '');
}

const CHECKED: ReadonlyMap<FrameworkId, ReadonlySet<string>> = new Map(
  FRAMEWORK_IDS.map((id) => [id, new Set(idsIn(FRAMEWORK_LISTS[id].checked))]),
);

/** By framework, then as the map has them. */
export function requirementsOf(objective: ObjectiveId): readonly ReportRequirement[] {
  return FRAMEWORK_IDS.flatMap((framework) =>
    idsIn(OBJECTIVE_MAP[objective][framework] ?? '').map((id) => ({
      ...{ framework, id },
      verified: CHECKED.get(framework)?.has(id) === true,
    })),
  );
}

/** A framework is verified where every id that is mapped of it was checked. */
export const MAPPING: ReportMapping = {
  ...MAPPING_VERSION,
  frameworks: FRAMEWORKS.map((framework) => ({
    ...framework,
    verified: Object.values(OBJECTIVE_MAP)
      .flatMap((by) => idsIn(by[framework.id] ?? ''))
      .every((id) => CHECKED.get(framework.id)?.has(id) === true),
  })),
};
