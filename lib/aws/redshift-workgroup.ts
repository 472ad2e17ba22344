/** What a Redshift Serverless workgroup and its namespace promise (aws-services.md section 2.10). */
import type { Namespace, Snapshot, Workgroup } from '@aws-sdk/client-redshift-serverless';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';
import type { Pages } from './pages.ts';
import { switchOf } from './rds-parameters.ts';
import { type Shares, withComing } from './redshift-sharing.ts';

const LOGS = ['connectionlog', 'useractivitylog', 'userlog'];

/** Without require_ssl TLS is accepted, and so is plain text. */
export function tlsOf({ configParameters: parameters }: Workgroup): Protection {
  const value = parameters?.find(({ parameterKey }) => parameterKey === 'require_ssl')?.parameterValue;
  const said = `require_ssl=${value ?? 'absent'}`;
  const required = switchOf(value);
  if (required === undefined) return declaredUnknown(said);
  return required ? declaredOn(said) : declaredPartial(said);
}

export function logsOf(namespace: Namespace | undefined): Protection {
  if (namespace?.logExports === undefined) return declaredUnknown('logExports not read');
  const exported: readonly string[] = namespace.logExports;
  const said = `logExports=${exported.join(',') || 'none'}`;
  if (LOGS.every((log) => exported.includes(log))) return declaredOn(said);
  return exported.length === 0 ? declaredOff(said) : declaredPartial(said);
}

/** Other accounts that may set up endpoints, restore what a snapshot of the namespace holds, or read its data shares. */
export function sharingOf(
  { namespaceName, crossAccountVpcs: vpcs }: Workgroup,
  snapshots: Pages<Snapshot>,
  dataShares: Shares,
): Protection {
  const restored = snapshots.items
    .filter((snapshot) => snapshot.namespaceName === namespaceName)
    .flatMap(
      ({ snapshotName, accountsWithRestoreAccess: some = [], accountsWithProvisionedRestoreAccess: more = [] }) =>
        some.length + more.length === 0
          ? []
          : [`snapshot ${snapshotName ?? 'unnamed'}: ${[...some, ...more].join(' ')}`],
    );
  const found = [
    ...(vpcs === undefined || vpcs.length === 0 ? [] : [`crossAccountVpcs=${vpcs.join(' ')}`]),
    ...restored,
    ...dataShares.found,
  ];
  if (found.length > 0) return declaredPartial(found.join('; '));
  const unread = [
    ...(vpcs === undefined ? ['crossAccountVpcs'] : []),
    ...(snapshots.whole ? [] : ['snapshots']),
    ...dataShares.unread,
  ];
  if (unread.length > 0) return declaredUnknown(`not read: ${unread.join(', ')}`);
  return withComing(
    declaredOn('crossAccountVpcs=none, no snapshot or data share for another account'),
    dataShares.coming,
  );
}
