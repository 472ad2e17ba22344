import { describe, expect, it } from 'vitest';
import type { Report, ReportIncident } from '../../lib/model/report.ts';
import { asff } from '../../lib/reports/asff.ts';
import { textFiles } from '../support/report-files.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

interface Finding {
  readonly Id: string;
  readonly AwsAccountId: string;
  readonly Region: string;
  readonly ProductArn: string;
  readonly RecordState: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly FirstObservedAt: string;
  readonly Resources: readonly { readonly Partition?: string }[];
  readonly Compliance: { readonly Status: string; readonly RelatedRequirements?: readonly string[] };
}

function filesOf(report: Report) {
  const [index, ...files] = textFiles(asff, report);
  const calls = files.map(({ name, content }) => ({
    name,
    calls: content
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { Findings: readonly Finding[] }).Findings),
  }));
  return { index: JSON.parse(index?.content ?? '') as { filed: number; notFiled: number; incidents: number }, calls };
}

/** So many incidents in each place. */
function spread(places: readonly (readonly [account: string | undefined, region: string, count: number])[]): Report {
  const { account: _account, ...sample } = SAMPLE_REPORT.incidents[4] as ReportIncident;
  const incidents = places.flatMap(([account, region, count], place) =>
    Array.from({ length: count }, (_, at) => ({
      ...{ ...sample, id: `${place}-${at}`, region },
      ...(account === undefined ? {} : { account }),
    })),
  );
  return { ...SAMPLE_REPORT, incidents, totals: { ...SAMPLE_REPORT.totals, incidents: incidents.length } };
}

describe('findings for Security Hub', () => {
  const report = spread([
    ['111122223333', 'eu-west-1', 205],
    ['111122223333', 'us-east-1', 3],
    ['444455556666', 'us-east-1', 100],
    [undefined, 'us-east-1', 2],
    ['a stranger', 'us-east-1', 1],
    ['444455556666', 'nowhere', 1],
  ]);

  it('lie in one file an account, in calls of at most a hundred of one region', () => {
    const { calls } = filesOf(report);
    expect(calls.map(({ name, calls: own }) => [name, own.map(({ length }) => length)])).toEqual([
      ['asff-111122223333.ndjson', [100, 100, 5, 3]],
      ['asff-444455556666.ndjson', [100]],
    ]);
    for (const { name, calls: own } of calls) {
      for (const findings of own) {
        expect(new Set(findings.map(({ Region }) => Region)).size).toBe(1);
        expect(Buffer.byteLength(JSON.stringify({ Findings: findings }))).toBeLessThan(6_000_000);
        for (const { AwsAccountId, ProductArn, Region } of findings) {
          expect(name).toBe(`asff-${AwsAccountId}.ndjson`);
          expect(ProductArn).toContain(`:${Region}:${AwsAccountId}:product/${AwsAccountId}/default`);
        }
      }
    }
  });

  it('are none where Security Hub has no place for them, and the index says how many that is', () => {
    expect(filesOf(report).index).toMatchObject({ incidents: 312, filed: 308, notFiled: 4 });
  });

  it('do not claim a partition that the format does not know', () => {
    const { calls } = filesOf(spread([['111122223333', 'eusc-de-east-1', 1]]));
    expect(calls[0]?.calls[0]?.[0]?.ProductArn).toMatch(/^arn:aws-eusc:/);
    expect(calls[0]?.calls[0]?.[0]?.Resources[0]).not.toHaveProperty('Partition');
  });
});

describe('the sample', () => {
  const findings = filesOf(SAMPLE_REPORT).calls.flatMap(({ calls }) => calls.flat());
  const of = (at: number) => findings.find(({ Id }) => Id === `ajar/${SAMPLE_REPORT.incidents[at]?.id}`);

  it('is archived and passed where it was seen closed, a warning where it was accepted, and failed where it is open', () => {
    expect([1, 3, 4].map((at) => [of(at)?.RecordState, of(at)?.Compliance.Status])).toEqual([
      ['ARCHIVED', 'PASSED'],
      ['ARCHIVED', 'WARNING'],
      ['ACTIVE', 'FAILED'],
    ]);
  });

  it('keeps when it was first seen, and is updated by what happened last', () => {
    expect(of(1)).toMatchObject({
      CreatedAt: '2019-12-04T15:03:11.020Z',
      FirstObservedAt: '2019-12-04T15:03:10.390Z',
      UpdatedAt: '2019-12-04T16:11:09.115Z',
    });
  });

  it('names what it speaks against, of the objectives that it decided', () => {
    expect(of(1)?.Compliance.RelatedRequirements).toContain('nist-800-53 SC-7(3)');
    expect(of(4)?.Compliance).not.toHaveProperty('RelatedRequirements');
  });
});
