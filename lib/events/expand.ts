/**
 * What one event touches (aws-services.md section 5.6). Parents are not looked up here: an event about a parameter group
 * touches the group, and the store knows who depends on it. Whatever cannot be read names the whole cell, never nothing.
 */
import type { DependencyKey } from '../model/change.ts';
import { printable } from '../model/text.ts';
import { type KeyType, keysOfName } from './keys.ts';
import { found, requestOf, responseOf } from './parameters.ts';
import type { TrailRecord } from './record.ts';
import type { NamePath, Row } from './row.ts';
import { GLOBAL_SERVICES, homeOf, type Service } from './services.ts';

/** One that touches more touches the whole cell. */
export const MAX_TOUCHED = 100;
/** Of a guard rail's names, and of each. */
export const MAX_NAMES = 20;
const MAX_SHOWN_NAME = 256;

type Elements = Pick<TrailRecord, 'eventName' | 'requestParameters' | 'responseElements'>;

/** Sorted, each once; empty for the whole cell. */
export function touchedBy(row: Row, record: Elements): readonly DependencyKey[] {
  if (row.unnamed?.includes(record.eventName) === true) return [];
  const request = requestOf(record.requestParameters, record.eventName);
  const response = responseOf(record.responseElements, record.eventName);
  const asked = keysAt(request, [...pathsOf(row), ...(row.named ?? [])]);
  const answered = keysAt(response, row.response ?? []);
  const also = keysAt(request, row.also ?? []);
  if (asked === undefined || also === undefined) return [];
  const keys = new Set([...asked, ...(answered ?? [])]);
  if (keys.size === 0) return [];
  for (const key of also) keys.add(key);
  return keys.size > MAX_TOUCHED ? [] : [...keys].toSorted();
}

/** What a guard rail's request names, as it is written there. */
export function namesOf(row: Row, record: Elements): readonly string[] {
  const request = requestOf(record.requestParameters, record.eventName);
  const names = row.paths.flatMap((path) => found(request, withoutMark(path)).values);
  const shown = names.flatMap((name) => (typeof name === 'string' ? [printable(name, MAX_SHOWN_NAME)] : []));
  return [...new Set(shown)].slice(0, MAX_NAMES);
}

/** Whether this row's own names stand in the request: two APIs of one source may share an event name. */
export function isNamedIn(row: Row, record: Elements): boolean {
  const request = requestOf(record.requestParameters, record.eventName);
  return row.paths.some((path) => found(request, withoutMark(path)).values.length > 0);
}

/** Where to look: global services answer in the home region alone, whichever region the event comes from. */
export function cellsOf(row: Row, region: string): { readonly region: string; readonly services: readonly Service[] } {
  const home = homeOf(region);
  const regional = row.services.filter((service) => !GLOBAL_SERVICES.includes(service));
  if (regional.length === 0) return { region: home, services: row.services };
  return { region, services: region === home ? row.services : regional };
}

/** `undefined` where something stands there that is no name in the vocabulary, or more than is read. */
function keysAt(root: unknown, paths: readonly NamePath[]): readonly DependencyKey[] | undefined {
  const keys: DependencyKey[] = [];
  for (const [path, type] of paths) {
    const { values, whole } = found(root, path);
    if (!whole) return undefined;
    for (const value of values) {
      const named = typeof value === 'string' ? keysOfName(type, value) : undefined;
      if (named === undefined) return undefined;
      keys.push(...named);
    }
  }
  return keys;
}

function pathsOf({ paths, type }: Row): readonly NamePath[] {
  return type === undefined ? [] : paths.map((path): readonly [string, KeyType | 'arn'] => [withoutMark(path), type]);
}

function withoutMark(path: string): string {
  return path.startsWith('W.') ? path.slice(2) : path;
}
