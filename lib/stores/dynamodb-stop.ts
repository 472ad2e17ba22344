import { printable } from '../model/text.ts';
import type { Table } from './dynamodb-access.ts';

/** Beside the connection budgets, which is all of the table that a prober's role may read (deploy/roles.yml). */
const STOP_KEY = { pk: 'B#stop-probing', sk: '-' };

/** The kill switch of one vantage: this item in its table, put there by a person. `why` is shown. */
export async function readStop(table: Pick<Table, 'get'>): Promise<string | undefined> {
  const item = await table.get(STOP_KEY);
  if (item === undefined) return undefined;
  const why = item['why'];
  return printable(typeof why === 'string' && why !== '' ? why : 'stopped by hand, no reason given', 200);
}
