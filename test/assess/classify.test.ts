import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyName, dataAtRisk } from '../../lib/assess/classify.ts';
import type { MetadataObject } from '../../lib/model/observation.ts';

const cases = JSON.parse(readFileSync(new URL('../cases/classify/names.json', import.meta.url), 'utf8')) as Record<
  string,
  string[]
>;
const index = (name: string, over: Partial<MetadataObject> = {}): MetadataObject => ({
  name,
  kind: 'index',
  system: false,
  ...over,
});

describe('classes by name', () => {
  for (const [dataClass, names] of Object.entries(cases)) {
    it.each(names)(`%s is ${dataClass}`, (name) => {
      const found = classifyName(name).map((m) => m.class);
      if (dataClass === 'none') expect(found).toEqual([]);
      else expect(found).toContain(dataClass);
    });
  }

  it('says the same of a name however it is written', () => {
    for (const name of ['access_token', 'bone_density', 'mac_address', 'first_name', 'wifi_ssid']) {
      const [head = '', tail = ''] = name.split('_');
      const camel = `${head}${tail.slice(0, 1).toUpperCase()}${tail.slice(1)}`;
      for (const spelling of [camel, name.replace('_', '-'), name.replace('_', '.'), name.toUpperCase(), `${name}_2`]) {
        expect(classifyName(spelling)).toEqual(classifyName(name));
      }
    }
  });

  it('lets the declared type speak', () => {
    expect(classifyName('remote', { type: 'ip' })).toEqual([{ class: 'network', because: 'ip address' }]);
    expect(classifyName('place', { type: 'geo_point' })[0]?.class).toBe('location');
    expect(classifyName('password', { type: 'boolean' })).toEqual([]);
    expect(classifyName('token', { type: 'integer' })).toEqual([]);
  });

  it('takes any string, and shows only our own words', () => {
    const ours = new Set(
      Object.values(cases)
        .flat()
        .flatMap((n) => classifyName(n).map((m) => m.because)),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        for (const { because } of classifyName(name)) expect(because).toMatch(/^[a-z0-9 -]{1,40}$/);
      }),
      { numRuns: 2_000 },
    );
    expect(ours.size).toBeGreaterThan(15);
  });
});

describe('data at risk', () => {
  it('finds the nine classes of the Wyze case', () => {
    const fields = [
      'email',
      'camera_nickname',
      'wifi_ssid',
      'ip_address',
      'device_model',
      'last_login_time',
      'api_token',
      'alexa_token',
      'height',
      'weight',
      'bone_density',
      'gender',
    ];
    const { classes } = dataAtRisk(
      { objects: [index('devices', { fields: fields.map((name) => ({ name, type: 'keyword' })) })], truncated: false },
      { rawNames: false },
    );
    const because = classes.flatMap((c) => c.because);
    for (const word of [
      'email',
      'nickname',
      'wi-fi network',
      'ip address',
      'device',
      'login times',
      'api token',
      'alexa token',
      'body metrics',
      'gender',
    ]) {
      expect(because.join('|')).toContain(word);
    }
  });

  it('counts what is not of the system, and keeps what is not known unknown', () => {
    const data = dataAtRisk(
      {
        objects: [index('users', { records: 5 }), index('x', {}), index('.security-7', { records: 9, system: true })],
        truncated: false,
      },
      { rawNames: false },
    );
    expect(data).toMatchObject({ objects: 2, records: 5, truncated: false });
    expect(dataAtRisk({ objects: [index('x')], truncated: false }, { rawNames: false }).records).toBeUndefined();
  });

  it('redacts names unless asked, and never keeps more than five', () => {
    const objects = Array.from({ length: 9 }, (_, i) => index(`tenant-acme-${i}`));
    const redacted = dataAtRisk({ objects, truncated: false }, { rawNames: false }).samples;
    expect(redacted).toHaveLength(5);
    expect(redacted.join()).not.toContain('acme');
    expect(dataAtRisk({ objects, truncated: false }, { rawNames: true }).samples[0]).toBe('tenant-acme-0');
  });

  it.each(['read_me', 'README_TO_RECOVER_DATA', 'users-meow', 'meow', 'WARNING', 'how_to_restore', 'please_read_this'])(
    'takes %s for a ransom note',
    (name) => {
      expect(dataAtRisk({ objects: [index(name)], truncated: false }, { rawNames: false }).ransomMarkers).toBe(1);
    },
  );
  it.each(['warning-events', 'readmeter', 'homeowners', 'already_read'])('does not take %s for one', (name) => {
    expect(dataAtRisk({ objects: [index(name)], truncated: false }, { rawNames: false }).ransomMarkers).toBe(0);
  });

  it('asks nothing of a cache but its counters', () => {
    const data = dataAtRisk(
      { objects: [{ name: 'db0', kind: 'keyspace', records: 42, system: false }], truncated: false },
      { rawNames: false },
    );
    expect(data.classes).toMatchObject([{ class: 'unclassified' }]);
    expect(data.records).toBe(42);
  });
});
