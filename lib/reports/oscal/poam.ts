/** The plan of action and milestones: every window that was open or accepted at the end of the period. None where there is none. */
import type { Report, ReportIncident } from '../../model/report.ts';
import { rowsOf } from '../pieces.ts';
import { goneItems, windowSeen, windowSeenOf } from './items.ts';
import { assets, metadata, type OscalVersion, resources, tool } from './metadata.ts';
import { distinct, prose, riskOf, uuidOf } from './names.ts';
import { isAccepted, risks, titleOf } from './risks.ts';

/** An empty plan is none: the format wants at least one item. */
export function poamDocument(report: Report, version: OscalVersion): object | undefined {
  const backlog = report.incidents.filter((each) => each.status === 'open' || isAccepted(each));
  if (backlog.length === 0) return undefined;
  const byEndpoint = new Map(backlog.map((each) => [each.endpointId, each]));
  const [seen, items] = [distinct(), distinct()];
  return {
    'plan-of-action-and-milestones': {
      uuid: uuidOf('poam', version, report.id),
      metadata: metadata(report, version, 'Plan of action and milestones'),
      'system-id': { id: 'ajar' },
      'local-definitions': {
        components: [tool(report)],
        'inventory-items': goneItems([...byEndpoint.values()]),
        'assessment-assets': assets(),
      },
      observations: rowsOf(backlog, (each) => windowSeen(each, seen(riskOf(each.id)))),
      risks: risks(backlog, report),
      'poam-items': rowsOf(backlog, (each) => item(each, items(riskOf(each.id)))),
      'back-matter': { resources: resources(report) },
    },
  };
}

function item(incident: ReportIncident, risk: string): object {
  return {
    uuid: uuidOf('poam-item', risk),
    title: titleOf(incident),
    description: isAccepted(incident)
      ? 'Accepted by an allowance, which ends. See the mitigating factors of the risk.'
      : prose(`Open at the end of the period: ${incident.reasons.join('; ')}`),
    'related-observations': [{ 'observation-uuid': windowSeenOf(risk) }],
    'related-risks': [{ 'risk-uuid': risk }],
  };
}
