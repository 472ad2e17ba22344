/** `ajar plan`: accounts and regions are listed, nothing is swept, nothing is written. */
import type { CoverageGap } from '../model/endpoint.ts';
import type { InventoryRecords } from '../model/store.ts';
import { type Estimate, estimator } from '../pipeline/estimate.ts';
import { listPlaces } from '../pipeline/inventory.ts';
import type { AwsInventorySettings } from './aws.ts';
import { withState } from './local.ts';

export interface Plan {
  readonly estimate: Estimate;
  readonly services: readonly string[];
  readonly gaps: readonly CoverageGap[];
}

export async function planAws(settings: AwsInventorySettings, state: string | undefined): Promise<Plan> {
  const { openAwsInventory } = await import('./aws.ts');
  const source = await openAwsInventory(settings, { now: () => new Date(), listsOnly: true });
  const { places, gaps } = await listPlaces(source);
  const count = async (known?: InventoryRecords): Promise<Estimate> => {
    const estimate = estimator(source.services, source.home);
    for (const { account, region } of places) estimate.add(account, region, await known?.read(account, region));
    return estimate.total();
  };
  const estimate = state === undefined ? await count() : await withState(state, ({ inventory }) => count(inventory));
  return { estimate, services: source.services.map((s) => s.service), gaps };
}
