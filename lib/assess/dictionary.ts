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
}

const SCREEN =
  'image, img, icon, css, page, screen, window, video, photo, thumbnail, viewport, model, layer, edge, font, ' +
  'style, node, tree, block, row, cell, line, box, canvas, frame, package, parcel, shipment, product, chart, width';
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
  'private key': { class: 'credential' },
  'cloud key': { class: 'credential' },
  'one-time code': { class: 'credential', numeric: true },
  pin: { class: 'credential', when: 'near', near: ['person', 'money'], numeric: true, not: 'gpio, led, board' },
  'database login': { class: 'credential' },
  'security answer': { class: 'credential' },

  diagnosis: { class: 'health' },
  medication: { class: 'health' },
  vitals: { class: 'health' },
  'body metrics': { class: 'health' },
  'height or weight': { class: 'health', when: 'near', near: BODY, not: SCREEN },
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

/** Words around a doubtful word, and at the head of what is above it, that settle it. */
export const CONTEXTS: Readonly<Record<Exclude<ContextName, 'row'>, string>> = {
  person:
    'user, customer, client, patient, member, employee, person, people, contact, profile, owner, subscriber, guest, ' +
    'student, passenger, applicant, candidate, driver, beneficiary, recipient, buyer, billing, shipping, ' +
    'delivery, home, personal, family, citizen, resident, voter, staff, holder, friend, spouse, partner, sender, consumer, ' +
    'usuario, cliente, paciente, empleado, persona, utilisateur, employe, personne, benutzer, nutzer, kunde, kunden, ' +
    'mitarbeiter, funcionario, pessoa, utente, paziente, dipendente, gebruiker, klant, klanten, medewerker, persoon',
  body: 'body, health, fitness, scale, vital, anthropometry, biometric, athlete, workout',
  device:
    'device, camera, sensor, bulb, thermostat, router, wifi, wlan, station, iot, gateway, eth, adapter, nic, phone, ' +
    'hardware, appareil, gerat, geraet, dispositivo, apparaat',
  auth:
    'auth, oauth, login, admin, root, db, database, smtp, imap, ftp, ssh, redis, mysql, postgres, api, app, client, ' +
    'account, google, facebook, slack, stripe, twilio, github, webhook, bot, reset, invite, remember, jenkins, mfa',
  money: 'card, bank, credit, debit, payment, tax',
};

/** Says what kind of place a whole index or table is, by one word of its name. Never used for a field. */
export const PRIORS: readonly (readonly [DataClass, string, string])[] = [
  ['contact', 'people', CONTEXTS.person],
  ['contact', 'people', 'account, lead, newsletter, signup, registration'],
  ['device', 'devices', 'device, camera, sensor, bulb, thermostat, iot, doorbell, hub'],
  ['credential', 'logins', 'session, login, credential, token, oauth, auth'],
  ['health', 'health', 'health, clinic, hospital, fitness, scale'],
  ['financial', 'payments', 'transaction, billing, payroll, bank'],
  ['business', 'orders', 'order, sale, crm, erp, supplier'],
  ['behaviour', 'activity', 'event, activity, analytic, click, visit, tracking'],
];

/** Head nouns that turn a name into a remark about the thing: counts, switches, rules, templates. */
export const VETO_HEADS =
  'count, counter, total, num, avg, average, sum, ratio, rate, percent, pct, status, state, verified, verification, ' +
  'confirmed, validated, valid, enabled, enable, disabled, flag, policy, regex, pattern, type, kind, version, ' +
  'template, schema, config, configuration, setting, length, len, size, limit, max, min, used, sent, received, ' +
  'opened, bounced, delivered, server, format, required, allowed, supported, strength, unit, subject, ' +
  'queue, provider, service, job, worker, handler, campaign, attempt, failure, error, retry, reset, rule, ' +
  'validator, parser, encoder, decoder, hint, label, placeholder, title, field, index, idx, position, order, ' +
  'theme, lifespan, expired, expiration, timeout, ttl, duration, preference, notification, permission, consent, opt, mode, source, ' +
  'blacklist, whitelist, allowlist, denylist, blocklist, range, pool, algorithm, algo, method, host, port, domain, ' +
  'usage, budget, quota, cost, price, threshold, interval, frequency, level, score, rank, group, role, category, ' +
  'library, module, plugin, class, test, check, stat, metric, column, protocol, scope, prompt, missing, changed, ' +
  'generator, manager, issuer, audience, plan, hook, handling, option, anzahl';

/** First words that do the same. */
export const VETO_STARTS =
  'is, has, num, number, count, max, min, total, avg, enable, enabled, disable, allow, require, can, should, show, ' +
  'hide, use, need, no, not, with, without, check, validate, missing, invalid, default, include, exclude, send';

/** Trailing words of a moment: when something happened to the thing, not the thing. */
export const MOMENTS =
  'at, on, date, time, timestamp, ts, expires, expiry, created, updated, modified, deleted, datetime, epoch, since, until';

/** Words that neither add nor take away. */
export const NEUTRAL =
  'value, val, raw, plain, plaintext, text, str, string, old, new, enc, encrypted, hashed, hash, masked, primary, ' +
  'secondary, main, data, info, list, array, tmp, temp, backup, bak, copy, prod, production, dev, staging, v, ' +
  'current, previous, prev, original, orig, table, tbl, index, collection, db, tb, keyword, the, of, de, du, des, la, le, ' +
  'el, del, da, do, di, della, van, von, der, my, all, id, ids, uuid, archive, snapshot, dump, detail, s';

/** Stripped with the neutral words when the head noun is looked for: `email_template_name` is about a template. */
export const NAMING = 'name, key, code, ref, url, uri, link';

/** Whole phrases that mean something harmless and are read before any of the concepts. */
export const BENIGN =
  'primary key, foreign key, partition key, sort key, hash key, range key, routing key, public key, cache key, row key, ' +
  'object key, s3 key, registry key, time zone, timezone, race condition, data race, css class, mac os, macos, iphone, ' +
  'zip file, gzip, memory address, contract address, base address, camera pan, pan tilt, pan angle, gpio pin, pin number gpio, ' +
  'file name, filename, table name, column name, index name, class name, namespace, name space, host group, model weight, ' +
  'css weight, font weight, edge weight, max token, prompt token, completion token, token type, input token, output token, ' +
  'email address type, passage, message, package, interface, agenda, page height, image height, image width, line height, ' +
  'user count, user group, user role, user interface, csrf, csrf token, xsrf token, cell type, cell line, cell id, ' +
  'screen orientation, page orientation, image orientation, device orientation, vaccine storage, union type, union all, ' +
  'tree height, block height, child node, child process, child count, child id, parent id, minor version, ' +
  'health check, health status, health score, service health, cluster health, secret santa, session storage, ' +
  'fingerprint ssh, data model, view model, phone support, ip whitelist, search index, thread safe, passport js, token ring, ' +
  'payment required, postal service, contract test, contract testing, photo shop, home page, homepage, home dir, ' +
  'disk encryption, pass rate, pass count, pass through, passthrough, bypass, compass, test pass, dashboard, keyboard, ' +
  'keyword, hashtag, metadata, tokenizer, secretary, cardinality, certificate fingerprint, key fingerprint, ' +
  'email service, mail chimp, mailchimp, mail server, phone gap, signature version, video codec, audio codec, ' +
  'school bus, drug store, sex ratio, political map, religion count, allergy free, dna server, wallet app, salt lake, ' +
  'city hall, union station, address space, address bus, address family, network address translation';

/** Small words inside a phrase: `fecha_de_nacimiento` is `fecha nacimiento`. */
export const STOPS = 'of, de, du, des, di, da, do, del, della, van, von, la, le, el, the';

/** Usual shortenings, written out before anything is looked up: `acct_no` is `account number`. */
export const SHORT: Readonly<Record<string, string>> = {
  no: 'number',
  num: 'number',
  nr: 'number',
  nbr: 'number',
  conn: 'connection',
  acc: 'account',
  acct: 'account',
  addr: 'address',
  usr: 'user',
  cust: 'customer',
  emp: 'employee',
  ver: 'version',
  tok: 'token',
  mob: 'mobile',
  lic: 'license',
};
