/** Everything that one suite needs, started in order and stopped in reverse: stand-ins, stack, bundles, functions, driver. */
import { createServer, type AddressInfo } from 'node:net';
import { dynoxide, startDynamo } from '../../stores/dynamodb-server.ts';
import { createOrganisation } from '../account.ts';
import { startMoto } from '../moto.ts';
import { buildBundles } from './bundles.ts';
import { type Clock, clock } from './clock.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import { type Driver, openDriver } from './driver.ts';
import { type FunctionFleet, openFleet } from './fleet.ts';
import { createStack, HUB, OWN, REGION, type Stack } from './stack.ts';
import { openStream } from './stream.ts';
import { openWire, type Wire } from './wire.ts';
import { seeded } from '../../support/seeded.ts';

export interface World {
  readonly motoUrl: string;
  /** The account that is watched; ajar itself runs in another. */
  readonly account: string;
  readonly deployment: Deployment;
  readonly stack: Stack;
  readonly wire: Wire;
  readonly fleet: FunctionFleet;
  readonly driver: Driver;
  readonly clock: Clock;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly seed?: number;
  readonly duplicates?: number;
  readonly scheduled?: readonly string[];
  readonly togetherMs?: number;
  /** Whether every account and region is watched, and not one of each. */
  readonly isEverywhere?: boolean;
  /** Whether what is asked of the table goes over the wire, to be counted and cut; otherwise there is a shorter way. */
  readonly isTableWired?: boolean;
  /** Variables of the deployment beside those that the stack gives. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Loopback alone: whatever names and addresses moto invents, no probe leaves this machine. */
const PROBER = { AJAR_ONLY: '127.0.0.0/8,::1/128', AJAR_ALLOW_PRIVATE: 'yes' };

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const {
    seed = 4,
    duplicates = 0.2,
    scheduled = ['plan', 'notify'],
    togetherMs = 0,
    isTableWired = false,
    isEverywhere = false,
    settings = {},
  } = options;
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const deployment = readDeployment();
    const bundles = await buildBundles();
    stops.push(() => bundles.remove());
    // Its machine images come with a thousand public snapshots.
    process.env['MOTO_EC2_LOAD_DEFAULT_AMIS'] = 'false';
    const moto = await startMoto();
    stops.push(() => moto.stop());
    const program = dynoxide();
    const dynamo = program === undefined ? undefined : await startDynamo(program);
    stops.push(() => dynamo?.stop());
    const account = (await createOrganisation(moto.url, 2)).find((id) => id !== HUB) ?? '';
    const tableUrl = dynamo?.url ?? moto.url;
    const watched = isEverywhere ? { accounts: [], regions: [] } : { accounts: [account], regions: [REGION] };
    const made = await createStack({ motoUrl: moto.url, tableUrl, deployment, ...watched });
    stops.push(() => made.close());
    const stack: Stack = { ...made, settings: { ...made.settings, ...settings } };
    const wire = openWire({ moto: moto.url, table: { url: tableUrl, accessKeyId: OWN.accessKeyId } });
    stops.push(() => wire.stop());
    const canary = await openCanary();
    stops.push(() => canary.close());
    const time = clock();
    const shared = isTableWired ? {} : { AWS_ENDPOINT_URL_DYNAMODB: tableUrl };
    const extra = { shared, probe: { ...PROBER, AJAR_CANARY: `127.0.0.1:${canary.port}` } };
    const fleet = openFleet({ ...{ deployment, bundles, stack, wire, clock: time, extra }, motoUrl: moto.url });
    stops.push(() => fleet.stop());
    const stream = await openStream(tableUrl, stack.streamArn);
    const random = seeded(seed);
    const driver = openDriver({
      ...{ deployment, fleet, stack, stream, clock: time, random, duplicates, scheduled, togetherMs },
    });
    return { ...{ account, deployment, stack, wire, fleet, driver, clock: time, stop }, motoUrl: moto.url };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the prober asks to know that it hears anything at all. */
async function openCanary(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((socket) => socket.on('error', () => undefined).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
