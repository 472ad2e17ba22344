/** What a report says, short enough to read a difference of: its figures and sentences, then each file by length and digest. */
import type { Report } from '../../lib/model/report.ts';
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { measured } from '../../lib/reports/bytes.ts';
import { headline } from '../../lib/reports/page/summary.ts';

export function gistOf(report: Report): string {
  const { period, totals, evidence, drill, ledger, incidents, gaps, coverage } = report;
  const { watch, population, exceptions, changes, objectives, metrics } = evidence;
  const { censored, ...spreads } = metrics;
  const lines = [
    `${period.from} to ${period.to}`,
    String(headline(report)),
    ...Object.entries(totals).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    `unwatched: ${JSON.stringify(coverage.unwatched)}`,
    `ledger: ${ledger.entries} entries, head ${ledger.headHash}`,
    ...part('Objectives'),
    ...objectives.flatMap(({ id, state, checks }) => [
      `${id} ${state}`,
      ...checks.map((check) => `  ${check.state}: ${check.text}`),
    ]),
    ...part('Windows'),
    ...incidents.map(({ start, closed, severity, protection, origin, status, name, host }) =>
      [start.upper, closed?.upper ?? '-', severity, protection, origin, status, name ?? host].join('  '),
    ),
    ...part('How fast'),
    ...Object.entries(spreads).map(([name, spread]) => `${name}: ${JSON.stringify(spread)}`),
    `open at the end: ${censored.length}`,
    ...part('Coverage'),
    `watched: ${watch.percent ?? 'not known'} % of ${watch.endpoints.length} endpoints in ${watch.places.length} places`,
    ...watch.interruptions.map(({ subject, from, to, code, cause, catchUp }) =>
      [from, to ?? '-', subject, `${code}: ${cause}`, catchUp ?? '-'].join('  '),
    ),
    ...gaps.map(({ subject, code, detail, since }) => `gap since ${since ?? '-'}: ${subject} ${code}: ${detail}`),
    ...part('Population'),
    `${population.cells.length} cells, ${population.cells.filter(({ status }) => status !== 'complete').length} not whole`,
    `${population.differences.length} differences`,
    ...population.sources.map(({ source, endpoints }) => `${source}: ${endpoints}`),
    ...part('Exceptions'),
    ...exceptions.map(({ id, expires, flags, endpoints, incidents: covered }) =>
      [id, expires, `${endpoints.length} endpoints`, `${covered.length} incidents`, flags.join(', ')].join('  ').trim(),
    ),
    `${changes.length} changes of the watch itself`,
    ...(drill === undefined ? [] : [`drill: ${JSON.stringify(drill.totals)}`]),
    ...part('Files'),
    ...REPORTERS.flatMap((reporter) => reporter.render(report)).map(({ name, content, rows }) => {
      const { bytes, sha256 } = measured(content);
      return `${sha256}  ${String(bytes).padStart(8)}  ${name}${rows === undefined ? '' : `, ${rows} rows`}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function part(title: string): readonly string[] {
  return ['', title];
}
