/**
 * Tarantool's IPROTO (probes.md section 4.10).
 * The server greets. Sent: a ping, and a SELECT on the view of spaces, from the first id that users can have. Every
 * connection begins as `guest`, and a ping is always answered: neither is an open door. A space of the users' own in the
 * view is one. Without any the guest is let in and shown nothing, or there is nothing: restricted, not open.
 * Never sent: AUTH, EVAL, CALL, EXECUTE, a SELECT on anything but the view.
 */
import type { ProbeAnswer } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { recognised } from '../talk/http.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
import { WireError } from '../wire/error.ts';
import {
  type Answered,
  FIRST_USER_SPACE,
  GREETING_BYTES,
  LENGTH_BYTES,
  messageLength,
  parseAnswer,
  PING,
  readGreeting,
  readSpaces,
  SELECT_SPACES,
} from '../wire/tarantool.ts';

const ID = 'tarantool';

export const tarantool: Probe = {
  id: ID,
  speaks: 'stream',
  sends: [
    { what: 'IPROTO_PING', hex: 'ce000000058200400101', why: 'whether a guest is answered; always so by default' },
    {
      what: 'IPROTO_SELECT on _vspace',
      hex: 'ce0000001782000101028610cd0119',
      why: 'the proof: names of spaces that users made',
    },
  ],
  rules: {
    ...SILENT_RULES,
    spaces: 'names of spaces are shown to a guest',
    'no-spaces': 'a guest is let in and is shown no space that users made',
    'select-refused': 'a guest is let in and may not see the list of spaces',
    'guest-refused': 'a guest is not let in',
    greeting: 'greets, and no answer that says what a guest may do',
  },
  engines: ['tarantool'],
  defaultPort: 3301,
  maxConnections: 2,
  deadlineMs: 15_000,
  visit,
};

interface Heard extends Ended {
  version?: string;
  ping?: Answered;
  spaces?: Answered;
}

/** ER_ACCESS_DENIED, ER_PASSWORD_MISMATCH. */
const REFUSALS: ReadonlySet<number> = new Set([42, 47]);
const MAX_SPACES = 50;

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: ID,
    converse: (channel) => hear<Heard>(channel, {}, converse),
    silence: (heard, channel) => (heard.version === undefined ? muteness(heard, channel) : undefined),
    interpret: (heard, channel) => interpret(heard, channel, options),
  });
}

async function converse(channel: Channel, heard: Heard): Promise<void> {
  const greeting = await channel.readExactly(GREETING_BYTES);
  const version = readGreeting(greeting);
  if (version === undefined) {
    heard.head = greeting;
    throw new WireError('malformed', 'no greeting of Tarantool');
  }
  heard.version = version;
  heard.ping = await ask(channel, PING, 1);
  if (heard.ping.ok) heard.spaces = await ask(channel, SELECT_SPACES, 2);
}

async function ask(channel: Channel, message: Buffer, sync: number): Promise<Answered> {
  await channel.write(message);
  return parseAnswer(await channel.readExactly(messageLength(await channel.readExactly(LENGTH_BYTES))), sync);
}

function interpret(heard: Heard, channel: Channel, { metadata: level }: ProbeOptions): ProbeAnswer {
  const { version, ping, spaces, ended } = heard;
  if (version === undefined) {
    return unread(ID, heard, channel, (head) => 'Tarantool '.startsWith(head.toString('latin1', 0, 10)));
  }
  const answer = {
    l4: 'open',
    proto: recognised(2, 'Tarantool', version),
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    notes: ended === undefined ? [] : [`ended early: ${ended.reason}`],
  } as const;
  if (ping !== undefined && !ping.ok && REFUSALS.has(ping.code)) {
    return { ...answer, auth: { state: 'auth-required' }, proof: 2, rule: `${ID}/guest-refused` };
  }
  if (spaces === undefined) return { ...answer, auth: { state: 'undetermined' }, proof: 1, rule: `${ID}/greeting` };
  if (!spaces.ok) {
    const isRefusal = REFUSALS.has(spaces.code);
    const auth = { state: isRefusal ? 'open-restricted' : 'undetermined' } as const;
    return { ...answer, auth, proof: isRefusal ? 2 : 1, rule: `${ID}/${isRefusal ? 'select-refused' : 'greeting'}` };
  }
  const found = readSpaces(spaces).filter(({ id }) => id >= FIRST_USER_SPACE);
  if (found.length === 0) {
    return { ...answer, auth: { state: 'open-restricted' }, proof: 2, rule: `${ID}/no-spaces` };
  }
  const objects = found.slice(0, MAX_SPACES).map(({ name }) => ({ name, kind: 'table' as const, system: false }));
  const open = { ...answer, auth: { state: 'open-anonymous' }, proof: 3, rule: `${ID}/spaces` } as const;
  return level === 0 ? open : { ...open, metadata: { objects, truncated: found.length >= MAX_SPACES } };
}
