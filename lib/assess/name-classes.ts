/**
 * What kind of personal or secret data a name gives away: evidence-and-alerts.md sections 2.1 to 2.4.
 * Names and declared types only, never a value; sequences of whole words, never parts of a word. Pure.
 */
import type { DataClass } from '../model/observation.ts';
import type { Concept, ContextName } from './dictionary.ts';
import {
  amounts,
  contexts,
  heads,
  keepers,
  type Meaning,
  moments,
  naming,
  neutral,
  skippable,
  type Span,
  spansOf,
  starts,
  wordsOf,
} from './lexicon.ts';
import { CLASS_WEIGHT } from './severity.ts';
import { isNumber } from './tokens.ts';

/** The best class and up to two more. */
export const MAX_CLASSES_PER_NAME = 3;
const MAX_PARENTS = 8;

export interface NameHit {
  readonly class: DataClass;
  /** The dictionary's word for it, never the name itself. */
  readonly because: string;
}

/** What surrounds a name, outermost first, and the type its owner declared. */
export interface NameContext {
  readonly parents?: readonly string[];
  readonly type?: string;
}

/** What is above a name, read once for all the fields of an index or a table. */
export interface Place {
  readonly settles: ReadonlySet<ContextName>;
  readonly words: ReadonlySet<string>;
}

type TypeKind = 'boolean' | 'number' | 'moment' | 'ip' | 'mac' | 'geo' | 'vector' | 'other';

/** These stay sensitive as a yes or no and on a date; for the others that is a remark about the thing. */
const FACTS: ReadonlySet<DataClass> = new Set(['health', 'child', 'special-category']);
/** A moment of these tells nothing of them. The rest, an invoice or a login, is at home with dates. */
const POINTS: ReadonlySet<DataClass> = new Set(['credential', 'contact', 'network', 'device', 'media', 'location']);
const BODY_PART = new Set(['face', 'voice', 'fingerprint', 'iris', 'biometric', 'palm', 'retina']);

export function classifyName(name: string, context: NameContext = {}): readonly NameHit[] {
  return classifyAt(name, context.type, placeOf(context.parents ?? []));
}

/** The contexts that the names above a name give: people by their head noun, the rest by any word. */
export function placeOf(parents: readonly string[], also: readonly ContextName[] = []): Place {
  const settles = new Set<ContextName>(also);
  const words = new Set<string>();
  for (const parent of parents.slice(-MAX_PARENTS)) {
    const own = wordsOf(parent);
    const head = own.findLast((word) => !isNumber(word) && !neutral.has(word));
    for (const word of own) words.add(word);
    for (const [context, members] of contexts) {
      const settled = context === 'person' ? head !== undefined && members.has(head) : own.some((w) => members.has(w));
      if (settled) settles.add(context);
    }
  }
  return { settles, words };
}

export function classifyAt(name: string, type: string | undefined, place: Place): readonly NameHit[] {
  const words = wordsOf(name);
  const kind = typeKind(type);
  const found = new Map<DataClass, string>();
  for (const span of spansOf(words)) {
    const { meaning } = span;
    if (meaning === undefined || !isMeant(words, span, meaning, place) || contradicts(kind, meaning)) continue;
    keep(found, meaning.rule.class, meaning.says);
    if (meaning.rule.also !== undefined) keep(found, meaning.rule.also, meaning.says);
  }
  for (const [dataClass, says] of fromType(kind, words)) keep(found, dataClass, says);
  return [...found]
    .map(([dataClass, because]) => ({ class: dataClass, because }))
    .sort((a, b) => CLASS_WEIGHT[b.class] - CLASS_WEIGHT[a.class])
    .slice(0, MAX_CLASSES_PER_NAME);
}

function keep(found: Map<DataClass, string>, dataClass: DataClass, says: string): void {
  if (!found.has(dataClass)) found.set(dataClass, says);
}

function isMeant(words: readonly string[], span: Span, meaning: Meaning, place: Place): boolean {
  const { rule, not } = meaning;
  if (not.size > 0 && (words.some((word) => not.has(word)) || [...not].some((word) => place.words.has(word))))
    return false;
  if (isRemark(words, span, meaning)) return false;
  if (rule.when === undefined) return true;
  const whole = words.every((word, at) => inside(at, span) || isNumber(word) || neutral.has(word));
  if (rule.when === 'whole' && whole) return true;
  const ends = words.every((word, at) => at <= span.to || isNumber(word) || neutral.has(word));
  if (rule.when === 'head' && ends) return true;
  const wanted = rule.near ?? ['person', 'row'];
  return (whole && wanted.some((context) => place.settles.has(context))) || besides(words, span, wanted);
}

/** `email_count`, `is_email`, `email_sent_at`: about the thing, not the thing. */
function isRemark(words: readonly string[], span: Span, { rule }: Meaning): boolean {
  const first = words[0] ?? '';
  if (span.from > 0 && starts.has(first)) {
    const states = first === 'is' || first === 'has';
    if (!(states && FACTS.has(rule.class)) && !(rule.measured === true && amounts.has(first))) return true;
  }
  let head = words.length - 1;
  let momentary = false;
  for (; head > span.to; head--) {
    const word = words[head] ?? '';
    if (moments.has(word)) momentary = true;
    else if (remarks(word, rule)) return true;
    else if (!isNumber(word) && !neutral.has(word) && !naming.has(word)) break;
  }
  if (momentary && POINTS.has(rule.class) && rule.dated !== true) return true;
  const next = words.slice(span.to + 1).find((word) => !skippable(word));
  return next !== undefined && remarks(next, rule);
}

function remarks(word: string, rule: Concept): boolean {
  if (heads.has(word)) return !(rule.measured === true && amounts.has(word));
  return rule.class === 'credential' && keepers.has(word);
}

/** A neighbouring word settles a doubtful one: `user_name`, `nombre_del_cliente`. */
function besides(words: readonly string[], span: Span, wanted: readonly ContextName[]): boolean {
  const before = words.slice(0, span.from).findLast((word) => !skippable(word));
  const after = words.slice(span.to + 1).find((word) => !skippable(word));
  return contexts.some(
    ([context, members]) =>
      wanted.includes(context) &&
      ((before !== undefined && members.has(before)) || (after !== undefined && members.has(after))),
  );
}

function inside(at: number, span: Span): boolean {
  return at >= span.from && at <= span.to;
}

function contradicts(kind: TypeKind, { rule }: Meaning): boolean {
  if (kind === 'boolean') return !FACTS.has(rule.class);
  if (kind === 'number') return rule.numeric !== true && (rule.class === 'credential' || rule.class === 'contact');
  if (kind === 'moment') return rule.dated !== true && POINTS.has(rule.class);
  return false;
}

function fromType(kind: TypeKind, words: readonly string[]): readonly (readonly [DataClass, string])[] {
  if (kind === 'ip') return [['network', 'ip address']];
  if (kind === 'geo') return [['location', 'coordinates']];
  if (kind === 'vector' && words.some((word) => BODY_PART.has(word))) return [['health', 'biometrics']];
  if (kind !== 'mac') return [];
  return [
    ['network', 'mac address'],
    ['device', 'mac address'],
  ];
}

/** Declared types of Elasticsearch, SQL and Mongo validators, by how they begin: `timestamp(3) without time zone`. */
const TYPE_STARTS: readonly (readonly [string, TypeKind])[] = [
  ['bool', 'boolean'],
  ['bit(1)', 'boolean'],
  ['tinyint(1)', 'boolean'],
  ['inet', 'ip'],
  ['cidr', 'ip'],
  ['ip', 'ip'],
  ['macaddr', 'mac'],
  ['geo', 'geo'],
  ['st_', 'geo'],
  ['interval', 'moment'],
  ['date', 'moment'],
  ['time', 'moment'],
  ['dense_vector', 'vector'],
  ['vector', 'vector'],
  ['knn_vector', 'vector'],
  ['int', 'number'],
  ['long', 'number'],
  ['short', 'number'],
  ['byte', 'number'],
  ['float', 'number'],
  ['double', 'number'],
  ['half_float', 'number'],
  ['scaled_float', 'number'],
  ['unsigned_long', 'number'],
  ['number', 'number'],
  ['numeric', 'number'],
  ['decimal', 'number'],
  ['real', 'number'],
  ['bigint', 'number'],
  ['smallint', 'number'],
  ['mediumint', 'number'],
  ['tinyint', 'number'],
  ['serial', 'number'],
  ['bigserial', 'number'],
];

function typeKind(type: string | undefined): TypeKind {
  if (type === undefined || type === '') return 'other';
  const text = type.slice(0, 32).trim().toLowerCase();
  // A byte array holds hashes and keys; only the numeric `byte` of a mapping is a number.
  if (text.startsWith('bytea') || text.startsWith('bytes')) return 'other';
  if (text === 'point') return 'geo';
  return TYPE_STARTS.find(([start]) => text.startsWith(start))?.[1] ?? 'other';
}
