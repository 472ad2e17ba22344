/**
 * What data an endpoint holds, from names alone (evidence-and-alerts.md section 2): names become token sequences, and
 * sequences are matched, never substrings. Pure; nothing here ever sees a value. Names come from strangers, so only our
 * own words go into `because`, and samples are redacted unless asked for.
 */
import {
  DATA_CLASSES,
  type DataAtRisk,
  type DataClass,
  type DataClassHit,
  type Metadata,
  type MetadataObject,
} from '../model/observation.ts';
import { printable } from '../model/text.ts';
import { type Entry, LEXICON, RANSOM_WORDS, VETO_FIRST, VETO_LAST } from './lexicon.ts';
import { isNumber, segment, tokensOf } from './tokens.ts';

const MAX_SAMPLES = 5;
const MAX_BECAUSE = 5;
const MAX_SEQUENCE = 4;

interface Meaning {
  readonly entry: Entry;
  readonly length: number;
}

const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  // Later rows are weaker: the first row to claim a sequence keeps it.
  LEXICON.toReversed().flatMap((entry) =>
    entry.words.split('|').map((words): [string, Meaning] => {
      const tokens = tokensOf(words);
      return [tokens.join(' '), { entry, length: tokens.length }];
    }),
  ),
);
const KNOWN_WORDS: ReadonlySet<string> = new Set([...MEANINGS.keys()].flatMap((sequence) => sequence.split(' ')));
const HEADS = new Set(VETO_LAST.map((w) => tokensOf(w).join(' ')));
const FIRSTS = new Set(VETO_FIRST.map((w) => tokensOf(w).join(' ')));
const RANSOM = RANSOM_WORDS.map((w) => tokensOf(w).join(' '));

export interface NameMeaning {
  readonly class: DataClass;
  /** Our own plain word for it. */
  readonly because: string;
}

/** Every class that a name suggests, the most sensitive first. `type` is the declared type, where there is one. */
export function classifyName(name: string, context: { readonly type?: string } = {}): readonly NameMeaning[] {
  const words = wordsOf(name);
  const found = new Map<DataClass, string>();
  if (context.type === 'ip') found.set('network', 'ip address');
  if (context.type === 'geo_point') found.set('location', 'coordinates');
  if (!isVetoed(words)) {
    for (let at = 0; at < words.length; ) {
      const meaning = longestAt(words, at, context.type);
      if (meaning !== undefined && !found.has(meaning.entry.class)) found.set(meaning.entry.class, meaning.entry.shows);
      at += meaning?.length ?? 1;
    }
  }
  return [...found]
    .map(([dataClass, because]) => ({ class: dataClass, because }))
    .toSorted((a, b) => rank(a.class) - rank(b.class));
}

function rank(dataClass: DataClass): number {
  return DATA_CLASSES.indexOf(dataClass);
}

/** Tokens without numbers, with known compounds (`useremail`) taken apart. */
function wordsOf(name: string): readonly string[] {
  return tokensOf(name).flatMap((token) => {
    if (isNumber(token) && !MEANINGS.has(token)) return [];
    return KNOWN_WORDS.has(token) ? [token] : (segment(token, KNOWN_WORDS) ?? [token]);
  });
}

function isVetoed(words: readonly string[]): boolean {
  const last = words.at(-1);
  if (words.length < 2 || last === undefined) return false;
  // A whole known sequence is what it says, also where its last word would be a veto (`account number`).
  return (HEADS.has(last) || FIRSTS.has(words[0] ?? '')) && !MEANINGS.has(words.slice(-2).join(' '));
}

function longestAt(words: readonly string[], at: number, type: string | undefined): Meaning | undefined {
  for (let length = Math.min(MAX_SEQUENCE, words.length - at); length > 0; length--) {
    const meaning = MEANINGS.get(words.slice(at, at + length).join(' '));
    if (meaning !== undefined && !(type !== undefined && meaning.entry.notTypes?.includes(type) === true))
      return meaning;
  }
  return undefined;
}

/** Classes, counts and redacted samples of all names of an endpoint. System objects are left out of the counts. */
export function dataAtRisk(metadata: Metadata, options: { readonly rawNames: boolean }): DataAtRisk {
  const objects = metadata.objects.filter((o) => !o.system);
  const classes = new Map<DataClass, { count: number; because: Set<string> }>();
  for (const { class: dataClass, because } of objects.flatMap(meaningsOf)) {
    const hit = classes.get(dataClass) ?? { count: 0, because: new Set() };
    hit.count++;
    hit.because.add(because);
    classes.set(dataClass, hit);
  }
  const sum = (pick: (o: MetadataObject) => number | undefined): number | undefined => {
    const known = objects.map(pick).filter((n) => n !== undefined);
    return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0);
  };
  const [records, bytes] = [sum((o) => o.records), sum((o) => o.bytes)];
  return {
    objects: objects.length,
    ...(records === undefined ? {} : { records }),
    ...(bytes === undefined ? {} : { bytes }),
    classes: hitsOf(classes),
    samples: objects.slice(0, MAX_SAMPLES).map(({ name }) => (options.rawNames ? printable(name, 80) : redact(name))),
    truncated: metadata.truncated,
    ransomMarkers: objects.filter((o) => isRansomNote(o.name)).length,
  };
}

/** An object means what its name and its fields mean; one that means nothing known is counted as such. */
function meaningsOf({ name, fields = [], kind }: MetadataObject): readonly NameMeaning[] {
  if (kind === 'cache' || kind === 'keyspace')
    return [{ class: 'unclassified', because: `${kind}, names not asked for` }];
  const meanings = [
    ...classifyName(name),
    ...fields.flatMap((f) => classifyName(f.name, { type: f.type })),
    ...signatures(fields),
  ];
  return meanings.length > 0 ? meanings : [{ class: 'unclassified', because: 'names not recognised' }];
}

/** Fields that mean more together (section 2.3, table signatures). */
function signatures(fields: NonNullable<MetadataObject['fields']>): readonly NameMeaning[] {
  const names = new Set(fields.map((f) => wordsOf(f.name).join(' ')));
  const has = (...any: string[]): boolean => any.some((n) => names.has(n));
  return [
    ...(has('email', 'username', 'user name') && has('hash', 'salt')
      ? [{ class: 'credential' as const, because: 'login with password hash' }]
      : []),
    // Alone they may be those of a picture or a parcel.
    ...(has('height') && has('weight') ? [{ class: 'health' as const, because: 'body metrics' }] : []),
  ];
}

function hitsOf(classes: ReadonlyMap<DataClass, { count: number; because: Set<string> }>): readonly DataClassHit[] {
  return [...classes]
    .map(([dataClass, { count, because }]) => ({
      class: dataClass,
      count,
      because: [...because].slice(0, MAX_BECAUSE),
    }))
    .toSorted((a, b) => rank(a.class) - rank(b.class) || b.count - a.count);
}

function isRansomNote(name: string): boolean {
  const words = tokensOf(name).join(' ');
  return RANSOM.some(
    (marker) =>
      words === marker || (marker !== 'warning' && (words.startsWith(`${marker} `) || words.endsWith(` ${marker}`))),
  );
}

/** The first two characters and the length: enough to find one's own index, too little to read a name. */
function redact(name: string): string {
  const shown = printable(name, 40);
  return `${shown.slice(0, 2)}${'*'.repeat(Math.max(0, Math.min(shown.length, 20) - 2))}`;
}
