import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rethinkdb } from '../../lib/probes/rethinkdb.ts';
import { WireError } from '../../lib/wire/error.ts';
import { readHandshake, readInterface, readMe } from '../../lib/wire/rethinkdb.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { CONTROL, page, siteRecording, visitRecorded, visitSite } from '../support/recorded-site.ts';
import { recordings } from '../support/recordings.ts';
import { type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const NONE = Buffer.alloc(0);
const ANSWER = Buffer.from(
  '{"max_protocol_version":0,"min_protocol_version":0,"server_version":"2.4.1","success":true}\0',
);

async function visit(connections: readonly ScriptConnection[]) {
  const access = scriptAccess({ connections });
  const at = {
    id: 'r',
    host: 'r.example.org',
    port: 28_015,
    engine: 'rethinkdb',
    source: 'file',
    tags: {},
    declared: {},
  } as const;
  const answer = await rethinkdb.visit(access, at, { metadata: 2, nonce: '0123456789abcdef' });
  return { answer, written: access.written };
}

describe("RethinkDB's port of drivers", () => {
  it('tells its version to anyone, and is neither open nor closed by that; no login follows', async () => {
    const { answer, written } = await visit([{ replies: [NONE, ANSWER] }]);
    expect(answer).toMatchObject({
      rule: 'rethinkdb/handshake',
      proto: { state: 'match', confidence: 'firm', product: 'RethinkDB', version: '2.4.1' },
      tls: { state: 'absent' },
      auth: { state: 'undetermined' },
      proof: 1,
    });
    expect(written).toEqual(['1:c3bdc234']);
  });

  it('of an old server says so in words', async () => {
    const [old] = recordings('rethinkdb').filter(({ name }) => name.startsWith('2.2'));
    const { answer } = await visit([old?.connection ?? { replies: [] }]);
    expect(answer).toMatchObject({ rule: 'rethinkdb/old-version', proto: { confidence: 'tentative' } });
  });

  it('is asked inside TLS where plaintext was closed', async () => {
    const tls = { transport: 'tls', replies: [NONE, ANSWER] } as const;
    expect((await visit([tls, tls])).answer).toMatchObject({ tls: { state: 'required' }, rule: 'rethinkdb/handshake' });
  });

  it('that answers with other JSON is somebody else', async () => {
    const { answer } = await visit([{ replies: [NONE, Buffer.from('{"server_version":"2"}\0')] }]);
    expect(answer).toMatchObject({ rule: 'rethinkdb/foreign', proto: { state: 'other' } });
  });
});

describe('its web interface', () => {
  it('is open to whoever reads it, as it has no authentication', async () => {
    const { answer, asked } = await visitRecorded(rethinkdb, '2.3-interface');
    expect(answer).toMatchObject({ rule: 'rethinkdb/list', auth: { state: 'open-anonymous' }, proof: 3 });
    expect(asked.slice(1)).toEqual(['/', '/ajax/me', CONTROL].map((path) => `http GET ${path}`));
  });

  it.each([
    ['not found', page('not found', 404)],
    ['a page like any other', page('<html>')],
    ['an object of somebody else', page({ id: 'me' })],
  ])('that answers the second question with %s is recognised and no more', async (_, odd) => {
    const { answer } = await visitRecorded(rethinkdb, '2.3-interface', 1, ({ path }) =>
      path === '/ajax/me' ? odd : undefined,
    );
    expect(answer).toMatchObject({ rule: 'rethinkdb/recognised', auth: { state: 'undetermined' } });
  });

  it('behind a proxy that asks for credentials is closed', async () => {
    const { answer } = await visitSite(rethinkdb, () => page('', 401, { 'www-authenticate': 'Basic realm="x"' }));
    expect(answer).toMatchObject({ rule: 'rethinkdb/proxy-auth' });
  });
});

it('hostile bytes and pages are read within limits or refused', () => {
  const pages = siteRecording(rethinkdb, '2.3-interface').replies.map(({ body }) => body);
  fc.assert(
    fc.property(hostileBytes([ANSWER, ...pages]), (bytes) => {
      const reply = { status: 200, headers: {}, body: bytes, truncated: false };
      for (const read of [() => readHandshake(bytes), () => readInterface(reply), () => readMe(reply)]) {
        try {
          expect(JSON.stringify(read() ?? '').length).toBeLessThan(300);
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
        }
      }
    }),
    { numRuns: 10_000 },
  );
});
