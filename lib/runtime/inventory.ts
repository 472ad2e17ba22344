/** The inventory of one pass: files, AWS, or both. AWS and its SDK are loaded only where they are asked for. */
import type { Endpoint } from '../model/endpoint.ts';
import type { Inventory, PlaceResult } from '../model/inventory.ts';
import type { StateStore } from '../model/store.ts';
import { takeInventory } from '../pipeline/inventory.ts';
import type { AwsInventory } from './aws.ts';
import type { Settings } from './config.ts';
import { readEndpoints } from './local.ts';

export interface InventoryPass {
  readonly store: Pick<StateStore, 'read' | 'inventory'>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Sweep everything, or only what is due. */
  readonly full: boolean;
  readonly onPlace?: (result: PlaceResult, progress: { readonly done: number; readonly total: number }) => void;
}

export interface Sources {
  /** All that can be wrong with the input is found when this is made, before any state is touched. */
  take(pass: InventoryPass): Promise<{ readonly endpoints: readonly Endpoint[]; readonly inventory?: Inventory }>;
}

export async function openSources(settings: Settings): Promise<Sources> {
  const hasFiles = settings.aws === undefined || settings.files.length > 0;
  // Read again by every pass; read once now so that a broken file is told before anything runs.
  if (hasFiles) await readEndpoints(settings.files);
  const aws = settings.aws === undefined ? undefined : await openAws(settings.aws);
  return {
    async take(pass) {
      const listed = hasFiles ? await readEndpoints(settings.files) : [];
      if (aws === undefined) return { endpoints: listed };
      const inventory = await takeInventory({ source: aws, registered: listed, ...pass });
      return { endpoints: inventory.endpoints, inventory };
    },
  };
}

async function openAws(settings: NonNullable<Settings['aws']>): Promise<AwsInventory> {
  const { openAwsInventory } = await import('./aws.ts');
  return openAwsInventory(settings, { now: () => new Date() });
}
