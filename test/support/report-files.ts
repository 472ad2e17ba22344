import type { ReportFile, Reporter, Report } from '../../lib/model/report.ts';
import { chunksOf, measured } from '../../lib/reports/bytes.ts';

/** Files of a format that writes text alone. */
export function textFiles(reporter: Reporter, report: Report): readonly { name: string; content: string }[] {
  return reporter.render(report).map((file) => ({ name: file.name, content: textOf(file) }));
}

export function textOf({ name, content }: Pick<ReportFile, 'name' | 'content'>): string {
  if (content instanceof Uint8Array) throw new Error(`${name} is no text`);
  return bytesOf(content).toString('utf8');
}

export function bytesOf(content: ReportFile['content']): Buffer {
  return Buffer.concat([...chunksOf(content)]);
}

/** What makes two sets of files the same. */
export function fingerprints(files: readonly ReportFile[]): readonly string[] {
  return files.map(({ name, content }) => `${name} ${measured(content).sha256}`);
}
