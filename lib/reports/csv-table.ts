/** One table as CSV: every row carries the report, its period and the tool, so that it stands alone. */
import { stringify } from 'csv-stringify/sync';
import type { Report, ReportFile } from '../model/report.ts';
import { cell } from './escape.ts';

type Value = string | number | boolean | undefined;
export type Row = Readonly<Record<string, Value>>;

export function csvFile(name: string, report: Report, columns: readonly string[], rows: readonly Row[]): ReportFile {
  const about: Row = {
    report_id: report.id,
    period_from: report.period.from,
    period_to: report.period.to,
    tool_version: `${report.tool.name} ${report.tool.version}`,
  };
  const header = [...Object.keys(about), ...columns];
  const lines = rows.map((row) => {
    const whole = new Map(Object.entries({ ...about, ...row }));
    return header.map((column) => plain(whole.get(column)));
  });
  const options = { record_delimiter: '\r\n', quoted_string: true, escape_formulas: true };
  return { name, content: stringify([header, ...lines], options), rows: rows.length };
}

/** Only strings and numbers reach csv-stringify: it writes booleans as 1 and dates as epochs. */
function plain(value: Value): string | number {
  if (value === undefined) return '';
  return typeof value === 'number' ? value : cell(String(value));
}

export function listed(values: readonly string[]): string {
  return values.join(' | ');
}
