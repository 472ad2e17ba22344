/** Events that the event path did not bring, looked up in the account where they happened and kept like the others. */
import { normalise } from '../../events/normalise.ts';
import { LOOKUP_SERVICE, lookUpEvents, resourceNames } from '../../aws/lookup-events.ts';
import type { StateStore } from '../../model/store.ts';
import { isUnexplained } from '../../assess/attribution.ts';
import { accounts } from './accounts.ts';
import { logger } from './telemetry.ts';

/** Before the last good look: what was asked for then may have taken its time. */
const BEFORE_MS = 60 * 60_000;

/** Whether everything was searched that there is to search. */
export async function lookUpChanges(endpointId: string, store: StateStore): Promise<boolean> {
  const state = await store.read(endpointId);
  const { account, region, dependencies = [] } = state?.endpoint ?? {};
  const open = state?.incidents.filter(isUnexplained) ?? [];
  if (account === undefined || region === undefined || open.length === 0) return true;
  const starts = open.map(({ start }) => Date.parse(start.lower ?? start.upper));
  const period = { from: new Date(Math.min(...starts) - BEFORE_MS), to: new Date() };
  const place = (await store.inventory.read(account, region))?.place;
  if (place === undefined) return false;
  const { withCell } = await accounts();
  const { items, gaps } = await withCell(place, LOOKUP_SERVICE, async (cell) => ({
    items: await lookUpEvents(cell, resourceNames(dependencies), period),
    gaps: cell.gaps(),
  }));
  for (const text of items) {
    const normal = normalise(text, new Date());
    if (normal.kind === 'change') await store.changes.add(normal.change);
  }
  for (const { code, detail } of gaps) logger.warn('events not looked up', { endpointId, code, detail });
  return gaps.length === 0;
}
