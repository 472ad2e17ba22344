/** Build pages and lists of labels; whole visits are in test/probes/prometheus.test.ts. */
import { describe, expect, it } from 'vitest';
import { readBuild, readLabels, readLokiBuild } from '../../lib/wire/monitoring.ts';
import type { Welcome } from '../../lib/wire/listing.ts';
import { page } from '../support/recorded-site.ts';

const NAMED = { 'x-server-hostname': 'vm-1' };
const REALM = { 'www-authenticate': 'Basic realm="VictoriaMetrics"' };
const VICTORIA = { version: '', product: 'VictoriaMetrics' };

describe('the build page', () => {
  const build = { status: 'success', data: { version: '2.45.0', goVersion: 'go1.20' } };
  it.each<[string, unknown, Record<string, string>, Welcome | undefined]>([
    ['of Prometheus', build, {}, { markers: 2, version: '2.45.0' }],
    ['of Prometheus with a name of its host', build, NAMED, { markers: 2, version: '2.45.0' }],
    ['of VictoriaMetrics', { status: 'success', data: {} }, NAMED, { ...VICTORIA, markers: 2 }],
    [
      'of VictoriaMetrics with a version',
      { status: 'success', data: { version: '2.24.0' } },
      NAMED,
      { ...VICTORIA, markers: 2, version: '2.24.0' },
    ],
    ['without Go', { status: 'success', data: { version: '2.24.0' } }, {}, undefined],
    ['without a version', { status: 'success', data: { goVersion: 'go1.20' } }, {}, undefined],
    ['without a success', { ...build, status: 'error' }, NAMED, undefined],
    ['without data', { status: 'success' }, NAMED, undefined],
    ['in text', 'success', NAMED, undefined],
  ])('%s', (_name, body, headers, expected) => {
    expect(readBuild(page(body, 200, headers))).toEqual(expected);
    for (const status of [201, 404, 500]) expect(readBuild(page(body, status, headers))).toBeUndefined();
  });

  it('refused under its realm is of VictoriaMetrics, under another of nobody', () => {
    expect(readBuild(page('', 401, REALM))).toEqual({ ...VICTORIA, markers: 1, refused: true });
    expect(readBuild(page('', 401, { ...REALM, ...NAMED }))).toEqual({ ...VICTORIA, markers: 2, refused: true });
    expect(readBuild(page('', 403, { ...REALM, ...NAMED }))).toBeUndefined();
    expect(readBuild(page(build, 401, NAMED))).toBeUndefined();
    expect(readBuild(page('', 401, { 'www-authenticate': 'Basic realm="vm"' }))).toBeUndefined();
  });
});

/** A question which tenant, and what only resembles it. */
const WHICH = ['no org id', 'no org id\n'];
const OTHERS = ['so: no org id', 'no org id, no entry', 'unauthorized'];

describe("Loki's build page", () => {
  const build = { version: '2.9.1', revision: 'd9d5ed4a1', goVersion: 'go1.20' };
  it('has three members', () => {
    expect(readLokiBuild(page(build))).toEqual({ markers: 2, version: '2.9.1' });
    for (const without of ['version', 'revision', 'goVersion']) {
      expect(readLokiBuild(page({ ...build, [without]: '' })), without).toBeUndefined();
    }
    for (const status of [201, 404, 500]) expect(readLokiBuild(page(build, status))).toBeUndefined();
  });

  it.each(WHICH)('%j asks which tenant, and nobody who', (body) => {
    expect(readLokiBuild(page(body, 401))).toEqual({ markers: 1, version: '' });
    expect(readLokiBuild(page(body))).toBeUndefined();
    expect(readLokiBuild(page(body, 403))).toBeUndefined();
    expect(readLabels(page(body, 401))).toBeUndefined();
    expect(readLabels(page(body, 403))).toBe('refused');
  });

  it.each(OTHERS)('%j asks for something else', (body) => {
    expect(readLokiBuild(page(body, 401))).toBeUndefined();
    expect(readLabels(page(body, 401))).toBe('refused');
  });
});

describe('labels', () => {
  it.each<[string, unknown, unknown]>([
    ['by name', { status: 'success', data: ['job', '__name__'] }, [{ name: 'job' }, { name: '__name__' }]],
    ['of an empty store', { status: 'success', data: [] }, []],
    ['of a Loki that leaves an empty list out', { status: 'success' }, []],
  ])('%s', (_name, body, rows) => {
    expect(readLabels(page(body))).toEqual({ rows, truncated: false });
  });

  it.each([{ status: 'error', data: ['job'] }, { data: ['job'] }, { status: 'success', data: 'job' }, 'success'])(
    '%j are none',
    (body) => {
      expect(readLabels(page(body))).toBeUndefined();
    },
  );

  it('cut by our own cap are as open as a whole list', () => {
    const body = Buffer.from('{"status":"success","data":["job","__na');
    expect(readLabels({ ...page(''), body, truncated: true })).toEqual({ rows: [{ name: 'job' }], truncated: true });
  });
});
