/**
 * The wire between an environment and AWS. Each environment has a line of its own, so that what one asks can be counted, cut
 * before or after any request, and never outlives it. What AWS has no real time for here is taken off the wire as well:
 * DelaySeconds becomes an attribute of the message, and the driver waits for it on its own clock.
 */
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as ask,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** Of a message that was sent with DelaySeconds. */
export const DELAY = 'harness-delay-seconds';

export interface Call {
  readonly service: string;
  readonly action: string;
  readonly body: string;
}

export interface Line {
  readonly url: string;
  /** What was asked so far, in order. */
  readonly calls: readonly Call[];
  /** Dies at the `at`-th request from now on, 0 being the next: before AWS hears of it, or before its answer comes back. */
  trap(at: number, when: 'before' | 'after'): Promise<Call>;
  close(): void;
}

export interface Wire {
  /** AWS at `url` where it is addressed by `url`, whatever the environment is. */
  line(): Promise<Line>;
  /** What AWS answers to calls that moto does not have, as JSON. `undefined`: moto is asked. */
  readonly instead: ((call: Call) => string | undefined)[];
  /** What AWS would have answered, given what moto did. */
  readonly recorded: ((call: Call, answer: string) => string)[];
  /** What goes wrong with a call before moto hears of it. */
  readonly faults: ((call: Call) => Fault | undefined)[];
  stop(): void;
}

/** An error of the service's own, with these words; or nobody there who answers. */
export type Fault = { readonly code: string; readonly message: string } | 'silence';

export interface Upstreams {
  readonly moto: string;
  /** The table's: asked with the stack's own credentials. Absent where moto keeps the table too. */
  readonly table?: { readonly url: string; readonly accessKeyId: string } | undefined;
}

export function openWire(upstreams: Upstreams): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const lines = new Set<Line>();
  const answers: Answers = { instead: [], recorded: [], faults: [] };
  return {
    ...answers,
    async line() {
      const line = await openLine(upstreams, agent, answers);
      lines.add(line);
      return line;
    },
    stop() {
      for (const line of lines) line.close();
      agent.destroy();
    },
  };
}

type Answers = Pick<Wire, 'instead' | 'recorded' | 'faults'>;

interface Trap {
  readonly at: number;
  readonly when: 'before' | 'after';
  readonly sprung: (call: Call) => void;
}

async function openLine(upstreams: Upstreams, agent: Agent, answers: Answers): Promise<Line> {
  const calls: Call[] = [];
  let trap: Trap | undefined;
  let isCut = false;
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  const cut = (): void => {
    isCut = true;
    server.close();
    server.closeAllConnections();
  };
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A document in print is no text: what is not read here goes on as it came.
    const bytes = await bytesOf(request);
    const body = bytes.toString('utf8');
    const { credential, call } = callOf(request, body);
    if (isCut) return void response.destroy();
    const sprung = trap !== undefined && trap.at === calls.length ? trap : undefined;
    calls.push(call);
    if (sprung?.when === 'before') {
      cut();
      sprung.sprung(call);
      return;
    }
    const fault = answers.faults.map((faultOf) => faultOf(call)).find((one) => one !== undefined);
    if (fault === 'silence') return;
    if (fault !== undefined) return refuse(response, request, { ...fault, status: 500 });
    const isTable = call.service === 'dynamodb' && credential === upstreams.table?.accessKeyId;
    const target = isTable ? upstreams.table.url : upstreams.moto;
    const sent = call.service === 'sqs' ? Buffer.from(withoutDelay(body)) : bytes;
    const own = answers.instead.map((answerOf) => answerOf(call)).find((text) => text !== undefined);
    const answer = own === undefined ? await forward(target, request, sent, agent) : answered(own);
    if (sprung !== undefined) {
      cut();
      sprung.sprung(call);
      return;
    }
    if (isMissing(answer)) return refuse(response, request, NO_SUCH_CALL);
    const text = answers.recorded.reduce((text, answerOf) => answerOf(call, text), answer.text);
    response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(text) });
    response.end(text);
  }
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    trap: (at, when) =>
      new Promise((sprung) => {
        trap = { at: calls.length + at, when, sprung };
      }),
    close: cut,
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** `Authorization: AWS4-HMAC-SHA256 Credential=KEY/20261204/eu-west-1/rds/aws4_request, …` */
function callOf({ headers, method, url }: IncomingMessage, body: string): { credential: string; call: Call } {
  const [credential = '', , , service = ''] = (/Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '').split(
    '/',
  );
  const target = headers['x-amz-target'];
  const isForm = headers['content-type']?.includes('x-www-form-urlencoded') === true;
  const action =
    (typeof target === 'string' ? target.split('.').at(-1) : undefined) ??
    (isForm ? new URLSearchParams(body).get('Action') : undefined) ??
    `${method ?? ''} ${url ?? ''}`;
  return { credential, call: { service, action, body } };
}

/** moto waits for real: the delay becomes an attribute, and the message is there at once. */
function withoutDelay(body: string): string {
  if (!body.includes('"DelaySeconds"')) return body;
  const parsed = JSON.parse(body) as { Entries?: Entry[] };
  const Entries = parsed.Entries?.map(({ DelaySeconds, ...entry }): Entry => {
    if (DelaySeconds === undefined) return entry;
    return { ...entry, MessageAttributes: { [DELAY]: { DataType: 'Number', StringValue: String(DelaySeconds) } } };
  });
  return JSON.stringify({ ...parsed, Entries });
}
interface Entry {
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, { DataType: string; StringValue: string }>>;
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answered(text: string): Forwarded {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, text };
}

/** moto answers what it has not with a page or a stack trace, and the SDK would ask five times: it is refused instead. */
function isMissing({ status, headers }: Forwarded): boolean {
  return status >= 500 || (status === 404 && headers['content-type']?.toString().includes('html') === true);
}

const NO_SUCH_CALL = { status: 403, code: 'AccessDeniedException', message: 'moto has no such call' };

function refuse(
  response: ServerResponse,
  { headers }: IncomingMessage,
  { status, code, message }: typeof NO_SUCH_CALL,
): void {
  const isQuery = headers['content-type']?.includes('x-www-form-urlencoded') === true;
  const body = isQuery
    ? `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`
    : JSON.stringify({ __type: code, message });
  response.writeHead(status, { 'content-type': isQuery ? 'text/xml' : 'application/json', 'x-amzn-errortype': code });
  response.end(body);
}

const HOP = ['connection', 'content-length', 'transfer-encoding', 'expect', 'keep-alive'];

interface Forwarded {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly text: string;
}

async function forward(
  target: string,
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Buffer,
  agent: Agent,
): Promise<Forwarded> {
  const kept = endToEnd(headers);
  const length = body.length === 0 && method === 'GET' ? {} : { 'content-length': body.length };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    ask(`${target}${url}`, { method, agent, headers: { ...kept, ...length } }, resolve)
      .on('error', reject)
      .end(body);
  });
  return {
    status: answer.statusCode ?? 500,
    headers: endToEnd(answer.headers),
    text: (await bytesOf(answer)).toString('utf8'),
  };
}

function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.includes(name)));
}
