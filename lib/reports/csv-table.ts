/** One table as CSV: every row carries the report, its period and the tool, so that it stands alone. */
import { stringify } from 'csv-stringify/sync';
import type { Report, ReportFile } from '../model/report.ts';
import { cell } from './escape.ts';

type Value = string | number | boolean | undefined;
export type Row = Readonly<Record<string, Value>>;

/** Rows of a table, made when they are written. */
export interface Table {
  readonly count: number;
  readonly rows: () => Iterable<Row>;
}

export function tableOf<T>(items: readonly T[], row: (item: T) => Row): Table {
  return {
    count: items.length,
    *rows() {
      for (const item of items) yield row(item);
    },
  };
}

export function csvFile(name: string, report: Report, columns: readonly string[], { count, rows }: Table): ReportFile {
  const about: Row = {
    report_id: report.id,
    period_from: report.period.from,
    period_to: report.period.to,
    tool_version: `${report.tool.name} ${report.tool.version}`,
  };
  const header = [...Object.keys(about), ...columns];
  const lineOf = (row: Row): readonly (string | number)[] => {
    const whole = new Map(Object.entries({ ...about, ...row }));
    return header.map((column) => plain(whole.get(column)));
  };
  return { name, content: () => batches(header, rows(), lineOf), rows: count };
}

const OPTIONS = { record_delimiter: '\r\n', quoted_string: true, escape_formulas: true } as const;
const BATCH = 500;

function* batches(
  header: readonly string[],
  rows: Iterable<Row>,
  lineOf: (row: Row) => readonly (string | number)[],
): Generator<string> {
  let lines: (readonly (string | number)[])[] = [header];
  for (const row of rows) {
    lines.push(lineOf(row));
    if (lines.length < BATCH) continue;
    yield stringify(lines, OPTIONS);
    lines = [];
  }
  if (lines.length > 0) yield stringify(lines, OPTIONS);
}

/** Only strings and numbers reach csv-stringify: it writes booleans as 1 and dates as epochs. */
function plain(value: Value): string | number {
  if (value === undefined) return '';
  return typeof value === 'number' ? value : cell(String(value));
}

export function listed(values: readonly string[]): string {
  return values.join(' | ');
}
