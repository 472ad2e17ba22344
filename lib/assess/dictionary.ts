/**
 * What names can give away and when a word is enough: evidence-and-alerts.md sections 2.2 to 2.4, as data.
 * The words of each language are in `words/`; a language is one more file there and a line in `lexicon.ts`.
 */
import type { DataClass } from '../model/observation.ts';

/** `row`: a field of the same table says that its rows are people. No word of a name gives it. */
export type ContextName = 'person' | 'row' | 'body' | 'device' | 'auth' | 'money';

export interface Concept {
  readonly class: DataClass;
  /** A second class the same word belongs to. */
  readonly also?: DataClass;
  /** `always` (the default) the word is enough; `head` it is what the name ends in; `whole` it is
   * the whole name; `near` never by itself. In context each is. */
  readonly when?: 'whole' | 'head' | 'near';
  /** The contexts that make a doubtful word certain; `person` and `row` where nothing is said. */
  readonly near?: readonly ContextName[];
  /** Words in the name or above it that make it mean something else. */
  readonly not?: string;
  /** Numbers are a usual type for it, so an integer column does not speak against it. */
  readonly numeric?: true;
  /** It is a date itself, so a date type or a word for a moment does not speak against it. */
  readonly dated?: true;
  /** A measured amount: the mean, the most or a share of it is as telling. */
  readonly measured?: true;
}

const SCREEN =
  'image, img, icon, css, page, screen, window, video, photo, thumbnail, viewport, model, layer, edge, font, ' +
  'style, node, tree, block, row, cell, line, box, canvas, frame, package, parcel, shipment, product, chart, width, ' +
  'shipping, delivery, tare, gross, item';
const BODY = ['person', 'body'] as const;

/** Concept by the plain words an alert shows for it. */
export const CONCEPTS = {
  password: { class: 'credential' },
  'password, short': { class: 'credential', when: 'near', near: ['auth', 'person'] },
  'api token': { class: 'credential' },
  'access token': { class: 'credential' },
  'alexa token': { class: 'credential' },
  token: {
    class: 'credential',
    when: 'head',
    near: ['auth', 'person', 'device'],
    not: 'nlp, llm, word, text, css, design, lexer, parser, vocab, cached, reasoning, next, stop, unk, pad',
  },
  session: { class: 'credential' },
  secret: { class: 'credential', when: 'head', near: ['auth', 'person'] },
  'private key': { class: 'credential', not: 'public' },
  'cloud key': { class: 'credential' },
  'one-time code': { class: 'credential', numeric: true },
  pin: { class: 'credential', when: 'near', near: ['person', 'money'], numeric: true, not: 'gpio, led, board' },
  'database login': { class: 'credential' },
  'security answer': { class: 'credential' },

  diagnosis: { class: 'health' },
  medication: { class: 'health' },
  vitals: { class: 'health', measured: true },
  'body metrics': { class: 'health', measured: true },
  'height or weight': { class: 'health', when: 'near', near: BODY, not: SCREEN, measured: true },
  'medical record': { class: 'health' },
  patient: { class: 'health' },
  genetics: { class: 'health' },
  biometrics: { class: 'health' },
  fingerprint: { class: 'health', when: 'near', not: 'cert, certificate, ssh, tls, ssl, key, device, browser' },
  allergy: { class: 'health' },

  'child data': { class: 'child' },
  minor: { class: 'child' },
  guardian: { class: 'child' },
  school: { class: 'child' },

  'social security number': { class: 'government-id' },
  'national id': { class: 'government-id' },
  'national id, short': { class: 'government-id', when: 'near', near: ['person', 'money'] },
  passport: { class: 'government-id' },
  'driving licence': { class: 'government-id' },
  'tax id': { class: 'government-id' },

  'card number': { class: 'financial' },
  'card code': { class: 'financial' },
  'bank account': { class: 'financial' },
  salary: { class: 'financial' },
  invoice: { class: 'financial' },
  payment: { class: 'financial' },
  insurance: { class: 'financial' },
  wallet: { class: 'financial' },

  religion: { class: 'special-category' },
  'religion, short': { class: 'special-category', when: 'whole' },
  ethnicity: { class: 'special-category' },
  'ethnicity, short': { class: 'special-category', when: 'near' },
  politics: { class: 'special-category' },
  union: { class: 'special-category' },
  orientation: { class: 'special-category' },
  'criminal record': { class: 'special-category' },
  gender: { class: 'special-category', also: 'contact' },
  sex: { class: 'special-category', also: 'contact', when: 'whole' },

  coordinates: { class: 'location' },
  'coordinates, short': { class: 'location', when: 'whole', near: ['person', 'device'] },
  'home address': { class: 'location' },
  address: { class: 'location', when: 'near', not: 'memory, contract, bus, register, ip, mac, email' },
  postcode: { class: 'location' },
  city: { class: 'location', when: 'near' },
  position: { class: 'location', when: 'near', near: ['person', 'device'] },

  photo: { class: 'media' },
  'video or audio': { class: 'media' },
  recording: { class: 'media' },

  email: { class: 'contact' },
  'email, short': { class: 'contact', when: 'whole', near: ['person', 'auth'] },
  phone: { class: 'contact', numeric: true },
  'phone, short': { class: 'contact', when: 'near', numeric: true },
  'personal name': { class: 'contact' },
  name: { class: 'contact', when: 'near' },
  username: { class: 'contact' },
  nickname: { class: 'contact' },
  'camera nickname': { class: 'contact' },
  'date of birth': { class: 'contact', numeric: true, dated: true },
  'date of birth, short': { class: 'contact', when: 'near', near: [...BODY, 'row'], numeric: true, dated: true },
  age: { class: 'contact', when: 'near', near: [...BODY, 'row'], numeric: true, not: 'cache, max, cookie' },
  'marital status': { class: 'contact' },
  'social account': { class: 'contact' },

  'wi-fi network ssid': { class: 'network' },
  'ip address': { class: 'network', numeric: true },
  'mac address': { class: 'network', also: 'device' },
  'mac address, short': { class: 'network', also: 'device', when: 'whole', near: ['device', 'person'] },
  hostname: { class: 'network' },
  vpn: { class: 'network' },

  'device id': { class: 'device', numeric: true },
  'serial number': { class: 'device', numeric: true },
  'device model': { class: 'device' },
  'device model, short': { class: 'device', when: 'near', near: ['device'] },
  firmware: { class: 'device' },
  'push token': { class: 'device' },
  'phone identity': { class: 'device', numeric: true },
  'user agent': { class: 'device' },

  'login times': { class: 'behaviour' },
  'connection time': { class: 'behaviour' },
  'activity history': { class: 'behaviour' },

  contract: { class: 'business' },
  metrics: { class: 'operational' },
  logs: { class: 'operational', when: 'whole', near: [] },
} as const satisfies Readonly<Record<string, Concept>>;

export type ConceptName = keyof typeof CONCEPTS;
/** One language: for each concept its words, comma separated. English has them all, a language what it needs. */
export type Words = Readonly<Partial<Record<ConceptName, string>>>;
