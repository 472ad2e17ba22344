/** Whether a list shows a thing: for services that have no question by name. */
import type { Pages } from './pages.ts';

/** Undefined where the list does not show it and is in doubt. */
export function isListed<T>({ items, whole }: Pages<T>, isIt: (item: T) => boolean): boolean | undefined {
  if (items.some(isIt)) return true;
  return whole ? false : undefined;
}
