/**
 * Whether what is done in a database is written down where its administrator cannot erase it (aws-services.md sections
 * 2.4 to 2.9): an activity stream, or an audit log that is both written and exported. Log contents are never read.
 */
import type { DBInstance } from '@aws-sdk/client-rds';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown, withPending } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';
import { type Applied, inForce } from './rds-parameters.ts';

/** What an engine has to write its audit records with, and which export carries them. */
export interface AuditTrail {
  /** Undefined: the records leave by another way than an export. */
  readonly log?: string;
  /** Undefined: not read. */
  readonly written: boolean | undefined;
  readonly evidence: string;
  /** Of the group that says so. */
  readonly applied?: Applied;
  /** The exported log holds something else of use while no audit is written. */
  readonly otherUse?: true;
}

export type AuditSource = Pick<
  DBInstance,
  'EnabledCloudwatchLogsExports' | 'ActivityStreamStatus' | 'PendingModifiedValues'
>;

export function auditOf(source: AuditSource, trail: AuditTrail | undefined): Protection {
  const stream = source.ActivityStreamStatus;
  if (stream === 'started') return declaredOn('ActivityStreamStatus=started');
  if (trail === undefined) return declaredUnknown('no rule for the audit log of this engine');
  const now = exportOf(source, trail, stream);
  return trail.applied === undefined ? now : inForce(now, trail.applied);
}

function exportOf(source: AuditSource, trail: AuditTrail, stream: string | undefined): Protection {
  if (trail.log === undefined) return byItself(trail);
  // RDS leaves the list out where nothing is exported.
  const exports = source.EnabledCloudwatchLogsExports ?? [];
  const exported = exports.includes(trail.log);
  const said = `${trail.evidence}, EnabledCloudwatchLogsExports=${exports.join(',')}, ActivityStreamStatus=${stream ?? 'absent'}`;
  const now = levelOf(trail, exported, said);
  return isChanging(source, trail.log) ? withPending(now, levelOf(trail, !exported, said).level) : now;
}

function byItself({ written, evidence }: AuditTrail): Protection {
  if (written === undefined) return declaredUnknown(evidence);
  return written ? declaredOn(evidence) : declaredOff(evidence);
}

function levelOf({ written, otherUse }: AuditTrail, exported: boolean, said: string): Protection {
  if (!exported) return written === true ? declaredPartial(`${said}: kept on the instance only`) : declaredOff(said);
  if (written === undefined) return declaredUnknown(said);
  if (written) return declaredOn(said);
  return otherUse === true
    ? declaredPartial(`${said}: no audit is written`)
    : declaredOff(`${said}: nothing is written`);
}

/** Its documentation has the two lists the wrong way round: what is named in either becomes what it is not now. */
function isChanging({ PendingModifiedValues: pending }: AuditSource, log: string): boolean {
  const { LogTypesToEnable: on, LogTypesToDisable: off } = pending?.PendingCloudwatchLogsExports ?? {};
  return [...(on ?? []), ...(off ?? [])].includes(log);
}
