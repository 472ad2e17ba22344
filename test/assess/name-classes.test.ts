/** lib/assess/name-classes.ts: what a name is about, what is only a remark on it, what is beside and above it, and its type. */
import { describe, expect, it } from 'vitest';
import { classifyAt, classifyName, MAX_CLASSES_PER_NAME, placeOf } from '../../lib/assess/name-classes.ts';

const said = (name: string, parents: readonly string[] = [], type?: string): string =>
  classifyName(name, type === undefined ? { parents } : { parents, type })
    .map((hit) => `${hit.class}: ${hit.because}`)
    .join(', ');

describe('what a name is about', () => {
  it.each([
    ['email', 'contact: email'],
    ['customer_name', 'contact: personal name'],
    ['email_password', 'credential: password, contact: email'],
    // Of each class the first word, the most sensitive classes first, three at the most.
    ['email_phone_password', 'credential: password, contact: email'],
    ['phone_email', 'contact: phone'],
    ['ip_email_ssn_bmi', 'health: body metrics, government-id: social security number, contact: email'],
    ['primary_key', ''],
    ['primary_key_email', 'contact: email'],
    ['zz', ''],
    ['', ''],
  ])('%j: %j', (name, expected) => {
    expect(said(name)).toBe(expected);
  });

  it('has at most three classes', () => {
    expect(classifyName('ip_email_ssn_bmi_photo_imei')).toHaveLength(MAX_CLASSES_PER_NAME);
  });
});

describe('a remark on the thing', () => {
  it.each([
    // At the end, over numbers, neutral words and words for names.
    ['email_count', ''],
    ['email_count_2', ''],
    ['email_count_list', ''],
    ['email_template_name', ''],
    ['email_zz_count', ''],
    ['email_count_zz', ''],
    ['email_2_count_zz', ''],
    ['email_of_the_status_zz', ''],
    ['email_zz_count_zz', 'contact: email'],
    ['email_count_email', 'contact: email'],
    ['count_of_zz_email', ''],
    ['zz_count_email', 'contact: email'],
    ['email_zz', 'contact: email'],
    ['email_name', 'contact: email'],
    // At the beginning, unless it begins with the thing itself.
    ['is_email', ''],
    ['has_password', ''],
    ['count_email', ''],
    ['has_diabetes', 'health: diagnosis'],
    ['is_pregnant', 'health: diagnosis'],
    ['is_zz_pregnant', 'health: diagnosis'],
    ['count_pregnant', ''],
    ['should_pregnant', ''],
    ['is_minor', 'child: minor'],
    ['has_religion', 'special-category: religion'],
    // How much of a measure.
    ['avg_heart_rate', 'health: vitals'],
    ['total_zz_heart_rate', 'health: vitals'],
    ['heart_rate_avg', 'health: vitals'],
    ['heart_rate_count', ''],
    ['count_heart_rate', ''],
    ['avg_diagnosis', ''],
    ['diagnosis_avg', ''],
    // Where a secret is kept.
    ['password_file', ''],
    ['password_zz_path', ''],
    ['email_file', 'contact: email'],
    // When something became of it.
    ['password_updated_at', ''],
    ['password_at', ''],
    ['email_created', ''],
    ['email_zz_at', ''],
    ['email_at_zz', 'contact: email'],
    ['ip_date', ''],
    ['device_id_at', ''],
    ['photo_date', ''],
    ['latitude_timestamp', ''],
    ['invoice_date', 'financial: invoice'],
    ['diagnosis_date', 'health: diagnosis'],
    ['date_of_birth_at', 'contact: date of birth'],
    ['last_login_at', 'behaviour: login times'],
  ])('%s: %j', (name, expected) => {
    expect(said(name)).toBe(expected);
  });
});

describe('a doubtful word', () => {
  it.each<[string, readonly string[], string]>([
    ['name', [], ''],
    ['name', ['customers'], 'contact: name'],
    ['name_2', ['customers'], 'contact: name'],
    ['old_name', ['customers'], 'contact: name'],
    ['name_zz', ['customers'], ''],
    ['zz_name', ['customers'], ''],
    // Settled by the word beside it, small words and numbers between.
    ['zz_customer_2_name', [], 'contact: personal name'],
    ['name_of_the_customer_zz', [], 'contact: name'],
    ['name_zz_customer', [], ''],
    ['customer_zz_name', [], ''],
    ['bank_pin_zz', [], 'credential: pin'],
    ['smtp_pin_zz', [], ''],
    // At the head of a name, or as the whole of it.
    ['zz_token', [], 'credential: token'],
    ['zz_token_2', [], 'credential: token'],
    ['zz_token_value', [], 'credential: token'],
    ['token_zz', [], ''],
    ['token_zz', ['users'], ''],
    ['lat', [], 'location: coordinates'],
    ['lat_2', [], 'location: coordinates'],
    ['old_lat', [], 'location: coordinates'],
    ['zz_lat', [], ''],
    ['lat_zz', [], ''],
    ['zz_lat', ['cameras'], ''],
    // Something else beside or under a word that says so.
    ['zz_token', ['nlp'], ''],
    ['nlp_token', [], ''],
    ['zz_token', ['zz'], 'credential: token'],
    // People are what the last word above says, the rest any of its words.
    ['name', ['prod_users_2019'], 'contact: name'],
    ['name', ['users_list'], 'contact: name'],
    ['name', ['user_events'], ''],
    ['model', ['camera_events'], 'device: device model'],
    ['weight', ['fitness_zz'], 'health: height or weight'],
    ['name', ['2019'], ''],
    ['name', ['customers', 'a', 'b', 'c', 'd', 'e', 'f', 'g'], 'contact: name'],
    ['name', ['customers', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], ''],
  ])('%s under %j: %j', (name, parents, expected) => {
    expect(said(name, parents)).toBe(expected);
  });

  it('is certain where another field settles it', () => {
    expect(classifyAt('name', undefined, placeOf(['zz'], ['row']))).toEqual([{ class: 'contact', because: 'name' }]);
    expect(classifyAt('weight', undefined, placeOf([], ['body'])).map((hit) => hit.class)).toEqual(['health']);
    expect(classifyAt('weight', undefined, placeOf([], ['row']))).toEqual([]);
    expect(classifyAt('name', undefined, placeOf([]))).toEqual([]);
  });

  it('is read among the words of all that is above', () => {
    expect([...placeOf(['acct_no', 'users']).words]).toEqual(['account', 'number', 'user']);
    expect([...placeOf(['acct_no', 'users']).settles].toSorted()).toEqual(['auth', 'person']);
  });
});

/** Names that a yes or no, a number and a date each speak against in their own way. */
const ASKED = { boolean: 'ip', number: 'email', moment: 'ip' };
const kindOf = (type: string): string => {
  const speaks = (name: string): boolean => said(name, [], type) === '';
  // Behaviour is at home with numbers and dates, and never a yes or no.
  if (speaks('last_login')) return 'boolean';
  if (speaks(ASKED.moment)) return 'moment';
  return speaks(ASKED.number) ? 'number' : said('face', [], type);
};

describe('a declared type', () => {
  it.each<[string, readonly string[]]>([
    ['boolean', ['bool', 'BOOLEAN', 'bit(1)', 'tinyint(1)', ' bool']],
    ['moment', ['interval', 'date', 'date_nanos', 'datetime', 'time', 'timestamp(3) without time zone', 'Timestamptz']],
    [
      'number',
      ['int', 'int4', 'integer', 'long', 'short', 'byte', 'float', 'float8', 'double precision', 'half_float'],
    ],
    ['number', ['scaled_float', 'unsigned_long', 'number', 'NUMERIC(9,2)', 'decimal', 'real', 'bigint unsigned']],
    ['number', ['smallint', 'mediumint', 'tinyint', 'tinyint(2)', 'serial', 'bigserial']],
    ['network: ip address', ['ip', 'ipv4', 'IP_RANGE', 'inet', 'cidr']],
    ['network: mac address, device: mac address', ['macaddr', 'macaddr8']],
    ['location: coordinates', ['geo_point', 'geometry', 'geography(Point,4326)', 'st_point', 'point', ' POINT ']],
    ['health: biometrics', ['dense_vector', 'vector(128)', 'knn_vector', 'Vector']],
    [
      '',
      ['', 'text', 'keyword', 'bytea', 'bytes', 'points', 'bit', 'bit(8)', 'varchar(64)', 'jsonb', 'object', 'xdate'],
    ],
    ['', [`${' '.repeat(32)}bool`, 'string int', 'uuid']],
  ])('says %j: %j', (kind, types) => {
    expect(types.map(kindOf)).toEqual(types.map(() => kind));
  });

  it.each([
    ['email', 'boolean', ''],
    ['invoice', 'boolean', ''],
    ['diabetic', 'boolean', 'health: diagnosis'],
    ['is_minor', 'boolean', 'child: minor'],
    ['political', 'boolean', 'special-category: politics'],
    ['salary', 'int', 'financial: salary'],
    ['ssn', 'int', 'government-id: social security number'],
    ['photo', 'int', 'media: photo'],
    ['phone', 'int', 'contact: phone'],
    ['password', 'int', ''],
    ['email', 'int', ''],
    ['invoice', 'date', 'financial: invoice'],
    ['diagnosis', 'date', 'health: diagnosis'],
    ['email', 'date', ''],
    ['imei', 'date', ''],
    ['latitude', 'date', ''],
    ['photo', 'date', ''],
    ['password', 'date', ''],
    ['born', 'date', ''],
    ['date_of_birth', 'date', 'contact: date of birth'],
    // The type adds to what the name says.
    ['email', 'ip', 'contact: email, network: ip address'],
    ['hostname', 'ip', 'network: hostname'],
    ['features', 'dense_vector', ''],
    ['voice_features', 'vector', 'health: biometrics'],
    ['my_fingerprint', 'vector', 'health: biometrics'],
    ['iris', 'vector', 'health: biometrics'],
    ['biometric', 'vector', 'health: biometrics'],
    ['palm', 'vector', 'health: biometrics'],
    ['retina', 'vector', 'health: biometrics'],
  ])('%s of type %s: %j', (name, type, expected) => {
    expect(said(name, [], type)).toBe(expected);
  });
});
