/** How a simulated history ends: everything is delivered, everybody looks once more, and what is owed is told. */
import type { Incident } from '../../../lib/model/incident.ts';
import { verifyChain } from '../../../lib/stores/chain.ts';
import type { History } from './history.ts';
import { SINKS } from './system.ts';
import { ENDPOINTS, standing, TRACKED, VANTAGES, type Which } from './world.ts';

/** Longer than any clock was wrong, than any notice waits, and than silence takes to close. */
const LATER_SECONDS = 1_900;
const ROUNDS = 3;
const APART_SECONDS = 90;
/** A notice that was refused again and again waits for a quarter of an hour at most. */
const MOST_ROUNDS = 60;
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

export async function finish(history: History): Promise<void> {
  const { world, system } = history;
  await delivered(history);
  await history.holdAll();
  for (const vantage of VANTAGES) history.step(vantage, 0);
  system.clock.off = 0;
  world.now += LATER_SECONDS;
  for (let round = 0; round < ROUNDS; round++) {
    for (const which of [0, 1] as const) {
      history.sweep(which, 'v1', 0, 0);
      history.visit(which, 'v2', 'plain', 0, 0);
    }
    await delivered(history);
    world.now += APART_SECONDS;
  }
  for (const sink of SINKS) system.moods[sink] = 'accept';
  system.diesTelling = false;
  await drained(history);
  await history.holdAll();
  const incidents = await history.incidents();
  history.violations.push(
    ...asItIs(history, incidents),
    ...(await told(history, incidents)),
    ...(await chained(history)),
  );
  history.counts.losses = lossesOf(history, 0) + lossesOf(history, 1);
  history.counts.incidents = incidents.length;
  history.counts.told = system.told.length;
}

function lossesOf({ reference }: History, which: Which): number {
  return TRACKED.reduce((all, protection) => all + reference.losses(which, protection).length, 0);
}

async function delivered(history: History): Promise<void> {
  for (;;) {
    const [message] = history.take(0, 1);
    if (message === undefined) return;
    await history.judge([message], 'none', false);
  }
}

async function drained({ world, system, violations }: History): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await system.tell();
    if ((await system.store.outbox.pending()) === 0) return;
    world.now += LATER_SECONDS / 2;
  }
  violations.push(`I1: ${(await system.store.outbox.due(END_OF_TIME, 1_000)).length} notices are never told`);
}

/** After the last looks, which all concluded, what is open is what is bad. */
function asItIs({ world, allowed }: History, incidents: readonly Incident[]): readonly string[] {
  const isOpen = (which: Which, protection: string): boolean =>
    incidents.some((i) => i.endpointId === ENDPOINTS[which] && i.protection === protection && i.status === 'open');
  const isAllowed = allowed.length > 0;
  return ([0, 1] as const).flatMap((which) => {
    const truth = world.truth(which);
    const seen = VANTAGES.map((vantage) => standing(truth, 'authentication', vantage));
    const isReached = seen.some((each) => each !== 'closed');
    const isLow = seen.some((each) => each === 'off' || each === 'partial');
    const isUndemanded = which === 1 && truth.lives && truth.demanded === 'off';
    const wrong: readonly (readonly [boolean, string])[] = [
      [isOpen(which, 'authentication') !== (isLow || isUndemanded), 'authentication'],
      [isOpen(which, 'network') && !isReached, 'network is told open'],
      [!isOpen(which, 'network') && isReached && !isAllowed, 'network is not told open'],
      [isOpen(which, 'tls') && (!isReached || truth.tls === 'on'), 'tls is told open'],
      [!isOpen(which, 'tls') && isReached && truth.tls === 'off' && !isAllowed, 'tls is not told open'],
      [isOpen(which, 'audit-log') && (!truth.lives || truth.audit === 'on'), 'audit-log is told open'],
    ];
    return wrong.flatMap(([is, what]) =>
      is ? [`after the last looks ${ENDPOINTS[which]} ${what}: ${JSON.stringify(truth)}`] : [],
    );
  });
}

/** Each to all that it was owed to, under one key, once more only where a receipt was lost; of each incident how it began and ended. */
async function told(history: History, incidents: readonly Incident[]): Promise<readonly string[]> {
  const { system } = history;
  const wrong: string[] = [];
  const sent = Map.groupBy(
    system.told.filter(({ sink }) => sink === 'machine'),
    ({ notice }) => notice.key,
  );
  const receipts = new Map<string, number>();
  for await (const { kind, body } of system.store.ledger()) {
    if (kind !== 'notice') continue;
    const { sink, key } = body;
    if (typeof sink !== 'string' || typeof key !== 'string') continue;
    const name = `${sink} ${key}`;
    receipts.set(name, (receipts.get(name) ?? 0) + 1);
  }
  for (const [key, sinks] of system.owed) {
    for (const sink of sinks) {
      const count = receipts.get(`${sink} ${key}`) ?? 0;
      if (count !== 1) wrong.push(`I1: ${count} receipts of ${sink} for ${key}`);
    }
    const times = sent.get(key)?.length ?? 0;
    if (times < 1) wrong.push(`I1: nobody was told ${key}`);
    const most = 1 + (system.lost.get(`machine ${key}`) ?? 0);
    if (times > most) wrong.push(`I2: told ${times} times, and ${most - 1} receipts were lost: ${key}`);
  }
  for (const key of sent.keys()) if (!system.owed.has(key)) wrong.push(`I2: told and never owed: ${key}`);
  return [...wrong, ...SINKS.flatMap((sink) => incidents.flatMap((incident) => untold(incident, history, sink)))];
}

const BEGINS = ['opened', 'worsened', 'flapping'];
const ENDS = ['closed', 'accepted'];

function untold(incident: Incident, { system }: History, sink: string): readonly string[] {
  const about = system.told.filter(
    ({ notice, sink: to }) => to === sink && [notice.incident, ...notice.also].some(({ id }) => id === incident.id),
  );
  const isTold = (kinds: readonly string[]): boolean => about.some(({ notice }) => kinds.includes(notice.kind));
  const name = `${sink} of ${incident.endpointId} ${incident.protection} #${incident.openSeq}`;
  // In a storm people get one message of many notices, under the kind of one of them.
  if (sink === 'page') return about.length > 0 ? [] : [`I1: nobody told ${name}`];
  if (!isTold(BEGINS)) return [`I1: nobody told ${name} that it began`];
  const isOver = incident.status !== 'open' && incident.flapping !== true;
  return isOver && !isTold(ENDS) ? [`I1: nobody told ${name} that it ended, ${incident.closed?.cause ?? ''}`] : [];
}

async function chained({ system: { store } }: History): Promise<readonly string[]> {
  const check = await verifyChain(store.ledger());
  const head = await store.ledgerHead();
  if (!check.ok) return [`the ledger: ${check.why}`];
  return check.head.hash === head.hash ? [] : ['the ledger: its head is not its last line'];
}
