/** Every function dies at every one of its requests: nothing is lost, nothing happens twice, one message per notice and topic. */
import { OpenSearchClient, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configOf } from './account.ts';
import { adopt, type KillPoint, openStory, type Outcome, STAGES, statesOf, type Story } from './aws/kill.ts';
import { plantDomains, policy } from './aws/plant-december.ts';
import { REGION } from './aws/stack.ts';
import { startWorld, type World } from './aws/world.ts';

const NAME = 'device-analytics';
let world: World;
let search: OpenSearchClient;
let story: Story;

beforeAll(async () => {
  world = await startWorld({ duplicates: 0, scheduled: [], isTableWired: true });
  const config = await configOf(world.motoUrl, world.account, REGION);
  search = new OpenSearchClient(config);
  await plantDomains(config, [NAME]);
  await adopt(world, REGION);
  const update = (effect: 'Allow' | 'Deny') => () =>
    search.send(new UpdateDomainConfigCommand({ DomainName: NAME, AccessPolicies: policy(effect) }));
  story = await openStory(world, { name: NAME, open: update('Allow'), close: update('Deny') });
});
afterAll(async () => {
  search?.destroy();
  await world?.stop();
});

/** Each place by itself, and not each state that places leave behind once: five times as long. */
const EVERY_PLACE = process.env['AJAR_KILL_EVERY_PLACE'] === '1';

it('leaves what it leaves when nobody dies, wherever somebody does', {
  timeout: EVERY_PLACE ? 3_600_000 : 900_000,
}, async () => {
  await story.play();
  const clean = await story.play();
  expect(clean).toMatchObject({ chain: true, owed: 0, dead: 0, transitions: ['"opened"'] });
  expect(repeatsOf(clean)).toEqual([]);
  const requests = await story.requests();
  const states = STAGES.flatMap((stage) => statesOf(stage, requests[stage]));
  const wrong: object[] = [];
  let repeated = 0;
  for (const [i, places] of states.entries()) {
    // Another of its places for each state, so that first, last and those in between all come.
    const chosen = places[i % places.length];
    for (const point of EVERY_PLACE ? places : [chosen].filter((p) => p !== undefined)) {
      const outcome = await story.play(point);
      const repeats = repeatsOf(outcome);
      repeated += repeats.length > 0 ? 1 : 0;
      // Told again only where SNS had accepted it and the word of that was lost.
      if (!isSame(outcome, clean) || (repeats.length > 0 && point.stage !== 'notify')) wrong.push({ point, outcome });
    }
    process.stdout.write(`${described(places)}; died ${chosen?.when ?? ''} ${chosen?.at ?? ''}\n`);
  }
  const count = states.flat().length;
  process.stdout.write(
    `${count} kill points, ${states.length} states; a message repeated under its key: ${repeated}\n`,
  );
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(80);
});

function described(places: readonly KillPoint[]): string {
  const [first, last] = [places[0], places.at(-1)];
  const name = (point?: KillPoint): string => `${point?.when ?? ''} ${point?.request ?? ''} #${point?.at ?? ''}`;
  return `${first?.stage ?? ''}: ${first === last ? name(first) : `${name(first)} to ${name(last)}`} (${places.length} points)`;
}

function isSame(one: Outcome, other: Outcome): boolean {
  const [a, b] = [one, other].map((each) => JSON.stringify({ ...each, keys: uniqueOf(each) }));
  return a === b;
}

function uniqueOf({ keys }: Outcome): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(keys)
      .map(([topic, list]) => [topic, [...new Set(list)].toSorted()] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** `topic key` of each message that came more than once. */
function repeatsOf({ keys }: Outcome): readonly string[] {
  return Object.entries(keys).flatMap(([topic, list]) =>
    [...new Set(list)].filter((key) => list.indexOf(key) !== list.lastIndexOf(key)).map((key) => `${topic} ${key}`),
  );
}
