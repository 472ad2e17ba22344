/** The Security Hub sink: the outbox's promises over what BatchImportFindings answers. The findings themselves: asff.test.ts. */
import { readFileSync } from 'node:fs';
import {
  BatchImportFindingsCommand,
  type BatchImportFindingsCommandInput as Input,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { AjarError } from '../../lib/model/errors.ts';
import type { Notice } from '../../lib/model/incident.ts';
import { securityHubSink } from '../../lib/sinks/securityhub.ts';
import { batchesOf } from '../../lib/sinks/securityhub-batches.ts';
import { findingsOf } from '../../lib/sinks/asff.ts';
import { awsError } from '../support/aws.ts';
import { aNotice, anIncident } from '../support/builders.ts';

const { signal } = new AbortController();
const aws = mockClient(SecurityHubClient);
const client = new SecurityHubClient({ region: 'us-east-1' });
const asked: string[] = [];
const sink = securityHubSink({
  id: 'securityhub',
  attemptMs: 200,
  apartMs: 1,
  clientFor: async (account, region) => {
    asked.push(`${account}/${region}`);
    return client;
  },
});

const HERE = '111122223333/us-east-1';
const of = (n: number | string, over: Partial<Notice> = {}, place = HERE): Notice => {
  const [account = '', region = ''] = place.split('/');
  const notice = aNotice({ key: `k${n}`, incident: anIncident({ id: `i${n}` }), ...over });
  return { ...notice, endpoint: { ...notice.endpoint, account, region } };
};
const many = (n: number): Notice[] => Array.from({ length: n }, (_, i) => of(i));
const all = async (notices: readonly Notice[], within = signal) => (await sink.deliverAll?.(notices, within)) ?? [];
const sent = (): Input['Findings'][] =>
  aws.commandCalls(BatchImportFindingsCommand).map((c) => c.args[0].input.Findings);
const imports = ({ Findings = [] }: Input) => ({ SuccessCount: Findings.length, FailedCount: 0, FailedFindings: [] });

beforeEach(() => {
  aws.reset();
  asked.length = 0;
  aws.on(BatchImportFindingsCommand).callsFake(imports);
});

describe('the Security Hub sink', () => {
  it('imports the findings of a notice, and names where', async () => {
    const notice = of(1, { also: [anIncident({ id: 'second' })] });
    expect(await sink.deliver(notice, signal)).toEqual({ id: `2 imported ${HERE} k1` });
    expect(sent()).toEqual([findingsOf(notice)]);
  });

  it('imports 100 a call, in the account and region that each is of', async () => {
    const [there, eu] = ['444455556666/us-east-1', '111122223333/eu-west-1'];
    const outcomes = await all([...many(230), of('a', {}, there), of('b', {}, eu)]);
    expect(outcomes.every((outcome) => 'id' in outcome)).toBe(true);
    const calls = sent().map((findings = []) => ({
      count: findings.length,
      of: [...new Set(findings.map(({ AwsAccountId, Region }) => `${AwsAccountId}/${Region}`))],
    }));
    expect(calls.filter(({ of: [place] }) => place === HERE).map(({ count }) => count)).toEqual([100, 100, 30]);
    expect(calls.map(({ of: places }) => places.length)).toEqual([1, 1, 1, 1, 1]);
    expect([...asked].toSorted()).toEqual([HERE, HERE, HERE, eu, there].toSorted());
  });

  it('sends again what it sent before as the same finding, by the same id and time', async () => {
    await sink.deliver(of(1), signal);
    await sink.deliver(of(1), signal);
    const [first, again] = sent();
    expect(again).toEqual(first);
  });

  it('ends a finding by archiving it under its id, later than it opened', async () => {
    const createdAt = '2026-12-04T11:00:00.000Z';
    const closed = { lower: createdAt, upper: createdAt, cause: 'fixed' } as const;
    const incident = anIncident({ id: 'i1', status: 'closed', closed });
    const outcomes = await all([of(1), of(1, { key: 'k1/closed', kind: 'closed', createdAt, incident })]);
    expect(outcomes).toEqual([{ id: `1 imported ${HERE} k1` }, { id: `1 imported ${HERE} k1/closed` }]);
    // In two calls: an answer names findings by their id.
    expect(sent()).toMatchObject([
      [{ Id: 'ajar/i1', RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' } }],
      [{ Id: 'ajar/i1', RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' }, UpdatedAt: createdAt }],
    ]);
    expect(sink.endsLast).toBe(true);
  });

  it('never touches what is the reader’s', async () => {
    await sink.deliver(of(1), signal);
    for (const field of ['Note', 'Workflow', 'UserDefinedFields', 'VerificationState'])
      expect(sent()[0]?.[0]).not.toHaveProperty(field);
  });

  it('settles what no account and region have, and calls nobody for it', async () => {
    expect(await all([of(1, {}, '/'), of(2, {}, '111122223333/nowhere')])).toMatchObject([
      { id: expect.stringContaining('not sent, no AWS account and region') as string },
      { id: expect.stringContaining('not sent, no AWS account and region') as string },
    ]);
    expect([sent(), asked]).toEqual([[], []]);
  });
});

describe('what Security Hub did not import', () => {
  it('is the one that it names, with its reason in plain characters; the others are accepted', async () => {
    aws.on(BatchImportFindingsCommand).callsFake(({ Findings = [] }: Input) => ({
      SuccessCount: Findings.length - 1,
      FailedCount: 1,
      FailedFindings: [{ Id: 'ajar/i1', ErrorCode: 'InvalidInput', ErrorMessage: 'no\u001b[31m\nTypes' }],
    }));
    const [first, second, third] = await all(many(3));
    expect([first, third].every((outcome) => outcome !== undefined && 'id' in outcome)).toBe(true);
    expect(second).toEqual({
      error: expect.stringMatching(/^111122223333\/us-east-1: InvalidInput: no[ -~]*Types$/) as string,
    });
    await expect(sink.deliver(of(1), signal)).rejects.toMatchObject({ code: 'sink-refused' });
  });

  it('is the whole notice where one of its findings failed', async () => {
    aws.on(BatchImportFindingsCommand).resolves({
      ...{ SuccessCount: 1, FailedCount: 1 },
      FailedFindings: [{ Id: 'ajar/second', ErrorCode: 'InternalError', ErrorMessage: 'later' }],
    });
    const notice = of(1, { also: [anIncident({ id: 'second' })] });
    await expect(sink.deliver(notice, signal)).rejects.toThrow('InternalError: later');
  });

  it.each([
    ['says nothing', {}],
    ['counts fewer than it names', { SuccessCount: 1, FailedCount: 0, FailedFindings: [] }],
    ['counts a failure without a name', { SuccessCount: 3, FailedCount: 1, FailedFindings: [] }],
    ['counts more than there were', { SuccessCount: 4, FailedCount: 0, FailedFindings: [] }],
    [
      'names one that was not sent',
      { SuccessCount: 2, FailedCount: 1, FailedFindings: [{ Id: 'x', ErrorCode: 'y', ErrorMessage: 'z' }] },
    ],
  ])('is everything where the answer %s', async (_, answer) => {
    aws.on(BatchImportFindingsCommand).resolves(answer as never);
    const outcomes = await all(many(3));
    expect(outcomes).toHaveLength(3);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ error: expect.stringContaining('counts') as string });
  });

  it.each([
    awsError('AccessDeniedException', 403, 'no'),
    awsError('InvalidAccessException', 401, 'not subscribed'),
    awsError('UnrecognizedClientException', 403, 'no'),
    new AjarError('bad-input', 'findings of 1 cannot be imported by 2', { cure: 'give the sink a role' }),
  ])('for want of leave (%s) waits until that is mended, and nothing more is tried there', async (error) => {
    aws.on(BatchImportFindingsCommand).rejects(error);
    const outcomes = await all(many(150));
    expect(sent()).toHaveLength(1);
    expect(outcomes).toHaveLength(150);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ retryAfterMs: 300_000 });
    const cure = error instanceof AjarError ? 'give the sink a role' : 'enable Security Hub there';
    await expect(sink.deliver(of(1), signal)).rejects.toThrow(cure);
  });

  it('in one account says nothing of another', async () => {
    const there = '444455556666/us-east-1';
    aws.on(BatchImportFindingsCommand).callsFake((input: Input) => {
      if (input.Findings?.[0]?.AwsAccountId === '444455556666') throw awsError('AccessDeniedException', 403, 'no');
      return imports(input);
    });
    expect(await all([of(1), of(2, {}, there), of(3)])).toMatchObject([
      { id: `1 imported ${HERE} k1` },
      { error: expect.stringContaining(there) as string },
      { id: `1 imported ${HERE} k3` },
    ]);
  });

  it('for lack of capacity is tried again on the outbox’s own clock, and the next call is made', async () => {
    aws
      .on(BatchImportFindingsCommand)
      .rejectsOnce(awsError('TooManyRequestsException', 429, 'slow'))
      .callsFake(imports);
    const outcomes = await all(many(101));
    expect(outcomes[0]).toEqual({ error: `${HERE}: TooManyRequestsException (HTTP 429): slow` });
    expect(outcomes[100]).toEqual({ id: `1 imported ${HERE} k100` });
  });

  it('because nobody answered, or there was no time, is not taken for imported', async () => {
    aws.on(BatchImportFindingsCommand).callsFake(async () => new Promise<never>(() => {}));
    await expect(sink.deliver(of(1), signal)).rejects.toMatchObject({ code: 'sink-refused' });
    const before = sent().length;
    expect(await all(many(2), AbortSignal.abort())).toMatchObject([
      { error: expect.stringContaining('no time left') as string },
      { error: expect.stringContaining('no time left') as string },
    ]);
    expect(sent()).toHaveLength(before);
  });
});

describe('the limits of BatchImportFindings', () => {
  it('are kept by the longest of findings: 240 KB each', () => {
    const HOSTILE = JSON.parse(
      readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
    ) as readonly string[];
    for (const text of [...HOSTILE, '\u{1f600}'.repeat(100_000)]) {
      const notice = of(1, { subject: text, lines: [`WHAT     ${text}`, `DO NOW   ${text}`] });
      const [finding] = findingsOf({ ...notice, endpoint: { ...notice.endpoint, host: text, name: text, arn: text } });
      expect(Buffer.byteLength(JSON.stringify(finding))).toBeLessThan(24_000);
    }
  });

  it('are kept by all of a call together, in the order of what is sent', () => {
    const findings = many(40)
      .flatMap(findingsOf)
      .map((finding, notice) => ({ notice, finding }));
    const size = Buffer.byteLength(JSON.stringify(findings[0]?.finding)) + 10;
    const batches = batchesOf(findings, size * 15);
    expect(batches.map((batch) => batch.length)).toEqual([15, 15, 10]);
    expect(batches.flat()).toEqual(findings);
  });
});
