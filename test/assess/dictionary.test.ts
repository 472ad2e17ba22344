/** lib/assess/dictionary.ts: each of its concepts by one English word, alone and in what makes a doubtful word certain. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { classifyName } from '../../lib/assess/classify.ts';
import { CONCEPTS } from '../../lib/assess/dictionary.ts';
import { conceptNames, LANGUAGES } from '../../lib/assess/lexicon.ts';
import { classifierVersion } from '../../lib/assess/lexicon-version.ts';
import type { DataClass } from '../../lib/model/observation.ts';

const said = (name: string, parents: readonly string[] = [], type?: string): string =>
  classifyName(name, type === undefined ? { parents } : { parents, type })
    .map((hit) => `${hit.class}: ${hit.because}`)
    .join(', ');

/** By class: concepts whose word is enough wherever it stands. */
const CERTAIN: Readonly<Partial<Record<DataClass, Readonly<Record<string, string>>>>> = {
  credential: {
    password: 'passwd',
    'api token': 'api_key',
    'access token': 'refresh_token',
    'alexa token': 'alexa_token',
    session: 'session_id',
    'private key': 'private_key',
    'cloud key': 'aws_secret',
    'one-time code': 'otp',
    'database login': 'connection_string',
    'security answer': 'security_answer',
  },
  health: {
    diagnosis: 'diagnosis',
    medication: 'prescription',
    vitals: 'blood_pressure',
    'body metrics': 'bmi',
    'medical record': 'medical_record',
    patient: 'patient_id',
    genetics: 'dna',
    biometrics: 'iris_scan',
    allergy: 'allergies',
  },
  child: { 'child data': 'child_name', minor: 'is_minor', guardian: 'guardian', school: 'school' },
  'government-id': {
    'social security number': 'ssn',
    'national id': 'national_id',
    passport: 'passport',
    'driving licence': 'driver_license',
    'tax id': 'tax_id',
  },
  financial: {
    'card number': 'card_number',
    'card code': 'cvv',
    'bank account': 'iban',
    salary: 'salary',
    invoice: 'invoice',
    payment: 'payment',
    insurance: 'insurance_id',
    wallet: 'wallet_address',
  },
  'special-category': {
    religion: 'religion',
    ethnicity: 'ethnicity',
    politics: 'political',
    union: 'union_membership',
    orientation: 'sexual_orientation',
    'criminal record': 'criminal_record',
  },
  location: { coordinates: 'latitude', 'home address': 'home_address', postcode: 'postcode' },
  media: { photo: 'photo', 'video or audio': 'video_url', recording: 'recording' },
  contact: {
    email: 'email',
    phone: 'phone',
    'personal name': 'first_name',
    username: 'username',
    nickname: 'nickname',
    'camera nickname': 'camera_nickname',
    'date of birth': 'date_of_birth',
    'marital status': 'marital_status',
    'social account': 'twitter_handle',
  },
  network: { 'wi-fi network ssid': 'ssid', 'ip address': 'ip', hostname: 'hostname', vpn: 'vpn' },
  device: {
    'device id': 'device_id',
    'serial number': 'serial_number',
    'device model': 'device_model',
    firmware: 'firmware',
    'push token': 'push_token',
    'phone identity': 'imei',
    'user agent': 'user_agent',
  },
  behaviour: { 'login times': 'last_login', 'connection time': 'camera_connection', 'activity history': 'page_view' },
  business: { contract: 'contract' },
  operational: { metrics: 'metric' },
};
const certain = Object.entries(CERTAIN).flatMap(([dataClass, concepts]) =>
  Object.entries(concepts).map(([concept, word]): [string, string] => [word, `${dataClass}: ${concept}`]),
);

const TWICE = [
  ['gender', 'special-category: gender, contact: gender'],
  ['mac_address', 'network: mac address, device: mac address'],
] as const;

/** Above a name: people, a body, a device, a login, money, and nothing that says anything. */
const ABOVE = { person: 'users', body: 'fitness', device: 'cameras', auth: 'oauth', money: 'card', other: 'zz' };
type Above = keyof typeof ABOVE;
const EVERYWHERE = Object.keys(ABOVE) as Above[];

/** Where a doubtful word is enough: as the whole of a name, as its head, or only under something that settles it. */
const DOUBTFUL: readonly (readonly [string, string, readonly Above[]])[] = [
  ['pw', 'credential: password', ['person', 'auth']],
  ['pin', 'credential: pin', ['person', 'money']],
  ['token', 'credential: token', EVERYWHERE],
  ['secret', 'credential: secret', EVERYWHERE],
  ['height', 'health: height or weight', ['person', 'body']],
  ['thumbprint', 'health: fingerprint', ['person']],
  ['dni', 'government-id: national id', ['person', 'money']],
  ['creed', 'special-category: religion', EVERYWHERE],
  ['race', 'special-category: ethnicity', ['person']],
  ['sex', 'special-category: sex, contact: sex', EVERYWHERE],
  ['lat', 'location: coordinates', EVERYWHERE],
  ['address', 'location: address', ['person']],
  ['city', 'location: city', ['person']],
  ['position', 'location: position', ['person', 'device']],
  ['mail', 'contact: email', EVERYWHERE],
  ['mobile', 'contact: phone', ['person']],
  ['name', 'contact: name', ['person']],
  ['born', 'contact: date of birth', ['person', 'body']],
  ['age', 'contact: age', ['person', 'body']],
  ['mac', 'network: mac address, device: mac address', EVERYWHERE],
  ['model', 'device: device model', ['device']],
  ['syslog', 'operational: logs', EVERYWHERE],
];

describe('a word that is enough', () => {
  it.each(certain)('%s is %s', (word, expected) => {
    expect([said(word), said(`zz_${word}`)]).toEqual([expected, expected]);
  });

  it.each(TWICE)('%s is two things: %s', (word, expected) => {
    expect([said(word), said(`zz_${word}`)]).toEqual([expected, expected]);
  });

  it('or a doubtful one is here for each concept', () => {
    const here = [...certain, ...TWICE, ...DOUBTFUL].map(([, expected]) => expected).join();
    expect(conceptNames().filter((concept) => !here.includes(`: ${concept.replace(', short', '')}`))).toEqual([]);
  });
});

describe('a doubtful word', () => {
  it.each(DOUBTFUL)('%s is %s only under one of these: %j', (word, expected, places) => {
    const found = EVERYWHERE.filter((place) => said(word, [ABOVE[place]]) === expected);
    expect(found).toEqual(places);
    expect(said(word)).toBe(places === EVERYWHERE ? expected : '');
  });

  it.each([
    ['zz_token', 'credential: token'],
    ['zz_secret', 'credential: secret'],
    ['token_zz', ''],
    ['secret_zz', ''],
    ['zz_mail', ''],
    ['zz_lat', ''],
    ['zz_sex', ''],
    ['zz_creed', ''],
    ['zz_mac', ''],
    ['zz_syslog', ''],
    ['user_syslog', ''],
  ])('as a part of a name: %s is %j', (name, expected) => {
    expect(said(name)).toBe(expected);
  });

  it.each([
    ['token_user_zz', 'credential: token'],
    ['token_oauth_zz', 'credential: token'],
    ['token_camera_zz', 'credential: token'],
    ['zz_secret_admin_zz', 'credential: secret'],
    ['zz_secret_customer_zz', 'credential: secret'],
    ['zz_camera_lat', 'location: coordinates'],
    ['zz_customer_lat', 'location: coordinates'],
    ['zz_customer_mail', 'contact: email'],
    ['zz_smtp_mail', 'contact: email'],
    ['zz_camera_mac', 'network: mac address, device: mac address'],
    ['zz_customer_mac', 'network: mac address, device: mac address'],
    ['zz_customer_sex', 'special-category: sex, contact: sex'],
  ])('beside what settles it: %s is %s', (name, expected) => {
    expect(said(name)).toBe(expected);
  });

  it.each<[string, string, string]>([
    ['token', 'users', 'nlp'],
    ['private_key', 'zz', 'public'],
    ['pin', 'users', 'gpio'],
    ['weight', 'users', 'thumbnail'],
    ['weight', 'users', 'canvas'],
    ['weight', 'users', 'tare'],
    ['fingerprint', 'users', 'tls'],
    ['address', 'users', 'memory'],
    ['age', 'users', 'cookie'],
  ])('%s under %s is something else where %s is above', (word, above, not) => {
    expect(said(word, [above])).not.toBe('');
    expect(said(word, [not, above])).toBe('');
    expect(said(`${not}_${word}`, [above])).toBe('');
  });
});

describe('the type of a column', () => {
  it.each([
    ['otp', 'credential: one-time code'],
    ['pin', 'credential: pin'],
    ['phone', 'contact: phone'],
    ['mobile', 'contact: phone'],
    ['date_of_birth', 'contact: date of birth'],
    ['born', 'contact: date of birth'],
    ['age', 'contact: age'],
    ['ip', 'network: ip address'],
    ['device_id', 'device: device id'],
    ['serial_number', 'device: serial number'],
    ['imei', 'device: phone identity'],
  ])('a number is usual for %s', (word, expected) => {
    expect(said(word, ['users'], 'bigint')).toBe(expected);
  });

  it.each(['password', 'token', 'email', 'name', 'username'])('a number speaks against %s', (word) => {
    expect(said(word, ['users'], 'bigint')).toBe('');
  });

  it.each(['date_of_birth', 'born'])('a date is usual for %s', (word) => {
    expect(said(word, ['users'], 'date')).toBe('contact: date of birth');
    expect(said(`${word}_date`, ['users'])).toBe('contact: date of birth');
  });

  it.each(['age', 'email', 'password', 'ip', 'device_id', 'photo', 'latitude'])('a date speaks against %s', (word) => {
    expect(said(word, ['users'], 'date')).toBe('');
    expect(said(word, ['users'], 'text')).not.toBe('');
  });

  it.each([
    ['avg_blood_pressure', 'health: vitals'],
    ['blood_pressure_max', 'health: vitals'],
    ['mean_bmi', 'health: body metrics'],
    ['bmi_avg', 'health: body metrics'],
    ['user_weight_total', 'health: height or weight'],
    ['diagnosis_total', ''],
  ])('%s is %j: the mean of a measure is as telling', (name, expected) => {
    expect(said(name)).toBe(expected);
  });
});

describe('the version of the classifier', () => {
  it('is the digest of what it knows, the same each time', () => {
    const known = JSON.stringify([CONCEPTS, LANGUAGES]);
    const digest = createHash('sha256').update(known).digest('hex');
    expect([classifierVersion(), classifierVersion()]).toEqual([digest.slice(0, 16), digest.slice(0, 16)]);
  });
});
