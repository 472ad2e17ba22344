/**
 * Pages one after the other, from top to bottom: running heads and feet, sections with their bookmarks, and the structure
 * that a screen reader follows. What only decorates is an artifact (PDF/UA: everything is either tagged or an artifact).
 */
import { A4, BODY_WIDTH, INK, MARGIN, TYPE, type TypeName } from './ink.ts';
import { openPaper, type Paper, type Properties, take, write } from './paper.ts';
import { type Faces, type Line, linesOf, type Part, type Piece, widthOf } from './text.ts';

export type Tag = PDFKit.PDFStructureElement;

/** What a first drawing found out and the second one prints: the contents and `page x of y`. */
export interface Plan {
  readonly pages: number;
  readonly sections: readonly { readonly title: string; readonly page: number }[];
}

export interface Frame {
  readonly properties: Properties;
  readonly faces: Faces;
  readonly head: string;
  readonly foot: readonly [string, string];
  readonly plan: Plan;
  /** Everything is measured and nothing is drawn. */
  readonly isRehearsal: boolean;
}

/** In place of an element where nothing is drawn. */
const NO_TAG = { add: () => NO_TAG, end: () => undefined } as unknown as Tag;

const BOTTOM = A4.height - MARGIN.bottom;
/** Of the distance between two lines, how much is above the baseline. */
const BASELINE = 0.74;

export class Sheet {
  readonly paper: Paper;
  readonly frame: Frame;
  y: number = MARGIN.top;
  pages = 0;
  readonly sections: { readonly title: string; readonly page: number }[] = [];
  readonly #document: Tag;
  readonly #bytes: Uint8Array[] = [];
  #section: Tag;

  constructor(frame: Frame) {
    this.frame = frame;
    this.paper = openPaper(frame.properties, frame.faces);
    this.#document = frame.isRehearsal ? NO_TAG : this.paper.struct('Document');
    if (!frame.isRehearsal) this.paper.addStructure(this.#document);
    this.#section = this.tag('Sect', this.#document);
    this.nextPage();
  }

  get plan(): Plan {
    return { pages: this.pages, sections: this.sections };
  }

  /** The file, in pieces. */
  finish(): readonly Uint8Array[] {
    this.#document.end();
    this.paper.end();
    return [...this.#bytes, take(this.paper)];
  }

  nextPage(): void {
    this.pages++;
    this.y = MARGIN.top;
    if (this.frame.isRehearsal) return;
    this.paper.addPage();
    // A page that is done is put out in thousands of crumbs.
    this.#bytes.push(take(this.paper));
    this.#furniture();
  }

  /** Goes to the next page unless so much is left on this one. */
  room(height: number): void {
    if (this.y + height > BOTTOM && this.y > MARGIN.top) this.nextPage();
  }

  get left(): number {
    return BOTTOM - this.y;
  }

  /** `name` is where links of the contents lead. */
  section(title: string): void {
    this.#section.end();
    this.#section = this.tag('Sect', this.#document);
    this.y += 30;
    this.room(130);
    const isFirst = this.y === MARGIN.top;
    this.#mark(title);
    this.sections.push({ title, page: this.pages });
    if (!isFirst) {
      this.artifact(() => this.rule(MARGIN.side, this.y - 6, BODY_WIDTH, INK.dark, 0.8));
      this.y += 6;
    }
    this.text('H2', [{ text: title, bold: true }], 'section');
    this.y += 5;
  }

  /** `beginning`: what follows is so high, and begins on the same page. */
  part(title: string, beginning = 49): void {
    this.y += 12;
    this.room(TYPE.part.lead + 3 + beginning + 14);
    this.text('H3', [{ text: title, bold: true }], 'part');
    this.y += 3;
  }

  paragraph(pieces: readonly Piece[], type: TypeName = 'body'): void {
    this.text('P', pieces, type);
    this.y += 5;
  }

  /** A tagged block of text over the whole width, on as many pages as it takes. */
  text(tag: string, pieces: readonly Piece[], type: TypeName, width: number = BODY_WIDTH): void {
    const element = this.tag(tag);
    const { lead } = TYPE[type];
    let lines = this.lines(pieces, type, width);
    while (lines.length > 0) {
      this.room(lead);
      const fit = Math.max(1, Math.floor(this.left / lead));
      const now = lines.slice(0, fit);
      element.add(() => this.draw(now, MARGIN.side, this.y, type));
      this.y += now.length * lead;
      lines = lines.slice(fit);
    }
    element.end();
  }

  /** An element of this section, or of another element. `columns`: a cell over so many. */
  tag(type: string, parent: Tag = this.#section, { columns, ...options }: TagOptions = {}): Tag {
    if (this.frame.isRehearsal) return NO_TAG;
    const element = this.paper.struct(type, options);
    if (columns !== undefined) spanOver(element, columns);
    parent.add(element);
    return element;
  }

  /** `tag` leads to a section, as told by `title`. */
  link(
    tag: Tag,
    section: number,
    title: string,
    [x, y, width, height]: readonly [number, number, number, number],
  ): void {
    if (this.frame.isRehearsal) return;
    // pdfkit takes a plain string for a name.
    const options = { structParent: tag, Contents: new String(title) };
    this.paper.goTo(x, y, width, height, anchorOf(section), options as never);
  }

  lines(pieces: readonly Piece[], type: TypeName, width: number): readonly Line[] {
    return linesOf(pieces, this.frame.faces, TYPE[type].size, width);
  }

  draw(lines: readonly Line[], x: number, top: number, type: TypeName): void {
    const { size, lead } = TYPE[type];
    lines.forEach((line, at) => {
      const y = top + (at + BASELINE) * lead;
      for (const part of line) {
        this.paper.font(part.face.name, size);
        if (part.isShaped) this.#drawShaped(part, x + part.x, y);
        else write(this.paper, part.text, x + part.x, y, size, part.colour);
      }
    });
  }

  artifact(draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
    if (this.frame.isRehearsal) return;
    this.paper.markContent('Artifact', { type });
    draw();
    this.paper.endMarkedContent();
  }

  rule(x: number, y: number, width: number, colour: string = INK.rule, weight = 0.5): void {
    this.paper
      .lineWidth(weight)
      .strokeColor(colour)
      .moveTo(x, y)
      .lineTo(x + width, y)
      .stroke();
  }

  /** Shaping turns letters into forms and runs around: the text itself is told beside what is drawn. */
  #drawShaped({ text, colour }: Part, x: number, y: number): void {
    const options = { lineBreak: false, baseline: 'alphabetic', features: [] } as const;
    this.paper.fillColor(colour).markContent('Span', { actual: text });
    this.paper.text(text, x, y, options as never);
    this.paper.endMarkedContent();
  }

  /** A bookmark, and where links of the contents lead. pdfkit counts `left` from the right edge. */
  #mark(title: string): void {
    if (this.frame.isRehearsal) return;
    const top = this.y - 12;
    const options: object = { fit: false, top, left: A4.width };
    this.paper.outline.addItem(title, options);
    this.paper.addNamedDestination(anchorOf(this.sections.length), 'XYZ', 0, top, null);
  }

  #furniture(): void {
    const { head, foot, plan } = this.frame;
    const { side } = MARGIN;
    const line = (text: string): Line => this.lines([{ text, colour: INK.soft }], 'small', BODY_WIDTH)[0] ?? [];
    const right = (each: Line): number => side + BODY_WIDTH - widthOf(each);
    this.artifact(() => {
      if (this.pages > 1) {
        this.draw([line('ajar exposure report')], side, 36, 'small');
        this.draw([line(head)], right(line(head)), 36, 'small');
        this.rule(side, 52, BODY_WIDTH);
      }
      const [y, number] = [A4.height - 50, line(`Page ${this.pages} of ${plan.pages}`)];
      this.rule(side, y - 6, BODY_WIDTH);
      this.draw([line(foot[0]), line(foot[1])], side, y, 'small');
      this.draw([number], right(number), y, 'small');
    }, 'Pagination');
  }
}

interface TagOptions {
  readonly title?: string;
  readonly alt?: string;
  readonly bbox?: readonly number[];
  readonly scope?: 'Column' | 'Row';
  readonly columns?: number;
}

/** pdfkit's elements take no span; who reads the structure has to know that a cell belongs to all columns. */
function spanOver(element: Tag, columns: number): void {
  const { dictionary } = element as unknown as { readonly dictionary: { readonly data: Record<string, unknown> } };
  dictionary.data['A'] = { O: 'Table', ColSpan: columns };
}

/** Sorted alike in every locale, as pdfkit sorts them by the host's. */
function anchorOf(section: number): string {
  return `section${String(section).padStart(3, '0')}`;
}
