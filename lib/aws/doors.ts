/** One resource, several doors: named so that each keeps its id for as long as the resource has it. */
import { doorName, type Endpoint } from '../model/endpoint.ts';

export interface Door {
  /** Empty for the door that every resource of the kind has. */
  readonly door: string;
  readonly host: string;
  readonly port: number;
}

/** A door's part of `awsEndpoint`: no `door` where it is the first. */
export function doorOf({ door, host, port }: Door): {
  readonly door?: string;
  readonly host: string;
  readonly port: number;
} {
  return { ...(door === '' ? {} : { door }), host, port };
}

/** A door as AWS shows it: nothing, or half an address, while it is being made. */
export interface NamedAddress {
  readonly door: string;
  readonly at: { readonly Address?: string | undefined; readonly Port?: number | undefined } | undefined;
}

/** Those that have an address. */
export function addressedDoors(named: readonly NamedAddress[]): readonly Door[] {
  return named.flatMap(({ door, at }) =>
    at?.Address === undefined || at.Port === undefined ? [] : [{ door, host: at.Address, port: at.Port }],
  );
}

/**
 * Whether the endpoint is still one of the resource's doors, by its id: its host may have changed. A resource that
 * shows no door at all is being made or changed, which says nothing of this one.
 */
export function hasDoor(endpoint: Endpoint, doors: readonly Door[]): boolean {
  return doors.length === 0 || doors.some(({ door }) => door === doorName(endpoint));
}
