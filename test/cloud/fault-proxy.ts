/**
 * Stands between ajar and moto and misbehaves on request: refuses, throttles, breaks, cuts a list short, serves a page
 * again. Tells calls apart as AWS itself would: by the region and service that were signed for, and by the action.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Call {
  /** The service that the request was signed for, such as `es` or `rds`. */
  readonly service: string;
  readonly region: string;
  /** `X-Amz-Target` or `Action=`; for REST services the method and path. */
  readonly action: string;
  readonly accessKey: string;
  /** Of AssumeRole: which. */
  readonly role: string | undefined;
}

export type Fault = 'denied' | 'throttled' | 'broken' | 'truncated' | 'hangup' | 'repeated-token';

export interface Rule {
  readonly fault: Fault;
  readonly when: (call: Call) => boolean;
}

export interface FaultProxy {
  readonly url: string;
  rules: readonly Rule[];
  readonly calls: Call[];
  stop(): Promise<void>;
}

const MAX_BODY = 1024 * 1024;

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${address.port}`,
    rules: [],
    calls: [],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const call = callOf(request, body);
    proxy.calls.push(call);
    const fault = proxy.rules.find((r) => r.when(call))?.fault;
    if (fault === 'denied')
      return refuse(response, request, 403, 'AccessDeniedException', 'not authorized to perform this');
    if (fault === 'throttled') return refuse(response, request, 400, 'ThrottlingException', 'Rate exceeded');
    if (fault === 'broken') return refuse(response, request, 500, 'InternalFailure', 'we are having a moment');
    if (fault === 'hangup') return void response.destroy();
    const answer = await forward(target, request, body);
    if (fault === 'truncated') answer.body = answer.body.subarray(0, Math.floor(answer.body.length / 2));
    if (fault === 'repeated-token') answer.body = withToken(answer.body);
    response.writeHead(answer.status, { 'content-type': answer.type, 'content-length': String(answer.body.length) });
    response.end(answer.body);
  }
  return proxy;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > MAX_BODY) throw new Error('request too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** `Authorization: AWS4-HMAC-SHA256 Credential=KEY/20261125/eu-west-1/rds/aws4_request, …` */
function callOf(request: IncomingMessage, body: Buffer): Call {
  const [accessKey = '', , region = '', service = ''] = (
    /Credential=([^,]+)/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  ).split('/');
  const target = request.headers['x-amz-target'];
  const isForm = request.headers['content-type']?.includes('x-www-form-urlencoded') === true;
  const form = new URLSearchParams(isForm ? body.toString() : '');
  const action =
    (typeof target === 'string' ? target.split('.').at(-1) : undefined) ??
    form.get('Action') ??
    `${request.method ?? ''} ${request.url ?? ''}`;
  return { accessKey, region, service, action, role: form.get('RoleArn') ?? undefined };
}

function refuse(
  response: ServerResponse,
  request: IncomingMessage,
  status: number,
  code: string,
  message: string,
): void {
  const isQuery = request.headers['content-type']?.includes('x-www-form-urlencoded') === true;
  const body = isQuery
    ? `<?xml version="1.0"?><ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`
    : JSON.stringify({ __type: code, message });
  response.writeHead(status, { 'content-type': isQuery ? 'text/xml' : 'application/json', 'x-amzn-errortype': code });
  response.end(body);
}

async function forward(
  target: string,
  request: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; type: string; body: Buffer }> {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value !== 'string' || ['connection', 'content-length', 'transfer-encoding', 'expect'].includes(name)
      ? []
      : [[name, value] as [string, string]],
  );
  const method = request.method ?? 'GET';
  const answer = await fetch(`${target}${request.url ?? '/'}`, {
    method,
    headers,
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  });
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

/** Adds the page marker that never ends, in the places where query and JSON services carry it. */
function withToken(body: Buffer): Buffer {
  const text = body.toString();
  const marked = text.startsWith('{')
    ? JSON.stringify({ ...(JSON.parse(text) as object), NextToken: 'again', nextToken: 'again', Marker: 'again' })
    : text
        .replace(/<(Describe\w+Result)>/, '<$1><Marker>again</Marker>')
        .replace(/(<\/Describe\w+Response>)/, '<nextToken>again</nextToken>$1');
  return Buffer.from(marked);
}
