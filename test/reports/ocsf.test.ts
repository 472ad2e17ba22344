import { describe, expect, it } from 'vitest';
import type { Report, ReportIncident } from '../../lib/model/report.ts';
import { ocsf } from '../../lib/reports/ocsf.ts';
import { textFiles } from '../support/report-files.ts';
import { wyzeReport } from '../support/reports.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';

const WYZE = await wyzeReport();

interface Event {
  readonly class_uid: number;
  readonly type_uid: number;
  readonly activity_id: number;
  readonly activity_name: string;
  readonly status: string;
  readonly time: number;
  readonly metadata: { readonly uid: string; readonly profiles?: readonly string[] };
  readonly cloud?: unknown;
  readonly finding_info: {
    readonly uid: string;
    readonly created_time: number;
    readonly modified_time: number;
    readonly first_seen_time: number;
  };
  readonly compliance?: {
    readonly control: string;
    readonly status_id: number;
    readonly standards?: readonly string[];
    readonly requirements?: readonly string[];
  };
  readonly data_security?: {
    readonly category: string;
    readonly discovery_details: readonly { readonly type: string }[];
  };
}

function eventsOf(report: Report): readonly Event[] {
  const content = textFiles(ocsf, report)[0]?.content ?? '';
  return content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
}

const one = (at: number, change: Partial<ReportIncident> = {}): Report => {
  const incident = { ...(SAMPLE_REPORT.incidents[at] as ReportIncident), ...change };
  return { ...SAMPLE_REPORT, incidents: [incident], gaps: [] };
};
const lifeOf = (report: Report): readonly (readonly [string, string])[] =>
  eventsOf(report)
    .filter(({ class_uid }) => class_uid === 2004)
    .map(({ activity_name, status }) => [activity_name, status]);

describe('the life of a window', () => {
  const acked = { by: 'jdoe', at: '2019-12-04T15:20:00.000Z', severity: 'critical' as const };
  it.each<[string, Report, readonly (readonly [string, string])[]]>([
    ['begins when it was detected', one(4), [['Create', 'New']]],
    [
      'goes on with what people do, and ends when it was seen closed',
      one(1, { handling: { acked } }),
      [
        ['Create', 'New'],
        ['Update', 'In Progress'],
        ['Close', 'Resolved'],
      ],
    ],
    [
      'that is accepted is suppressed, never closed',
      one(3),
      [
        ['Create', 'New'],
        ['Update', 'Suppressed'],
      ],
    ],
  ])('%s', (_, report, life) => {
    expect(lifeOf(report)).toEqual(life);
  });

  it('has one uid, never goes back in time, and never moves when it was first seen', () => {
    const late = { acked: { ...acked, at: '2019-12-01T00:00:00.000Z' } };
    for (const report of [SAMPLE_REPORT, one(1, { handling: late }), WYZE]) {
      const lives = Map.groupBy(
        eventsOf(report).filter(({ class_uid }) => class_uid !== 2003),
        ({ finding_info: { uid } }) => uid,
      );
      expect(lives.size).toBeGreaterThan(0);
      for (const [uid, life] of lives) {
        const times = life.map(({ finding_info }) => finding_info.modified_time);
        expect([uid, times.toSorted((a, b) => a - b)]).toEqual([uid, times]);
        expect(life.map(({ time }) => time)).toEqual(times);
        for (const field of ['created_time', 'first_seen_time'] as const) {
          expect(new Set(life.map(({ finding_info }) => finding_info[field])).size).toBe(1);
        }
        expect(life[0]?.activity_id).toBe(1);
      }
    }
  });
});

it('counts time in milliseconds', () => {
  const [window] = eventsOf(one(1)).filter(({ class_uid }) => class_uid === 2004);
  expect(window?.time).toBe(Date.UTC(2019, 11, 4, 15, 3, 11, 20));
});

it('has type ids of class and activity, and no event id twice', () => {
  const events = eventsOf(SAMPLE_REPORT);
  for (const { type_uid, class_uid, activity_id } of events) expect(type_uid).toBe(class_uid * 100 + activity_id);
  expect(new Set(events.map(({ metadata }) => metadata.uid)).size).toBe(events.length);
});

it('names the cloud profile where there is a cloud, and only there', () => {
  const { account: _account, ...without } = SAMPLE_REPORT.incidents[1] as ReportIncident;
  for (const report of [SAMPLE_REPORT, { ...SAMPLE_REPORT, incidents: [without] }]) {
    for (const { metadata, cloud } of eventsOf(report)) {
      expect(metadata.profiles?.includes('cloud') ?? false).toBe(cloud !== undefined);
    }
  }
});

describe('an objective', () => {
  const compliance = (report: Report) => eventsOf(report).flatMap((event) => event.compliance ?? []);

  it('is one event for each framework, with its own requirements', () => {
    const own = compliance(SAMPLE_REPORT).filter(({ control }) => control === 'EXP-2');
    expect(own).toHaveLength(9);
    expect(own.find(({ standards }) => standards?.[0]?.startsWith('NIST SP 800-53'))).toMatchObject({
      requirements: ['SC-7(3)'],
    });
  });

  it('passes where it is satisfied, and nowhere else: what is not known is Unknown', () => {
    const status = (id: string) =>
      new Set(
        compliance(SAMPLE_REPORT)
          .filter(({ control }) => control === id)
          .map((each) => each.status_id),
      );
    expect([status('EXP-3'), status('EXP-2'), status('EXP-5')]).toEqual([new Set([1]), new Set([3]), new Set([0])]);
    expect(new Set(compliance(EMPTY_REPORT).map(({ status_id }) => status_id))).toEqual(new Set([0]));
  });

  it('is not alone: each coverage gap is an Unknown of its own', () => {
    const gaps = compliance(SAMPLE_REPORT).filter(({ control }) => control === 'coverage');
    expect(gaps.map(({ status_id }) => status_id)).toEqual([0, 0]);
  });
});

it('tells of data at risk by its worst class, with all that there are', () => {
  const [data] = eventsOf(one(1)).flatMap((event) => event.data_security ?? []);
  expect(data?.category).toBe('Security');
  expect(data?.discovery_details.map(({ type }) => type)).toEqual([
    'credential',
    'health',
    'network',
    'contact',
    'device',
  ]);
  expect(eventsOf(one(0)).filter(({ class_uid }) => class_uid === 2006)).toEqual([]);
});
