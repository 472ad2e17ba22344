/** A desk over reports that tests make, which remembers what was said at it. */
import type { Asked, Desk, Said } from '../../lib/console/desk.ts';
import type { Moment } from '../../lib/model/moment.ts';
import type { Report } from '../../lib/model/report.ts';

export interface FakeDesk extends Desk {
  readonly acts: { readonly id: string; readonly said: Said; readonly by: string }[];
  readonly asked: Asked[];
}

export function fakeDesk(
  report: Report | undefined,
  { mayAct = true, history = [] }: { readonly mayAct?: boolean; readonly history?: readonly Moment[] } = {},
): FakeDesk {
  const acts: FakeDesk['acts'] = [];
  const asked: Asked[] = [];
  return {
    acts,
    asked,
    formats: ['csv', 'html', 'json'],
    now: () => new Date('2019-12-09T00:00:00.000Z'),
    standing: async () => report,
    history: async ({ id }) => history.map((moment) => ({ ...moment, incidentId: id })),
    make: async (wanted) => {
      asked.push(wanted);
      return { name: 'ajar-report.zip', mediaType: 'application/zip', body: Buffer.from('PK') };
    },
    ...(mayAct
      ? {
          act: async (id: string, said: Said, by: string) => {
            acts.push({ id, said, by });
            return acts.length === 1;
          },
        }
      : {}),
  };
}

export function moments(text: string): readonly Moment[] {
  const at = '2019-12-04T15:03:11.020Z';
  return [
    { at, seq: 7, incidentId: 'x', kind: 'transition', what: 'opened' },
    { at, seq: 8, incidentId: 'x', kind: 'notice', what: 'opened', sink: text, receipt: text },
    { at, seq: 9, incidentId: 'x', kind: 'act', what: 'note', by: text, text },
  ];
}
