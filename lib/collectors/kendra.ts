/**
 * Kendra indexes and their search pages (aws-services.md section 2.22).
 * Calls: ListIndices; DescribeIndex and ListExperiences of each index. An index is queried through an API host that all
 * customers share, by IAM alone. An experience is a page hosted on the internet that asks for an Identity Center login.
 * Names of indexes need not be unique, so the id stands for the name.
 */
import {
  DescribeIndexCommand,
  type DescribeIndexResponse,
  type ExperiencesSummary,
  KendraClient,
  ListExperiencesCommand,
  type ListExperiencesCommandOutput,
  ListIndicesCommand,
} from '@aws-sdk/client-kendra';
import { addressOf } from '../aws/address.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, kmsKeys } from '../aws/dependencies.ts';
import { type Door, doorOf, hasDoor } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { type PageCall, pagesOf } from '../aws/pages.ts';
import { PARTITION_FACTS } from '../aws/partitions.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown, notApplicable } from '../model/declared.ts';
import { doorName, type Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';

const PAGE = 100;
const GONE = ['ResourceNotFoundException'];

export const kendra: Collector = {
  service: 'kendra',
  scope: 'regional',
  actions: ['kendra:ListIndices', 'kendra:DescribeIndex', 'kendra:ListExperiences'],
  cost: { empty: 1, each: 2 },
  async collect(cell) {
    const client = cell.client(KendraClient);
    const listed = await cell.list(
      'kendra:ListIndices',
      (NextToken) => client.send(new ListIndicesCommand({ NextToken, MaxResults: PAGE })),
      (page) => page.IndexConfigurationSummaryItems,
      (page) => page.NextToken,
    );
    const endpoints = await Promise.all(
      listed.map(async ({ Id: id, Name: name }) => {
        if (id !== undefined) return endpointsOf(cell, id);
        cell.gap('incomplete', `index ${name ?? 'unnamed'} without Id`);
        return [];
      }),
    );
    return endpoints.flat();
  },
  async exists(cell, endpoint) {
    const id = endpoint.name ?? '';
    const index = await describe(cell, id);
    if (index === ABSENT) return false;
    if (index === undefined || endpoint.shared === true) return index === undefined ? undefined : true;
    const { items, whole } = await pagesOf(cell, id, experiencePages(cell, id));
    const doors = experienceDoors(items);
    if (doors.length > 0 && hasDoor(endpoint, doors)) return true;
    // Listed, with its addresses still to come or to be changed.
    const bare = items.filter(({ Endpoints }) => (Endpoints ?? []).length === 0).map(({ Id }) => nameOfExperience(Id));
    if (bare.some((experience) => belongsTo(doorName(endpoint), experience))) return true;
    return whole ? false : undefined;
  },
};

async function describe(cell: Cell, id: string): Promise<DescribeIndexResponse | typeof ABSENT | undefined> {
  const client = cell.client(KendraClient);
  return cell.askMaybe('kendra:DescribeIndex', () => client.send(new DescribeIndexCommand({ Id: id })), GONE, id);
}

async function endpointsOf(cell: Cell, id: string): Promise<readonly Endpoint[]> {
  const { account, region, partition } = cell.place;
  const answer = await describe(cell, id);
  if (answer === ABSENT) return [];
  const arn = `arn:${partition}:kendra:${region}:${account}:index/${id}`;
  const { action, call, items, next } = experiencePages(cell, id);
  // These are doors: where they cannot be listed, the list as a whole is in doubt.
  const experiences = await cell.list(action, call, items, next);
  const lost = experiences
    .flatMap(({ Endpoints }) => Endpoints ?? [])
    .filter(({ Endpoint: url }) => addressOf(url, 443) === undefined);
  for (const { Endpoint: url } of lost)
    cell.gap('incomplete', `index ${id}: a search page without an address: ${url ?? 'absent'}`);
  const dependencies = [...keysOf('kendra:index', id), ...kmsKeys(answer?.ServerSideEncryptionConfiguration?.KmsKeyId)];
  const always = {
    tls: declaredOn('HTTPS only, by design'),
    'encryption-at-rest': restOf(answer),
  };
  const index = awsEndpoint(cell, {
    name: id,
    host: `kendra.${region}.${PARTITION_FACTS[partition].dnsSuffix}`,
    port: 443,
    engine: 'kendra',
    arn,
    shared: true,
    incarnation: id,
    declared: {
      network: notApplicable('an API host that all customers share: IAM decides'),
      authentication: authenticationOf(answer),
      'access-policy': declaredOn('an index has no policy of its own: only signed requests of the same account'),
      ...always,
    },
    dependencies,
  });
  const pages = experienceDoors(experiences).map((door) =>
    awsEndpoint(cell, {
      name: id,
      ...doorOf(door),
      engine: 'http',
      arn,
      incarnation: id,
      declared: {
        network: declaredOff('search page hosted on the internet: no security group applies'),
        authentication: declaredOn('IAM Identity Center login'),
        ...always,
      },
      dependencies,
    }),
  );
  return [index, ...pages];
}

function experiencePages(cell: Cell, IndexId: string): PageCall<ListExperiencesCommandOutput, ExperiencesSummary> {
  const client = cell.client(KendraClient);
  return {
    action: 'kendra:ListExperiences',
    call: (NextToken) => client.send(new ListExperiencesCommand({ IndexId, NextToken, MaxResults: PAGE })),
    items: (page) => page.SummaryItems,
    next: (page) => page.NextToken,
  };
}

function experienceDoors(experiences: readonly ExperiencesSummary[]): readonly Door[] {
  return experiences.flatMap(({ Id: id, Endpoints: endpoints }) =>
    (endpoints ?? []).flatMap(({ Endpoint: url }, i) => {
      const at = addressOf(url, 443);
      return at === undefined ? [] : [{ door: `${nameOfExperience(id)}${i === 0 ? '' : `-${i + 1}`}`, ...at }];
    }),
  );
}

function nameOfExperience(id: string | undefined): string {
  return `experience-${id ?? 'unnamed'}`;
}

/** A second and third address of an experience are numbered. */
function belongsTo(door: string, experience: string): boolean {
  return door.startsWith(experience) && /^(-\d+)?$/.test(door.slice(experience.length));
}

/** Every request is signed. Whose documents it may see is told by a token, or by the caller himself. */
function authenticationOf(index: DescribeIndexResponse | undefined): Protection {
  const policy = index?.UserContextPolicy;
  const said = `IAM; UserContextPolicy=${policy ?? 'not read'}`;
  if (policy === 'USER_TOKEN') return declaredOn(said);
  if (policy !== 'ATTRIBUTE_FILTER') return declaredUnknown(said);
  return declaredPartial(`${said}: callers say themselves whose documents they see`);
}

function restOf(index: DescribeIndexResponse | undefined): Protection {
  const key = index?.ServerSideEncryptionConfiguration?.KmsKeyId;
  return declaredOn(`always encrypted, KmsKeyId=${key ?? 'AWS-owned key or not read'}`);
}
