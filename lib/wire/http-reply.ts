/**
 * One HTTP/1.1 reply to a request that said `connection: close` (RFC 9112), from whatever pieces it arrives in. Stricter
 * than a browser, as a stranger's mistakes are not ours to guess at: CRLF only, no folded lines, one length, no coding but
 * `chunked`. Bytes after the reply are not read. Every line, head, count and body has a named limit, and work grows with
 * the bytes that came, however they are cut.
 */
import { WireError } from './error.ts';

/** Of one head, status line included (evidence-and-alerts.md section 5.5). */
export const MAX_HEAD_BYTES = 16 * 1024;
export const MAX_FIELD_LINES = 100;
/** `100 Continue` and its kin before the reply proper. A server may send them for ever. */
export const MAX_INTERIM = 5;
export const MAX_CHUNK_LINE = 1_024;
/** Chunk sizes, extensions and trailers together: 64 KiB in chunks of 6 bytes fit. */
export const MAX_FRAMING_BYTES = 64 * 1024;
const FIRST_BODY_BYTES = 1_024;

const STATUS = /^HTTP\/1\.[01] ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const STATUS_START = 'HTTP/1.';
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FIELD_TEXT = /^[\t\x20-\x7e\x80-\xff]*$/;
const CHUNK = /^([0-9a-f]{1,8})(?:;[\t\x20-\x7e\x80-\xff]*)?$/i;

export interface HttpHead {
  readonly status: number;
  /** name, value, name, value, as they came, in latin1. */
  readonly fields: readonly string[];
}

type State = 'status' | 'field' | 'content' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'done';

export class HttpReplyReader {
  readonly #cap: number;
  #state: State = 'status';
  /** A line whose end has not come. */
  #partial = '';
  /** Bytes of lines since the last head began. */
  #framing = 0;
  #lines = 0;
  #interim = 0;
  #status = 0;
  #fields: string[] = [];
  #head: HttpHead | undefined;
  /** Bytes of content or of this chunk still to come; Infinity where only the end of the stream tells. */
  #left = 0;
  #store: Buffer = Buffer.alloc(0);
  #size = 0;

  /** Keeps at most `cap` bytes of content. */
  constructor(cap: number) {
    this.#cap = cap;
  }

  /** Known when the whole head is there. Interim replies are none. */
  get head(): HttpHead | undefined {
    return this.#head;
  }
  /** The reply is complete. */
  get done(): boolean {
    return this.#state === 'done';
  }
  /** There was more content than is kept. */
  get truncated(): boolean {
    return this.#size > this.#cap;
  }
  /** Content that came, kept or not. */
  get size(): number {
    return this.#size;
  }
  get body(): Buffer {
    return this.#store.subarray(0, Math.min(this.#size, this.#cap));
  }

  /** Throws WireError `malformed` or `limit`; the reader is of no use then. */
  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length && this.#state !== 'done'; ) {
      const isContent = this.#state === 'content' || this.#state === 'chunk';
      at = isContent ? this.#takeContent(bytes, at) : this.#takeLine(bytes, at);
    }
  }

  /** The stream ended. Throws WireError `truncated` unless that is where the reply ends. */
  end(): void {
    if (this.#state === 'content' && this.#left === Number.POSITIVE_INFINITY) this.#state = 'done';
    if (this.#state !== 'done') throw new WireError('truncated', `the stream ended in the middle of a ${this.#state}`);
  }

  #takeContent(bytes: Buffer, from: number): number {
    const to = Math.min(bytes.length, from + this.#left);
    this.#keep(bytes, from, to);
    this.#left -= to - from;
    if (this.#left === 0) this.#state = this.#state === 'chunk' ? 'chunk-end' : 'done';
    return to;
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    const held = Math.min(this.#size, this.#cap);
    this.#size += to - from;
    const wanted = Math.min(this.#size, this.#cap);
    if (wanted > this.#store.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.#cap, Math.max(FIRST_BODY_BYTES, 2 * wanted)));
      this.#store.copy(larger, 0, 0, held);
      this.#store = larger;
    }
    bytes.copy(this.#store, held, from, from + wanted - held);
  }

  #takeLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end + 1;
    this.#spend(to - from);
    const text = this.#partial + bytes.toString('latin1', from, to);
    const isStart = this.#state === 'status' && this.#partial.length < STATUS_START.length;
    if (isStart && !STATUS_START.startsWith(text.slice(0, STATUS_START.length))) {
      throw new WireError('malformed', 'not an HTTP/1 status line');
    }
    if (end === -1) {
      this.#partial = text;
      return to;
    }
    this.#partial = '';
    if (!text.endsWith('\r\n')) throw new WireError('malformed', 'a line without CR');
    this.#line(text.slice(0, -2));
    return to;
  }

  #spend(count: number): void {
    this.#framing += count;
    const inHead = this.#head === undefined;
    const limit = inHead ? MAX_HEAD_BYTES : MAX_FRAMING_BYTES;
    if (this.#framing > limit)
      throw new WireError('limit', `over ${limit} bytes of ${inHead ? 'head' : 'chunk lines'}`);
    if (this.#state === 'chunk-size' && this.#partial.length + count > MAX_CHUNK_LINE) {
      throw new WireError('limit', `a chunk line over ${MAX_CHUNK_LINE} bytes`);
    }
  }

  #line(line: string): void {
    switch (this.#state) {
      case 'status':
        this.#status = Number(matched(STATUS, line, 'status line'));
        this.#state = 'field';
        return;
      case 'field':
        if (line === '') this.#endHead();
        else this.#fields.push(...this.#field(line));
        return;
      case 'chunk-size':
        this.#left = Number.parseInt(matched(CHUNK, line, 'chunk size'), 16);
        this.#lines = 0;
        this.#state = this.#left === 0 ? 'trailer' : 'chunk';
        return;
      case 'chunk-end':
        if (line !== '') throw new WireError('malformed', 'a chunk does not end where it said');
        this.#state = 'chunk-size';
        return;
      case 'trailer':
        if (line === '') this.#state = 'done';
        else this.#field(line);
        return;
      case 'content':
      case 'chunk':
      case 'done':
        throw new WireError('malformed', 'a line where none can be');
    }
  }

  #field(line: string): readonly [string, string] {
    if (++this.#lines > MAX_FIELD_LINES) throw new WireError('limit', `more than ${MAX_FIELD_LINES} header lines`);
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, Math.max(0, colon)), line.slice(colon + 1)];
    if (!TOKEN.test(name) || !FIELD_TEXT.test(value)) throw new WireError('malformed', 'not a header line');
    return [name, trimmed(value)];
  }

  #endHead(): void {
    const head = { status: this.#status, fields: this.#fields };
    if (head.status >= 200) {
      this.#head = head;
      this.#left = contentLength(head);
      this.#state = this.#left === CHUNKED ? 'chunk-size' : this.#left === 0 ? 'done' : 'content';
    } else {
      if (head.status === 101) throw new WireError('malformed', 'switches protocols unasked');
      if (++this.#interim > MAX_INTERIM) throw new WireError('limit', `more than ${MAX_INTERIM} interim replies`);
      this.#state = 'status';
    }
    this.#fields = [];
    this.#framing = 0;
    this.#lines = 0;
  }
}

const CHUNKED = -1;

/** RFC 9112 section 6.3. What allows two readings is refused: that is how replies are split. */
function contentLength({ status, fields }: HttpHead): number {
  const [lengths, codings]: [string[], string[]] = [[], []];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i]?.toLowerCase();
    if (name === 'content-length') lengths.push(fields[i + 1] ?? '');
    if (name === 'transfer-encoding') codings.push((fields[i + 1] ?? '').toLowerCase());
  }
  if (lengths.length > 1) throw new WireError('malformed', 'more than one length');
  if (lengths.length > 0 && codings.length > 0) throw new WireError('malformed', 'a length and a transfer coding');
  const [length] = lengths;
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new WireError('malformed', 'not a length');
  if (status === 204 || status === 304) return 0;
  if (length !== undefined) return Number(length);
  const [coding = 'identity', ...more] = codings;
  if (more.length > 0 || (coding !== 'chunked' && coding !== 'identity')) {
    throw new WireError('limit', 'a transfer coding nobody asked for');
  }
  return coding === 'chunked' ? CHUNKED : Number.POSITIVE_INFINITY;
}

function matched(pattern: RegExp, line: string, what: string): string {
  const found = pattern.exec(line)?.[1];
  if (found === undefined) throw new WireError('malformed', `not a ${what}`);
  return found;
}

/** Spaces and tabs alone, without a pattern: `[ \t]+$` takes quadratic time on a line of spaces. */
function trimmed(value: string): string {
  let [from, to] = [0, value.length];
  while (from < to && isBlank(value.charCodeAt(from))) from++;
  while (to > from && isBlank(value.charCodeAt(to - 1))) to--;
  return value.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
