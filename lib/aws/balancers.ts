/**
 * Application and Network Load Balancers and where their listeners lead (aws-services.md section 2.24). What decides
 * whether a listener is a front at all is read against the whole cell: where it fails the list is in doubt, so that a
 * front we could not follow never counts as gone. Each question is asked once.
 */
import {
  type Action,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type Listener,
  type LoadBalancer,
  type TargetDescription,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { DependencyKey } from '../model/change.ts';
import { type Store, storeAt } from './balancer-targets.ts';
import { ABSENT, type Cell } from './cell.ts';
import { keysOf } from './dependencies.ts';
import { lazily, once } from './lazily.ts';
import { type Pages, pagesOf } from './pages.ts';

/** For whoever follows listeners. */
export const FOLLOW_ACTIONS = [
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
] as const;

const BALANCERS = 'elasticloadbalancing:DescribeLoadBalancers';
const ATTRIBUTES = 'elasticloadbalancing:DescribeTargetGroupAttributes';
export const BALANCER_ACTIONS = [BALANCERS, ...FOLLOW_ACTIONS, ATTRIBUTES] as const;

/** The most that ELB returns per page. */
const PAGE = 400;

/** Where a listener leads. */
export interface Leads {
  readonly stores: readonly Store[];
  /** Whether nobody is passed on before the balancer has asked who he is. */
  readonly gated: boolean;
  /** False where something it may lead to was not read. */
  readonly whole: boolean;
  /** Of the target groups it leads to, and of a balancer between. */
  readonly keys: readonly DependencyKey[];
}

/** Of `loadbalancer/net/NAME/id`, and of `loadbalancer/NAME` as classic ones have it. */
export function balancerKeys(arn: string): readonly DependencyKey[] {
  const [, kind, name] = arn.slice(arn.indexOf(':loadbalancer/') + 1).split('/');
  return arn.includes(':loadbalancer/') ? keysOf('elasticloadbalancing:loadbalancer', name ?? kind) : [];
}

export interface Balancers {
  listeners(balancer: string): Promise<Pages<Listener>>;
  leads(listener: Listener): Promise<Leads>;
  /** Whether a target sees the callers' own addresses; undefined where AWS did not say. Fails the group's name alone. */
  keepsCallers(group: TargetGroup): Promise<boolean | undefined>;
}

export async function readBalancers(cell: Cell): Promise<readonly LoadBalancer[]> {
  const client = cell.client(ElasticLoadBalancingV2Client);
  return cell.list(
    BALANCERS,
    (Marker) => client.send(new DescribeLoadBalancersCommand({ PageSize: PAGE, Marker })),
    (page) => page.LoadBalancers,
    (page) => page.NextMarker,
  );
}

/** `absent` on the word of the API. */
export async function balancerByName(cell: Cell, name: string): Promise<LoadBalancer | typeof ABSENT | undefined> {
  const client = cell.client(ElasticLoadBalancingV2Client);
  const answer = await cell.askMaybe(
    BALANCERS,
    () => client.send(new DescribeLoadBalancersCommand({ Names: [name] })),
    ['LoadBalancerNotFoundException'],
    name,
  );
  return answer === ABSENT ? ABSENT : answer?.LoadBalancers?.[0];
}

interface Questions {
  readonly listeners: (balancer: string) => Promise<Pages<Listener>>;
  /** What a listener may do with a request: one list of actions per rule. */
  readonly actions: (listener: Listener) => Promise<Pages<readonly Action[]>>;
  readonly groups: () => Promise<Pages<TargetGroup>>;
  readonly targets: (group: string) => Promise<Pages<TargetDescription>>;
  readonly keepsCallers: (group: TargetGroup) => Promise<boolean | undefined>;
}

function questionsTo(cell: Cell): Questions {
  const client = cell.client(ElasticLoadBalancingV2Client);
  return {
    listeners: once((LoadBalancerArn) =>
      pagesOf(cell, undefined, {
        action: 'elasticloadbalancing:DescribeListeners',
        call: (Marker) => client.send(new DescribeListenersCommand({ LoadBalancerArn, PageSize: PAGE, Marker })),
        items: (page) => page.Listeners,
        next: (page) => page.NextMarker,
      }),
    ),
    async actions({ ListenerArn, Protocol: protocol, DefaultActions: byDefault = [] }) {
      // Only HTTP listeners have rules.
      if (protocol !== 'HTTP' && protocol !== 'HTTPS') return { items: [byDefault], whole: true };
      const rules = await pagesOf(cell, undefined, {
        action: 'elasticloadbalancing:DescribeRules',
        call: (Marker) => client.send(new DescribeRulesCommand({ ListenerArn, PageSize: PAGE, Marker })),
        items: (page) => page.Rules,
        next: (page) => page.NextMarker,
      });
      return { items: [byDefault, ...rules.items.map(({ Actions }) => Actions ?? [])], whole: rules.whole };
    },
    groups: lazily(() =>
      pagesOf(cell, undefined, {
        action: 'elasticloadbalancing:DescribeTargetGroups',
        call: (Marker) => client.send(new DescribeTargetGroupsCommand({ PageSize: PAGE, Marker })),
        items: (page) => page.TargetGroups,
        next: (page) => page.NextMarker,
      }),
    ),
    targets: once(async (TargetGroupArn) => {
      const answer = await cell.ask('elasticloadbalancing:DescribeTargetHealth', () =>
        client.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
      );
      const items = (answer?.TargetHealthDescriptions ?? []).flatMap(({ Target }) => Target ?? []);
      return { items, whole: answer !== undefined };
    }),
    keepsCallers: once(async ({ TargetGroupArn, TargetGroupName: name }) => {
      const call = () => client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
      const answer = await cell.ask(ATTRIBUTES, call, name ?? TargetGroupArn);
      const value = answer?.Attributes?.find(({ Key }) => Key === 'preserve_client_ip.enabled')?.Value;
      return value === undefined ? undefined : value === 'true';
    }),
  };
}

export function openBalancers(cell: Cell): Balancers {
  const ask = questionsTo(cell);
  const blind = lazily(async () => {
    cell.gap('incomplete', 'interfaces of the network not read whole: who holds the address of a target is not known');
  });

  /** `through`: already behind another balancer. AWS allows no third. */
  async function leads(listener: Listener, through: boolean): Promise<Leads> {
    const actions = await ask.actions(listener);
    const forwarding = actions.items.filter((list) => list.some((action) => forwardedTo(action).length > 0));
    const wanted = new Set(forwarding.flat().flatMap(forwardedTo));
    const gated = forwarding.length > 0 && forwarding.every((list) => list.some(asksWho));
    if (wanted.size === 0) return { stores: [], gated, whole: actions.whole, keys: [] };
    const known = await ask.groups();
    const groups = known.items.filter(({ TargetGroupArn: arn }) => arn !== undefined && wanted.has(arn));
    const lost = [...wanted].filter((arn) => !groups.some(({ TargetGroupArn }) => TargetGroupArn === arn));
    // Where the list itself is in doubt, that is said already.
    if (known.whole) for (const arn of lost) cell.gap('incomplete', `target group ${arn} is used, but not described`);
    const led = await Promise.all(groups.map((group) => leadsOfGroup(group, listener, through)));
    return {
      stores: led.flatMap(({ stores }) => stores),
      gated,
      whole: actions.whole && lost.length === 0 && led.every(({ whole }) => whole),
      keys: led.flatMap(({ keys }) => keys),
    };
  }

  async function leadsOfGroup(group: TargetGroup, listener: Listener, through: boolean): Promise<Led> {
    const { TargetGroupArn: arn = '', TargetType: type } = group;
    const keys = keysOf('elasticloadbalancing:targetgroup', group.TargetGroupName);
    if (type === 'lambda') return { stores: [], whole: true, keys };
    const targets = await ask.targets(arn);
    if (type === 'alb' && !through) {
      const led = await Promise.all(targets.items.map(({ Id, Port }) => leadsOfPort(Id ?? '', Port ?? group.Port)));
      return {
        stores: led.flatMap(({ stores }) => stores),
        whole: targets.whole && led.every(({ whole }) => whole),
        keys: [...keys, ...led.flatMap((each) => each.keys)],
      };
    }
    const network = await cell.network();
    const sighted = type !== 'ip' || !network.missing.has('interfaces');
    if (!sighted) await blind();
    return {
      stores: targets.items.flatMap((target) => storeAt(network, group, target, listener.Port)),
      whole: targets.whole && sighted,
      keys,
    };
  }

  async function leadsOfPort(balancer: string, port: number | undefined): Promise<Led> {
    const { items, whole } = await ask.listeners(balancer);
    const led = await Promise.all(items.filter((l) => l.Port === port).map((l) => leads(l, true)));
    return {
      stores: led.flatMap(({ stores }) => stores),
      whole: whole && led.every((l) => l.whole),
      keys: [...balancerKeys(balancer), ...led.flatMap(({ keys }) => keys)],
    };
  }

  return { listeners: ask.listeners, leads: (listener) => leads(listener, false), keepsCallers: ask.keepsCallers };
}

type Led = Omit<Leads, 'gated'>;

function forwardedTo({ TargetGroupArn: arn, ForwardConfig: config }: Action): readonly string[] {
  const arns = [arn, ...(config?.TargetGroups ?? []).map((group) => group.TargetGroupArn)];
  return arns.flatMap((a) => a ?? []);
}

/** Signing in, a token, or nothing. `allow` lets those by who did not sign in. */
function asksWho({ Type: type, AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito }: Action): boolean {
  if (type === 'jwt-validation') return true;
  if (type !== 'authenticate-oidc' && type !== 'authenticate-cognito') return false;
  return (oidc ?? cognito)?.OnUnauthenticatedRequest !== 'allow';
}
