/**
 * Finds who lost a protection: in the events that were kept, for the resource and for what it depends on. An event
 * never opens an incident, and the lack of one never delays an alert.
 */
import { EVENT_SLACK_MS, isUnexplained, mayBeNamed } from '../assess/attribution.ts';
import { attribute } from '../events/attribute.ts';
import { type Attribution, keysOfEndpoint } from '../model/change.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Incident } from '../model/incident.ts';
import { cellKey } from '../model/inventory.ts';
import type { ProtectionName } from '../model/protection.ts';
import type { Changes } from '../model/store.ts';

/** A change may take so long to show: a domain is being reconfigured, an instance waits for its reboot. */
const PENDING_MS = 60 * 60_000;
/** The API itself may show a change so late: as long as what an event told of is read again. */
const RECHECK_MS = 12 * 60_000;
/** Parameter groups wait for a reboot, which may come weeks later. */
const APPLY_MS = 90 * 24 * 60 * 60_000;
/** Whoever puts it back a moment later did not do it. */
const AFTER_MS = 2_000;
const MAX_CHANGES = 200;
/** Groups whose changes wait for a restart, and what is restarted. */
const WAITS = /:(pg|cluster-pg|og|parametergroup|configuration|db|cluster|broker|rep|cache|replicationgroup)\//;

/** Attributions by incident id, of those that an event explains. */
export async function whoDid(
  endpoint: Endpoint,
  incidents: readonly Incident[],
  changes: Pick<Changes, 'about'>,
  isLast = false,
): Promise<ReadonlyMap<string, Attribution>> {
  const found = new Map<string, Attribution>();
  const all = keysOf(endpoint);
  for (const incident of incidents.filter(mayBeNamed)) {
    const keys = all.filter((key) => concerns(key, incident.protection));
    if (keys.length === 0) continue;
    const groups = keys.filter((key) => WAITS.test(key));
    const { lower, upper } = incident.start;
    const first = Date.parse(lower ?? upper);
    const to = instant(Date.parse(upper) + AFTER_MS);
    const known = [
      ...(await changes.about({ keys, from: instant(first - PENDING_MS), to, limit: MAX_CHANGES })),
      // Asked for by themselves: what happens every day in a busy cell must not push out what waited for weeks.
      ...(await changes.about({ keys: groups, from: instant(first - APPLY_MS), to, limit: MAX_CHANGES })),
    ];
    const within = (ms: number): Attribution | undefined => attribute(known, keys, instant(first - ms), to);
    // What happened since it was last seen good; then what the API was late to show. What took longer counts when nothing
    // else was found to the end: the event of the window itself may still be on its way, and replaces what came before it.
    const isNamed = (incident.attribution?.changes.length ?? 0) > 0;
    const earlier = isNamed ? undefined : within(RECHECK_MS);
    const attribution =
      within(EVENT_SLACK_MS) ?? earlier ?? (isLast && isUnexplained(incident) ? within(PENDING_MS) : undefined);
    if (attribution !== undefined) found.set(incident.id, attribution);
  }
  return found;
}

/** A log group explains lost logs and a key lost encryption, and neither a door. */
function concerns(key: string, protection: ProtectionName): boolean {
  if (LOGS.test(key)) return protection === 'audit-log' || protection === 'guardrail';
  if (KEYS.test(key)) return protection === 'encryption-at-rest' || protection === 'guardrail';
  return true;
}
const LOGS = /(^|\/)logs:/;
const KEYS = /(^|\/)kms:/;

/** Scoped keys of all that the endpoint depends on, and its cell: some changes touch all of it. */
function keysOf(endpoint: Endpoint): readonly string[] {
  const { account, region, service } = endpoint;
  const hasCell = account !== undefined && region !== undefined && service !== undefined;
  return [...keysOfEndpoint(endpoint), ...(hasCell ? [cellKey({ account, region }, service)] : [])];
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
