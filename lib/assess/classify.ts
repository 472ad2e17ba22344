/** What an endpoint's own names put at risk, as kept and shown: evidence-and-alerts.md sections 2.2, 2.3 and 2.6. */
import type { DataAtRisk, DataClass, Metadata, MetadataObject } from '../model/observation.ts';
import { printable } from '../model/text.ts';
import { classifyAt, type NameHit, type Place, placeOf } from './name-classes.ts';
import type { ContextName } from './dictionary.ts';
import { heads, priors, wordsOf } from './lexicon.ts';
import { CLASS_WEIGHT } from './severity.ts';
import { isNumber, tokensOf } from './tokens.ts';

export { classifyName } from './name-classes.ts';

export const MAX_SAMPLES = 5;
export const MAX_BECAUSE = 5;
/** At 20 microseconds a name this is one second; what lies beyond is counted as unclassified and `truncated`. */
export const MAX_NAMES_READ = 50_000;
const MAX_SAMPLE = 64;
/** Always as many, so that the mask does not tell the length. */
const MASK = '********';

interface Tally {
  count: number;
  readonly because: Map<string, number>;
}
interface ObjectReading {
  readonly object: MetadataObject;
  readonly hits: readonly NameHit[];
  /** Where the whole of an index is worse than its fields. */
  readonly signatures: readonly NameHit[];
  readonly weight: number;
  readonly names: number;
}

/** Fields that together say more than each alone. */
const SIGNATURES: readonly { readonly all: readonly (readonly string[])[]; readonly hit: NameHit }[] = [
  { all: [['username', 'email'], ['password']], hit: { class: 'credential', because: 'login with password' } },
  { all: [['mac address'], ['wi-fi network ssid']], hit: { class: 'location', because: 'mac address with ssid' } },
  {
    all: [['coordinates'], ['username', 'email', 'personal name', 'phone', 'people']],
    hit: { class: 'location', because: 'where a person is' },
  },
];

/** `count` of a class is how many names, of objects and of fields, carry it. System objects are left out. */
export function dataAtRisk(metadata: Metadata, options: { readonly rawNames: boolean }): DataAtRisk {
  const own = metadata.objects.filter((object) => !object.system);
  const tallies = new Map<DataClass, Tally>();
  const readings: ObjectReading[] = [];
  let left = MAX_NAMES_READ;
  for (const object of own) {
    const reading = left > 0 ? readObject(object, left) : unread(object);
    left -= reading.names;
    readings.push(reading);
    for (const hit of reading.signatures) add(tallies, hit, MAX_NAMES_READ);
    for (const hit of reading.hits) add(tallies, hit, 1);
  }
  const records = sumOf(own.map((object) => object.records));
  const bytes = sumOf(own.map((object) => object.bytes));
  return {
    objects: own.length,
    ...(records === undefined ? {} : { records }),
    ...(bytes === undefined ? {} : { bytes }),
    classes: classesOf(tallies),
    samples: samplesOf(readings, options.rawNames),
    truncated: metadata.truncated || left <= 0,
    ransomMarkers: metadata.objects.filter((object) => isRansomMarker(object.name)).length,
  };
}

function readObject(object: MetadataObject, left: number): ObjectReading {
  const fields = (object.fields ?? []).slice(0, left);
  const named = withPriors(object.name, classifyAt(object.name, undefined, placeOf([])));
  const place = placeOf([object.name]);
  const first = fields.map((field) => classifyAt(field.name, field.type, place));
  const wider = placeFrom(
    object.name,
    fields.map((field) => field.name),
    first.flat(),
  );
  const inFields =
    wider === undefined ? first.flat() : fields.flatMap((field) => classifyAt(field.name, field.type, wider));
  const hits = [...named, ...inFields];
  const says = new Set(hits.map((hit) => hit.because));
  const signatures = SIGNATURES.filter(({ all }) => all.every((any) => any.some((word) => says.has(word))));
  const known = isKnown(hits, inFields, fields.length) && fields.length === (object.fields?.length ?? 0);
  const all: NameHit[] = known ? hits : [...hits, { class: 'unclassified', because: 'names not understood' }];
  return reading(
    object,
    all,
    signatures.map(({ hit }) => hit),
    fields.length + 1,
  );
}

function unread(object: MetadataObject): ObjectReading {
  return reading(object, [{ class: 'unclassified', because: 'names not read' }], [], 0);
}

function reading(
  object: MetadataObject,
  hits: readonly NameHit[],
  signatures: readonly NameHit[],
  names: number,
): ObjectReading {
  const weight = Math.max(0, ...signatures.map((hit) => CLASS_WEIGHT[hit.class]), heaviest(hits));
  return { object, hits, signatures, weight, names };
}

function heaviest(hits: readonly NameHit[]): number {
  return hits.reduce((most, hit) => Math.max(most, CLASS_WEIGHT[hit.class]), 0);
}

/** Never clean because nothing was recognised: only operational names that fill an index make it operational. */
function isKnown(hits: readonly NameHit[], inFields: readonly NameHit[], fields: number): boolean {
  if (hits.some((hit) => hit.class !== 'operational')) return true;
  return fields > 0 && inFields.length * 2 > fields;
}

/** Fields settle one another: beside an e-mail a `name` is a person's, beside a body mass index so is a `weight`. */
function placeFrom(name: string, fields: readonly string[], hits: readonly NameHit[]): Place | undefined {
  const also: ContextName[] = [];
  if (hits.some((hit) => hit.because === 'body metrics' || hit.because === 'vitals') || isFigure(fields))
    also.push('body');
  if (hits.some((hit) => hit.class === 'contact')) also.push('row');
  if (hits.some((hit) => hit.class === 'device')) also.push('device');
  return also.length === 0 ? undefined : placeOf([name], also);
}

/** Height and weight together are a person's, unless a width or a depth makes them a parcel's. */
function isFigure(fields: readonly string[]): boolean {
  const has = (name: string): boolean => fields.some((field) => field.length < 16 && tokensOf(field).join('') === name);
  return has('height') && has('weight') && !has('width') && !has('depth') && !has('length');
}

function withPriors(name: string, hits: readonly NameHit[]): readonly NameHit[] {
  const words = wordsOf(name);
  const head = words.findLast((word) => !isNumber(word)) ?? '';
  if (heads.has(head)) return hits;
  const more = priors.filter(
    (prior) => words.some((word) => prior.words.has(word)) && !hits.some((hit) => hit.class === prior.class),
  );
  return [...hits, ...more.map((prior) => ({ class: prior.class, because: prior.says }))];
}

function add(tallies: Map<DataClass, Tally>, hit: NameHit, rank: number): void {
  const tally = tallies.get(hit.class) ?? { count: 0, because: new Map<string, number>() };
  tally.count += 1;
  tally.because.set(hit.because, (tally.because.get(hit.because) ?? 0) + rank);
  tallies.set(hit.class, tally);
}

function classesOf(tallies: ReadonlyMap<DataClass, Tally>): DataAtRisk['classes'] {
  return [...tallies]
    .map(([dataClass, { count, because }]) => ({
      class: dataClass,
      count,
      because: [...because]
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, MAX_BECAUSE)
        .map(([word]) => word),
    }))
    .sort((a, b) => CLASS_WEIGHT[b.class] - CLASS_WEIGHT[a.class] || b.count - a.count || (a.class < b.class ? -1 : 1));
}

/** Absent where the server gave no count at all: not knowing is not zero. */
function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  const given = counts.filter((count) => count !== undefined && Number.isFinite(count) && count >= 0);
  return given.length === 0 ? undefined : given.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** The most sensitive first, then the largest. */
function samplesOf(readings: readonly ObjectReading[], rawNames: boolean): readonly string[] {
  return readings
    .toSorted((a, b) => b.weight - a.weight || (b.object.records ?? 0) - (a.object.records ?? 0))
    .slice(0, MAX_SAMPLES)
    .map(({ object }) => (rawNames ? printable(object.name, MAX_SAMPLE) : redacted(object.name)));
}

function redacted(name: string): string {
  const letters = Array.from(name.slice(0, 8));
  return letters.length < 3 ? MASK : printable(`${letters.slice(0, 2).join('')}${MASK}`, MAX_SAMPLE);
}

/** What notes say wherever it stands in a name: how to get the data back, and that somebody took it. */
const RANSOM_MARKERS = [
  'pleaseread',
  'readmetorecover',
  'recoveryourdata',
  'recoverdata',
  'restoreyourdata',
  'howtorecover',
  'howtorestore',
  'howtogetyourdata',
  'getyourdataback',
  'yourdataisbackedup',
  'yourdatabaseis',
  'decryptinstruction',
  'ransom',
  'hackedby',
  'youhavebeenhacked',
  'hasbeenhacked',
  'pwned',
];

/** Notes that intruders leave, section 2.3. The object is never opened: its name is the message. */
function isRansomMarker(name: string): boolean {
  const text = tokensOf(name).filter((token) => !isNumber(token));
  const joined = text.join('');
  // The folded plural would also be a list of warnings, which is nobody's note.
  if (joined === 'warning') return !name.trimEnd().toLowerCase().endsWith('s');
  if (text.at(0) === 'readme' || (text.at(0) === 'read' && text.at(1) === 'me')) return true;
  if (text.at(-1) === 'meow') return true;
  return RANSOM_MARKERS.some((marker) => startsOnWords(text, marker));
}

function startsOnWords(words: readonly string[], marker: string): boolean {
  return words.some((_, from) => {
    let joined = '';
    for (let to = from; to < words.length && joined.length < marker.length; to++) joined += words[to] ?? '';
    return joined === marker;
  });
}
