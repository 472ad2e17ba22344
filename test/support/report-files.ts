import type { Report, Reporter } from '../../lib/model/report.ts';

/** Files of a format that writes text alone. */
export function textFiles(reporter: Reporter, report: Report): readonly { name: string; content: string }[] {
  return reporter.render(report).map(({ name, content }) => {
    if (typeof content !== 'string') throw new Error(`${name} is no text`);
    return { name, content };
  });
}
