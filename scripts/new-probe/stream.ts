import type { Names } from './names.ts';

/** The files of a new stream probe: a made-up server of one line a reply, to be replaced row by row. */
export function streamFiles({ id, camel, port }: Names): Readonly<Record<string, string>> {
  return {
    [`lib/probes/${id}.ts`]: probe(id, camel, port),
    [`lib/wire/${id}.ts`]: codec(id),
    [`test/probes/${id}.test.ts`]: test(id, camel),
    [`test/fixtures/wire/${id}/open.hex`]: fixture(`OK ${id} 1.2`, 'LIST orders'),
    [`test/fixtures/wire/${id}/secured.hex`]: fixture('DENIED'),
  };
}

const probe = (id: string, camel: string, port: number): string => `/**
 * ${id} (which document or section tells its bytes).
 * Sent: HELLO, and where that was answered, LIST; in plaintext, and again inside TLS where plaintext got no answer.
 * LIST is the only proof of an open door; DENIED asks for credentials.
 * Never sent: a credential, a write, anything that reads a record.
 */
import type { AuthState, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
import { HELLO, isStart, LIST, MAX_LINE, readLine, type Said } from '../wire/${id}.ts';

export const ${camel}: Probe = {
  id: '${id}',
  speaks: 'stream',
  sends: [
    { what: 'HELLO', hex: '48454c4c4f0a', why: 'whether ${id} speaks there, and to whom' },
    { what: 'LIST', hex: '4c4953540a', why: 'the proof: names of collections' },
  ],
  rules: {
    ...SILENT_RULES,
    list: 'names of collections are shown to anyone',
    denied: 'credentials are asked for',
    hello: '${id}, and no answer that says whether it asks for credentials',
  },
  engines: ['${id}'],
  defaultPort: ${port},
  maxConnections: 2,
  deadlineMs: 15_000,
  visit,
};

interface Heard extends Ended {
  hello?: Said;
  list?: Said;
}

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: '${id}',
    converse: (channel) => hear<Heard>(channel, {}, converse),
    silence: (heard, channel) => (heard.hello === undefined ? muteness(heard, channel) : undefined),
    interpret: (heard, channel) => interpret(heard, channel, options),
  });
}

async function converse(channel: Channel, heard: Heard): Promise<void> {
  await channel.write(HELLO);
  heard.hello = readLine(await channel.readUntil('\\n', MAX_LINE));
  if (heard.hello.kind !== 'ok') return;
  await channel.write(LIST);
  heard.list = readLine(await channel.readUntil('\\n', MAX_LINE));
}

type Row = 'list' | 'denied' | 'hello';
const VERDICTS: Readonly<Record<Row, { readonly auth: AuthState; readonly proof: ProofLevel }>> = {
  list: { auth: 'open-anonymous', proof: 3 },
  denied: { auth: 'auth-required', proof: 2 },
  hello: { auth: 'undetermined', proof: 1 },
};

function interpret(heard: Heard, channel: Channel, options: ProbeOptions): ProbeAnswer {
  const { hello, list } = heard;
  if (hello === undefined) return unread('${id}', heard, channel, isStart);
  const row: Row = list?.kind === 'list' ? 'list' : (list ?? hello).kind === 'denied' ? 'denied' : 'hello';
  const names = list?.kind === 'list' ? list.names : [];
  const { auth, proof } = VERDICTS[row];
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: hello.kind === 'ok' ? 'firm' : 'tentative',
      product: '${id}',
      ...(hello.kind === 'ok' ? { version: hello.version } : {}),
    },
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth:
      auth === 'auth-required' && !channel.encrypted
        ? { state: 'auth-weak', weakness: ['cleartext'] }
        : { state: auth },
    proof,
    rule: \`${id}/\${row}\`,
    notes: [],
    ...(row === 'list' && options.metadata > 0
      ? { metadata: { objects: names.map((name) => ({ name, kind: 'collection', system: false })), truncated: false } }
      : {}),
  };
}
`;

const codec = (id: string): string => `import { printable } from '../model/text.ts';
import { WireError } from './error.ts';

/** ${id}'s requests and replies, one line each. Pure and bounded. */

export const MAX_LINE = 1_024;
const MAX_NAMES = 200;

export const HELLO = Buffer.from('HELLO\\n');
export const LIST = Buffer.from('LIST\\n');

export type Said =
  | { readonly kind: 'ok'; readonly version: string }
  | { readonly kind: 'list'; readonly names: readonly string[] }
  | { readonly kind: 'denied' };

/** One whole line. Throws WireError where it is not one of ${id}. */
export function readLine(line: Buffer): Said {
  const text = line.toString('utf8').trimEnd();
  if (text === 'DENIED') return { kind: 'denied' };
  const version = /^OK ${id} (\\S{1,40})$/u.exec(text)?.[1];
  if (version !== undefined) return { kind: 'ok', version: printable(version, 40) };
  if (!/^LIST(?: \\S+)*$/u.test(text)) throw new WireError('malformed', 'no line of ${id}');
  const names = text.split(' ').slice(1, 1 + MAX_NAMES);
  return { kind: 'list', names: names.map((name) => printable(name, 255)) };
}

/** Whether these bytes may be the start of a reply. */
export function isStart(head: Buffer): boolean {
  const text = head.toString('latin1');
  return ['OK ', 'LIST', 'DENIED'].some((word) => word.startsWith(text) || text.startsWith(word));
}
`;

const test = (id: string, camel: string): string => `import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ${camel} } from '../../lib/probes/${id}.ts';
import { isStart, readLine } from '../../lib/wire/${id}.ts';
import { WireError } from '../../lib/wire/error.ts';
import { recordings } from '../support/recordings.ts';
import { scriptAccess } from '../support/script-access.ts';

// What every stream probe owes is in test/contract/probes.test.ts, which runs the fixtures of this one too.

const ENDPOINT = {
  id: 'x',
  host: 'db.example.org',
  port: ${camel}.defaultPort,
  engine: '${id}',
  source: 'file',
  tags: {},
  declared: {},
} as const;

async function visit(name: string) {
  const found = recordings('${id}').find((one) => one.name === name);
  if (found === undefined) throw new Error(\`no recording \${name}\`);
  const access = scriptAccess({ connections: [found.connection] });
  return ${camel}.visit(access, ENDPOINT, { metadata: 1, nonce: '0123456789abcdef' });
}

describe('${id}', () => {
  it('is open where it lists', async () => {
    expect(await visit('open')).toMatchObject({ rule: '${id}/list', auth: { state: 'open-anonymous' } });
  });

  it('asks for credentials where it denies', async () => {
    expect(await visit('secured')).toMatchObject({ rule: '${id}/denied', auth: { state: 'auth-weak' } });
  });
});

describe('a line, whatever it holds', () => {
  it('is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        isStart(Buffer.from(bytes));
        try {
          readLine(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
`;

function fixture(...lines: readonly string[]): string {
  const asked = ['HELLO', 'LIST'];
  const hex = (text: string): string => Buffer.from(`${text}\n`).toString('hex');
  const talk = lines.flatMap((line, n) => [`> ${hex(asked[n] ?? '')}`, `< ${hex(line)}`]);
  return `${['# made up by npm run new:probe: replace it', ...talk, 'x end'].join('\n')}\n`;
}
