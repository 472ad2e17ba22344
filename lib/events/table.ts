/**
 * Every CloudTrail management event that can take a protection away, make that effective, or blind ajar
 * (aws-services.md sections 2, 5.4 and 8). What it says of an event is where to look, never what the state is.
 */
import type { Row } from './row.ts';
import { CACHES_ROWS } from './table/caches.ts';
import { FRONTS_ROWS } from './table/fronts.ts';
import { GUARD_RAILS_ROWS } from './table/guard-rails.ts';
import { NETWORK_ROWS } from './table/network.ts';
import { RDS_ROWS } from './table/rds.ts';
import { SEARCH_ROWS } from './table/search.ts';
import { STORES_ROWS } from './table/stores.ts';
import { WAREHOUSES_ROWS } from './table/warehouses.ts';

export const TABLE: readonly Row[] = [
  ...SEARCH_ROWS,
  ...RDS_ROWS,
  ...WAREHOUSES_ROWS,
  ...CACHES_ROWS,
  ...STORES_ROWS,
  ...NETWORK_ROWS,
  ...FRONTS_ROWS,
  ...GUARD_RAILS_ROWS,
];

const BY_EVENT = Map.groupBy(
  TABLE.flatMap((row) => row.names.map((name) => ({ event: `${row.source}/${name}`, row }))),
  ({ event }) => event,
);

/** More than one where two APIs of one source share a name. */
export function rowsOfEvent(source: string, name: string): readonly Row[] {
  return (BY_EVENT.get(`${source}/${name}`) ?? []).map(({ row }) => row);
}
