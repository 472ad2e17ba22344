/**
 * Names and texts as OSCAL takes them. Every uuid is a version 5 one of what it stands for (version 7 is refused), so the same
 * evidence gives the same file and the same endpoint keeps its uuid from report to report. Texts are one line without blanks at
 * their ends (`StringDatatype`); what goes into Markdown has every sign of Markdown escaped, since a name is chosen by a stranger.
 */
import { v5 as uuidv5 } from 'uuid';
import type { ReportIncident } from '../../model/report.ts';
import { shown } from '../escape.ts';

/** Of every uuid in ajar's OSCAL; never change it. */
const NAMESPACE = '4d6f1a52-0e0b-5b57-9c3e-2019120400aa';
/** Of every property that OSCAL does not define itself. */
export const NS = 'urn:ajar:oscal';
/** The token of ajar's own objectives; a requirement of a framework is only ever a property. */
export const objectiveToken = (id: string): string => `${id.toLowerCase()}_obj`;

const TEXT = 1_000;

/** JSON spells lone surrogates, which UTF-8 has none for, and keeps ["a","b"] apart from ["a,b"]. */
export function uuidOf(kind: string, ...names: readonly (string | number)[]): string {
  return uuidv5(JSON.stringify([kind, ...names]), NAMESPACE);
}

/** No uuid twice in a list, also where the same thing is listed twice. The first keeps its own. */
export function distinct(): (uuid: string) => string {
  const seen = new Map<string, number>();
  return (uuid) => {
    const times = seen.get(uuid) ?? 0;
    seen.set(uuid, times + 1);
    return times === 0 ? uuid : uuidOf('again', uuid, times);
  };
}

/** The same of a list too long to keep a uuid of each: what it is to count are the names that come twice. */
export function distinctOf(names: readonly string[]): (uuid: string, name: string) => string {
  const [seen, repeated] = [new Set<string>(), new Set<string>()];
  for (const name of names) (seen.has(name) ? repeated : seen).add(name);
  seen.clear();
  const once = distinct();
  return (uuid, name) => (repeated.has(name) ? once(uuid) : uuid);
}

/** A plain string: exact but for what cannot be shown. */
export function line(text: string): string {
  return shown(text, TEXT);
}

/** The same within Markdown. */
export function prose(text: string): string {
  return line(text).replace(/[\\`*_{}[\]<>()#!|~^$&]/g, '\\$&');
}

export type Value = string | number | boolean | undefined;

export function props(values: Readonly<Record<string, Value>>): object[] | undefined {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;
  return given.map(([name, value]) => ({ name, ns: NS, value: line(String(value)) }));
}

export const TOOL = uuidOf('component', 'ajar');
export const ORIGINS = [{ actors: [{ type: 'tool', 'actor-uuid': TOOL }] }] as const;

export const itemOf = (endpointId: string): string => uuidOf('inventory-item', endpointId);
export const riskOf = (incidentId: string): string => uuidOf('risk', incidentId);
export const partyOf = (name: string): string => uuidOf('party', name);
export const checkOf = (reportId: string, objectiveId: string, checkId: string): string =>
  uuidOf('check', reportId, objectiveId, checkId);

export function subjectOf(endpointId: string): object {
  return { 'subject-uuid': itemOf(endpointId), type: 'inventory-item' };
}

/** `elasticsearch analytics-copy at analytics-copy.example.com:9200`, plain. */
export function placeText({
  engine,
  name,
  host,
  port,
}: Pick<ReportIncident, 'engine' | 'name' | 'host' | 'port'>): string {
  return `${engine}${name === undefined ? '' : ` ${name}`} at ${host}:${port}`;
}
