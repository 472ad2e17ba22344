/** The dictionary made ready to be looked up: phrases by their letters, so every way of separating them agrees. */
import { CONCEPTS, type Concept, type ConceptName, type ContextName, type Words } from './dictionary.ts';
import {
  AMOUNTS,
  BENIGN,
  CONTEXTS,
  KEEPERS,
  MOMENTS,
  NAMING,
  NEUTRAL,
  PRIORS,
  SHORT,
  STOPS,
  VETO_HEADS,
  VETO_STARTS,
} from './surroundings.ts';
import { isNumber, isPart, segment, shortestCompound, tokensOf } from './tokens.ts';
import { DE } from './words/de.ts';
import { EN } from './words/en.ts';
import { ES } from './words/es.ts';
import { FR } from './words/fr.ts';
import { IT } from './words/it.ts';
import { JA } from './words/ja.ts';
import { KO } from './words/ko.ts';
import { NL } from './words/nl.ts';
import { PL } from './words/pl.ts';
import { PT } from './words/pt.ts';
import { RU } from './words/ru.ts';
import { TR } from './words/tr.ts';
import { ZH } from './words/zh.ts';

/** English first: where two languages spell one word alike, the first of the table keeps it. */
export const LANGUAGES: Readonly<Record<string, Words>> = {
  en: EN,
  es: ES,
  fr: FR,
  de: DE,
  pt: PT,
  it: IT,
  nl: NL,
  pl: PL,
  tr: TR,
  ru: RU,
  ja: JA,
  zh: ZH,
  ko: KO,
};

/** A compiled concept; `says` is what an alert shows. */
export interface Meaning {
  readonly concept: ConceptName;
  readonly says: string;
  readonly rule: Concept;
  readonly not: ReadonlySet<string>;
}

/** A phrase found in the words `from` to `to`, both included. No meaning: it is known to be harmless. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly meaning: Meaning | undefined;
}

/** Shorter keys are only believed as one word: `i_p` is not an address. */
const MIN_JOINED = 4;

const shortenings: ReadonlyMap<string, string> = new Map(Object.entries(SHORT));

export const heads = wordSet(VETO_HEADS);
export const starts = wordSet(VETO_STARTS);
export const amounts = wordSet(AMOUNTS);
export const keepers = wordSet(KEEPERS);
export const moments = wordSet(MOMENTS);
export const neutral = wordSet(NEUTRAL);
export const naming = wordSet(NAMING);
const stops = wordSet(STOPS);
export const contexts: readonly (readonly [ContextName, ReadonlySet<string>])[] = [
  ['person', wordSet(CONTEXTS.person)],
  ['body', wordSet(CONTEXTS.body)],
  ['device', wordSet(CONTEXTS.device)],
  ['auth', wordSet(CONTEXTS.auth)],
  ['money', wordSet(CONTEXTS.money)],
];
export const priors = PRIORS.map(([dataClass, says, words]) => ({ class: dataClass, says, words: wordSet(words) }));

const known = new Set<string>();
const phrases = new Map<string, Meaning | undefined>();
const openings = new Set<string>();
let learned = false;
let longestKey = 0;
let longestPhrase = 0;

export function conceptNames(): readonly ConceptName[] {
  return Object.keys(CONCEPTS) as ConceptName[];
}

/** The phrases of a comma separated list; `mac/ip address` is two of them. */
export function listed(words: string): readonly string[] {
  return words.split(',').flatMap((phrase) => (phrase.trim() === '' ? [] : spelledOut(phrase.trim().split(' '))));
}

function spelledOut(words: readonly string[]): readonly string[] {
  return words.reduce<readonly string[]>(
    (heads, word) => {
      const choices = word.split('/');
      return heads.flatMap((head) => choices.map((choice) => (head === '' ? choice : `${head} ${choice}`)));
    },
    [''],
  );
}

/** Ten thousand phrases: read when the first name comes, which most runs never see. */
function learnOnce(): void {
  if (learned) return;
  learned = true;
  for (const phrase of listed(BENIGN)) learn(phrase, undefined);
  for (const words of Object.values(LANGUAGES)) {
    for (const concept of conceptNames()) {
      const meaning = meaningOf(concept);
      for (const phrase of listed(words[concept] ?? '')) learn(phrase, meaning);
    }
  }
  for (const set of [heads, starts, moments, neutral, naming, ...contexts.map(([, words]) => words)])
    for (const word of set) if (isPart(word)) known.add(word);
}

/** What the phrase means by itself; `null` where the dictionary does not have it. */
export function lookUp(phrase: string): Meaning | undefined | null {
  learnOnce();
  const key = tokensOf(phrase).map(writtenOut).join('');
  return phrases.has(key) ? phrases.get(key) : null;
}

/** The words of a name, written out, unsplit compounds taken apart where every part is known. */
export function wordsOf(name: string): readonly string[] {
  learnOnce();
  const tokens = tokensOf(name).map(writtenOut);
  if (tokens.every((token) => token.length < shortestCompound(token) || phrases.has(token) || known.has(token)))
    return tokens;
  return tokens.flatMap((token) =>
    phrases.has(token) || known.has(token) ? [token] : (segment(token, known)?.map(partOf) ?? [token]),
  );
}

/** Numbers and small words inside a phrase do not matter. */
export function skippable(word: string): boolean {
  return isNumber(word) || stops.has(word);
}

/** Every phrase of the name, longest first from the left, none overlapping. */
export function spansOf(words: readonly string[]): readonly Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < words.length; from++) {
    const span = longestAt(words, from);
    if (span === undefined) continue;
    spans.push(span);
    from = span.to;
  }
  return spans;
}

function longestAt(words: readonly string[], from: number): Span | undefined {
  let found: Span | undefined;
  let spelled = '';
  let letters = '';
  const end = Math.min(words.length, from + longestPhrase + 2);
  for (let to = from; to < end && letters.length <= longestKey; to++) {
    const word = words[to] ?? '';
    const skip = skippable(word);
    spelled += word;
    if (!skip) letters += word;
    if (to > from && spelled.length < MIN_JOINED) continue;
    if (!opens(spelled) && !opens(letters)) break;
    if (phrases.has(spelled)) found = { from, to, meaning: phrases.get(spelled) };
    else if (!skip && letters.length < spelled.length && letters.length >= MIN_JOINED && phrases.has(letters))
      found = { from, to, meaning: phrases.get(letters) };
  }
  return found;
}

/** Whether a phrase may begin so: most words of most names end the search here. */
function opens(text: string): boolean {
  return text.length < MIN_JOINED || openings.has(text.slice(0, MIN_JOINED));
}

function meaningOf(concept: ConceptName): Meaning {
  const rule: Concept = CONCEPTS[concept];
  return { concept, says: concept.replace(', short', ''), rule, not: wordSet(rule.not ?? '') };
}

function writtenOut(token: string): string {
  return shortenings.get(token) ?? token;
}

/** A part of a compound may be a plural, which the whole hid. */
function partOf(part: string): string {
  return writtenOut(tokensOf(part).at(0) ?? part);
}

function learn(phrase: string, meaning: Meaning | undefined): void {
  const spelled = tokensOf(phrase);
  const tokens = spelled.map(writtenOut);
  longestPhrase = Math.max(longestPhrase, tokens.length);
  for (const key of [spelled.join(''), tokens.join(''), tokens.filter((token) => !stops.has(token)).join('')]) {
    if (key === '' || phrases.has(key)) continue;
    phrases.set(key, meaning);
    openings.add(key.slice(0, MIN_JOINED));
    longestKey = Math.max(longestKey, key.length);
    if (isPart(key)) known.add(key);
  }
  for (const word of [...phrase.split(' '), ...tokens]) if (isPart(word) && !isNumber(word)) known.add(word);
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(listed(words).flatMap((word) => tokensOf(word).map(writtenOut)));
}
