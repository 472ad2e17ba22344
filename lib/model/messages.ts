/**
 * What the Lambdas hand to each other over queues. Envelopes are checked field by field; documents inside were made by
 * ajar itself and are checked for what the next stage rests on. What does not parse goes to the dead letters, alone.
 */
import * as z from 'zod/mini';
import type { CoverageGap, Endpoint } from './endpoint.ts';
import { PARTITIONS, type Place } from './inventory.ts';
import { AUTH_STATES, DNS_STATES, L4_STATES, PROTO_STATES, TLS_STATES } from './observation.ts';
import { LEVELS } from './protection.ts';
import type { Reading } from './reading.ts';

/** As much as we put into one message, and take from one. Queues deliver a message again when a worker ends before it is done. */
export const MAX_MESSAGE_BYTES = 256 * 1_024;

const instant = z.string().check(z.maxLength(32));
/** Of a page: a moment and a number (pipeline/paging.ts). */
const MAX_PAGE_NAME = 64;
const id = z.string().check(z.minLength(1), z.maxLength(512));

/** Reads some cells of one place. */
export const collectMessage = z.object({
  kind: z.literal('collect'),
  place: z.custom<Place>(isPlace),
  /** Empty: whatever is due when the message arrives. */
  services: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(64)),
  /** Because an event told of a change: read again until it shows. */
  recheck: z.optional(
    z.object({
      /** Empty: the whole of each cell. */
      touched: z.array(z.string().check(z.maxLength(1_024))).check(z.maxLength(1_000)),
      attempt: z.int().check(z.minimum(0), z.maximum(10)),
      /** A sweep that began at or after this has seen what the event told of. */
      since: instant,
      /** Of what the last attempt read. */
      digest: z.optional(z.string().check(z.maxLength(64))),
    }),
  ),
});
export type CollectMessage = z.infer<typeof collectMessage>;

/** Visits one endpoint. */
export const probeMessage = z.object({
  kind: z.literal('probe'),
  endpoint: z.custom<Endpoint>(isEndpoint),
  /** What is declared was read at or after this; else it is remembered. */
  since: instant,
  gaps: z.optional(z.array(z.custom<CoverageGap>(isGap)).check(z.maxLength(100))),
  /** By then the next one is planned, and this one not worth the visit. */
  until: z.optional(instant),
  /** How often it is visited; absent where a change or a sweep asks. */
  everyMs: z.optional(z.int().check(z.minimum(1_000), z.maximum(86_400_000))),
  /** Where a visit without news is noted (model/revisit.ts). */
  page: z.optional(z.string().check(z.minLength(1), z.maxLength(MAX_PAGE_NAME))),
});
export type ProbeMessage = z.infer<typeof probeMessage>;

/** Judges one reading. */
export const assessMessage = z.object({ kind: z.literal('reading'), reading: z.custom<Reading>(isReading) });
export type AssessMessage = z.infer<typeof assessMessage>;

/** Looks for who lost a protection, when an event was late or never came. */
export const explainMessage = z.object({
  kind: z.literal('explain'),
  endpointId: id,
  /** Nothing was found for so long: say so. */
  isLast: z.boolean(),
  /** How often it was searched before; absent where nothing follows a search that finds nothing. */
  attempt: z.optional(z.int().check(z.minimum(0), z.maximum(10))),
});
export type ExplainMessage = z.infer<typeof explainMessage>;

/** Owes the reminders of an endpoint's open incidents that are due. */
export const remindMessage = z.object({ kind: z.literal('remind'), endpointId: id });
export type RemindMessage = z.infer<typeof remindMessage>;

export const planTask = z.object({ task: z.enum(['probe', 'hot', 'active', 'daily']) });

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlace(value: unknown): value is Place {
  return (
    isRecord(value) &&
    /^\d{12}$/.test(String(value['account'])) &&
    /^[a-z0-9-]{1,32}$/.test(String(value['region'])) &&
    PARTITIONS.some((partition) => partition === value['partition'])
  );
}

function isEndpoint(value: unknown): value is Endpoint {
  return (
    isRecord(value) &&
    ['id', 'host', 'engine', 'source'].every((name) => typeof value[name] === 'string') &&
    typeof value['port'] === 'number' &&
    isRecord(value['declared']) &&
    isRecord(value['tags'])
  );
}

function isGap(value: unknown): value is CoverageGap {
  return isRecord(value) && ['stage', 'subject', 'code', 'detail'].every((name) => typeof value[name] === 'string');
}

/** Words of a newer ajar that this one has none for are refused: the reading comes again, to one that knows them or to the dead letters. */
function isReading(value: unknown): value is Reading {
  return (
    isRecord(value) &&
    ['id', 'runId', 'vantage'].every((name) => typeof value[name] === 'string') &&
    isInstant(value['at']) &&
    ['began', 'takenAt'].every((name) => value[name] === undefined || isInstant(value[name])) &&
    typeof value['vantageAlive'] === 'boolean' &&
    (value['page'] === undefined || (typeof value['page'] === 'string' && value['page'].length <= MAX_PAGE_NAME)) &&
    isListOf(value['observations'], isLook) &&
    (value['gaps'] === undefined || isListOf(value['gaps'], isGap)) &&
    isEndpoint(value['endpoint']) &&
    Object.values(value['endpoint'].declared).every((said) => isRecord(said) && isOneOf(LEVELS, said['level']))
  );
}

function isLook(value: unknown): boolean {
  return (
    isRecord(value) &&
    isOneOf(L4_STATES, value['l4']) &&
    isOneOf(DNS_STATES, value['dns']) &&
    isOneOf(PROTO_STATES, stateOf(value['proto'])) &&
    isOneOf(TLS_STATES, stateOf(value['tls'])) &&
    isOneOf(AUTH_STATES, stateOf(value['auth'])) &&
    typeof value['proof'] === 'number' &&
    typeof value['rule'] === 'string'
  );
}

function stateOf(axis: unknown): unknown {
  return isRecord(axis) ? axis['state'] : undefined;
}

function isOneOf(words: readonly string[], value: unknown): boolean {
  return words.some((word) => word === value);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

/** As `toISOString` writes it: they are compared as text. */
function isInstant(value: unknown): boolean {
  return (
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/.test(value) && !Number.isNaN(Date.parse(value))
  );
}
