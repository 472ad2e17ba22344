/**
 * A copy carries what its source carries: the store of 2019 was a copy of production data. Where a copy shows no names
 * of its own, the classes known of its source are taken, and the reason says so. Pure.
 */
import { printable } from '../model/text.ts';
import { type Endpoint, MAX_SOURCES } from '../model/endpoint.ts';
import type { DataAtRisk } from '../model/observation.ts';
import type { Posture } from '../model/posture.ts';
import type { Inherited, Reading } from '../model/reading.ts';
import type { EndpointState } from '../model/state.ts';

/** Tags by which people name the owner, in lower case; the first that is set counts. */
const OWNER_TAGS = ['owner', 'data-owner', 'dataowner', 'team', 'service-owner', 'contact'];

/** A tag in which people name what something is a copy of: no API says which snapshot a database was restored from. */
export const COPY_TAG = 'ajar:copy-of';

/** What the provider says first, then what the tag does: ids as the inventory shows them, separated by spaces. */
export function sourcesOf({ copyOf = [], tags }: Pick<Endpoint, 'copyOf' | 'tags'>): readonly string[] {
  const tagged = (tags[COPY_TAG] ?? '').split(' ').filter((id) => id !== '');
  return [...new Set([...copyOf, ...tagged])].slice(0, MAX_SOURCES);
}

/** Read there itself, now or when it was last open: what is only taken from elsewhere is not passed on. */
export function dataKnownOf({ posture, incidents }: EndpointState): DataAtRisk | undefined {
  const seen = [posture.data, ...incidents.toReversed().map(({ data }) => data)];
  return seen.find((data) => data !== undefined && data.takenFrom === undefined);
}

export function inheritedFrom({ endpoint }: EndpointState, data: DataAtRisk | undefined, origin: string): Inherited {
  const owner = ownerOf(endpoint);
  const source = { id: endpoint.id, ...(owner === undefined ? {} : { owner }) };
  return { source, ...(data === undefined ? {} : { data: takenFrom(origin, data) }) };
}

export function ownerOf({ tags }: Pick<Endpoint, 'tags'>): string | undefined {
  const own = new Map(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value]));
  const owner = OWNER_TAGS.map((key) => own.get(key)).find((value) => value !== undefined && value !== '');
  return owner === undefined ? undefined : printable(owner, 128);
}

/** Nothing that was read of the endpoint itself is replaced. */
export function inheriting(posture: Posture, { inherited }: Pick<Reading, 'inherited'>): Posture {
  if (inherited === undefined) return posture;
  const { source, data } = inherited;
  return { ...posture, source, ...(posture.data === undefined && data !== undefined ? { data } : {}) };
}

/** A copy may hold more than its source: `truncated`, so that it never counts for less than what is not known. */
function takenFrom(origin: string, { objects, classes }: DataAtRisk): DataAtRisk {
  return { objects, classes, samples: [], truncated: true, ransomMarkers: 0, takenFrom: origin };
}

/** What one endpoint copies into another makes the other a copy, whoever lists it. */
export function withFlows(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const flows = endpoints.flatMap((endpoint) => endpoint.flows ?? []);
  if (flows.length === 0) return endpoints;
  const ids = Map.groupBy(endpoints, doorOf);
  const sources = Map.groupBy(flows, ({ to }) => to);
  return endpoints.map((endpoint) => {
    const from = (sources.get(doorOf(endpoint)) ?? []).flatMap((flow) => ids.get(flow.from) ?? []);
    const others = from.map(({ id }) => id).filter((id) => id !== endpoint.id);
    if (others.length === 0) return endpoint;
    const copyOf = [...new Set([...(endpoint.copyOf ?? []), ...others])].toSorted().slice(0, MAX_SOURCES);
    return { ...endpoint, copyOf };
  });
}

function doorOf({ host, port }: Pick<Endpoint, 'host' | 'port'>): string {
  return `${host.toLowerCase()}:${port}`;
}
