/** Who made a change, as far as its record says (aws-services.md section 5.5). Nothing is guessed. */
import type { Actor, Channel } from '../model/change.ts';
import { printable } from '../model/text.ts';
import type { TrailRecord } from './record.ts';

/** An ARN of a role with the longest path and name. */
const MAX_WHO = 600;
const MAX_TYPE = 40;
const MAX_HUMAN = 128;
const MAX_FROM = 128;

const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;
const INTERNAL = 'AWS Internal';

type Caller = Pick<TrailRecord, 'userIdentity' | 'sourceIPAddress' | 'userAgent' | 'sessionCredentialFromConsole'>;
type Identity = NonNullable<TrailRecord['userIdentity']>;

export function actorOf(record: Caller): Actor {
  const identity: Identity = record.userIdentity ?? {};
  const by = serviceOf(record);
  const human = humanOf(identity);
  const mfa = identity.sessionContext?.attributes?.mfaAuthenticated;
  return {
    who: shown(whoOf(identity, by), MAX_WHO) ?? 'not named',
    type: shown(identity.type, MAX_TYPE) ?? 'Unknown',
    ...present('human', shown(human, MAX_HUMAN)),
    ...present('from', shown(record.sourceIPAddress, MAX_FROM)),
    channel: channelOf(record, by),
    ...present('by', shown(by, MAX_FROM)),
    ...present('mfa', mfa),
  };
}

function whoOf(identity: Identity, by: string | undefined): string | undefined {
  const { type, arn, sessionContext, onBehalfOf, userName, principalId, accountId } = identity;
  if (type === 'AssumedRole') return sessionContext?.sessionIssuer?.arn ?? arn ?? principalId;
  if (type === 'AWSService') return by ?? arn ?? principalId;
  return arn ?? onBehalfOf?.identityStoreArn ?? userName ?? principalId ?? accountId ?? by;
}

/** The identity that survives role chaining, then the session that Identity Center named after its user. */
function humanOf({ arn, principalId, sessionContext, onBehalfOf }: Identity): string | undefined {
  const { sourceIdentity, sessionIssuer } = sessionContext ?? {};
  // The path is AWS's own; a role of that name anybody may make.
  const isSingleSignOn = SINGLE_SIGN_ON.test(sessionIssuer?.arn ?? '');
  const session = isSingleSignOn ? (lastOf(principalId, ':') ?? lastOf(arn, '/')) : undefined;
  return sourceIdentity ?? session ?? onBehalfOf?.userId;
}

const SINGLE_SIGN_ON =
  /^arn:aws[a-z-]*:iam::\d{12}:role\/aws-reserved\/sso\.amazonaws\.com\/([a-z0-9-]+\/)?AWSReservedSSO_/;

/** The service that acted, for itself or for somebody. */
function serviceOf({ userIdentity, sourceIPAddress }: Caller): string | undefined {
  const { invokedBy } = userIdentity ?? {};
  if (invokedBy !== undefined && invokedBy !== '') return invokedBy;
  const isService = sourceIPAddress === INTERNAL || (sourceIPAddress !== undefined && SERVICE.test(sourceIPAddress));
  return isService ? sourceIPAddress : undefined;
}

/** By the first sign that is there. Tools first: what they drive would say `sdk` or `cli`. */
const AGENTS: readonly (readonly [sign: string, channel: Channel])[] = [
  ['cloudformation.amazonaws.com', 'cloudformation'],
  ['Pulumi', 'pulumi'],
  ['Terraform/', 'terraform'],
  ['console.amazonaws.com', 'console'],
  ['aws-cli', 'cli'],
  ['Boto3', 'sdk'],
  ['Botocore', 'sdk'],
  ['aws-sdk', 'sdk'],
  ['APN/', 'sdk'],
];

function channelOf({ userAgent = '', sessionCredentialFromConsole, userIdentity }: Caller, by?: string): Channel {
  if (by === 'cloudformation.amazonaws.com') return 'cloudformation';
  if (sessionCredentialFromConsole === true) return 'console';
  const agent = AGENTS.find(([sign]) => userAgent.includes(sign));
  if (agent !== undefined) return agent[1];
  return by !== undefined || userIdentity?.type === 'AWSService' ? 'service' : 'unknown';
}

function shown(value: string | undefined, limit: number): string | undefined {
  const line = value === undefined ? '' : printable(value, limit);
  return line === '' ? undefined : line;
}

function lastOf(value: string | undefined, separator: string): string | undefined {
  const at = value?.lastIndexOf(separator) ?? -1;
  return value === undefined || at < 0 || at === value.length - 1 ? undefined : value.slice(at + 1);
}

function present<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });
}
