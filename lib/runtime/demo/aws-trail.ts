/** CloudTrail's event of one UpdateDomainConfig, as EventBridge puts it on the change queue: moto writes none. */
import { randomUUID } from 'node:crypto';

export interface Deed {
  readonly account: string;
  readonly region: string;
  readonly at: Date;
  readonly domain: string;
  readonly accessPolicies: string;
  /** Who did it, signed in through the organisation's identity provider. */
  readonly human: string;
}

const PERMISSION_SET = 'AWSReservedSSO_DataPlatform_0123456789abcdef';

export function trailEvent({ account, region, at, domain, accessPolicies, human }: Deed): {
  readonly id: string;
  readonly envelope: object;
} {
  const id = randomUUID();
  // CloudTrail's times are whole seconds.
  const time = `${at.toISOString().slice(0, 19)}Z`;
  const detail = {
    eventVersion: '1.11',
    userIdentity: identityOf(account, human, time),
    eventTime: time,
    eventSource: 'es.amazonaws.com',
    eventName: 'UpdateDomainConfig',
    awsRegion: region,
    sourceIPAddress: '198.51.100.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    requestParameters: { domainName: domain, accessPolicies },
    responseElements: { domainConfig: { accessPolicies: { status: { state: 'Processing' } } } },
    requestID: randomUUID(),
    eventID: id,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    sessionCredentialFromConsole: 'true',
  };
  return {
    id,
    envelope: {
      version: '0',
      id: randomUUID(),
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.es',
      ...{ account, time, region, resources: [], detail },
    },
  };
}

function identityOf(accountId: string, human: string, creationDate: string): object {
  const principalId = 'AROAEXAMPLESSO';
  const issuer = `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/${PERMISSION_SET}`;
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:${human}`,
    arn: `arn:aws:sts::${accountId}:assumed-role/${PERMISSION_SET}/${human}`,
    accountId,
    accessKeyId: 'ASIAEXAMPLEKEYID',
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId, arn: issuer, accountId, userName: PERMISSION_SET },
      attributes: { creationDate, mfaAuthenticated: 'true' },
    },
  };
}
