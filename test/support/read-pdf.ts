/**
 * Reads a PDF back: its structure tree with the text of each element, its artifacts, bookmarks and properties. Enough for files
 * with a plain cross-reference table, which it follows; it shares nothing with what writes them.
 */
import { inflateSync } from 'node:zlib';

export type Value = null | boolean | number | string | Uint8Array | Ref | Name | readonly Value[] | Dict;
export interface Ref {
  readonly ref: number;
}
export interface Name {
  readonly name: string;
}
export interface Dict {
  readonly dict: ReadonlyMap<string, Value>;
}

export interface Element {
  readonly type: string;
  readonly attributes: Dict | undefined;
  readonly alt: string;
  /** In the order of the structure; of an element without children, its own text. */
  readonly children: readonly Element[];
  readonly text: string;
  /** Numbers of the pages that its own text is on. */
  readonly pages: readonly number[];
}

export interface ReadPdf {
  readonly trailer: Dict;
  readonly catalog: Dict;
  readonly root: Element;
  readonly pages: readonly { readonly artifacts: readonly string[] }[];
  readonly bookmarks: readonly string[];
  readonly get: (value: Value | undefined) => Value | undefined;
}

const SPACE = /[\s\0]/;

class Parser {
  readonly text: string;
  at: number;
  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }
  skip(): void {
    while (this.at < this.text.length && SPACE.test(this.text[this.at] ?? '')) this.at++;
  }
  /** A value, or the word of an operator. Undefined at the end. */
  next(): Value | { readonly word: string } | undefined {
    this.skip();
    const { text, at } = this;
    if (at >= text.length) return undefined;
    if (text.startsWith('<<', at)) return this.dictionary();
    if (text[at] === '<') return this.hex();
    if (text[at] === '(') return this.string();
    if (text[at] === '[') return this.list();
    const token = /[^\s\0<>[\]()/]+|\/[^\s\0<>[\]()/]*/y;
    token.lastIndex = at;
    const word = token.exec(text)?.[0] ?? '';
    if (word === '') throw new Error(`nothing at ${at}: ${text.slice(at, at + 20)}`);
    this.at = at + word.length;
    if (word.startsWith('/')) return { name: word.slice(1) };
    const reference = /(\d+) (\d+) R\b/y;
    reference.lastIndex = at;
    const ref = reference.exec(text);
    if (ref !== null) {
      this.at = at + ref[0].length;
      return { ref: Number(ref[1]) };
    }
    if (/^[-+.\d]+$/.test(word)) return Number(word);
    return word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : { word };
  }
  value(): Value {
    const value = this.next();
    if (value === undefined || (typeof value === 'object' && value !== null && 'word' in value))
      throw new Error(`no value before ${this.at}`);
    return value;
  }
  list(): readonly Value[] {
    this.at++;
    const values: Value[] = [];
    for (this.skip(); this.text[this.at] !== ']'; this.skip()) values.push(this.value());
    this.at++;
    return values;
  }
  dictionary(): Dict {
    this.at += 2;
    const dict = new Map<string, Value>();
    for (this.skip(); !this.text.startsWith('>>', this.at); this.skip()) {
      const key = this.value() as Name;
      dict.set(key.name, this.value());
    }
    this.at += 2;
    return { dict };
  }
  hex(): Uint8Array {
    const end = this.text.indexOf('>', this.at);
    const digits = this.text.slice(this.at + 1, end).replaceAll(/\s/g, '');
    this.at = end + 1;
    return Buffer.from(digits, 'hex');
  }
  string(): string {
    let bytes = '';
    for (let at = this.at + 1; ; at++) {
      const c = this.text[at];
      if (c === undefined) throw new Error('a string without end');
      if (c === ')') {
        this.at = at + 1;
        break;
      }
      if (c === '(') throw new Error('an unescaped parenthesis');
      if (c !== '\\') bytes += c;
      else {
        at++;
        const escaped = this.text[at] ?? '';
        bytes += { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[escaped] ?? escaped;
      }
    }
    const raw = Buffer.from(bytes, 'latin1');
    return raw[0] === 0xfe && raw[1] === 0xff ? raw.subarray(2).swap16().toString('utf16le') : bytes;
  }
}

export function entry(value: Value | undefined, key: string): Value | undefined {
  return typeof value === 'object' && value !== null && 'dict' in value ? value.dict.get(key) : undefined;
}

export function nameOf(value: Value | undefined): string {
  return typeof value === 'object' && value !== null && 'name' in value ? value.name : '';
}

export function readPdf(bytes: Uint8Array): ReadPdf {
  const text = Buffer.from(bytes).toString('latin1');
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1]);
  const table = /xref\n0 (\d+)\n/y;
  table.lastIndex = start;
  const head = table.exec(text);
  if (head === null) throw new Error('no cross-reference table');
  const first = start + head[0].length;
  const offsets = Array.from({ length: Number(head[1]) }, (_, i) =>
    Number(text.slice(first + i * 20, first + i * 20 + 10)),
  );
  const trailer = new Parser(text, text.indexOf('trailer', first) + 7).value() as Dict;
  const seen = new Map<number, { value: Value; stream?: Uint8Array }>();

  const object = (id: number): { value: Value; stream?: Uint8Array } => {
    const known = seen.get(id);
    if (known !== undefined) return known;
    const parser = new Parser(text, offsets[id]);
    const opening = [parser.next(), parser.next(), parser.next()];
    if (opening[0] !== id) throw new Error(`object ${id} is not where the table says`);
    const value = parser.value();
    parser.skip();
    let stream: Uint8Array | undefined;
    if (text.startsWith('stream\n', parser.at)) {
      const from = parser.at + 7;
      const raw = bytes.subarray(from, from + Number(get(entry(value, 'Length'))));
      stream = nameOf(entry(value, 'Filter')) === 'FlateDecode' ? inflateSync(raw) : raw;
    }
    const found = stream === undefined ? { value } : { value, stream };
    seen.set(id, found);
    return found;
  };
  const get = (value: Value | undefined): Value | undefined =>
    typeof value === 'object' && value !== null && 'ref' in value ? object(value.ref).value : value;
  const streamOf = (value: Value | undefined): string =>
    Buffer.from((value !== undefined && value !== null && object((value as Ref).ref).stream) || []).toString('latin1');

  const cmaps = new Map<number, readonly string[]>();
  const cmapOf = (font: Ref): readonly string[] => {
    const known = cmaps.get(font.ref);
    if (known !== undefined) return known;
    const cmap = streamOf(entry(get(font), 'ToUnicode'));
    const letters: string[] = [];
    for (const [, from, list] of cmap.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g)) {
      for (const [at, [, hex]] of [...(list ?? '').matchAll(/<([^>]*)>/g)].entries()) {
        const units = Buffer.from((hex ?? '').replaceAll(' ', ''), 'hex').swap16();
        letters[Number.parseInt(from ?? '', 16) + at] = units.toString('utf16le');
      }
    }
    cmaps.set(font.ref, letters);
    return letters;
  };

  const catalog = get(entry(trailer, 'Root')) as Dict;
  const kids = entry(get(entry(catalog, 'Pages')), 'Kids') as readonly Ref[];
  const texts = kids.map((kid) => {
    const page = get(kid);
    const fonts = entry(get(entry(page, 'Resources')), 'Font');
    return textsOf(streamOf(entry(page, 'Contents')), (name) => cmapOf(entry(fonts, name) as Ref));
  });
  const pageOf = new Map(kids.map(({ ref }, at) => [ref, at]));

  const elementOf = (ref: Ref): Element => {
    const element = get(ref);
    const own = entry(element, 'Pg') as Ref | undefined;
    const children: Element[] = [];
    const pieces: string[] = [];
    const pages: number[] = [];
    for (const kid of (entry(element, 'K') ?? []) as readonly Value[]) {
      const isContent = typeof kid === 'number' || nameOf(entry(kid, 'Type')) === 'MCR';
      if (isContent) {
        const page = pageOf.get(((entry(kid, 'Pg') ?? own) as Ref).ref) ?? -1;
        const mcid = typeof kid === 'number' ? kid : Number(entry(kid, 'MCID'));
        const piece = texts[page]?.tagged.get(mcid);
        if (piece === undefined) throw new Error(`no content ${mcid} on page ${page + 1}`);
        pieces.push(piece);
        pages.push(page + 1);
      } else if (nameOf(entry(kid, 'Type')) !== 'OBJR') children.push(elementOf(kid as Ref));
    }
    const alt = entry(element, 'Alt');
    return {
      type: nameOf(entry(element, 'S')),
      attributes: entry(element, 'A') as Dict | undefined,
      alt: typeof alt === 'string' ? alt : '',
      ...{ children, pages },
      text: [...pieces, ...children.map((child) => child.text)].join('\n'),
    };
  };
  const tree = get(entry(catalog, 'StructTreeRoot'));
  const bookmarks: string[] = [];
  for (let at = entry(get(entry(catalog, 'Outlines')), 'First'); at !== undefined; at = entry(get(at), 'Next'))
    bookmarks.push(entry(get(at), 'Title') as string);
  return {
    ...{ trailer, catalog, bookmarks, get },
    root: elementOf((entry(tree, 'K') as readonly Ref[])[0] as Ref),
    pages: texts.map(({ artifacts }) => ({ artifacts })),
  };
}

/** What each piece of content says; `text` outside of all is an error, as PDF/UA has it. */
function textsOf(
  content: string,
  cmap: (font: string) => readonly string[],
): { readonly tagged: ReadonlyMap<number, string>; readonly artifacts: readonly string[] } {
  const tagged = new Map<number, string>();
  const artifacts: string[] = [];
  const open: { tag: string; mcid?: number; actual?: string; said: string[] }[] = [];
  let letters: readonly string[] = [];
  let stack: Value[] = [];
  const parser = new Parser(content);
  for (let token = parser.next(); token !== undefined; token = parser.next()) {
    const isWord = typeof token === 'object' && token !== null && 'word' in token;
    if (!isWord) {
      stack.push(token as Value);
      continue;
    }
    const { word } = token as { readonly word: string };
    if (word === 'BMC' || word === 'BDC') {
      const mcid = entry(stack[1], 'MCID');
      const actual = entry(stack[1], 'ActualText');
      open.push({
        ...{ tag: nameOf(stack[0]), said: [] },
        ...(typeof mcid === 'number' ? { mcid } : {}),
        ...(typeof actual === 'string' ? { actual } : {}),
      });
    } else if (word === 'EMC') {
      const closed = open.pop();
      if (closed === undefined) throw new Error('EMC without BMC');
      const said = closed.actual ?? closed.said.join('\n');
      if (closed.tag === 'Artifact') artifacts.push(said);
      else if (closed.mcid !== undefined) tagged.set(closed.mcid, said);
      else open.at(-1)?.said.push(said);
    } else if (word === 'Tf') letters = cmap(nameOf(stack[0]));
    else if (word === 'Tj' || word === 'TJ') {
      if (open.length === 0) throw new Error('text that is neither tagged nor an artifact');
      const shown = (Array.isArray(stack[0]) ? stack[0] : [stack[0]]).filter((each) => each instanceof Uint8Array);
      open.at(-1)?.said.push(shown.map((each) => decoded(each, letters)).join(''));
    } else if (/^(S|s|f|f\*|B|re)$/.test(word) && open.length === 0 && word !== 're')
      throw new Error('a drawing that is neither tagged nor an artifact');
    stack = [];
  }
  if (open.length > 0) throw new Error('content that does not end');
  return { tagged, artifacts };
}

function decoded(codes: Uint8Array, letters: readonly string[]): string {
  const view = Buffer.from(codes);
  let text = '';
  for (let at = 0; at < view.length; at += 2) {
    const glyph = view.readUInt16BE(at);
    const letter = letters[glyph];
    if (glyph === 0 || letter === undefined) throw new Error(`glyph ${glyph} is the blank of what the font lacks`);
    text += letter;
  }
  return text;
}

/** Every element of a type, in order. */
export function all(root: Element, type: string): readonly Element[] {
  return [...(root.type === type ? [root] : []), ...root.children.flatMap((child) => all(child, type))];
}
