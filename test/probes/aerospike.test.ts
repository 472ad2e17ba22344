import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aerospike } from '../../lib/probes/aerospike.ts';
import { answerLength, question, readSets, readWho, WHO } from '../../lib/wire/aerospike.ts';
import { WireError } from '../../lib/wire/error.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { recordings } from '../support/recordings.ts';
import { type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const NONE = Buffer.alloc(0);
const AT = {
  id: 'a',
  host: 'a.example.org',
  port: 3000,
  engine: 'aerospike',
  source: 'file',
  tags: {},
  declared: {},
} as const;
/** The head of an answer is that of a question. */
const answer = (text: string): Buffer => question(text.replace(/\n$/u, ''));

async function visit(connections: readonly ScriptConnection[], metadata: 0 | 1 = 1) {
  const access = scriptAccess({ connections });
  const seen = await aerospike.visit(access, AT, { metadata, nonce: '0123456789abcdef' });
  return { answer: seen, written: access.written };
}

function recorded(name: string): ScriptConnection {
  const found = recordings('aerospike').find((recording) => recording.name === name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found.connection;
}

it('asks for build and namespaces as probes.md has it, to the byte', () => {
  expect(WHO.toString('hex')).toBe('02010000000000116275696c640a6e616d657370616365730a');
});

describe('an Aerospike', () => {
  it('that shows its namespaces is open, and its sets are counted', async () => {
    const { answer: seen, written } = await visit([recorded('7.0-open')]);
    expect(seen).toMatchObject({
      proto: { state: 'match', confidence: 'firm', product: 'Aerospike', version: '7.0.0.5' },
      tls: { state: 'absent' },
      auth: { state: 'open-anonymous' },
      proof: 4,
      rule: 'aerospike/namespaces',
    });
    expect(seen.metadata).toEqual({
      objects: [
        { name: 'test.device_users', records: 5120, kind: 'table', system: false },
        { name: 'test.alexa_tokens', records: 12, kind: 'table', system: false },
        { name: 'cache', kind: 'table', system: false },
      ],
      truncated: false,
    });
    expect(written).toEqual([`1:${WHO.toString('hex')}`, `1:${question('sets/test', 'sets/cache').toString('hex')}`]);
  });

  it('at metadata level 0 is not asked for sets', async () => {
    const { answer: seen, written } = await visit([recorded('7.0-open')], 0);
    expect(seen).toMatchObject({ auth: { state: 'open-anonymous' }, proof: 3 });
    expect(seen).not.toHaveProperty('metadata');
    expect(written).toHaveLength(1);
  });

  it('that does not answer for its sets is as open, by its namespaces', async () => {
    const [, who = NONE] = recorded('7.0-open').replies;
    const { answer: seen } = await visit([{ replies: [NONE, who], end: 'reset' }]);
    expect(seen).toMatchObject({
      rule: 'aerospike/namespaces',
      proof: 3,
      metadata: { objects: [{ name: 'test' }, { name: 'cache' }] },
    });
  });

  it.each([
    ['refuses the whole message', 'ERROR:80:not authenticated\n', 'refused', 'auth-required'],
    [
      'refuses each name',
      'build\tERROR:80:not authenticated\nnamespaces\tERROR:80:not authenticated\n',
      'refused',
      'auth-required',
    ],
    ['tells its build alone', 'build\t6.4.0.1\nnamespaces\tERROR:80:not authenticated\n', 'refused', 'auth-required'],
    [
      'has a role for strangers',
      'build\t6.4.0.1\nnamespaces\tERROR:81:role violation\n',
      'restricted',
      'open-restricted',
    ],
    ['fails for another reason', 'build\t6.4.0.1\nnamespaces\tERROR:4:bad param\n', 'build', 'undetermined'],
    ['has no namespace', 'build\t6.4.0.1\nnamespaces\t\n', 'build', 'undetermined'],
  ])('that %s', async (_, text, rule, state) => {
    const { answer: seen, written } = await visit([{ replies: [NONE, answer(text)] }]);
    expect(seen).toMatchObject({ rule: `aerospike/${rule}`, auth: { state } });
    expect(written).toHaveLength(1);
  });

  it('is asked inside TLS where plaintext was closed', async () => {
    const tls = { ...recorded('7.0-open'), transport: 'tls' } as const;
    expect((await visit([tls, tls])).answer).toMatchObject({
      tls: { state: 'required' },
      auth: { state: 'open-anonymous' },
    });
  });

  it.each([
    ['that answers another question', answer('statistics\tx\n')],
    ['that answers with a record', Buffer.from('0203000000000016', 'hex')],
  ])('%s is somebody else', async (_, bytes) => {
    expect((await visit([{ replies: [NONE, bytes] }])).answer).toMatchObject({ rule: 'aerospike/foreign', proof: 0 });
  });

  it('with more sets than are read is as open, and says that there are more', async () => {
    const sets = Array.from({ length: 4_000 }, (_, n) => `ns=test:set=s${n}:objects=${n}`).join(';');
    const { answer: seen } = await visit([
      { replies: [NONE, answer('build\t7.0\nnamespaces\ttest\n'), answer(`sets/test\t${sets}\n`)] },
    ]);
    expect(seen.metadata?.objects).toHaveLength(200);
    expect(seen.metadata?.truncated).toBe(true);
  });
});

it('hostile bytes are read within limits or refused', () => {
  const seeds = [...recorded('7.0-open').replies.slice(1), answer('ERROR:80:not authenticated\n')].map((b) =>
    Buffer.from(b),
  );
  fc.assert(
    fc.property(hostileBytes(seeds), fc.nat(8), (bytes, skip) => {
      const body = bytes.subarray(skip);
      for (const read of [
        () => answerLength(bytes),
        () => readWho(body),
        () => readSets(body, ['test', 'cache'], false),
      ]) {
        try {
          expect(JSON.stringify(read()).length).toBeLessThan(2_000);
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
        }
      }
    }),
    { numRuns: 10_000 },
  );
});
