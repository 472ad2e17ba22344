/**
 * A change somebody made through the AWS API, as CloudTrail told of it: what was touched, and who did it
 * (aws-services.md sections 5.4 to 5.6). It triggers a look and explains a removal; it is never a state by itself.
 */
import type { Endpoint } from './endpoint.ts';
import { cellKey } from './inventory.ts';

/** What a row of the event table means. `guardrail`: somebody touched what ajar itself rests on. */
export const CHANGE_KINDS = ['change', 'create', 'share', 'net', 'front', 'auth', 'apply', 'guardrail'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface Change {
  /** CloudTrail's eventID: the same one is the same change, however often it is delivered. */
  readonly id: string;
  readonly at: string;
  /** The account and region whose resources were touched. */
  readonly account: string;
  readonly region: string;
  /** `es.amazonaws.com` */
  readonly source: string;
  /** `UpdateDomainConfig` */
  readonly name: string;
  readonly kind: ChangeKind;
  /** Of a call that was refused: kept only where the attempt itself matters, at guard rails. */
  readonly errorCode?: string;
  /**
   * What it touched; empty where the whole cell of each service has to be read again. Of kind `create` it is new: no
   * endpoint can depend on it yet, so the cells are read whole as well.
   */
  readonly touched: readonly DependencyKey[];
  /** Collectors that read what it touched, at least one. */
  readonly services: readonly string[];
  /** What a guard rail's change names (a rule, a role, a trail), for whoever knows which of them are ajar's own. */
  readonly names?: readonly string[];
  readonly actor: Actor;
}

/** Who made a change. Each string printable and bounded; absent where the event does not say, never guessed. */
export interface Actor {
  /** ARN of the role, user or account, or the service's name. */
  readonly who: string;
  /** `userIdentity.type` */
  readonly type: string;
  /** The person behind a role session, where the event names one. */
  readonly human?: string;
  /** Address or service it came from. */
  readonly from?: string;
  readonly channel: Channel;
  /** A service that acted for somebody: `cloudformation.amazonaws.com`. */
  readonly by?: string;
  readonly mfa?: boolean;
}
export const CHANNELS = [
  'console',
  'cli',
  'terraform',
  'pulumi',
  'cloudformation',
  'sdk',
  'service',
  'unknown',
] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * Something whose change may alter an endpoint: `es:domain/NAME`, `rds:pg/NAME`, `ec2:sg-0abc`. As in an ARN, service, type
 * and name; ids of EC2 are unique and carry their type. Lower-case service and type, the name as AWS writes it.
 */
export type DependencyKey = string;

/** No key is longer; what does not fit names nothing. */
export const MAX_DEPENDENCY_KEY = 512;

/** Unique wherever they are used: a shared prefix list or subnet is changed in one account and felt in another. */
const UNIQUE = /^ec2:[a-z]+-[0-9a-f]{8,}$/;

/** Under which keys a change is filed: of what it touched; of its cells where it touched them whole. */
export function keysOfChange({ account, region, touched, services }: Change): readonly string[] {
  const keys =
    touched.length > 0
      ? touched.map((key) => scopedKey(key, account, region))
      : services.map((service) => cellKey({ account, region }, service));
  return [...new Set(keys)];
}

/** Under which keys an endpoint is found: all that it depends on. Where nobody knows its account or region, none. */
export function keysOfEndpoint({ account, region, dependencies = [] }: Endpoint): readonly string[] {
  if (account === undefined || region === undefined) return [];
  return [...new Set(dependencies.map((key) => scopedKey(key, account, region)))];
}

/** Where a key is looked up: `account/region/key`, and `key` alone where its id is unique over all accounts. */
export function scopedKey(key: DependencyKey, account: string, region: string): string {
  return UNIQUE.test(key) ? key : `${account}/${region}/${key}`;
}

/**
 * `arn:aws:rds:us-east-1:111122223333:pg:NAME` as `rds:pg/NAME`, without what an ARN says beyond the name (a balancer's
 * kind and id, a table's index, a log group's `:*`); a listener's is its balancer's. `undefined` where it is no ARN.
 */
export function keyOfArn(arn: string): DependencyKey | undefined {
  if (arn.length > MAX_DEPENDENCY_KEY) return undefined;
  const [start, , service, , , ...rest] = arn.split(':');
  if (start !== 'arn' || service === undefined || rest.length === 0) return undefined;
  const resource = rest.join(':').replace(/^\//, '');
  const cut = resource.search(/[:/]/);
  if (cut < 0) return `${service}:${resource}`;
  const name = resource.slice(cut + 1);
  if (service === 'ec2') return `ec2:${name}`;
  const type = `${service}:${resource.slice(0, cut).toLowerCase()}`;
  const { as = type, of } = ARN_NAMES[type] ?? {};
  return `${as}/${of === undefined ? name : of(name)}`;
}

const first = (name: string): string => name.split('/', 1)[0] ?? name;
const last = (name: string): string => name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1);
/** `app/NAME/ID`, and `NAME` of a classic one. */
const balancer = (name: string): string => name.split('/', 2)[1] ?? name;

/** ARNs that say more than a name, or name something of another type. */
const ARN_NAMES: Readonly<Record<string, { readonly as?: string; readonly of?: (name: string) => string }>> = {
  'elasticloadbalancing:loadbalancer': { of: balancer },
  'elasticloadbalancing:listener': { as: 'elasticloadbalancing:loadbalancer', of: balancer },
  'elasticloadbalancing:listener-rule': { as: 'elasticloadbalancing:loadbalancer', of: balancer },
  'elasticloadbalancing:targetgroup': { of: first },
  'kafka:cluster': { of: first },
  'kafka:configuration': { of: first },
  'dynamodb:table': { of: first },
  'globalaccelerator:accelerator': { of: first },
  'logs:log-group': { of: (name) => name.split(':', 1)[0] ?? name },
  'redshift:snapshot': { of: last },
  'mq:broker': { of: last },
  'mq:configuration': { of: last },
  'apigateway:restapis': { as: 'apigateway:restapi', of: first },
  'apigateway:apis': { as: 'apigateway:api', of: first },
};

/**
 * Why a protection was lost, as far as events tell: newest first. Two where a reboot made an older change effective.
 * None: every place where an event would be was searched, and no API event explains it.
 */
export interface Attribution {
  readonly changes: readonly Pick<Change, 'id' | 'at' | 'source' | 'name' | 'actor'>[];
}
export const MAX_ATTRIBUTED = 4;
