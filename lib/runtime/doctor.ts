/**
 * `ajar doctor`: does what a sweep would do, once, in few places, and says of each thing that a sweep needs whether it
 * works. An action that no resource there called for is not said to work.
 */
import { accountOfArn } from '../aws/partitions.ts';
import { ASSUMING } from '../aws/session.ts';
import type { CoverageGap } from '../model/endpoint.ts';
import { type CellReport, type Listed, type Place, placeKey } from '../model/inventory.ts';
import { printable } from '../model/text.ts';
import { verifyChain } from '../stores/chain.ts';
import type { AwsInventory, AwsInventorySettings } from './aws.ts';
import { withState } from './local.ts';

export interface Check {
  readonly name: string;
  /** `undefined`: could not be tested here. */
  readonly works: boolean | undefined;
  readonly detail: string;
  readonly cure?: string;
}

/** Accounts looked into; a fault of the role is the same in all, one of a single account shows in its sweeps. */
const MAX_ACCOUNTS = 5;

export async function* examineAws(settings: AwsInventorySettings): AsyncGenerator<Check> {
  // The SDK is loaded only where AWS is asked for.
  const { GLOBAL_SERVICES, openAwsInventory } = await import('./aws.ts');
  const asked = new Set<string>();
  const refused = new Map<string, string>();
  const aws = await openAwsInventory(settings, {
    now: () => new Date(),
    onCall: (action) => asked.add(action),
    onRefusal: (action, detail) => refused.set(action, detail),
  });
  yield { name: 'identity', works: true, detail: `${aws.caller.arn} (partition ${aws.caller.partition})` };
  yield clockCheck(aws.caller.clockAheadMs);
  const accounts = await aws.accounts();
  yield organisationCheck(settings, accounts);
  const own = await aws.homeOf(aws.caller.account);
  yield ownOrganisationCheck(own);
  const leftOut = accounts.gaps.find(({ subject }) => subject === GLOBAL_SERVICES);
  // The user's own choice, and a gap of every scan all the same.
  if (leftOut !== undefined) yield { name: GLOBAL_SERVICES, works: undefined, detail: leftOut.detail };
  const said: CoverageGap[] = [...accounts.gaps, ...own.gaps];
  const reports: CellReport[] = [];
  for (const { account } of accounts.items.slice(0, MAX_ACCOUNTS)) {
    const regions = await aws.regions(account);
    said.push(...regions.gaps);
    yield accountCheck(account, regions, settings);
    const [place] = regions.items.toSorted((a, b) => Number(b.region === aws.home) - Number(a.region === aws.home));
    if (place !== undefined) reports.push(...(await aws.sweep(place, namesOf(aws), new AbortController().signal)));
  }
  yield* trailChecks(reports);
  const swept = reports.flatMap((r) => r.gaps);
  yield* actionChecks({ declared: aws.actions, asked, refused, said, swept, cure: roleCure(settings) });
}

function namesOf({ services }: AwsInventory): readonly string[] {
  return services.map((s) => s.service);
}

/** AWS refuses signatures that are five minutes off; evidence that is off by less is wrong all the same. */
const CLOCK_OFF_MS = 60_000;

export function clockCheck(aheadMs: number | undefined): Check {
  const name = 'clock';
  if (aheadMs === undefined) return { name, works: undefined, detail: 'the answer carried no date' };
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  const detail = `${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} AWS`;
  if (Math.abs(aheadMs) < CLOCK_OFF_MS) return { name, works: true, detail };
  return {
    name,
    works: false,
    detail,
    cure: 'synchronise the clock: every bound in the evidence is as wrong as it is',
  };
}

/** A policy that lets in one organisation only can be judged where it is known which one is ours. */
function ownOrganisationCheck({ items, gaps: [gap] }: Listed<Place>): Check {
  const name = 'organisation id';
  if (gap === undefined) return { name, works: true, detail: items[0]?.organization ?? 'this account is in none' };
  const cure = 'allow organizations:DescribeOrganization: without it policies that name an organisation stay unknown';
  return { name, works: false, detail: gap.detail, cure };
}

function organisationCheck({ accounts, role }: AwsInventorySettings, { items, gaps }: Listed<unknown>): Check {
  const name = 'organisation';
  const unasked = (why: string): Check => ({
    name,
    works: undefined,
    detail: `its accounts were not asked for: ${why}`,
  });
  if (accounts !== undefined) return unasked(`${accounts.length} were given`);
  if (role === undefined) return unasked('without --role only our own is read');
  const [alone] = role.includes('{account}') ? [] : [accountOfArn(role)];
  if (alone !== undefined) return unasked(`--role is of ${alone} alone`);
  const gap = gaps.find(({ detail }) => actionOf(detail) === 'organizations:ListAccounts');
  if (gap === undefined) return { name, works: true, detail: `${items.length} accounts` };
  return {
    name,
    works: false,
    detail: gap.detail,
    cure: 'allow organizations:ListAccounts by the organisation’s delegation policy, or pass --accounts',
  };
}

/** Which organisation the account is in is a check of its own where it is ours; of another it is told here. */
function accountCheck(account: string, { items, gaps: [gap] }: Listed<Place>, settings: AwsInventorySettings): Check {
  const name = `account ${account}`;
  if (gap !== undefined) return { name, works: false, detail: gap.detail, cure: roleCure(settings) };
  return { name, works: true, detail: `${items.length} region${items.length === 1 ? '' : 's'} open` };
}

function roleCure({ role }: AwsInventorySettings): string {
  return role === undefined
    ? 'attach the policies that npm run iam-policy prints to this identity'
    : `deploy the role ${role} there, trusting this identity, with the policies that npm run iam-policy prints`;
}

function* trailChecks(reports: readonly CellReport[]): Generator<Check> {
  for (const { endpoints, place } of reports.filter((r) => r.service === 'guardrails')) {
    const trail = endpoints.find((e) => e.name === 'cloudtrail')?.declared.guardrail;
    const name = `trail ${placeKey(place)}`;
    if (trail === undefined || trail.level === 'unknown')
      yield { name, works: undefined, detail: trail?.evidence ?? 'not read' };
    else if (trail.level === 'on') yield { name, works: true, detail: trail.evidence };
    else
      yield {
        name,
        works: false,
        detail: trail.evidence,
        cure: 'log management events there: without a trail changes are seen only by sweeps and probes',
      };
  }
}

interface Actions {
  readonly declared: readonly string[];
  readonly asked: ReadonlySet<string>;
  /** Made good by another call. */
  readonly refused: ReadonlyMap<string, string>;
  /** Gaps that have checks of their own. */
  readonly said: readonly CoverageGap[];
  readonly swept: readonly CoverageGap[];
  /** Of a role that may not be assumed. */
  readonly cure: string;
}

/** Each action that the collectors declare: refused, made, or not called for by anything that is there. */
function* actionChecks({ declared, asked, refused, said, swept, cure }: Actions): Generator<Check> {
  const failed = new Map(refused);
  for (const { code, detail } of swept) failed.set(actionOf(detail), `${code}: ${detail}`);
  const roleless = [...failed.values()].filter(isRoleless);
  const [first] = roleless;
  if (first !== undefined) {
    const detail = `${roleless.length} actions were not even asked for: ${first.slice(first.indexOf(ASSUMING))}`;
    yield { name: ASSUMING, works: false, detail: printable(detail), cure };
  }
  for (const [action, detail] of failed) {
    if (!declared.includes(action) || isRoleless(detail)) continue;
    yield {
      name: action,
      works: false,
      detail: printable(detail),
      ...(detail.startsWith('denied') ? { cure: `allow ${action}` } : {}),
    };
  }
  const unanswered = new Set([...failed.keys(), ...said.map(({ detail }) => actionOf(detail))]);
  const works = declared.filter((a) => asked.has(a) && !unanswered.has(a));
  yield {
    name: 'actions',
    works: works.length > 0,
    detail: `${works.length} of ${declared.length} called and answered`,
  };
  const untested = declared.filter((a) => !asked.has(a));
  if (untested.length > 0) yield { name: 'not called for', works: undefined, detail: untested.join(' ') };
}

/** The role could not be assumed (aws/session.ts): the call that is named was not made. */
function isRoleless(detail: string): boolean {
  return detail.includes(`${ASSUMING} `);
}

/** What was not answered stands first in a gap's detail. */
function actionOf(detail: string): string {
  return detail.split(': ', 1)[0] ?? '';
}

/** The state directory: readable, and its ledger unbroken as far as it goes. */
export async function examineState(dir: string): Promise<Check> {
  return withState(dir, async (store) => {
    const { seq } = await store.ledgerHead();
    const chain = await verifyChain(store.ledger());
    if (!chain.ok) return { name: 'state', works: false, detail: `${dir}: ledger line ${chain.seq}: ${chain.why}` };
    return {
      name: 'state',
      works: chain.entries === seq,
      detail: `${dir}: ${seq} ledger lines, ${await store.outbox.pending()} notices owed`,
    };
  });
}
