import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CloseCause, Notice } from '../../lib/model/incident.ts';
import { asffJson, findingsOf } from '../../lib/sinks/asff.ts';
import { webhookSink } from '../../lib/sinks/webhook.ts';
import { aNotice, anIncident, AT } from '../support/builders.ts';
import { receiver } from '../support/posted.ts';
import { SCHEMAS } from '../support/report-schemas.ts';

/** Derived from the API model of AWS, and not part of this repository. */
const SCHEMA = `${SCHEMAS ?? ''}asff/aws_security_finding.schema.json`;

const arn = 'arn:aws:es:us-east-1:111122223333:domain/device-analytics';
const place = { account: '111122223333', region: 'us-east-1', arn };
const inAws = (over: Partial<Notice> = {}): Notice => {
  const notice = aNotice({ lines: ['subject', 'WHAT     open', 'DO NOW   close it', 'VERIFIED x'], ...over });
  return { ...notice, endpoint: { ...notice.endpoint, ...place, ...over.endpoint } };
};

describe('a notice as findings of Security Hub', () => {
  it('is one finding for each incident, under its id, for its whole life', () => {
    const also = [anIncident({ id: 'second', protection: 'network', severity: 'high' })];
    expect(findingsOf(inAws({ also }))).toMatchObject([
      {
        Id: `ajar/${anIncident().id}`,
        ProductArn: 'arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default',
        AwsAccountId: '111122223333',
        CreatedAt: AT,
        UpdatedAt: AT,
        Severity: { Label: 'CRITICAL' },
        FindingProviderFields: { Severity: { Label: 'CRITICAL' } },
        Description: 'WHAT     open',
        Remediation: { Recommendation: { Text: 'close it' } },
        Resources: [{ Id: arn }],
        RecordState: 'ACTIVE',
        Compliance: { Status: 'FAILED' },
      },
      { Id: 'ajar/second', Severity: { Label: 'HIGH' } },
    ]);
  });

  it.each<[CloseCause, string]>([
    ['fixed', 'PASSED'],
    ['deleted', 'PASSED'],
    ['closed-to-us', 'PASSED'],
    ['accepted', 'WARNING'],
    ['withdrawn', 'NOT_AVAILABLE'],
  ])('is archived where it was %s, and then %s', (cause, Status) => {
    const closed = { lower: AT, upper: AT, cause };
    const notice = inAws({ kind: 'closed', incident: anIncident({ status: 'closed', closed }) });
    expect(findingsOf(notice)).toMatchObject([{ RecordState: 'ARCHIVED', Compliance: { Status } }]);
  });

  it('says of names that tell of personal data or credentials what is at risk', () => {
    const classes = (['credential', 'contact', 'contact', 'operational'] as const).map((name) => ({
      ...{ class: name, count: 1, because: [] },
    }));
    const data = { objects: 1, classes, samples: [], truncated: false, ransomMarkers: 0 };
    expect(findingsOf(inAws({ incident: anIncident({ data }) }))[0]?.['Types']).toEqual([
      'Effects/Data Exposure',
      'Software and Configuration Checks/AWS Security Best Practices',
      'Sensitive Data Identifications/Passwords',
      'Sensitive Data Identifications/PII',
    ]);
  });

  it('is none where Security Hub has no place for it, and a web hook then sends nothing', async () => {
    for (const endpoint of [{ account: '1' }, { region: 'nowhere' }, { account: '' }]) {
      const notice = inAws({ endpoint: { ...aNotice().endpoint, ...place, ...endpoint } });
      expect(asffJson(notice)).toBeUndefined();
      const { sent, post } = receiver({ status: 200 });
      const sink = webhookSink({ url: 'https://x.example/', post, format: 'asff' });
      expect((await sink.deliver(notice, new AbortController().signal)).id).toMatch(/^not sent, no AWS account/);
      expect(sent).toEqual([]);
    }
  });

  it('is the body of BatchImportFindings where a web hook sends it', async () => {
    const { sent, post } = receiver({ status: 200 });
    await webhookSink({ url: 'https://x.example/', post, format: 'asff' }).deliver(
      inAws(),
      new AbortController().signal,
    );
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ Findings: findingsOf(inAws()) });
  });
});

/** zod reads limits beside an `allOf` only where a type is beside them too: they become one more of its parts. */
function limitsInside(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('allOf' in value) || !Array.isArray(value.allOf)) return value;
  const { allOf, ...limits } = value;
  const type = Object.keys(limits).some((limit) => limit.endsWith('Items')) ? 'array' : 'string';
  return { allOf: [...(allOf as unknown[]), { type, ...(type === 'array' ? { items: {} } : {}), ...limits }] };
}

describe.runIf(SCHEMAS !== undefined)(`the schema of AWS (${SCHEMA}; skipped where it is not)`, () => {
  const HOSTILE = JSON.parse(
    readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
  ) as readonly string[];
  let schema: z.ZodType;
  // Hundreds of definitions: made once.
  beforeAll(() => {
    const document = JSON.parse(readFileSync(SCHEMA, 'utf8'), limitsInside) as z.core.JSONSchema.JSONSchema;
    schema = z.fromJSONSchema(document);
  }, 60_000);
  const problems = (finding: unknown) => schema.safeParse(finding).error?.issues ?? [];

  it('refuses a finding that is none: it can', () => {
    const [finding] = findingsOf(inAws());
    for (const wrong of [
      { AwsAccountId: '1' },
      { Title: '' },
      { Title: 'x'.repeat(257) },
      { Severity: { Label: 'BAD' } },
      { CreatedAt: 'today' },
      { nonsense: 1 },
      { Resources: [] },
    ])
      expect([wrong, problems({ ...finding, ...wrong }).length > 0]).toEqual([wrong, true]);
  });

  it('takes every finding with every hostile string wherever a stranger can write', () => {
    for (const text of ['', ...HOSTILE]) {
      const incident = anIncident({ evidence: text, reasons: [text] });
      const endpoint = { ...aNotice().endpoint, ...place, id: text, host: text, name: text, arn: text, engine: text };
      const notice = inAws({
        incident,
        subject: text,
        endpoint,
        lines: [text, `WHAT     ${text}`, `DO NOW   ${text}`],
      });
      for (const finding of findingsOf(notice)) expect([text, problems(finding)]).toEqual([text, []]);
      const bare = inAws({ incident, subject: text, endpoint, lines: [] });
      for (const finding of findingsOf(bare)) expect([text, problems(finding)]).toEqual([text, []]);
    }
  });
});
