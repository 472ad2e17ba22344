import { describe, expect, it } from 'vitest';
import { dataAtRisk, MAX_NAMES_READ } from '../../lib/assess/classify.ts';
import { CLASS_WEIGHT } from '../../lib/assess/severity.ts';
import type { DataAtRisk, DataClass, MetadataObject } from '../../lib/model/observation.ts';

const hidden = { rawNames: false };
const index = (name: string, over: Partial<MetadataObject> = {}): MetadataObject => ({
  name,
  kind: 'index',
  system: false,
  ...over,
});
const typed = (...fields: readonly string[]): NonNullable<MetadataObject['fields']> =>
  fields.map((field) => ({ name: field.split(':')[0] ?? '', type: field.split(':')[1] ?? 'keyword' }));
const risk = (...objects: readonly MetadataObject[]): DataAtRisk => dataAtRisk({ objects, truncated: false }, hidden);
const hitOf = (data: DataAtRisk, dataClass: DataClass): DataAtRisk['classes'][number] | undefined =>
  data.classes.find((hit) => hit.class === dataClass);

describe('the Wyze store of 2019', () => {
  const data = risk(
    index('user-devices', {
      records: 2_400_000,
      fields: typed(
        'email',
        'camera_nickname',
        'wifi_ssid',
        'ip_address:ip',
        'internal_subnet',
        'device_mac',
        'product_model',
        'firmware_ver',
        'last_login_time:date',
        'connection_time:date',
        'api_token',
        'alexa_token',
        'gender',
      ),
    }),
    index('body-metrics', {
      records: 140,
      fields: typed(
        'height:float',
        'weight:float',
        'bmi:float',
        'bone_density:float',
        'body_fat:float',
        'protein_intake:float',
      ),
    }),
  );

  it.each<[string, DataClass, string]>([
    ['e-mail', 'contact', 'email'],
    ['camera nicknames', 'contact', 'camera nickname'],
    ['Wi-Fi names', 'network', 'wi-fi network ssid'],
    ['addresses', 'network', 'ip address'],
    ['MAC, model and firmware', 'device', 'mac address'],
    ['MAC, model and firmware', 'device', 'device model'],
    ['MAC, model and firmware', 'device', 'firmware'],
    ['login and connection times', 'behaviour', 'login times'],
    ['login and connection times', 'behaviour', 'connection time'],
    ['API tokens', 'credential', 'api token'],
    ['Alexa tokens', 'credential', 'alexa token'],
    ['body metrics', 'health', 'body metrics'],
    ['body metrics', 'health', 'height or weight'],
    ['gender', 'special-category', 'gender'],
  ])('shows its %s as %s: %s', (_, dataClass, because) => {
    expect(hitOf(data, dataClass)?.because).toContain(because);
  });

  it('lists the most sensitive first and keeps records as the server counts them', () => {
    const weights = data.classes.map((hit) => CLASS_WEIGHT[hit.class]);
    expect(weights).toEqual(weights.toSorted((a, b) => b - a));
    expect(data).toMatchObject({ objects: 2, records: 2_400_140, truncated: false, ransomMarkers: 0 });
  });
});

describe('fields beside one another', () => {
  it('make a login table of an e-mail and a password hash', () => {
    const data = risk(index('t', { fields: typed('email', 'password_hash') }));
    expect(hitOf(data, 'credential')?.because[0]).toBe('login with password');
  });
  it('make a place of a MAC address and a Wi-Fi name', () => {
    const data = risk(index('t', { fields: typed('mac', 'ssid') }));
    expect(hitOf(data, 'location')?.because).toEqual(['mac address with ssid']);
  });
  it('make a person of a name beside an e-mail, and a parcel of a weight', () => {
    const both = risk(index('t', { fields: typed('email', 'name', 'weight:float') }));
    expect(hitOf(both, 'contact')?.because).toContain('name');
    expect(hitOf(both, 'health')).toBeUndefined();
    expect(hitOf(risk(index('t', { fields: typed('height', 'weight') })), 'health')?.count).toBe(2);
    expect(hitOf(risk(index('t', { fields: typed('height', 'weight', 'width') })), 'health')).toBeUndefined();
  });
});

describe('what is not known', () => {
  it('is unclassified, never clean: no fields, no meaning, or an unread rest', () => {
    expect(risk(index('x')).classes).toMatchObject([{ class: 'unclassified', count: 1 }]);
    expect(hitOf(risk(index('x', { fields: typed('a', 'b', 'cpu') })), 'unclassified')?.count).toBe(1);
    expect(hitOf(risk(index('metrics')), 'unclassified')?.count).toBe(1);
    expect(hitOf(risk(index('metrics', { fields: typed('cpu', 'latency') })), 'unclassified')).toBeUndefined();
    expect(risk({ name: 'db0', kind: 'keyspace', records: 42, system: false })).toMatchObject({
      records: 42,
      classes: [{ class: 'unclassified' }],
    });
  });
  it('leaves records absent, not zero, and sums only what is known', () => {
    expect(risk(index('a'), index('b')).records).toBeUndefined();
    expect(risk(index('a', { records: 5 }), index('b')).records).toBe(5);
    expect(risk(index('a', { records: 0 })).records).toBe(0);
    expect(risk(index('a', { records: Number.NaN }), index('b', { records: -1 })).records).toBeUndefined();
  });
  it('keeps a truncated list truncated, and says so when there were more names than we read', () => {
    expect(dataAtRisk({ objects: [], truncated: true }, hidden).truncated).toBe(true);
    const fields = Array.from({ length: MAX_NAMES_READ + 1 }, () => ({ name: '-', type: 'text' }));
    const data = risk(index('wide', { fields }), index('users'));
    expect(data.truncated).toBe(true);
    expect(hitOf(data, 'unclassified')?.count).toBe(2);
  });
});

describe('objects', () => {
  it('of the system are left out of counts, classes and samples', () => {
    const data = risk(
      index('users', { records: 5 }),
      index('.security-7', { records: 9, system: true, fields: typed('password') }),
    );
    expect(data).toMatchObject({ objects: 1, records: 5, samples: ['us********'] });
    expect(hitOf(data, 'credential')).toBeUndefined();
  });

  it.each<[string, DataClass]>([
    ['prod-customers-2019', 'contact'],
    ['patients', 'health'],
    ['cameras', 'device'],
    ['sessions', 'credential'],
  ])('called %s are %s even when nobody shows their fields', (name, dataClass) => {
    expect(hitOf(risk(index(name)), dataClass)?.count).toBe(1);
  });

  it('have at most five samples, the worst first, masked to two characters of no telling length', () => {
    const objects = [...Array.from({ length: 9 }, (_, n) => index(`acme-tenant-${n}`)), index('passwords')];
    const masked = risk(...objects).samples;
    expect(masked).toHaveLength(5);
    expect(masked.every((sample) => /^(ac|pa)\*{8}$/u.test(sample))).toBe(true);
    expect(masked[0]).toBe('pa********');
    expect(risk(index('ab')).samples).toEqual(['********']);
    expect(dataAtRisk({ objects, truncated: false }, { rawNames: true }).samples[0]).toBe('passwords');
  });

  it.each([
    'read_me',
    'README_TO_RECOVER_DATA',
    'READ__ME',
    'x7f3-meow',
    'meow',
    'WARNING',
    'how_to_restore',
    'please_read_this',
    'recover_your_data',
    'Z_README_TO_RECOVER',
    'PLEASE_READ_ME_XYZ',
    'how-to-get-your-data-back',
    'your_data_is_backed_up',
    'hacked_by_nobody',
    'PWNED_SECURE_YOUR_STUFF',
    'RANSOM_NOTE',
  ])('called %s are a ransom note', (name) => {
    expect(risk(index(name)).ransomMarkers).toBe(1);
  });
  it.each([
    'data_recovery_jobs',
    'backup_your_data_faq',
    'read_models',
    'hackathons',
    'restore_points',
    'warning-events',
    'warnings',
    'readmeter',
    'homeowners',
    'already_read',
    'reader_metrics',
    'homeowner',
  ])('called %s are none', (name) => {
    expect(risk(index(name)).ransomMarkers).toBe(0);
  });
});
