/**
 * pdfkit's document, set up so that the same content gives the same bytes anywhere: no clock, no font of the host, and its
 * streams deflated by fflate. Node's own zlib gives other bytes on other processors and in other versions of Node.
 */
import { zlibSync } from 'fflate';
import PDFDocument from 'pdfkit';
import type { Faces } from './text.ts';

export type Paper = PDFKit.PDFDocument;

/** Shown by viewers as the document's properties. pdfkit writes them into XML as they are: our own words only, never a stranger's. */
export interface Properties {
  readonly title: string;
  readonly subject: string;
  /** Names the content: pdfkit derives the file's ID from these properties. */
  readonly keywords: string;
  readonly creator: string;
  readonly createdAt: Date;
}

/** pdfkit's stream objects, as far as they are touched here. */
interface Stream {
  readonly data: Record<string, unknown>;
  compress: boolean;
  buffer: readonly Uint8Array[];
  write(chunk: string | Uint8Array): void;
  finalize(): void;
}

/** What pdfkit knows of the face that is in use. */
interface Embedded {
  readonly id: string;
  ref(): unknown;
  encode(text: string, features: readonly string[]): readonly [hex: readonly string[], positions: unknown];
}

export function openPaper(properties: Properties, faces: Faces): Paper {
  const { title, subject, keywords, creator, createdAt } = properties;
  const paper = new PDFDocument({
    ...{ size: 'A4', margin: 0, autoFirstPage: false, fontLayoutCache: false },
    ...({ pdfVersion: '1.7', tagged: true, lang: 'en', displayTitle: true } as const),
    // The types know neither this subset nor that there may be no font: the built-in Helvetica is not embedded, nor found in a bundle.
    subset: 'PDF/UA' as never,
    font: null as never,
    info: {
      Title: title,
      Subject: subject,
      Keywords: keywords,
      Creator: creator,
      Producer: creator,
      CreationDate: createdAt,
    },
  });
  const refOf = paper.ref.bind(paper);
  paper.ref = (data) => Object.assign(refOf(data), { finalize: finalizeDeflated });
  for (const { name, font } of Object.values(faces) as readonly Faces['regular'][]) {
    // An opened font is taken too, which the types do not say.
    paper.registerFont(name, font as never);
  }
  paper.on('pageAdded', () => gather((paper.page as unknown as { readonly content: Stream }).content));
  return paper;
}

/** What is drawn on a page is thousands of short lines. pdfkit keeps each as bytes of its own, which are larger than it. */
function gather(content: Stream): void {
  const write = content.write.bind(content);
  const finalize = content.finalize.bind(content);
  let lines = '';
  const flush = (): void => {
    if (lines !== '') write(Buffer.from(lines, 'latin1'));
    lines = '';
  };
  content.write = (chunk) => {
    if (typeof chunk === 'string') {
      lines += `${chunk}\n`;
      return;
    }
    flush();
    write(chunk);
  };
  content.finalize = () => {
    flush();
    finalize();
  };
}

function finalizeDeflated(this: Stream): void {
  // A list of the glyphs inside has to be of all (PDF/UA-1, 7.21.4.2), and pdfkit's lacks the parts of accented letters. None is due.
  if (this.data['Type'] === 'FontDescriptor') delete this.data['CIDSet'];
  if (this.compress && this.buffer.length > 0) {
    this.buffer = [zlibSync(Buffer.concat(this.buffer), { level: 6 })];
    this.compress = false;
  }
  (Object.getPrototypeOf(this) as Stream).finalize.call(this);
}

/**
 * Text in one face whose characters are one glyph each, on a baseline. pdfkit's `text` says the same in eight lines and
 * lays it out twice, which is most of the time and half of the file of a long report.
 */
export function write(paper: Paper, text: string, x: number, y: number, size: number, colour: string): void {
  const font = (paper as unknown as { readonly _font: Embedded })._font;
  const fonts = paper.page.fonts as Record<string, unknown>;
  fonts[font.id] ??= font.ref();
  const [hex] = font.encode(text, []);
  const [r, g, b] = [1, 3, 5].map((at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255).toFixed(3));
  // The page is turned over: y counts from the top. The letters are turned back.
  const place = `1 0 0 -1 ${x.toFixed(2)} ${y.toFixed(2)} Tm`;
  paper.addContent(`${r} ${g} ${b} rg BT /${font.id} ${size} Tf ${place} <${hex.join('')}> Tj ET`);
}

/**
 * What has been put out so far. Nothing in pdfkit waits, so after `end` it is the rest. Copied: what Node reads for us is a slice
 * of a pool, and a page of 10 KB would keep 64 KB of it.
 */
export function take(paper: Paper): Uint8Array {
  const bytes: unknown = paper.read();
  return bytes instanceof Uint8Array ? new Uint8Array(bytes) : new Uint8Array();
}
