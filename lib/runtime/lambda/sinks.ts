/**
 * The sinks in force, ready to be told. The secrets of each are read when something is to be sent to it, so that no other sink
 * waits for them; where they cannot be read the notice stays owed.
 */
import { type AwsPlace, placesOf, type SinkEntry, sinkId } from '../../model/sink-entry.ts';
import { refused, type Sink } from '../../model/sink.ts';
import { type SinksInForce, type SinksTried, TRIED_NOTE } from '../../model/sinks-in-force.ts';
import { printable } from '../../model/text.ts';
import { unlessAborted } from '../../net/abort.ts';
import type { DynamoNotes } from '../../stores/dynamodb-notes.ts';
import { settingsOf } from '../secrets.ts';
import { optionalSetting } from './environment.ts';
import { logger } from './telemetry.ts';

/** What the outbox has to know of a sink before it is made: lib/model/sink.ts. */
const TRAITS: Readonly<Record<SinkEntry<AwsPlace>['type'], Pick<Sink, 'groups' | 'endsLast'>>> = {
  slack: { groups: true },
  teams: { groups: true },
  pagerduty: { endsLast: true },
  eventbridge: {},
  securityhub: { endsLast: true },
  webhook: {},
};

/** After a sink was taken out whoever commits may owe it something for so long: owed.ts, and a clock that is off. */
const LATE_MS = 2 * 60_000;

export function sinksOf({ entries, removed }: SinksInForce): readonly Sink[] {
  return [...entries.map(sinkOf), ...removed.map(removedSink)];
}

/** Writes down which of them cannot be used, and that somebody tried. */
export async function trySinks({ entries }: SinksInForce, notes: Pick<DynamoNotes, 'save'>): Promise<void> {
  if (entries.length === 0) return;
  const tried = await Promise.all(entries.map(async (entry) => [sinkId(entry), await faultOf(entry)] as const));
  const faults = Object.fromEntries(tried.flatMap(([id, fault]) => (fault === undefined ? [] : [[id, fault]])));
  await notes.save(TRIED_NOTE, { at: new Date().toISOString(), faults } satisfies SinksTried);
  if (Object.keys(faults).length > 0) logger.error('sinks cannot be used', { faults });
}

async function faultOf(entry: SinkEntry<AwsPlace>): Promise<string | undefined> {
  try {
    await made(entry);
    return undefined;
  } catch (cause) {
    return printable(refused(cause).error, 400);
  }
}

export function sinkOf(entry: SinkEntry<AwsPlace>): Sink {
  return {
    id: sinkId(entry),
    ...TRAITS[entry.type],
    async deliver(notice, signal) {
      return (await unlessAborted(signal, () => made(entry))).deliver(notice, signal);
    },
    async deliverAll(notices, signal) {
      const sink = await unlessAborted(signal, () => made(entry));
      if (sink.deliverAll !== undefined) return sink.deliverAll(notices, signal);
      return Promise.all(notices.map((notice) => sink.deliver(notice, signal).catch(refused)));
    },
  };
}

/** A human took it out: what it is owed from before is settled, and the ledger says by what. */
function removedSink({ id, at }: SinksInForce['removed'][number]): Sink {
  return {
    id,
    async deliver({ key, createdAt }) {
      if (Date.parse(createdAt) <= Date.parse(at) + LATE_MS) {
        return { id: `not sent, this sink was taken out of sinks.yaml at ${at}: ${key}` };
      }
      throw new Error(`${id} was taken out of sinks.yaml at ${at}, and is owed this since: it may be back`);
    },
  };
}

/** Those without a secret: they hold a client, which is made once. */
const lasting = new Map<string, Sink>();

/** Loaded where there are any: a stack that has topics alone starts without them. */
async function made(entry: SinkEntry<AwsPlace>): Promise<Sink> {
  const { sinkFor } = await import('../sinks.ts');
  const places = placesOf(entry);
  if (places.length === 0) {
    const known = lasting.get(JSON.stringify(entry)) ?? sinkFor(settingsOf(withOurs(entry), neverRead));
    lasting.set(JSON.stringify(entry), known);
    return known;
  }
  const { secretAt } = await import('./secrets.ts');
  const read = new Map(await Promise.all(places.map(async (place) => [place, await secretAt(place)] as const)));
  return sinkFor(settingsOf(entry, (place) => read.get(place) ?? neverRead(place)));
}

/** The external id that this stack's roles in other accounts ask for: deploy/member-account.yml. */
function withOurs(entry: SinkEntry<AwsPlace>): SinkEntry<AwsPlace> {
  if (entry.type !== 'securityhub' || entry.externalId !== undefined) return entry;
  return { ...entry, externalId: optionalSetting('AJAR_EXTERNAL_ID') };
}

function neverRead({ secret }: AwsPlace): never {
  throw new Error(`secret ${secret} was not read`);
}
