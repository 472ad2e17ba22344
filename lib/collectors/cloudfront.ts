/**
 * CloudFront distributions in front of search and database hosts, balancers, instances and origins inside a VPC
 * (aws-services.md section 2.27). Call: ListDistributions; GetDistribution to confirm a deletion.
 * A distribution has no security group: it is open to the world. Its engine is that of the origin where everything
 * leads there, and `http` where only some paths do, because a visit asks for the root. Web ACLs, geographic
 * restrictions and functions are not evaluated.
 */
import {
  type CacheBehavior,
  CloudFrontClient,
  type DefaultCacheBehavior,
  type DistributionConfig,
  type DistributionSummary,
  GetDistributionCommand,
  ListDistributionsCommand,
  type Origin,
} from '@aws-sdk/client-cloudfront';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf } from '../aws/dependencies.ts';
import { type Door, doorOf, hasDoor } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { inFrontOf } from '../aws/front.ts';
import { kindOfHost } from '../aws/stores.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Endpoint, Engine } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';

const LIST = 'cloudfront:ListDistributions';
const GET = 'cloudfront:GetDistribution';
/** The most that CloudFront returns per page. */
const PAGE = 100;

type Distribution = Pick<
  DistributionConfig | DistributionSummary,
  | 'Enabled'
  | 'Origins'
  | 'OriginGroups'
  | 'DefaultCacheBehavior'
  | 'CacheBehaviors'
  | 'ViewerCertificate'
  | 'ViewerMtlsConfig'
  | 'WebACLId'
>;
type Behavior = DefaultCacheBehavior | CacheBehavior;

export const cloudfront: Collector = {
  service: 'cloudfront',
  scope: 'global',
  actions: [LIST, GET],
  cost: { empty: 1, each: 0 },
  async collect(cell) {
    const client = cell.client(CloudFrontClient);
    const distributions = await cell.list(
      LIST,
      (Marker) => client.send(new ListDistributionsCommand({ MaxItems: PAGE, Marker })),
      (page) => page.DistributionList?.Items,
      ({ DistributionList: list }) => {
        if (list?.IsTruncated !== true) return undefined;
        if (list.NextMarker === undefined) cell.gap('incomplete', `${LIST}: more distributions, but no marker`);
        return list.NextMarker;
      },
    );
    cell.watch(distributions.length);
    return distributions.flatMap((distribution) => endpointsOf(cell, distribution));
  },
  async exists(cell, endpoint) {
    const client = cell.client(CloudFrontClient);
    const { name, host } = endpoint;
    const call = () => client.send(new GetDistributionCommand({ Id: name }));
    const answer = await cell.askMaybe(GET, call, ['NoSuchDistribution'], name);
    if (answer === ABSENT) return false;
    const config = answer?.Distribution?.DistributionConfig;
    if (config === undefined) return undefined;
    const front = frontOf(config);
    return front !== undefined && hasDoor(endpoint, doorsOf(host, front));
  },
};

interface Front {
  /** Hosts of origins that matter, with what each is. */
  readonly targets: readonly string[];
  readonly engine: Engine;
  /** Behaviours that lead there. */
  readonly behaviors: readonly Behavior[];
}

/** Undefined where the distribution is off, or leads to nothing that holds data. */
function frontOf(distribution: Distribution): Front | undefined {
  if (distribution.Enabled === false) return undefined;
  const origins = (distribution.Origins?.Items ?? []).flatMap((origin) => {
    const engine = engineBehind(origin);
    return engine === undefined ? [] : [{ ids: idsOf(distribution, origin.Id), host: shownAs(origin), engine }];
  });
  const main = distribution.DefaultCacheBehavior;
  const all: readonly (Behavior | undefined)[] = [main, ...(distribution.CacheBehaviors?.Items ?? [])];
  const leading = origins.map((origin) => ({
    ...origin,
    behaviors: all.filter(
      (b): b is Behavior => b?.TargetOriginId !== undefined && origin.ids.includes(b.TargetOriginId),
    ),
  }));
  const used = leading.filter(({ behaviors }) => behaviors.length > 0);
  if (used.length === 0) return undefined;
  return {
    targets: used.map(({ host }) => host),
    engine:
      used.find(({ ids }) => main?.TargetOriginId !== undefined && ids.includes(main.TargetOriginId))?.engine ?? 'http',
    behaviors: [...new Set(used.flatMap(({ behaviors }) => behaviors))],
  };
}

/** A behaviour names an origin, or a group of origins that stand in for each other. */
function idsOf({ OriginGroups: groups }: Distribution, id: string | undefined): readonly string[] {
  const within = (groups?.Items ?? []).filter((g) => (g.Members?.Items ?? []).some((m) => m.OriginId === id));
  return [id, ...within.map((g) => g.Id)].flatMap((name) => name ?? []);
}

function engineBehind({
  DomainName: host = '',
  CustomOriginConfig: custom,
  VpcOriginConfig: vpc,
}: Origin): Engine | undefined {
  const port = (custom?.OriginProtocolPolicy === 'http-only' ? custom.HTTPPort : custom?.HTTPSPort) ?? 443;
  const known = kindOfHost(host, port);
  if (known !== undefined) return known.engine;
  return vpc === undefined ? undefined : 'http';
}

function shownAs({ DomainName: host = 'an origin without a name', VpcOriginConfig: vpc }: Origin): string {
  return vpc === undefined ? host : `${host} (VPC origin ${vpc.VpcOriginId ?? 'not named'})`;
}

/** Port 80 is a door of its own where it does more than redirect. */
function doorsOf(host: string, { behaviors }: Front): readonly Door[] {
  const plain = behaviors.some((b) => b.ViewerProtocolPolicy === 'allow-all');
  return [{ door: '', host, port: 443 }, ...(plain ? [{ door: 'http', host, port: 80 }] : [])];
}

function endpointsOf(cell: Cell, distribution: DistributionSummary): readonly Endpoint[] {
  const { Id: name, DomainName: host, ARN: arn, WebACLId: acl } = distribution;
  const front = frontOf(distribution);
  if (front === undefined) return [];
  if (name === undefined || host === undefined) {
    cell.gap('incomplete', `distribution ${name ?? host ?? 'without a name'} has no Id or DomainName`);
    return [];
  }
  if (distribution.ConnectionMode === 'tenant-only') {
    cell.gap('incomplete', `distribution ${name}: its tenants have names of their own, which are not read`, name);
  }
  const open = declaredOff(
    `open to WORLD: a distribution has no security group, WebACLId=${acl === '' ? 'none' : (acl ?? 'absent')}`,
  );
  const authentication = authenticationOf(distribution, front);
  const declared = {
    network: inFrontOf(front.targets, open),
    tls: tlsOf(distribution, front),
    ...(authentication === undefined ? {} : { authentication }),
  };
  return doorsOf(host, front).map((door) =>
    // The Id is never given twice.
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: front.engine,
      arn,
      incarnation: name,
      foundBy: ['balancer'],
      declared,
      dependencies: keysOf('cloudfront:distribution', name),
    }),
  );
}

function tlsOf({ ViewerCertificate: certificate }: Distribution, { behaviors }: Front): Protection {
  const policies = [...new Set(behaviors.map((b) => b.ViewerProtocolPolicy))];
  const oldest = certificate?.MinimumProtocolVersion;
  const said = `ViewerProtocolPolicy=${policies.map((p) => p ?? 'absent').join(' ')}, MinimumProtocolVersion=${oldest ?? 'absent'}`;
  if (policies.includes('allow-all')) return declaredPartial(said);
  if (!policies.every((p) => p === 'https-only' || p === 'redirect-to-https')) return declaredUnknown(said);
  if (oldest === undefined) return declaredUnknown(said);
  return /^TLSv1\.[23]/.test(oldest) ? declaredOn(said) : declaredPartial(said);
}

/** Undefined where some way through asks nobody: then the origin decides. */
function authenticationOf({ ViewerMtlsConfig: mutual }: Distribution, { behaviors }: Front): Protection | undefined {
  if (mutual?.Mode === 'required') return declaredOn('ViewerMtlsConfig.Mode=required');
  const signed = behaviors.every((b) => b.TrustedKeyGroups?.Enabled === true || b.TrustedSigners?.Enabled === true);
  return signed ? declaredOn('every behaviour that leads there takes signed URLs or cookies only') : undefined;
}
