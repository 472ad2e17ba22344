/** What the inventories that ask no service say of doors: network interfaces, addresses, names in DNS. */

/** One public DNS record that leads somewhere: `target` is an address or another name. Lower case, no final dot. */
export interface NameRecord {
  readonly name: string;
  readonly target: string;
}

/**
 * Tags that ajar sets. `aws:` is reserved, so nobody can forge the first two; they are there only where AWS itself
 * says that a service made the interface.
 */
export const REQUESTER_TAG = 'aws:requester';
export const DESCRIPTION_TAG = 'aws:description';
/** Public names that lead to an endpoint, separated by spaces. */
export const NAMES_TAG = 'ajar:names';
