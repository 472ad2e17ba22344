/** The assessment results: one result for the period, over the endpoints of the period. */
import type { Report } from '../../model/report.ts';
import { SEVERITIES, VERDICTS } from '../../model/verdict.ts';
import { reviewedControls } from './controls.ts';
import { findings } from './findings.ts';
import { inventoryItems, observations } from './items.ts';
import { logEntries } from './log.ts';
import { assets, metadata, type OscalVersion, orAbsent, PLAN_RESOURCE, resources, tool } from './metadata.ts';
import { prose, props, uuidOf } from './names.ts';
import { risks } from './risks.ts';

export function resultsDocument(report: Report, version: OscalVersion, planFile: string): object {
  const { id } = report;
  return {
    'assessment-results': {
      uuid: uuidOf('assessment-results', version, id),
      metadata: metadata(report, version, 'Assessment results'),
      'import-ap': { href: `#${PLAN_RESOURCE}` },
      results: [result(report)],
      'back-matter': {
        resources: [
          {
            uuid: PLAN_RESOURCE,
            title: 'Assessment plan',
            rlinks: [{ href: planFile, 'media-type': 'application/oscal+json' }],
          },
          ...resources(report),
        ],
      },
    },
  };
}

function result(report: Report): object {
  const { id, period, evidence, limits, incidents } = report;
  const log = logEntries(report);
  return {
    uuid: uuidOf('result', id),
    title: `Exposure of data endpoints, ${period.from} to ${period.to}`,
    description: 'What was open to a stranger, from when to when, who allowed it, and what could not be seen.',
    start: period.from,
    end: period.to,
    props: totals(report),
    'local-definitions': {
      components: [tool(report)],
      'inventory-items': inventoryItems(report),
      'assessment-assets': assets(),
    },
    'reviewed-controls': reviewedControls(report),
    attestations: limits.length === 0 ? undefined : [{ parts: limits.map((text, at) => limit(id, text, at)) }],
    'assessment-log': log === undefined ? undefined : { entries: log },
    observations: observations(report),
    risks: risks(incidents, report),
    findings: orAbsent(findings(report)),
    remarks: prose(`To make it again: ${evidence.reproduction.command}`),
  };
}

function limit(reportId: string, text: string, at: number): object {
  return { uuid: uuidOf('limit', reportId, at), name: 'limit', title: 'What this does not prove', prose: prose(text) };
}

function totals({
  totals: { endpoints, incidents, open, gaps, verdicts, bySeverity },
}: Report): readonly object[] | undefined {
  return props({
    ...{ endpoints, incidents, 'incidents-open': open, gaps },
    ...Object.fromEntries(VERDICTS.map((name) => [`endpoints-${name}`, verdicts[name]])),
    ...Object.fromEntries(SEVERITIES.map((severity) => [`incidents-${severity}`, bySeverity[severity]])),
  });
}
