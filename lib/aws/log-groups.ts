/** Keys of CloudWatch log groups (model/change.ts). Services write a group as its name, or as its ARN with `:*` behind. */
import type { DependencyKey } from '../model/change.ts';
import { keysOf } from './dependencies.ts';

/** Who deletes one of these groups stops what is written there (aws-services.md section 2.1). */
export function logKeys(...groups: readonly (string | undefined)[]): readonly DependencyKey[] {
  return keysOf('logs:log-group', ...groups.map(nameOf));
}

function nameOf(group: string | undefined): string | undefined {
  if (group?.startsWith('arn:') !== true) return group;
  return group.split(':log-group:', 2)[1]?.replace(/:\*$/, '');
}
