/**
 * One opened font: which characters it shows, how wide they are, and how a text becomes glyphs.
 *
 * Shaping by fontkit costs 6 microseconds a character, which is a minute for the longest report, and changes nothing in
 * scripts where one character is one glyph: those are laid out here. What has marks, joins or runs from the right is shaped.
 * No ligatures either: text that is copied out is what was put in.
 */
import { create, type Font } from 'fontkit';
import { AjarError } from '../../model/errors.ts';

export interface Face {
  /** Under which the document knows it. */
  readonly name: string;
  /** What pdfkit takes as an opened font. */
  readonly font: object;
  /** Whether it has ink for this code point. A font may have a glyph that is a blank: a name must not hide in it. */
  shows(point: number): boolean;
  /** Thousandths of the type size. */
  widthOf(point: number): number;
  shapedWidthOf(text: string): number;
}

interface Simple {
  readonly id: number;
  readonly advanceWidth: number;
  readonly codePoints: readonly number[];
}

export function openFace(name: string, bytes: Uint8Array): Face {
  const font = fontOf(bytes);
  const scale = 1000 / font.unitsPerEm;
  const glyphs = new Map<number, Simple | undefined>();
  const glyphOf = (point: number): Simple | undefined => {
    if (glyphs.has(point)) return glyphs.get(point);
    const glyph = font.hasGlyphForCodePoint(point) ? simpleOf(font, point) : undefined;
    // As many entries as the font has glyphs, not as strangers have code points.
    if (glyph !== undefined) glyphs.set(point, glyph);
    return glyph;
  };
  const simple = (text: string): object => {
    const found = Array.from(text, (c) => glyphOf(c.codePointAt(0) ?? 0)).filter((glyph) => glyph !== undefined);
    const positions = found.map((g) => ({ xAdvance: g.advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 }));
    return { glyphs: found, positions, advanceWidth: found.reduce((sum, g) => sum + g.advanceWidth, 0) };
  };
  const layout = (text: string, ...rest: readonly []): object =>
    needsShaping(text) ? font.layout(text, ...rest) : simple(text);
  return {
    name,
    font: Object.assign(Object.create(font) as object, { layout }),
    shows: (point) => glyphOf(point) !== undefined,
    widthOf: (point) => (glyphOf(point)?.advanceWidth ?? 0) * scale,
    shapedWidthOf: (text) => font.layout(text).advanceWidth * scale,
  };
}

const SPACE = 0x20;

function simpleOf(font: Font, point: number): Simple | undefined {
  const glyph = font.glyphForCodePoint(point);
  const { minX, maxX, minY, maxY } = glyph.bbox;
  const hasInk = maxX > minX && maxY > minY;
  if (glyph.id === 0 || (!hasInk && point !== SPACE)) return undefined;
  return { id: glyph.id, advanceWidth: glyph.advanceWidth, codePoints: [point] };
}

const ONE_BY_ONE =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Common}]*$/u;
const MARK = /\p{M}/u;

export function needsShaping(text: string): boolean {
  return MARK.test(text) || !ONE_BY_ONE.test(text);
}

/** The first of a collection. Throws `bad-input` where the bytes are no font that can be embedded. */
function fontOf(bytes: Uint8Array): Font {
  try {
    const opened = create(Buffer.from(bytes));
    const font = 'fonts' in opened ? opened.fonts[0] : opened;
    if (font !== undefined && font.numGlyphs > 0 && font.unitsPerEm > 0 && Number.isFinite(font.ascent)) return font;
  } catch (error) {
    throw new AjarError('bad-input', 'not a font', { cure: CURE, cause: error });
  }
  throw new AjarError('bad-input', 'a font without glyphs', { cure: CURE });
}

const CURE = 'give a TrueType or OpenType file: .ttf, .otf, .ttc, .woff, .woff2';
