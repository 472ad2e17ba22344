import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Digest } from '../../lib/model/digest.ts';
import { digestOf } from '../../lib/pipeline/digest.ts';
import { digestMessage } from '../../lib/sinks/digest.ts';
import { messageBytes } from '../../lib/sinks/sns-message.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const hostile = JSON.parse(
  readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
) as readonly string[];
const PLACE = 's3://evidence/reports/2019/12/04/';
const SAMPLE = digestOf(SAMPLE_REPORT, EMPTY_ALLOWLIST, PLACE);

interface Bodies {
  readonly default: string;
  readonly email: string;
  readonly sms: string;
}
const bodiesOf = (digest: Digest): Bodies => JSON.parse(digestMessage(digest).Message) as Bodies;
const documentOf = (digest: Digest) => JSON.parse(bodiesOf(digest).default) as Record<string, unknown>;
/** The same incident, gap and allowance so many times. */
const times = (digest: Digest, count: number): Digest => {
  const many = <T>(one: T | undefined): readonly T[] =>
    one === undefined ? [] : Array.from({ length: count }, () => one);
  const [open] = digest.open;
  return {
    ...digest,
    open: many(open),
    opened: many(open),
    recovered: many(open),
    gaps: many(digest.gaps[0]),
    allowances: many(digest.allowances[0]),
  };
};

describe('a digest message', () => {
  it('says in its subject what is open, what came and went and what was not seen', () => {
    expect(digestMessage(SAMPLE).Subject).toMatchInlineSnapshot(
      `"[DIGEST] 2019-12-02 1 open (1 critical), +5 -3, 2 not seen"`,
    );
  });

  it('is words for people', () => {
    expect(bodiesOf(SAMPLE).email).toMatchInlineSnapshot(`
      "ajar from 2019-12-02T00:00:00.000Z to 2019-12-09T00:00:00.000Z: 7 endpoints
      OPEN 1: 1 critical
        CRITICAL authentication off: redis session-cache 6379 111122223333/us-west-2 since 2019-12-08T19:32:00.514Z [e7a2c4f0]
      OPENED 5
        CRITICAL authentication off: elasticsearch analytics-copy 9200 111122223333/us-west-2 since 2019-12-04T15:03:10.390Z until 2019-12-04T16:11:09.115Z (fixed) [8a6e0f3c]
        CRITICAL authentication off: redis session-cache 6379 111122223333/us-west-2 since 2019-12-08T19:32:00.514Z [e7a2c4f0]
        HIGH tls off: elasticsearch analytics-copy 9200 111122223333/us-west-2 since 2019-12-04T15:03:10.390Z until 2019-12-05T08:01:05.210Z (fixed) [2f1b7d5e]
        MEDIUM network off: mysql orders-archive 3306 444455556666/us-west-2 since 2019-12-02T00:00:31.207Z until 2019-12-06T16:12:05.330Z (closed-to-us) [5d0c4c0a]
        LOW network off: postgres reporting-replica 5432 111122223333/us-west-2 since 2019-12-05T10:20:00.408Z [c3d9a1b7]
      RECOVERED 3
        CRITICAL authentication off: elasticsearch analytics-copy 9200 111122223333/us-west-2 since 2019-12-04T15:03:10.390Z until 2019-12-04T16:11:09.115Z (fixed) [8a6e0f3c]
        HIGH tls off: elasticsearch analytics-copy 9200 111122223333/us-west-2 since 2019-12-04T15:03:10.390Z until 2019-12-05T08:01:05.210Z (fixed) [2f1b7d5e]
        MEDIUM network off: mysql orders-archive 3306 444455556666/us-west-2 since 2019-12-02T00:00:31.207Z until 2019-12-06T16:12:05.330Z (closed-to-us) [5d0c4c0a]
      NOT SEEN 2
        1 no-answer, as file:device-events.example.com:443
        1 unresolved, as file:beta-feedback.example.com:27017
      ALLOWANCES 0 that end soon or have ended
      REPORT 1f6c0a9e4b7d2358 s3://evidence/reports/2019/12/04/"
    `);
  });

  it('is a document for machines, which names its period by its key', () => {
    const { default: json, sms } = bodiesOf(SAMPLE);
    const { key, period, report, counts, kind, schemaVersion } = JSON.parse(json) as Record<string, unknown>;
    expect({ key, period, report, kind, schemaVersion }).toEqual({
      ...{ key: SAMPLE.key, period: SAMPLE_REPORT.period, kind: 'digest', schemaVersion: 1 },
      report: { id: SAMPLE_REPORT.id, place: PLACE },
    });
    expect(counts).toEqual({
      ...{ open: SAMPLE.open.length, opened: SAMPLE.opened.length, recovered: SAMPLE.recovered.length },
      ...{ gaps: SAMPLE.gaps.length, allowances: 0 },
    });
    expect(sms).toBe(digestMessage(SAMPLE).Subject);
  });

  it('can be filtered by kind and severity', () => {
    const values = Object.entries(digestMessage(SAMPLE).MessageAttributes);
    expect(values.map(([name, { StringValue }]) => `${name}=${StringValue}`)).toEqual([
      'kind=digest',
      `severity=${SAMPLE.open[0]?.severity}`,
      `open=${SAMPLE.open.length}`,
    ]);
  });

  it('of a quiet day says so and no more', () => {
    const report = { ...SAMPLE_REPORT, incidents: [], gaps: [] };
    const quiet = digestOf(report, EMPTY_ALLOWLIST, PLACE);
    expect(digestMessage(quiet).Subject).toBe('[DIGEST] 2019-12-02 0 open, +0 -0, 0 not seen');
    expect(digestMessage(quiet).MessageAttributes['severity']?.StringValue).toBe('none');
  });

  it.each([...hostile, 'x'.repeat(50_000), '\u{1f6aa}\u202e\n\u0000\uffff'.repeat(5_000), '"\\'.repeat(5_000)])(
    "holds a stranger's name as one escaped line, within the budget: %#",
    (text) => {
      const one = digestOf(hostileReport(text), EMPTY_ALLOWLIST, PLACE);
      const named = { ...one, allowances: [{ id: text, message: text }] };
      for (const digest of [named, times(named, 500)]) {
        const message = digestMessage(digest);
        expect(messageBytes(message)).toBeLessThanOrEqual(32 * 1_024);
        expect(message.Subject).toMatch(/^\[DIGEST\] [\x20-\x7e]{1,90}$/);
        const { email, sms, default: json } = JSON.parse(message.Message) as Bodies;
        expect(sms).toBe(message.Subject);
        expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/);
        expect(email).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029\ufffe\uffff]/);
        const rows = email.split('\n').filter((line) => /^ {2}(?!\+\d+ more, see report$)/.test(line));
        const lists = JSON.parse(json) as Record<'open' | 'opened' | 'recovered' | 'gaps' | 'allowances', unknown[]>;
        const { open, opened, recovered, gaps, allowances } = lists;
        expect(open.length).toBeGreaterThan(0);
        // No name began a line of its own.
        expect(rows).toHaveLength([open, opened, recovered, gaps, allowances].flat().length);
      }
    },
  );

  it('says how much it leaves out', () => {
    const { email } = bodiesOf(times(SAMPLE, 70));
    const { open, omitted } = documentOf(times(SAMPLE, 70)) as { open: unknown[]; omitted: { open: number } };
    expect(open.length + omitted.open).toBe(70);
    expect(email).toContain(`+${omitted.open} more, see report`);
  });
});
