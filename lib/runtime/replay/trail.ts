/** CloudTrail's event of a scripted change, as EventBridge would hand it to the change queue; read by lib/events like any other. */
import { createHash } from 'node:crypto';
import type { ReplayEndpoint, ReplayEvent } from '../../model/replay.ts';

/** The service's own calls, where the script names none. `name` stands for the request's field that names the resource. */
const CALLS: Readonly<
  Record<string, Readonly<Record<ReplayEvent['does'], string>> & { source: string; name: string }>
> = {
  opensearch: {
    source: 'es.amazonaws.com',
    name: 'domainName',
    change: 'UpdateDomainConfig',
    create: 'CreateDomain',
    delete: 'DeleteDomain',
  },
  rds: {
    source: 'rds.amazonaws.com',
    name: 'dBInstanceIdentifier',
    change: 'ModifyDBInstance',
    create: 'CreateDBInstance',
    delete: 'DeleteDBInstance',
  },
};

/** `undefined` where neither the script nor the table knows which call it was. */
export function trailEvent(event: ReplayEvent, endpoint: ReplayEndpoint): object | undefined {
  const { at, does, trail = {} } = event;
  const known = CALLS[endpoint.service];
  const source = trail.source ?? known?.source;
  const call = trail.call ?? known?.[does];
  if (source === undefined || call === undefined) return undefined;
  const { account, region, id } = endpoint;
  const who = trail.by ?? 'employee';
  // CloudTrail's times are whole seconds.
  const time = `${at.slice(0, 19)}Z`;
  const eventID = createHash('sha256').update(`${at} ${id} ${call}`).digest('hex').slice(0, 32);
  return {
    ...{ version: '0', id: eventID, 'detail-type': 'AWS API Call via CloudTrail', resources: [] },
    ...{ source: source.replace(/^([a-z0-9-]+)\.amazonaws\.com$/, 'aws.$1'), account, time, region },
    detail: {
      ...{ eventVersion: '1.11', eventTime: time, eventSource: source, eventName: call, eventID, awsRegion: region },
      ...{ sourceIPAddress: '198.51.100.7', userAgent: 'aws-cli/2.17', readOnly: false, recipientAccountId: account },
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/${who}`, accountId: account, userName: who },
      requestParameters: trail.request ?? (known === undefined ? {} : { [known.name]: id }),
    },
  };
}
