/** Reports that every format has to bear: the sample, the empty one, one with each hostile string, and Wyze's December replayed. */
import type { Report } from '../../lib/model/report.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { playDeployed } from '../../lib/runtime/replay/deployment.ts';
import { allowlistOf, readHistory } from '../../lib/runtime/replay/replay.ts';
import { openStage } from '../../lib/runtime/replay/stage.ts';
import { hostileReport } from './hostile-report.ts';
import { HOSTILE } from './hostile-strings.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from './sample-report.ts';

export async function wyzeReport(): Promise<Report> {
  const file = await readHistory('wyze-2019');
  const allowlist = allowlistOf(file);
  const { store } = await playDeployed(openStage(file, allowlist));
  return buildReport(store, { toolVersion: '0.1.0', allowlist });
}

/** A stranger names accounts and regions too; here they are such that Security Hub has a place for them. */
export function inAws(report: Report): Report {
  const incidents = report.incidents.map((each) => ({ ...each, account: '111122223333', region: 'us-west-2' }));
  return { ...report, incidents };
}

export async function everyReport(): Promise<readonly (readonly [string, Report])[]> {
  return [
    ['the sample', SAMPLE_REPORT],
    ['the empty report', EMPTY_REPORT],
    ['the replay of Wyze', await wyzeReport()],
    ...HOSTILE.map((text): [string, Report] => [`hostile ${JSON.stringify(text.slice(0, 60))}`, hostileReport(text)]),
  ];
}
