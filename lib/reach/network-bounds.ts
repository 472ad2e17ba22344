/** What is known of who passes: sets of sources with a lower and an upper end, and the ports they are asked of. */
import { EVERYBODY, type Family, intersect, type IpSet, subtract } from './ipset.ts';

/** `least` passes whatever the unread parts hold, `most` passes if they let everything by. */
export interface Bounds {
  readonly least: IpSet;
  readonly most: IpSet;
}

/** TCP ports, both ends included. */
export interface Ports {
  readonly from: number;
  readonly to: number;
}

export const ALL_PORTS: Ports = { from: 0, to: 65_535 };

export function portText(from: number, to: number): string {
  return from === to ? `tcp/${from}` : `tcp/${from}-${to}`;
}

/** All addresses are one object, so that gates that let everybody by cost nothing. */
export function settled(set: IpSet, family: Family): IpSet {
  const [all] = EVERYBODY[family];
  return set[0]?.first === all?.first && set[0]?.last === all?.last ? EVERYBODY[family] : set;
}

export function narrow(set: IpSet, by: IpSet, family: Family): IpSet {
  if (by === EVERYBODY[family]) return set;
  return set === EVERYBODY[family] ? by : intersect(set, by);
}

export function exceeds(set: IpSet, bound: IpSet, family: Family): boolean {
  return bound !== EVERYBODY[family] && subtract(set, bound, family).length > 0;
}

export function overlaps(a: IpSet, b: IpSet): boolean {
  let [i, j] = [0, 0];
  for (;;) {
    const [x, y] = [a[i], b[j]];
    if (x === undefined || y === undefined) return false;
    if (x.last < y.first) i++;
    else if (y.last < x.first) j++;
    else return true;
  }
}
