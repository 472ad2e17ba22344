import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { couchdb } from '../../lib/probes/couchdb.ts';
import { isAdminParty, readCounts, readNames, readWelcome } from '../../lib/wire/couchdb.ts';
import { siteRecordings } from '../support/recordings.ts';
import { PLAIN_TLS, scriptAccess } from '../support/script-access.ts';

const ENDPOINT = {
  id: 'c',
  host: 'db.example.org',
  port: 5984,
  engine: 'couchdb',
  source: 'file',
  tags: {},
  declared: {},
} as const;

const site = (name: string) => {
  const found = siteRecordings('couchdb').find((recording) => recording.name === name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found;
};

/** A port that speaks TLS or plaintext, as recorded. */
async function visit(name: string, metadata: 0 | 1 | 2 = 1) {
  const { tls, reply } = site(name);
  const access = scriptAccess({
    http: (request) =>
      (request.scheme === 'https') === tls ? (reply(request) ?? 'closed') : tls ? 'closed' : 'plaintext',
  });
  const script = {
    ...access,
    request: async (request: Parameters<typeof access.request>[0]) =>
      access.request(request).catch((error: Error) => {
        throw Object.assign(error, { stage: 'tls' });
      }),
  };
  const answer = await couchdb.visit(script, ENDPOINT, { metadata, nonce: '0123456789abcdef' });
  return { answer, asked: access.requested.map(({ scheme, path, post }) => `${scheme} ${post?.body ?? ''}${path}`) };
}

describe('a CouchDB', () => {
  it('that shows its databases is open, with counts where it gave them', async () => {
    const { answer, asked } = await visit('3.3-open-list');
    expect(answer).toMatchObject({
      proto: { confidence: 'firm', product: 'CouchDB', version: '3.3.3' },
      tls: { state: 'implicit', facts: PLAIN_TLS },
      proof: 4,
      metadata: {
        objects: [
          { name: '_users', system: true },
          { name: 'customers', kind: 'database', records: 12, bytes: 4096, system: false },
          { name: 'orders', system: false },
        ],
      },
    });
    expect(asked).toEqual([
      'https /',
      'https /_all_dbs',
      'https /.exposure-probe/0123456789abcdef',
      'https /_session',
      'https {"keys":["customers","orders"]}/_dbs_info',
    ]);
  });

  it('where anyone is an administrator says so', async () => {
    const { answer } = await visit('1.6-admin-party');
    expect(answer).toMatchObject({ rule: 'couchdb/admin-party', proof: 3, tls: { state: 'absent' } });
  });

  it('is asked for no counts at metadata level 0', async () => {
    const { answer, asked } = await visit('3.3-open-list', 0);
    expect(answer).not.toHaveProperty('metadata');
    expect(asked.some((line) => line.includes('_dbs_info'))).toBe(false);
  });
});

describe('its replies, whatever they hold', () => {
  const reply = (body: string, status = 200) => ({ status, headers: {}, body: Buffer.from(body), truncated: false });

  it('are read or refused, and never throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom(200, 401, 500), (text, status) => {
        const any = reply(text, status);
        readWelcome(any);
        isAdminParty(any);
        expect(readCounts(any).size).toBeLessThanOrEqual(200);
        for (const name of readNames(any)?.names ?? []) expect(name.length).toBeLessThanOrEqual(255);
      }),
      { numRuns: 10_000 },
    );
  });

  it('that are a page, half a list, or a list of something else are no names', () => {
    expect(readNames(reply('<html>'))).toBeUndefined();
    expect(readNames(reply('["a","b'))).toBeUndefined();
    expect(readNames(reply('[1,2]'))).toBeUndefined();
    expect(readNames(reply('[]'))).toEqual({ names: [], truncated: false });
  });

  it('that hit our cap are as open as the whole', () => {
    const cut = readNames({ ...reply('["a","b","c'), truncated: true });
    expect(cut).toEqual({ names: ['a', 'b'], truncated: true });
  });
});
