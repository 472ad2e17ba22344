/**
 * `ajar doctor`: does what a sweep would do, once, in few places, and says of each thing that a sweep needs whether it
 * works. An action that no resource there called for is not said to work.
 */
import { type CellReport, type Place, placeKey } from '../model/inventory.ts';
import { printable } from '../model/text.ts';
import type { AwsInventory, AwsInventorySettings } from './aws.ts';
import { verifyChain } from '../stores/chain.ts';
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
  const { openAwsInventory } = await import('./aws.ts');
  const asked = new Map<string, Set<string>>();
  const note = (action: string, { account }: Place): void => {
    asked.set(action, (asked.get(action) ?? new Set()).add(account));
  };
  const aws = await openAwsInventory(settings, { now: () => new Date(), onCall: note });
  yield { name: 'identity', works: true, detail: `${aws.caller.arn} (partition ${aws.caller.partition})` };
  yield clockCheck(aws.caller.clockAheadMs);
  const accounts = await aws.accounts();
  yield organisationCheck(settings, accounts.items.length, accounts.gaps[0]?.detail);
  yield await ownOrganisationCheck(aws);
  yield* globalCheck(settings, aws);
  const reports: CellReport[] = [];
  for (const { account } of accounts.items.slice(0, MAX_ACCOUNTS)) {
    const regions = await aws.regions(account);
    const gap = regions.gaps[0]?.detail;
    yield gap === undefined
      ? { name: `account ${account}`, works: true, detail: `${regions.items.length} regions open` }
      : { name: `account ${account}`, works: false, detail: gap, cure: roleCure(settings) };
    const [place] = regions.items.toSorted((a, b) => Number(b.region === aws.home) - Number(a.region === aws.home));
    if (place !== undefined) reports.push(...(await aws.sweep(place, namesOf(aws), new AbortController().signal)));
  }
  yield* trailChecks(reports);
  yield* actionChecks(aws.actions, asked, reports);
}

function namesOf({ services }: AwsInventory): readonly string[] {
  return services.map((s) => s.service);
}

/** AWS refuses signatures that are five minutes off; evidence that is off by less is wrong all the same. */
const CLOCK_OFF_MS = 60_000;

function clockCheck(aheadMs: number | undefined): Check {
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
async function ownOrganisationCheck(aws: AwsInventory): Promise<Check> {
  const name = 'organisation id';
  const { items, gaps } = await aws.homeOf(aws.caller.account);
  const [gap] = gaps;
  const id = items[0]?.organization;
  if (gap === undefined) return { name, works: true, detail: id ?? 'this account is in none' };
  const cure = 'allow organizations:DescribeOrganization: without it policies that name an organisation stay unknown';
  return { name, works: false, detail: gap.detail, cure };
}

/** Services without a region are read in the partition's home region, if that is among those asked for. */
function* globalCheck({ regions }: AwsInventorySettings, { home, services }: AwsInventory): Generator<Check> {
  const left = services.filter(({ scope }) => scope === 'global').map(({ service }) => service);
  if (regions === undefined || regions.includes(home) || left.length === 0) return;
  const detail = `not read, since --regions leaves out ${home}: ${left.join(', ')}`;
  yield { name: 'global services', works: undefined, detail, cure: `add ${home} to --regions` };
}

function organisationCheck({ accounts, role }: AwsInventorySettings, count: number, gap: string | undefined): Check {
  const name = 'organisation';
  if (accounts !== undefined)
    return { name, works: undefined, detail: `its accounts were not asked for: ${accounts.length} were given` };
  if (role === undefined)
    return { name, works: undefined, detail: 'its accounts were not asked for: without --role only our own is read' };
  if (gap === undefined) return { name, works: true, detail: `${count} accounts` };
  return {
    name,
    works: false,
    detail: gap,
    cure: 'allow organizations:ListAccounts by the organisation’s delegation policy, or pass --accounts',
  };
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

/** Each action that the collectors declare: refused, made, or not called for by anything that is there. */
function* actionChecks(
  declared: readonly string[],
  asked: ReadonlyMap<string, ReadonlySet<string>>,
  reports: readonly CellReport[],
): Generator<Check> {
  const failed = new Map<string, string>();
  for (const { code, detail } of reports.flatMap((r) => r.gaps)) {
    const action = detail.split(': ', 1)[0] ?? '';
    if (declared.includes(action)) failed.set(action, `${code}: ${detail}`);
  }
  for (const [action, detail] of failed) {
    yield {
      name: action,
      works: false,
      detail: printable(detail),
      ...(detail.startsWith('denied') ? { cure: `allow ${action}` } : {}),
    };
  }
  const works = declared.filter((a) => asked.has(a) && !failed.has(a));
  yield { name: 'actions', works: true, detail: `${works.length} of ${declared.length} called and answered` };
  const untested = declared.filter((a) => !asked.has(a));
  if (untested.length > 0) yield { name: 'not called for', works: undefined, detail: untested.join(' ') };
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
