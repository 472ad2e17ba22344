import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tarantool } from '../../lib/probes/tarantool.ts';
import { WireError } from '../../lib/wire/error.ts';
import { messageLength, parseAnswer, readGreeting, readSpaces } from '../../lib/wire/tarantool.ts';
import { recordings } from '../support/recordings.ts';
import { type ScriptConnection, scriptAccess } from '../support/script-access.ts';

const PING = '1:ce000000058200400101';
const SELECT = '1:ce0000001782000101028610cd011911001232130014052091cd0200';
const AT = {
  id: 't',
  host: 't.example.org',
  port: 3301,
  engine: 'tarantool',
  source: 'file',
  tags: {},
  declared: {},
} as const;

async function visit(connection: ScriptConnection, metadata: 0 | 1 = 1) {
  const access = scriptAccess({ connections: [connection] });
  const answer = await tarantool.visit(access, AT, { metadata, nonce: '0123456789abcdef' });
  return { answer, written: access.written };
}

function recorded(name: string): ScriptConnection {
  const found = recordings('tarantool').find((recording) => recording.name === `2.6.0-${name}`);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found.connection;
}

const [GREETING = Buffer.alloc(0), PONG = Buffer.alloc(0)] = recorded('open').replies;
const refusal = (code: number, sync: number): Buffer =>
  Buffer.from(
    `ce0000000c8200cd${(0x8000 | code).toString(16)}01${sync.toString(16).padStart(2, '0')}8131a26e6f`,
    'hex',
  );

describe('a Tarantool', () => {
  // The recorder asked for all spaces; the probe asks from 512 on and leaves the others out.
  it('that shows a guest a space of its users is open', async () => {
    const { answer, written } = await visit(recorded('open'));
    expect(answer).toMatchObject({
      proto: { confidence: 'firm', product: 'Tarantool', version: '2.6.0' },
      tls: { state: 'absent' },
      auth: { state: 'open-anonymous' },
      proof: 3,
      rule: 'tarantool/spaces',
      metadata: { objects: [{ name: 'device_users', kind: 'table', system: false }], truncated: false },
    });
    expect(written).toEqual([PING, SELECT]);
    expect((await visit(recorded('open'), 0)).answer).not.toHaveProperty('metadata');
  });

  it('that shows a guest the spaces of the system alone is not', async () => {
    const { answer } = await visit(recorded('guest'));
    expect(answer).toMatchObject({ auth: { state: 'open-restricted' }, rule: 'tarantool/no-spaces', proof: 2 });
  });

  it('that only greets, or only answers a ping, has shown nothing', async () => {
    for (const replies of [[GREETING], [GREETING, PONG]]) {
      const { answer } = await visit({ replies });
      expect(answer).toMatchObject({ auth: { state: 'undetermined' }, rule: 'tarantool/greeting', proof: 1 });
    }
  });

  it.each([
    ['a guest at the door', [GREETING, refusal(42, 1)], 'guest-refused', 'auth-required'],
    ['a guest who asks for spaces', [GREETING, PONG, refusal(42, 2)], 'select-refused', 'open-restricted'],
    ['anything for another reason', [GREETING, PONG, refusal(1, 2)], 'greeting', 'undetermined'],
  ])('may refuse %s', async (_what, replies, rule, state) => {
    expect((await visit({ replies })).answer).toMatchObject({ rule: `tarantool/${rule}`, auth: { state } });
  });

  it('is not believed when it answers another question', async () => {
    const { answer } = await visit({
      replies: [GREETING, Buffer.from('ce000000058200000107', 'hex')],
    });
    expect(answer).toMatchObject({ auth: { state: 'undetermined' }, rule: 'tarantool/greeting' });
  });
});

describe('its bytes', () => {
  it('are parsed or refused, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => {
        const bytes = Buffer.from(random);
        readGreeting(bytes);
        for (const head of ['', '8200000101', '8200000101813091', '820000010181dd7fffffff']) {
          try {
            messageLength(bytes);
            expect(readSpaces(parseAnswer(Buffer.concat([Buffer.from(head, 'hex'), bytes]), 1)).length).toBeLessThan(
              200,
            );
          } catch (error) {
            if (!(error instanceof WireError)) throw error;
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it('that nest without end are refused before the stack is', () => {
    const deep = Buffer.concat([Buffer.from('820000010181', 'hex'), Buffer.alloc(60_000, 0x91)]);
    expect(() => parseAnswer(deep, 1)).toThrow(WireError);
  });
});
