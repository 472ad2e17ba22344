/**
 * A stranger's text for a chat, where nothing in it works (evidence-and-alerts.md section 6.4): no mention, link, code or format.
 * Never a backtick, a scheme that a client would turn into a link, an `@`, the middle of a Markdown link, or a `<`: entities
 * would do for one chat, but what one shows is copied and forwarded to another.
 */
import { cut, MAX_SHOWN, printable } from '../model/text.ts';

export function inert(text: string, limit: number): string {
  const shown = linkless(text, limit)
    .replaceAll('`', "'")
    .replaceAll('@', '(at)')
    .replaceAll('](', '] (')
    .replaceAll('<', '\u2039')
    .replaceAll('>', '\u203a');
  return within(shown, limit);
}

/** For mails and terminals, which make a link of every address that has a scheme. What XML does not allow is of no use either. */
export function linkless(text: string, limit: number = MAX_SHOWN): string {
  const shown = printable(text, limit).replace(/[\ufffe\uffff]/g, '\ufffd');
  return within(shown.replaceAll('://', '[:]//'), limit);
}

/** What was spelled out made it longer: the limit is the receiver's. */
function within(text: string, limit: number): string {
  return text.length <= limit ? text : `${cut(text, limit - 1)}…`;
}

/** Slack begins an entity with `&`, and wants its own as one. */
export function inertForSlack(text: string, limit: number): string {
  return inert(text, limit).replaceAll('&', '&amp;');
}

const MAX_LINES = 16;
const LINE_LIMITS = [400, 250, 120, 40];

/** The lines below the subject, each by `show`; ever shorter until `fits`. */
export function shownLines(
  { subject, lines }: { readonly subject: string; readonly lines: readonly string[] },
  show: (text: string, limit: number) => string,
  fits: (lines: readonly string[]) => boolean,
): readonly string[] {
  const [first, ...rest] = lines;
  const below = first === subject ? rest : lines;
  const said = below.length === 0 ? [subject] : below.slice(0, MAX_LINES);
  let shown: readonly string[] = [];
  for (const limit of LINE_LIMITS) {
    shown = said.map((line) => show(line, limit)).filter((line) => line !== '');
    if (fits(shown)) break;
  }
  return shown;
}
