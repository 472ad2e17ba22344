/** What an auditor asks of a report beyond its findings (model/report-evidence.ts), put together from the parts that say it. */
import { exceptionsOf } from '../assess/exceptions.ts';
import { classifierVersion } from '../assess/lexicon-version.ts';
import { MAPPING } from '../assess/mapping/mapping.ts';
import { metricsOf } from '../assess/metrics.ts';
import { objectivesOf } from '../assess/objectives/objectives.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Report } from '../model/report.ts';
import type { ReportEvidence, ReportReproduction } from '../model/report-evidence.ts';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import type { ActRecord } from './act-record.ts';
import { watchOf } from './period-watch.ts';
import { populationOf } from './population.ts';
import type { ChainRecord } from './chain-record.ts';
import type { WatchRecord } from './watch-record.ts';

export interface EvidenceParts {
  readonly store: Pick<StateStore, 'inventory'>;
  readonly states: readonly EndpointState[];
  readonly allowlist: Allowlist;
  readonly watch: WatchRecord;
  readonly acts: ActRecord;
  readonly chain: ChainRecord;
}

export async function evidenceOf(report: Omit<Report, 'evidence'>, parts: EvidenceParts): Promise<ReportEvidence> {
  const { store, states, allowlist, watch, acts, chain } = parts;
  const { period, coverage, endpoints, incidents } = report;
  const record = {
    allowances: acts.allowances(),
    usedAt: (id: string) => acts.usedAt(id),
    changedAt: (id: string) => acts.changedAt(id),
  };
  const found = {
    population: await populationOf(store.inventory, endpoints, period.to),
    watch: watchOf({ period, coverage, states, record: watch }),
    metrics: metricsOf(incidents, (id) => acts.toldOf(id)),
    exceptions: exceptionsOf(allowlist, { period, endpoints, incidents, record }),
    changes: acts.changes().filter(({ at }) => at >= period.from),
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
    }),
    mapping: MAPPING,
    reproduction: reproductionOf(report),
  };
}

function reproductionOf({ period, tool, allowlist, ledger }: Omit<Report, 'evidence'>): ReportReproduction {
  const { firstSeq, lastSeq, headHash } = ledger;
  const list = allowlist.entries === 0 && allowlist.digest === 'none' ? [] : ['--allowlist', quoted(allowlist.file)];
  return {
    tool: `${tool.name} ${tool.version}`,
    mapping: MAPPING.version,
    classifier: classifierVersion(),
    allowlist: allowlist.digest,
    evidence: { firstSeq, lastSeq, headHash },
    command: ['ajar', 'report', '--from', period.from, '--to', period.to, ...list].join(' '),
  };
}

/** A file may have any name: to a shell it stays one word. */
function quoted(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
