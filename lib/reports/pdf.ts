/**
 * The report as a document to hand over: A4, tagged for screen readers (PDF/UA), every font inside
 * (evidence-and-alerts.md section 1.6). It carries the summary, and of each large table the first rows; the CSV files have all.
 *
 * It is drawn twice: how many pages there are, and on which each section begins, is known once it has been drawn.
 */
import type { Report, Reporter } from '../model/report.ts';
import { day } from './moments.ts';
import { digestOfReport } from './report-digest.ts';
import { contents } from './pdf/contents.ts';
import { endpoints } from './pdf/endpoints.ts';
import { openFace } from './pdf/face.ts';
import { incidents, metrics } from './pdf/incidents.ts';
import { integrity, limits, reproduction } from './pdf/integrity.ts';
import { mapping, objectives } from './pdf/objectives.ts';
import { population } from './pdf/population.ts';
import { changes, drill, exceptions } from './pdf/register.ts';
import { type Plan, Sheet } from './pdf/sheet.ts';
import { summary } from './pdf/summary.ts';
import { BOLD, REGULAR } from './pdf/typeface.ts';
import { gaps, watch } from './pdf/watch.ts';

export const pdf: Reporter = pdfWith(undefined);

/** With a font for the scripts that the built-in one lacks. Throws `bad-input` on rendering where the bytes are no font. */
export function pdfWith(font: Uint8Array | undefined): Reporter {
  return {
    format: 'pdf',
    mediaType: 'application/pdf',
    render: (report) => {
      const pieces = documentOf(report, font);
      return [{ name: 'report.pdf', content: () => pieces }];
    },
  };
}

function documentOf(report: Report, font: Uint8Array | undefined): readonly Uint8Array[] {
  const digest = digestOfReport(report);
  const sections = sectionsOf(report);
  const draw = (plan: Plan, isRehearsal: boolean): Sheet => {
    const sheet = openSheet(report, font, digest, plan, isRehearsal);
    summary(sheet, report);
    contents(sheet);
    for (const [title, section] of sections) {
      sheet.section(title);
      section(sheet, report, digest);
    }
    return sheet;
  };
  const { plan } = draw({ pages: 0, sections: sections.map(([title]) => ({ title, page: 0 })) }, true);
  return draw(plan, false).finish();
}

type Section = readonly [title: string, draw: (sheet: Sheet, report: Report, digest: string) => void];

function sectionsOf({ drill: drilled }: Report): readonly Section[] {
  return [
    ['Control objectives', objectives],
    ['Exposure windows', incidents],
    ['How fast', metrics],
    ['Endpoints', endpoints],
    ['Population', population],
    ['Coverage', watch],
    ['Coverage gaps at the end of the period', gaps],
    ['Exceptions', exceptions],
    ['Changes of what watches', changes],
    ...(drilled === undefined ? [] : [['Drill', (sheet: Sheet) => drill(sheet, drilled)] as const]),
    ['Frameworks', mapping],
    ['Integrity', integrity],
    ['How to do it again', reproduction],
    ['What this does not prove', limits],
  ];
}

function openSheet(
  report: Report,
  font: Uint8Array | undefined,
  digest: string,
  plan: Plan,
  isRehearsal: boolean,
): Sheet {
  const { period, id, tool } = report;
  const creator = `${tool.name} ${tool.version}`;
  const days = `${day(period.from)} to ${day(period.to)}`;
  return new Sheet({
    properties: {
      title: `Exposure report, ${days}`,
      subject: `Report ${id}`,
      keywords: `SHA-256 of report.json ${digest}`,
      creator,
      createdAt: new Date(period.to),
    },
    // Opened anew for each document: an opened font remembers what it was asked.
    faces: {
      regular: openFace('regular', REGULAR),
      bold: openFace('bold', BOLD),
      ...(font === undefined ? {} : { given: openFace('given', font) }),
    },
    head: `${days}, UTC`,
    foot: [`Report ${id}, by ${creator}. All times are UTC.`, `SHA-256 of report.json ${digest}`],
    ...{ plan, isRehearsal },
  });
}
