import type { Endpoint } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { AuthState, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { silentAxes, SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY, tlsFailed, tlsOnly, tlsSilent } from '../model/tls-attempt.ts';
import { type Ended, type Greeting, hear, muteness, speaksNoTls, tlsBeside, type TlsLook } from '../talk/stream.ts';
import type { BsonDocument, BsonInput } from '../wire/bson.ts';
import { foreign, foreignNote, isTlsAlert } from '../wire/foreign.ts';
import { HEADER_BYTES, opMsg, opQuery, parseReply, type Reply, replyHead } from '../wire/mongodb.ts';
import {
  askable,
  databases,
  errorCode,
  HELLO,
  helloFacts,
  IS_MASTER,
  isOk,
  isUnknownCommand,
  LEGACY_LIST_DATABASES,
  LIST_DATABASES,
  type ListRow,
  listCollections,
  listRow,
  namesHeard,
  type RefusalRow,
  refusalRow,
} from '../wire/mongodb-reply.ts';
import { printable } from '../model/text.ts';

/**
 * MongoDB, DocumentDB and what emulates them (probes.md section 3.3).
 * Sent: hello, listDatabases (names only) and, where that was answered, listCollections (names only) for up to
 * four databases; at most six messages a visit. Plaintext first; where it is closed on us, TLS, and only then
 * the pre-3.6 opcode. DocumentDB expects TLS: there silence is enough. Where plaintext answered, one TLS connection tells offered from absent.
 * hello is answered to anyone and proves nothing; listDatabases with a name in it is an open door; an empty
 * list is not; code 13 demands authentication.
 * Never sent: a credential, OP_COMPRESSED, getLog, serverStatus, a query.
 */
export const mongodb: Probe = {
  id: 'mongodb',
  speaks: 'stream',
  sends: [
    { what: 'hello', why: 'version and role; answered before any authentication' },
    { what: 'listDatabases, names only', why: 'the proof' },
    { what: 'listCollections, names only', why: 'names, where the list was shown; four databases at most' },
    { what: 'OP_QUERY isMaster and listDatabases', why: 'the same of servers before 3.6' },
  ],
  rules: {
    ...SILENT_RULES,
    'list-databases': 'names of databases are shown to anyone',
    'empty-list': 'listDatabases is allowed and shows nothing',
    'odd-list': 'listDatabases succeeded without a list of names',
    unauthorized: 'credentials are asked for',
    emulator: 'a command every MongoDB knows is unknown here',
    'no-legacy-opcodes': 'refuses legacy opcodes',
    error: 'an error that says nothing on authentication',
    'hello-only': 'hello was answered, listDatabases was not',
  },
  engines: ['mongodb', 'documentdb'],
  defaultPort: 27017,
  maxConnections: 3,
  deadlineMs: 15_000,
  visit,
};

const MAX_MESSAGES = 6;
const MAX_DATABASES = 4;

/** What one connection said, and how it ended if we did not end it. */
interface Heard extends Ended {
  hello?: BsonDocument;
  list?: Reply;
  readonly collections: (Reply & { readonly database: string })[];
}

/** Messages left in this visit, over all its connections. */
interface Budget {
  left: number;
}

interface Plan {
  readonly budget: Budget;
  /** Whether names of collections are wanted, and how many messages to leave for later. */
  readonly names: boolean;
  readonly spare: number;
  readonly encode: typeof opMsg;
}

async function visit(
  access: ProbeAccess,
  { engine }: Pick<Endpoint, 'engine'>,
  { metadata }: ProbeOptions,
): Promise<ProbeAnswer> {
  const plan: Plan = { budget: { left: MAX_MESSAGES }, names: metadata > 0, spare: 1, encode: opMsg };
  const channel = await access.open();
  const heard = await converse(channel, plan);
  if (heard.hello !== undefined) return answer(heard, heard.hello, await tlsBeside(access, (tls) => greet(tls, plan)));
  const plain = unheard(heard, channel);
  const mute = engine === 'documentdb' && muteness(heard, channel) !== undefined;
  return mute || turnedAway(heard, channel) ? insideTls(access, { ...plan, spare: 0 }, plain) : plain;
}

/** Closed without a word, or a TLS alert: what a port that wants TLS does to plaintext. */
function turnedAway({ ended, head }: Heard, channel: Channel): boolean {
  if (head !== undefined && isTlsAlert(head)) return true;
  return (
    ended instanceof PeerError && (ended.reason === 'closed' || ended.reason === 'reset') && channel.bytesRead === 0
  );
}

async function insideTls(access: ProbeAccess, plan: Plan, plain: ProbeAnswer): Promise<ProbeAnswer> {
  let channel: Channel;
  try {
    channel = await access.open({ tls: true });
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    const failed = tlsFailed(plain, error, 'mongodb');
    return speaksNoTls(error) ? beforeOpMsg(access, plan, failed) : failed;
  }
  const heard = await converse(channel, plan);
  if (heard.hello !== undefined) return answer(heard, heard.hello, { axis: tlsOnly(channel) });
  return heard.ended instanceof PeerError && heard.head === undefined
    ? tlsSilent(heard.ended, channel, 'mongodb')
    : { ...unheard(heard, channel), tls: tlsOnly(channel) };
}

/** Servers before 3.6 close on OP_MSG. */
async function beforeOpMsg(access: ProbeAccess, plan: Plan, failed: ProbeAnswer): Promise<ProbeAnswer> {
  let channel: Channel;
  try {
    channel = await access.open();
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return failed;
  }
  const heard = await converse(channel, { ...plan, names: false, encode: opQuery });
  if (heard.hello === undefined) return failed;
  return answer(heard, heard.hello, { axis: PLAINTEXT_ONLY, note: 'spoke only the opcode that 5.1 removed' });
}

async function greet(channel: Channel, plan: Plan): Promise<Greeting> {
  const heard: Heard & Greeting = { collections: [], greeted: false };
  await hear(channel, heard, async () => {
    heard.greeted = (await ask(channel, heard, plan, HELLO)).document !== undefined;
  });
  return heard;
}

async function converse(channel: Channel, plan: Plan): Promise<Heard> {
  const heard: Heard = { collections: [] };
  const legacy = plan.encode === opQuery;
  await hear(channel, heard, async () => {
    heard.hello = (await ask(channel, heard, plan, legacy ? IS_MASTER : HELLO)).document;
    if (!legacy && isUnknownCommand(heard.hello)) {
      heard.hello = (await ask(channel, heard, { ...plan, encode: opQuery }, IS_MASTER)).document;
    }
    if (!isOk(heard.hello)) return;
    heard.list = await ask(channel, heard, plan, legacy ? LEGACY_LIST_DATABASES : LIST_DATABASES);
    if (!plan.names || listRow(heard.list) !== 'list-databases') return;
    for (const database of askable(databases(heard.list.document)).slice(0, MAX_DATABASES)) {
      if (plan.budget.left <= plan.spare) return;
      heard.collections.push({ database, ...(await ask(channel, heard, plan, listCollections(database))) });
    }
  });
  return heard;
}

async function ask(channel: Channel, heard: Heard, { budget, encode }: Plan, command: BsonInput): Promise<Reply> {
  const requestId = MAX_MESSAGES + 1 - budget.left--;
  await channel.write(encode(requestId, command));
  const header = await headerOf(channel, heard);
  const head = replyHead(header, requestId);
  const reply = parseReply(head, await channel.readExactly(head.bodyBytes));
  delete heard.head;
  return reply;
}

/** Keeps what came, so that a stranger can be named where it is no header. */
async function headerOf(channel: Channel, heard: Heard): Promise<Buffer> {
  try {
    const header = await channel.readExactly(HEADER_BYTES);
    heard.head = header;
    return header;
  } catch (error) {
    if (error instanceof PeerError && channel.buffered > 0) heard.head = await channel.readSome(HEADER_BYTES);
    throw error;
  }
}

/** No whole reply to hello. */
function unheard({ ended, head }: Heard, channel: Channel): ProbeAnswer {
  const bytes = head ?? Buffer.alloc(0);
  // The start of a reply that broke off, unless it is somebody else's.
  if (ended instanceof PeerError && foreign(bytes).confidence === 'none') {
    return silentAxes(ended, channel.bytesRead, 'mongodb');
  }
  return {
    l4: 'open',
    proto: foreign(bytes),
    tls: { state: 'undetermined', clientCert: 'undetermined' },
    auth: { state: 'undetermined' },
    proof: 0,
    rule: 'mongodb/foreign',
    notes: [foreignNote(bytes), ...(ended === undefined ? [] : [printable(ended.message)])],
  };
}

type Row = ListRow | RefusalRow | 'hello-only';
const ROWS: Readonly<Record<Row, { readonly auth: AuthState; readonly proof: ProofLevel; readonly note?: string }>> = {
  'list-databases': { auth: 'open-anonymous', proof: 3 },
  'empty-list': { auth: 'open-restricted', proof: 2, note: 'listDatabases is allowed and shows nothing' },
  'odd-list': { auth: 'undetermined', proof: 1, note: 'listDatabases succeeded without a list of names' },
  unauthorized: { auth: 'auth-required', proof: 2 },
  emulator: { auth: 'undetermined', proof: 1, note: 'a command every MongoDB knows is unknown here: an emulator' },
  'no-legacy-opcodes': { auth: 'undetermined', proof: 1, note: 'refuses legacy opcodes' },
  error: { auth: 'undetermined', proof: 1, note: 'an error that says nothing on authentication' },
  'hello-only': { auth: 'undetermined', proof: 1, note: 'hello was answered, listDatabases was not' },
};

function answer(heard: Heard, hello: BsonDocument, tls: TlsLook): ProbeAnswer {
  const facts = helloFacts(hello);
  const row = heard.list !== undefined ? listRow(heard.list) : isOk(hello) ? 'hello-only' : refusalRow(hello);
  const { auth, proof, note } = ROWS[row];
  const refused = heard.list?.document ?? hello;
  const why = isOk(refused) ? [] : [`code ${errorCode(refused) ?? 'none'}`];
  const ended = heard.ended === undefined ? [] : [`ended early: ${heard.ended.reason} (${heard.ended.message})`];
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: facts.firm ? 'firm' : 'tentative',
      product: row === 'emulator' ? 'MongoDB emulator' : facts.product,
      ...(facts.version === undefined ? {} : { version: facts.version }),
    },
    tls: tls.axis,
    auth: { state: auth },
    proof,
    rule: `mongodb/${row}`,
    notes: [note ?? [], why, facts.notes, tls.note ?? [], ended].flat().map((line) => printable(line)),
    ...(auth === 'open-anonymous' && heard.list !== undefined
      ? { metadata: namesHeard(heard.list, heard.collections) }
      : {}),
  };
}
