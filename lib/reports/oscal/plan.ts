/** The assessment plan: what was to be looked at, how, and against which objectives, so that `import-ap` of the results leads somewhere. */
import type { Report } from '../../model/report.ts';
import { localObjective, reviewedControls } from './controls.ts';
import { assets, metadata, type OscalVersion, orAbsent, resources, SSP_RESOURCE, tool } from './metadata.ts';
import { uuidOf } from './names.ts';

const ACTIVITIES = [
  {
    name: 'probe',
    title: 'Probe',
    description:
      'Each endpoint is visited from outside as a stranger would, without credentials, and what it shows is kept. Method TEST.',
    method: 'TEST',
  },
  {
    name: 'inventory',
    title: 'Inventory',
    description:
      'Accounts, regions and services are listed, and what the configuration of each endpoint declares. Method EXAMINE.',
    method: 'EXAMINE',
  },
  {
    name: 'judge',
    title: 'Judge',
    description: 'Each objective is judged by executable checks over the record of both. Method EXAMINE.',
    method: 'EXAMINE',
  },
] as const;

const ALL = [{ type: 'inventory-item', 'include-all': {} }] as const;

export function planDocument(report: Report, version: OscalVersion): object {
  const { id, period, evidence } = report;
  return {
    'assessment-plan': {
      uuid: uuidOf('assessment-plan', version, id),
      metadata: metadata(report, version, 'Assessment plan'),
      'import-ssp': { href: `#${SSP_RESOURCE}`, remarks: 'ajar holds no system security plan.' },
      'local-definitions': {
        components: [tool(report)],
        'objectives-and-methods': orAbsent(evidence.objectives.map(localObjective)),
        activities: ACTIVITIES.map(({ name, title, description, method }) => ({
          ...{ uuid: uuidOf('activity', name), title, description },
          props: [{ name: 'method', value: method }],
        })),
      },
      'reviewed-controls': reviewedControls(report),
      'assessment-subjects': ALL,
      'assessment-assets': assets(),
      tasks: [
        {
          uuid: uuidOf('task', id),
          type: 'action',
          title: 'Watch over the period',
          timing: { 'within-date-range': { start: period.from, end: period.to } },
          'associated-activities': ACTIVITIES.map(({ name }) => ({
            'activity-uuid': uuidOf('activity', name),
            subjects: ALL,
          })),
        },
      ],
      'back-matter': {
        resources: [
          {
            uuid: SSP_RESOURCE,
            title: 'System security plan',
            description:
              'That of whoever is assessed. It is not among the evidence, and nothing here was compared with it.',
          },
          ...resources(report),
        ],
      },
    },
  };
}
