/** Where everything is: a line for each section with its page, each a link. */
import { soft, own } from './cells.ts';
import { BODY_WIDTH, MARGIN, TYPE } from './ink.ts';
import type { Sheet } from './sheet.ts';
import { widthOf } from './text.ts';

const COLUMNS = 2;
const STEP = TYPE.body.lead + 2.5;

export function contents(sheet: Sheet): void {
  const { sections } = sheet.frame.plan;
  const rows = Math.ceil(sections.length / COLUMNS);
  sheet.room(rows * STEP + 40);
  sheet.y += 14;
  sheet.text('H2', [{ text: 'Contents', bold: true }], 'part');
  sheet.y += 4;
  const top = sheet.y;
  const width = BODY_WIDTH / COLUMNS;
  const toc = sheet.tag('TOC');
  sections.forEach(({ title, page }, at) => {
    const x = MARGIN.side + Math.floor(at / rows) * width;
    const y = top + (at % rows) * STEP;
    const number = sheet.lines([soft(String(page))], 'body', width);
    const label = sheet.lines([own(title)], 'body', width);
    const link = sheet.tag('Link', sheet.tag('TOCI', toc));
    link.add(() => {
      sheet.draw(label, x, y, 'body');
      sheet.draw(number, x + width - 26 - widthOf(number[0] ?? []), y, 'body');
    });
    sheet.link(link, at, `${title}, page ${page}`, [x, y, width - 26, STEP]);
    link.end();
  });
  toc.end();
  sheet.y = top + rows * STEP;
}
