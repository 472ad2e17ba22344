/** `ajar plan`: accounts and regions are listed, nothing is swept, nothing is written. */
import type { CoverageGap } from '../model/endpoint.ts';
import { type Estimate, estimator } from '../pipeline/estimate.ts';
import { listPlaces } from '../pipeline/inventory.ts';
import type { AwsInventorySettings } from './aws.ts';
import { withKnown } from './local.ts';

export interface Plan {
  readonly estimate: Estimate;
  readonly services: readonly string[];
  readonly gaps: readonly CoverageGap[];
}

export async function planAws(settings: AwsInventorySettings, state: string | undefined): Promise<Plan> {
  const { openAwsInventory } = await import('./aws.ts');
  const source = await openAwsInventory(settings, { now: () => new Date() });
  const { places, gaps } = await listPlaces(source);
  return withKnown(state, async ({ inventory }) => {
    const estimate = estimator(source.services, source.home);
    for (const { account, region } of places) estimate.add(account, region, await inventory.read(account, region));
    return { estimate: estimate.total(), services: source.services.map((s) => s.service), gaps };
  });
}
