import { WireError } from './error.ts';

/** ClickHouse's own protocol, its first packet each way (probes.md section 3.13): a hello, or why not. */

const AS = 'exposure-probe';
/** Hello of a client, version 1.1, revision 54450, no database, user `default`, no password: that is the stranger. */
export const HELLO: Buffer = Buffer.concat([
  Buffer.from([0, AS.length]),
  Buffer.from(AS),
  Buffer.from('0101b2a9030007', 'hex'),
  Buffer.from('default'),
  Buffer.from([0]),
]);

const MAX_TEXT = 256;
/** Old versions send their whole stack behind the message: it is not read. */
const MAX_MESSAGE = 1_024;

/** The byte that opens the server's first packet. */
export const KINDS: readonly number[] = [0, 2];

export interface ServerHello {
  readonly kind: 'hello';
  readonly version: string;
}
export interface ServerException {
  readonly kind: 'exception';
  readonly code: number;
  readonly message: string;
}

/** `take` hands over exactly as many bytes as it is asked for. */
export async function readFirst(take: (count: number) => Promise<Buffer>): Promise<ServerHello | ServerException> {
  const [kind] = await take(1);
  if (kind === 0) return hello(take);
  if (kind === 2) return exception(take);
  throw new WireError('malformed', `packet ${kind}, neither hello nor exception`);
}

async function hello(take: (count: number) => Promise<Buffer>): Promise<ServerHello> {
  const name = await text(take, MAX_TEXT);
  const [major, minor, revision] = [await varint(take), await varint(take), await varint(take)];
  if (!name.startsWith('ClickHouse') || revision < 50_000 || revision > 99_999) {
    throw new WireError('malformed', 'a hello, but none of ClickHouse');
  }
  return { kind: 'hello', version: `${major}.${minor}` };
}

async function exception(take: (count: number) => Promise<Buffer>): Promise<ServerException> {
  const code = (await take(4)).readUInt32LE();
  const name = await text(take, MAX_TEXT);
  const message = await text(take, MAX_MESSAGE);
  if (!/^DB::\w{0,20}Exception$/u.test(name)) throw new WireError('malformed', 'an exception, but none of ClickHouse');
  return { kind: 'exception', code, message };
}

async function text(take: (count: number) => Promise<Buffer>, limit: number): Promise<string> {
  const length = await varint(take);
  if (length === 0 || length > limit) throw new WireError('limit', `text of ${length} bytes`);
  return (await take(length)).toString('utf8');
}

async function varint(take: (count: number) => Promise<Buffer>): Promise<number> {
  let value = 0;
  for (let shift = 0; shift <= 14; shift += 7) {
    const byte = (await take(1)).readUInt8();
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new WireError('limit', 'a number of more than three bytes');
}
