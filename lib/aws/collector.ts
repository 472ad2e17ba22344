import type { Endpoint } from '../model/endpoint.ts';
import type { CallCost } from '../model/inventory.ts';
import type { Cell } from './cell.ts';

/**
 * One AWS service. Lists what it runs, as endpoints with declared protections. It holds no state, opens no socket to
 * an endpoint and asks only for configuration.
 */
export interface Collector {
  /** Name of its coverage cells and of `--services`. */
  readonly service: string;
  readonly scope: 'regional' | 'global';
  /** Where a global service answers, if not in the partition's home region. */
  readonly homeRegion?: string;
  /** Every IAM action its calls need: the role policy is generated from these. */
  readonly actions: readonly string[];
  readonly cost: CallCost;
  /** Says something only of places that hold something else. */
  readonly accompanies?: true;
  collect(cell: Cell): Promise<readonly Endpoint[]>;
  /**
   * Asks for one endpoint's resource by name. `false` only when the API says that it, or this door of it, does not
   * exist; `undefined` when nobody answered.
   */
  exists(cell: Cell, endpoint: Endpoint): Promise<boolean | undefined>;
}
