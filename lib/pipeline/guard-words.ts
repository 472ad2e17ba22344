/** Counts, ages and short lists, as guard's problems word them. */
import { MAX_AFFECTED, type Problem } from '../model/health.ts';
import { printable } from '../model/text.ts';

export interface Named {
  readonly name: string;
  /** The heaviest are named first. */
  readonly weight: number;
  readonly text: string;
}

/** Named in a problem's detail; the others are counted. */
const MAX_NAMED = 5;
const MAX_NAME = 120;
const MAX_DETAIL = 1_000;

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function detailOf(all: readonly Named[]): string {
  const heaviest = all.toSorted((a, b) =>
    a.weight === b.weight ? compare(a.name, b.name) : b.weight > a.weight ? 1 : -1,
  );
  const named = heaviest.slice(0, MAX_NAMED).map(({ name, text }) => `${printable(name, MAX_NAME)}: ${text}`);
  const more = all.length > MAX_NAMED ? [`+${all.length - MAX_NAMED} more`] : [];
  return printable([...named, ...more].join('; '), MAX_DETAIL);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

export function ageText(ms: number): string {
  if (!Number.isFinite(ms)) return 'an unknown time';
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1_000)} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** Beyond those that are named, whoever is new is told with the next hourly message. */
export function affectedBy(names: readonly string[]): Pick<Problem, 'affected' | 'more'> {
  const affected = names.toSorted().slice(0, MAX_AFFECTED);
  return { affected, ...(names.length > affected.length ? { more: names.length - affected.length } : {}) };
}
