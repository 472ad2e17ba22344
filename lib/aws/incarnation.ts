/**
 * A name can be given again: to what is created or renamed after the one that had it was deleted or renamed itself
 * (aws-services.md section 9, traps 3 to 5). What answers to the name then is not what was asked for.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { printable } from '../model/text.ts';

/** Whether the API showed another life under the endpoint's name. Where either is not known, it is taken for the same. */
export function isAnother({ incarnation }: Pick<Endpoint, 'incarnation'>, found: string | undefined): boolean {
  return incarnation !== undefined && found !== undefined && printable(found) !== incarnation;
}
