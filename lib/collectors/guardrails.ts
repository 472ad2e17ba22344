/**
 * Guard rails of a place: switches that keep mistakes from becoming exposures, and the trail that tells of them
 * (aws-services.md sections 0, 2.7, 5.4). One endpoint each, at the API host that all customers share.
 * Calls: DescribeVpcBlockPublicAccessOptions (and DescribeVpcBlockPublicAccessExclusions where it blocks),
 * GetSnapshotBlockPublicAccessState, DescribeTrails with GetTrailStatus and GetEventSelectors of each trail until one
 * records everything. They cannot be deleted, only lowered. One whose call is not answered is not listed: the cell
 * says why.
 */
import {
  DescribeVpcBlockPublicAccessExclusionsCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { SNAPSHOT_BLOCK_ACTION, snapshotBlock } from '../aws/ebs.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { pagesOf } from '../aws/pages.ts';
import { PARTITION_FACTS } from '../aws/partitions.ts';
import { TRAIL_ACTIONS, trailProtection } from '../aws/trails.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import { keyOfArn } from '../model/change.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';

interface GuardRail {
  readonly name: string;
  /** The API that holds it. */
  readonly api: 'ec2' | 'cloudtrail';
  /** `undefined` where nobody answered. */
  readonly read: (cell: Cell) => Promise<Read | undefined>;
}

interface Read {
  readonly protection: Protection;
  /** ARNs of what it depends on. */
  readonly arns: readonly string[];
}

const GUARD_RAILS: readonly GuardRail[] = [
  { name: 'vpc-block-public-access', api: 'ec2', read: vpcBlock },
  { name: 'ebs-snapshot-block-public-access', api: 'ec2', read: snapshotSwitch },
  { name: 'cloudtrail', api: 'cloudtrail', read: readTrails },
];

export const guardrails: Collector = {
  service: 'guardrails',
  scope: 'regional',
  accompanies: true,
  actions: [
    'ec2:DescribeVpcBlockPublicAccessOptions',
    'ec2:DescribeVpcBlockPublicAccessExclusions',
    SNAPSHOT_BLOCK_ACTION,
    ...TRAIL_ACTIONS,
  ],
  cost: { empty: 3, each: 2 },
  async collect(cell) {
    const endpoints: Endpoint[] = [];
    for (const { name, api, read } of GUARD_RAILS) {
      const found = await read(cell);
      if (found === undefined) continue;
      const { region, partition } = cell.place;
      const host = `${api}.${region}.${PARTITION_FACTS[partition].dnsSuffix}`;
      endpoints.push(
        awsEndpoint(cell, {
          name,
          host,
          port: 443,
          engine: 'provider-api',
          declared: { guardrail: found.protection },
          shared: true,
          dependencies: found.arns.map(keyOfArn),
        }),
      );
    }
    return endpoints;
  },
  async exists(cell, { name }) {
    const rail = GUARD_RAILS.find((r) => r.name === name);
    return (await rail?.read(cell)) === undefined ? undefined : true;
  },
};

async function vpcBlock(cell: Cell): Promise<Read | undefined> {
  const ec2 = cell.client(EC2Client);
  const answer = await cell.ask('ec2:DescribeVpcBlockPublicAccessOptions', () =>
    ec2.send(new DescribeVpcBlockPublicAccessOptionsCommand({})),
  );
  if (answer === undefined) return undefined;
  const { InternetGatewayBlockMode: mode, State, ManagedBy } = answer.VpcBlockPublicAccessOptions ?? {};
  const said = `InternetGatewayBlockMode=${mode ?? 'absent'}, State=${State ?? 'absent'}, ManagedBy=${ManagedBy ?? 'absent'}`;
  switch (mode) {
    case 'off':
      return alone(declaredOff(said));
    case 'block-bidirectional':
    case 'block-ingress':
      return blockWithExclusions(cell, ec2, said);
    case undefined:
    default:
      return alone(declaredUnknown(said));
  }
}

function alone(protection: Protection): Read {
  return { protection, arns: [] };
}

/** States of an exclusion that lets nothing through. */
const VOID_EXCLUSIONS = new Set<string>(['create-failed', 'delete-complete', 'disable-complete']);

/** A VPC or subnet that is excluded is open again: the switch then protects the others only. */
async function blockWithExclusions(cell: Cell, ec2: EC2Client, said: string): Promise<Read> {
  const { items, whole } = await pagesOf(cell, 'vpc-block-public-access', {
    action: 'ec2:DescribeVpcBlockPublicAccessExclusions',
    call: (NextToken) => ec2.send(new DescribeVpcBlockPublicAccessExclusionsCommand({ MaxResults: 1_000, NextToken })),
    items: (page) => page.VpcBlockPublicAccessExclusions,
    next: (page) => page.NextToken,
  });
  const excluded = items.filter(({ State }) => !VOID_EXCLUSIONS.has(State ?? ''));
  if (excluded.length > 0) {
    const names = excluded.map(({ ResourceArn, ExclusionId }) => ResourceArn ?? ExclusionId ?? 'unnamed').toSorted();
    const protection = declaredPartial(`${said}, but ${excluded.length} excluded: ${names.slice(0, 5).join(' ')}`);
    return { protection, arns: excluded.flatMap(({ ResourceArn }) => ResourceArn ?? []) };
  }
  return alone(whole ? declaredOn(said) : declaredUnknown(`${said}, exclusions not read`));
}

async function readTrails(cell: Cell): Promise<Read | undefined> {
  const found = await trailProtection(cell);
  return found === undefined ? undefined : { protection: found.protection, arns: found.trails };
}

async function snapshotSwitch(cell: Cell): Promise<Read | undefined> {
  const block = await snapshotBlock(cell);
  if (block === undefined) return undefined;
  const said = `State=${block.state ?? 'absent'}, ManagedBy=${block.managedBy ?? 'absent'}`;
  switch (block.state) {
    case 'block-all-sharing':
      return alone(declaredOn(said));
    case 'block-new-sharing':
      return alone(declaredPartial(`${said}: what was public before stays public`));
    case 'unblocked':
      return alone(declaredOff(said));
    case undefined:
    default:
      return alone(declaredUnknown(said));
  }
}
