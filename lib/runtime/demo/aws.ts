/**
 * 4 December on AWS, as far as this machine has one: moto answers for AWS, the deployed functions do their work on its
 * queues, table and topics, and what arrives behind the topic is shown as it came. Never a real account.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AjarError } from '../../model/errors.ts';
import type { EndpointState } from '../../model/state.ts';
import { printable } from '../../model/text.ts';
import { serve } from '../../net/serve.ts';
import { verifyChain } from '../../stores/chain.ts';
import { type DynamoStore, openDynamoStore } from '../../stores/dynamodb.ts';
import { optionalSetting } from '../lambda/environment.ts';
import { accessPolicy, type DemoAccount, DOMAIN, type Made, made, makeAccount, REGION } from './aws-account.ts';
import { type Delivery, openDelivery, SWEPT } from './aws-delivery.ts';
import { startFunctions } from './aws-functions.ts';
import { findMoto, type Moto } from './aws-moto.ts';
import { trailEvent } from './aws-trail.ts';

/** It should be over long before. */
const GIVE_UP_MS = 60_000;
const EMPLOYEE = 'j.doe@example.com';
const ON_CALL = 'on-call@example.com';
/** Where the prober may go: the names that moto makes up could be anybody's. */
const PROBER = { AJAR_ONLY: '127.0.0.0/8,::1', AJAR_ALLOW_PRIVATE: 'yes' } as const;

export interface AwsDemoOptions {
  readonly state: string;
  readonly say: (text: string) => void;
  readonly show: (state: EndpointState) => void;
  readonly signal: AbortSignal;
}

export async function runAwsDemo(options: AwsDemoOptions): Promise<void> {
  const late = AbortSignal.timeout(GIVE_UP_MS);
  const signal = AbortSignal.any([options.signal, late]);
  try {
    await onMoto({ ...options, signal });
  } catch (error) {
    if (!late.aborted || options.signal.aborted) throw error;
    throw new AjarError('invariant', `not over within ${GIVE_UP_MS / 1_000} s: given up, and removed`, {
      cause: error,
    });
  }
}

async function onMoto(options: AwsDemoOptions): Promise<void> {
  const moto = await findMoto(optionalSetting('AWS_ENDPOINT_URL'), options.signal);
  const mades = { there: made(), here: made() };
  let left: readonly string[] = [];
  try {
    await play(options, moto, mades);
  } finally {
    left = await leave(options, moto, mades);
  }
  if (left.length > 0) throw new AjarError('invariant', 'not all that was made could be removed');
}

/** What was made on moto, and what runs on this machine. */
interface Mades {
  readonly there: Made;
  readonly here: Made;
}

async function play(options: AwsDemoOptions, moto: Moto, { there, here }: Mades): Promise<void> {
  const { say, signal } = options;
  introduce(say, moto);
  const account = await makeAccount(moto.url, there);
  // What the prober asks to know that it hears anything at all.
  const canary = await serve(() => ({ status: 204, headers: {}, body: '' }));
  here.keep('canary', () => canary.close());
  const settings = { ...account.settings, ...PROBER, AJAR_CANARY: `127.0.0.1:${canary.port}` };
  const functions = startFunctions(settings, account.credentials, signal);
  here.keep('functions', () => functions.stop());
  const { dynamodb: client, table } = account;
  const store = await openDynamoStore({ client, table, sinks: [], now: () => new Date() });
  const delivery = openDelivery(account, functions, signal);
  await closed(options, account, store, async () => {
    await functions.invoke('plan', { task: 'hot' });
    await delivery.settle();
    return delivery.arrived();
  });
  say('\n4 December: an employee removes the protocols.\n');
  const opened = await happens(options, account, delivery, OPENING);
  say(`As received:\n\n${opened.body}\n\nWhat it says, as an e-mail has it:\n\n${opened.lines}\n`);
  say('\nThe team puts the policy back.\n');
  const over = await happens(options, account, delivery, CLOSING);
  say(`\n${over.lines}\n`);
  await conclude(options, store, [opened, over], await delivery.arrived());
}

function introduce(say: AwsDemoOptions['say'], { url, isGiven }: Moto): void {
  const where = isGiven ? 'as AWS_ENDPOINT_URL says' : 'started for this, and ended with it';
  say(`ajar demo --aws: 4 December on AWS, with ajar as it is deployed there. No real account:
AWS is moto at ${url}, ${where}.

  moto's  the API of a made-up account, its domain ${DOMAIN}, ajar's queues, topics and table
  ours    plan, collect, probe, assess, change, notify: the functions that are deployed
  demo's  what calls them (pollers, schedules), and CloudTrail's events: moto writes none
  held    the prober to 127.0.0.0/8 and ::1: no name that moto makes up is contacted
`);
}

async function closed(
  { say, show }: AwsDemoOptions,
  account: DemoAccount,
  store: DynamoStore,
  look: () => Promise<readonly string[]>,
): Promise<void> {
  say(`\n3 December. Account ${account.id}, ${REGION}:\n`);
  say(`  moto's  CreateDomain ${DOMAIN}: the access policy lets in only whom the account lets, HTTPS is enforced\n`);
  say(`  ours    plan, collect, probe, assess (of the services only ${SWEPT.join(', ')}: moto lacks many others)\n`);
  const told = await look();
  for await (const state of store.states()) show(state);
  for await (const { kind, body } of store.ledger())
    if (kind === 'gap') say(`  ours    a gap, and said so: ${printable(causeOf(body))}\n`);
  say(`  moto's  ${told.length} messages behind the topic: what is closed is no alert\n`);
  if (told.length > 0) throw new AjarError('invariant', `an alert before anything happened: ${told.join('\n')}`);
}

function causeOf(body: unknown): string {
  const { causes = [] } = body as { readonly causes?: readonly { readonly code: string; readonly detail: string }[] };
  return causes.map(({ code, detail }) => `${code}: ${detail}`).join('; ');
}

interface Told {
  readonly body: string;
  readonly kind: string;
  readonly incident: string;
  /** As text for people. */
  readonly lines: string;
}

const OPENING = {
  who: 'everybody',
  human: EMPLOYEE,
  what: 'the access policy lets in Principal *, whoever it is',
} as const;
const CLOSING = { who: 'account', human: ON_CALL, what: 'the access policy as it was' } as const;

/** Somebody changes the policy, CloudTrail tells of it, one message comes. */
async function happens(
  { say }: AwsDemoOptions,
  account: DemoAccount,
  delivery: Delivery,
  { who, human, what }: typeof OPENING | typeof CLOSING,
): Promise<Told> {
  const accessPolicies = accessPolicy(who, account.id);
  const started = performance.now();
  const at = new Date();
  await account.setPolicy(accessPolicies);
  say(`  moto's  UpdateDomainConfig ${DOMAIN}: ${what}\n`);
  const deed = { account: account.id, region: REGION, at, domain: DOMAIN, accessPolicies, human };
  const { id, envelope } = trailEvent(deed);
  await delivery.send('change', envelope);
  say(`  demo's  CloudTrail's event ${id}, by ${human}, on the change queue\n`);
  await delivery.settle();
  const bodies = await delivery.arrived();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  say('  ours    change, collect, probe, assess, notify (the same look after 30 s, 2 and 10 min is not waited for)\n');
  const [body, ...more] = bodies;
  if (body === undefined || more.length > 0)
    throw new AjarError('invariant', `${bodies.length} messages came, one was due`);
  say(`  moto's  one message from the topic, ${Buffer.byteLength(body)} bytes, ${seconds} s after the change\n`);
  return toldIn(body);
}

function toldIn(body: string): Told {
  const { kind, incident, lines } = JSON.parse(body) as {
    readonly kind: string;
    readonly incident: { readonly id: string };
    readonly lines: readonly string[];
  };
  return { body, kind, incident: incident.id, lines: lines.map((line) => printable(line, 1_000)).join('\n') };
}

async function conclude(
  { say, state }: AwsDemoOptions,
  store: DynamoStore,
  [opened, over]: readonly [Told, Told],
  later: readonly string[],
): Promise<void> {
  const isStory = opened.kind === 'opened' && over.kind === 'closed' && opened.incident === over.incident;
  if (!isStory || later.length > 0) throw new AjarError('invariant', 'these are not one alert and its recovery');
  if (!opened.lines.includes(EMPLOYEE)) throw new AjarError('invariant', `the alert does not name ${EMPLOYEE}`);
  const chain = await verifyChain(store.ledger());
  if (!chain.ok) throw new AjarError('invariant', `the ledger is broken at line ${chain.seq}: ${chain.why}`);
  await mkdir(state, { recursive: true });
  const lines: string[] = [];
  for await (const entry of store.ledger()) lines.push(JSON.stringify(entry));
  await writeFile(join(state, 'ledger.ndjson'), `${lines.join('\n')}\n`);
  await writeFile(join(state, 'alert.json'), opened.body);
  await writeFile(join(state, 'recovery.json'), over.body);
  say(`
On record: 2 messages, one alert that names who did it and one recovery; ${chain.entries} ledger lines, chain verified.
In 2019 it took 22 days, and an outsider.

kept     ${join(state, 'alert.json')}, recovery.json, ledger.ndjson
`);
}

/** What is left on a moto that stays. One that was started here takes with it whatever is there. */
async function leave({ say }: AwsDemoOptions, moto: Moto, { there, here }: Mades): Promise<readonly string[]> {
  await here.remove();
  if (!moto.isGiven) {
    await moto.stop();
    say('removed  all that was made, with moto itself\n');
    return [];
  }
  const left = await there.remove();
  if (left.length > 0) say(`LEFT     on ${moto.url}: ${printable(left.join('; '), 1_000)}\n`);
  else say('removed  all that was made on moto: domain, table, subscription, topics, queues\n');
  return left;
}
