/** What an auditor asks of a report beyond its findings (model/report-evidence.ts), put together from the parts that say it. */
import { exceptionsOf } from '../assess/exceptions.ts';
import { classifierVersion } from '../assess/lexicon-version.ts';
import { MAPPING } from '../assess/mapping/mapping.ts';
import { metricsOf } from '../assess/metrics.ts';
import { objectivesOf } from '../assess/objectives/objectives.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Report } from '../model/report.ts';
import type { ReportEvidence, ReportReproduction } from '../model/report-evidence.ts';
import type { ReportPlace, ReportState } from '../model/report-inputs.ts';
import type { AlarmRecord } from './alarm-record.ts';
import type { ActRecord } from './act-record.ts';
import { watchOf } from './period-watch.ts';
import { populationOf } from './population.ts';
import type { ChainRecord } from './chain-record.ts';
import type { WatchRecord } from './watch-record.ts';

export interface EvidenceParts {
  readonly places: readonly ReportPlace[];
  readonly states: readonly ReportState[];
  readonly allowlist: Allowlist;
  readonly watch: WatchRecord;
  readonly acts: ActRecord;
  readonly alarms: AlarmRecord;
  readonly chain: ChainRecord;
  /** File name of the font that the PDF is given. */
  readonly font?: string;
}

export function evidenceOf(report: Omit<Report, 'evidence'>, parts: EvidenceParts): ReportEvidence {
  const { places, states, allowlist, watch, acts, alarms, chain } = parts;
  const { period, coverage, endpoints, incidents } = report;
  const record = {
    allowances: acts.allowances(),
    usedAt: (id: string) => acts.usedAt(id),
    changedAt: (id: string) => acts.changedAt(id),
  };
  const found = {
    population: populationOf(places, endpoints, period.to),
    watch: watchOf({ period, coverage, states, record: watch, alarms }),
    metrics: metricsOf(incidents, (id) => acts.toldOf(id)),
    exceptions: exceptionsOf(allowlist, { period, endpoints, incidents, record }),
    changes: acts.changes().filter(({ at }) => at >= period.from),
    sealed: chain.sealed.found(period),
  };
  const { brokenAt } = chain;
  return {
    ...found,
    objectives: objectivesOf({
      ...report,
      ...found,
      toldOf: (id) => acts.toldOf(id),
      lastReceiptOf: (id) => acts.lastReceiptOf(id),
      ...(brokenAt === undefined ? {} : { brokenAt }),
      ...(alarms.since === undefined ? {} : { alarmsSince: alarms.since }),
    }),
    mapping: MAPPING,
    reproduction: reproductionOf(report, parts.font),
  };
}

/** The line is of what lies beside the report: `--state` or `--stack` say where the ledger is, which is elsewhere for each reader. */
function reproductionOf(
  { tool, allowlist, ledger }: Omit<Report, 'evidence'>,
  font: string | undefined,
): ReportReproduction {
  const { firstSeq, lastSeq, headHash } = ledger;
  return {
    tool: `${tool.name} ${tool.version}`,
    mapping: MAPPING.version,
    classifier: classifierVersion(),
    allowlist: allowlist.digest,
    evidence: { firstSeq, lastSeq, headHash },
    command: ['ajar report reproduce manifest.json', ...(font === undefined ? [] : ['--pdf-font', quoted(font)])].join(
      ' ',
    ),
  };
}

/** A file may have any name: to a shell it stays one word, and no option. */
function quoted(text: string): string {
  const path = text.startsWith('-') ? `./${text}` : text;
  return /^[\w./:=@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
