/** lib/assess/classify.ts: what is counted, what is shown first, where reading ends, and every note that intruders leave. */
import { describe, expect, it } from 'vitest';
import { dataAtRisk, MAX_BECAUSE, MAX_NAMES_READ, MAX_SAMPLES } from '../../lib/assess/classify.ts';
import type { DataAtRisk, DataClass, MetadataObject } from '../../lib/model/observation.ts';

const index = (name: string, over: Partial<MetadataObject> = {}): MetadataObject => ({
  name,
  kind: 'index',
  system: false,
  ...over,
});
const having = (name: string, ...fields: readonly string[]): MetadataObject =>
  index(name, {
    fields: fields.map((field) => ({ name: field.split(':')[0] ?? '', type: field.split(':')[1] ?? '' })),
  });
const risk = (...objects: readonly MetadataObject[]): DataAtRisk =>
  dataAtRisk({ objects, truncated: false }, { rawNames: false });
const rawSamples = (...objects: readonly MetadataObject[]): readonly string[] =>
  dataAtRisk({ objects, truncated: false }, { rawNames: true }).samples;
const hitOf = (data: DataAtRisk, dataClass: DataClass): DataAtRisk['classes'][number] | undefined =>
  data.classes.find((hit) => hit.class === dataClass);
const becauseOf = (data: DataAtRisk, dataClass: DataClass): readonly string[] => hitOf(data, dataClass)?.because ?? [];

describe('fields that together say more than each alone', () => {
  it.each<[string, DataClass, string, readonly string[]]>([
    ['an e-mail and a password', 'credential', 'login with password', ['email', 'password']],
    ['a username and a password', 'credential', 'login with password', ['username', 'passwd']],
    ['a MAC address and a network', 'location', 'mac address with ssid', ['mac_address', 'ssid']],
    ['a place and a username', 'location', 'where a person is', ['latitude', 'username']],
    ['a place and an e-mail', 'location', 'where a person is', ['latitude', 'email']],
    ['a place and a name', 'location', 'where a person is', ['latitude', 'first_name']],
    ['a place and a phone', 'location', 'where a person is', ['latitude', 'phone_number']],
  ])('are %s', (_, dataClass, says, fields) => {
    expect(becauseOf(risk(having('t', ...fields)), dataClass)[0]).toBe(says);
    for (const field of fields) expect(becauseOf(risk(having('t', field)), dataClass)).not.toContain(says);
  });

  it('are a place beside what its index is called after: people', () => {
    expect(becauseOf(risk(having('customers', 'latitude')), 'location')[0]).toBe('where a person is');
  });

  it('count once, are said before whatever is more frequent, and weigh as much as they say', () => {
    const data = risk(having('t', 'password', 'passwd', 'email', 'cpu'), having('u', 'api_key'));
    expect(hitOf(data, 'credential')).toEqual({
      class: 'credential',
      count: 4,
      because: ['login with password', 'password', 'api token'],
    });
    // A MAC address alone would weigh less than an e-mail.
    const objects = [having('mails', 'email'), having('radios', 'mac_address', 'ssid')];
    expect(rawSamples(...objects)).toEqual(['radios', 'mails']);
  });
});

describe('fields that settle one another', () => {
  const weightIn = (...fields: readonly string[]): number => hitOf(risk(having('t', ...fields)), 'health')?.count ?? 0;
  it.each<[string, number, readonly string[]]>([
    ['beside a body mass index', 2, ['bmi', 'weight']],
    ['beside a heart rate', 2, ['heart_rate', 'weight']],
    ['beside a height', 2, ['height', 'weight']],
    ['alone', 0, ['weight']],
    ['beside a height and a width', 0, ['height', 'weight', 'width']],
    ['beside a height and a depth', 0, ['height', 'weight', 'depth']],
    ['beside a height and a length', 0, ['height', 'weight', 'length']],
    ['beside a width', 0, ['weight', 'width']],
    ['and heights, which are others', 0, ['tree_height', 'weight']],
    ['beside a diagnosis, which is no measure', 1, ['diagnosis', 'weight']],
  ])('a weight %s: %d of health', (_, count, fields) => {
    expect(weightIn(...fields)).toBe(count);
  });

  it('a model beside a serial number is a device, and alone is nothing', () => {
    expect(becauseOf(risk(having('t', 'serial_number', 'model')), 'device')).toContain('device model');
    expect(risk(having('t', 'model')).classes).toMatchObject([{ class: 'unclassified' }]);
  });

  it('a name beside an e-mail is a person, and beside a password is not', () => {
    expect(becauseOf(risk(having('t', 'email', 'name')), 'contact')).toEqual(['email', 'name']);
    expect(hitOf(risk(having('t', 'password', 'name')), 'contact')).toBeUndefined();
  });

  it('keep what the name of their index settles', () => {
    expect(becauseOf(risk(having('patients', 'bmi', 'name')), 'contact')).toContain('name');
  });
});

describe('what the name of an index says of all in it', () => {
  it.each<[string, DataClass, string]>([
    ['customers', 'contact', 'people'],
    ['newsletter', 'contact', 'people'],
    ['doorbells', 'device', 'devices'],
    ['logins', 'credential', 'logins'],
    ['clinic', 'health', 'health'],
    ['billing', 'financial', 'payments'],
    ['suppliers', 'business', 'orders'],
    ['clicks', 'behaviour', 'activity'],
    ['clicks-2019', 'behaviour', 'activity'],
  ])('%s: %s, because of its %s', (name, dataClass, says) => {
    expect(risk(index(name)).classes).toContainEqual({ class: dataClass, count: 1, because: [says] });
  });

  it.each(['customer_count', 'customer_count_2019', 'session_status', 'order_types', 'shoes'])(
    '%s: nothing',
    (name) => {
      expect(risk(index(name)).classes).toEqual([
        { class: 'unclassified', count: 1, because: ['names not understood'] },
      ]);
    },
  );

  it('is not said twice of one class', () => {
    expect(hitOf(risk(index('customer_email')), 'contact')).toEqual({ class: 'contact', count: 1, because: ['email'] });
  });
});

describe('what is counted', () => {
  it('is each name that carries a class, the most sensitive class first, then the most frequent, then by name', () => {
    const data = risk(having('t', 'email', 'cpu', 'ip_address', 'ssid', 'bmi', 'pregnant', 'iban', 'religion'));
    expect(data.classes.map((hit) => [hit.class, hit.count])).toEqual([
      ['health', 2],
      ['special-category', 1],
      ['financial', 1],
      ['contact', 1],
      ['network', 2],
      ['operational', 1],
    ]);
    expect(risk(having('t', 'religion', 'pregnant')).classes.map((hit) => hit.class)).toEqual([
      'health',
      'special-category',
    ]);
    expect(risk(having('t', 'religion', 'ethnicity', 'pregnant')).classes.map((hit) => hit.class)).toEqual([
      'special-category',
      'health',
    ]);
  });

  it('says the most frequent words first, then by name, and no more than five', () => {
    const fields = ['vpn', 'hostname', 'ssid', 'ip_address', 'mac_address', 'host_name', 'remote_ip', 'ip_addr'];
    expect(becauseOf(risk(having('t', ...fields)), 'network')).toEqual([
      'ip address',
      'hostname',
      'mac address',
      'vpn',
      'wi-fi network ssid',
    ]);
    const many = ['phone', 'email', 'username', 'nickname', 'first_name', 'date_of_birth', 'email_address'];
    const said = becauseOf(risk(having('t', ...many)), 'contact');
    expect(said).toHaveLength(MAX_BECAUSE);
    expect(said[0]).toBe('email');
    expect(said).not.toContain('username');
  });

  it('sums bytes like records: what is known, and nothing where nothing is', () => {
    expect(risk(index('a', { bytes: 5 }), index('b'), index('c', { bytes: 7 })).bytes).toBe(12);
    expect(risk(index('a', { bytes: 0 })).bytes).toBe(0);
    expect('bytes' in risk(index('a'))).toBe(false);
    expect('records' in risk(index('a'))).toBe(false);
    expect(risk(index('a', { bytes: Number.POSITIVE_INFINITY }), index('b', { bytes: -1 })).bytes).toBeUndefined();
  });

  it('is unclassified beside what was understood only where no more than half of the fields are operational', () => {
    const unclassified = (...fields: readonly string[]): number | undefined =>
      hitOf(risk(having('metrics', ...fields)), 'unclassified')?.count;
    expect(unclassified('cpu', 'a')).toBe(1);
    expect(unclassified('cpu', 'latency', 'a')).toBeUndefined();
    expect(unclassified()).toBe(1);
    expect(unclassified('a', 'email')).toBeUndefined();
  });
});

describe('the names that are read', () => {
  const wide = (names: number): MetadataObject =>
    index('-', { fields: Array.from({ length: names - 1 }, () => ({ name: '-', type: '' })) });

  it('are fifty thousand: with one fewer everything was seen', () => {
    const data = risk(wide(MAX_NAMES_READ - 2), index('cameras'));
    expect(data.truncated).toBe(false);
    expect(hitOf(data, 'device')?.count).toBe(1);
  });

  it('end within an index, whose rest is then not known', () => {
    const data = risk(wide(MAX_NAMES_READ - 1), having('cameras', 'serial_number', 'email'), index('users'));
    expect(data.truncated).toBe(true);
    expect(hitOf(data, 'device')?.count).toBe(2);
    expect(hitOf(data, 'contact')).toBeUndefined();
    expect(hitOf(data, 'unclassified')).toEqual({
      class: 'unclassified',
      count: 3,
      because: ['names not understood', 'names not read'],
    });
  });

  it('leave unclassified what comes after them', () => {
    const data = risk(having('customers', 'email'), wide(MAX_NAMES_READ), index('users'));
    expect(becauseOf(data, 'unclassified')).toEqual(['names not read', 'names not understood']);
    expect(hitOf(data, 'contact')?.count).toBe(2);
  });
});

describe('the samples', () => {
  it('are the most sensitive, then the largest, as the server has them where two are alike', () => {
    const objects = [index('shoes', { records: 9 }), index('hats'), index('gloves', { records: 10 }), index('clinic')];
    expect(rawSamples(...objects)).toEqual(['clinic', 'gloves', 'shoes', 'hats']);
    expect(rawSamples(...objects, index('a'), index('b'))).toHaveLength(MAX_SAMPLES);
    expect(rawSamples(index('b'), index('a', { records: 0 }))).toEqual(['b', 'a']);
  });

  it('weigh as their worst name', () => {
    expect(rawSamples(having('t', 'cpu', 'email'), having('u', 'api_key', 'cpu'))).toEqual(['u', 't']);
  });

  it('are masked to two letters whatever these are, or wholly', () => {
    const masked = (name: string): string | undefined => risk(index(name)).samples[0];
    expect(['abc', 'ab', '', '😀😀😀😀', '😀😀', 'a\u202eb'].map(masked)).toEqual([
      'ab********',
      '********',
      '********',
      '😀😀********',
      '********',
      'aU+202E********',
    ]);
  });

  it('are cut at 64 characters', () => {
    expect(rawSamples(index('x'.repeat(64)))).toEqual(['x'.repeat(64)]);
    expect(rawSamples(index('x'.repeat(65)))).toEqual([`${'x'.repeat(63)}…`]);
  });
});

describe('the notes that intruders leave', () => {
  const notes = (name: string): number => risk(index(name)).ransomMarkers;
  it.each([
    'PLEASE_READ',
    'z_read_me_to_recover',
    'to-recover-your-data',
    'RECOVER_DATA',
    'restore your data',
    'x_how_to_recover_x',
    'howtorestore',
    'HOW_TO_GET_YOUR_DATA',
    'get.your.data.back',
    'all_your_data_is_backed_up',
    'your_database_is_gone',
    'DECRYPT_INSTRUCTIONS',
    'a_ransom_note',
    'was-hacked-by-us',
    'YOU_HAVE_BEEN_HACKED',
    'it_has_been_hacked',
    'you_got_pwned',
    'recover_data_2019',
    'recover_1_data',
    'README',
    'read_me_now',
    'meow_2020',
    'warning_1',
    ' WARNING ',
  ])('%s is one', (name) => {
    expect(notes(name)).toBe(1);
  });

  it.each([
    'please_reader',
    'recover_dataset',
    'must_read',
    'read',
    'read_only_me',
    'me_read_me',
    'meow_sounds',
    'homeow',
    'WARNINGS ',
    'early_warning',
    'hacked',
    'your_data',
    'it_has_been',
    '',
  ])('%j is none', (name) => {
    expect(notes(name)).toBe(0);
  });

  it('count wherever they are, system objects too', () => {
    expect(risk(index('meow', { system: true }), index('README'), index('users'))).toMatchObject({
      objects: 2,
      ransomMarkers: 2,
    });
  });
});
