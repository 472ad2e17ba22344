import { openAwsInventory } from '../aws.ts';
import { inventorySettings } from './accounts.ts';
import { onceAsync } from './once.ts';

/** Reads AWS with the role of the environment; accounts, regions and names are kept for a quarter of an hour. */
export const inventory = onceAsync(() => openAwsInventory(inventorySettings(), { now: () => new Date() }));
