import { describe, expect, it } from 'vitest';
import { MAX_RECORD_CHARS, readRecord } from '../../lib/events/record.ts';
import { aRecord, NOW } from './sample.ts';

const envelope = (over: Readonly<Record<string, unknown>> = {}) => ({
  source: 'aws.es',
  'detail-type': 'AWS API Call via CloudTrail',
  account: '444455556666',
  region: 'eu-west-1',
  detail: aRecord(),
  ...over,
});

function recordIn(event: unknown) {
  const read = readRecord(event, NOW);
  if (read.kind !== 'record') throw new Error(read.why);
  return read.record;
}

function without(key: string, over: Readonly<Record<string, unknown>> = {}) {
  return Object.fromEntries(Object.entries(aRecord(over)).filter(([name]) => name !== key));
}

describe('an envelope', () => {
  it.each(['my.app', 'aws', 'AWS.es', ' aws.es', 'xaws.es', ''])(
    'from %j is not of AWS: possibly spoofed',
    (source) => {
      expect(readRecord(envelope({ source }), NOW)).toMatchObject({
        kind: 'malformed',
        why: expect.stringContaining('possibly spoofed') as string,
      });
    },
  );

  it.each(['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail', 'AWS Console Action via CloudTrail'])(
    'of type %s is opened',
    (type) => {
      expect(recordIn(envelope({ 'detail-type': type })).eventName).toBe('UpdateDomainConfig');
    },
  );

  it.each([[{}], [{ source: 'aws.es', detail: aRecord() }], [{ 'detail-type': 'x', detail: aRecord() }]])(
    'without its own fields is malformed: %j',
    (event) => expect(readRecord(event, NOW).kind).toBe('malformed'),
  );

  it('cannot smuggle a record past its source with fields of one beside it', () => {
    expect(readRecord({ ...aRecord(), detail: aRecord(), source: 'my.app', 'detail-type': 'x' }, NOW).kind).toBe(
      'malformed',
    );
  });
});

describe('the account', () => {
  it('is the recipient, whoever called and whoever sent it', () => {
    const userIdentity = { type: 'AWSAccount', accountId: '999900001111' };
    expect(recordIn(envelope({ detail: aRecord({ userIdentity }) })).account).toBe('111122223333');
  });

  it('is the one that sent the envelope where the record has no recipient', () => {
    expect(recordIn(envelope({ detail: without('recipientAccountId') })).account).toBe('444455556666');
  });

  it('is the caller only in records of versions that had no recipient', () => {
    expect(recordIn(without('recipientAccountId', { eventVersion: '1.01' })).account).toBe('111122223333');
    expect(readRecord(without('recipientAccountId'), NOW)).toEqual({ kind: 'malformed', why: 'no recipientAccountId' });
  });
});

describe('the time', () => {
  it.each([
    ['2026-12-04T10:00:00Z', '2026-12-04T10:00:00.000Z'],
    ['2026-12-04T10:00:00.123456Z', '2026-12-04T10:00:00.123Z'],
    ['2026-12-04T12:14:59Z', '2026-12-04T12:14:59.000Z'],
    ['2026-12-04T12:16:00Z', NOW.toISOString()],
    ['2999-01-01T00:00:00Z', NOW.toISOString()],
  ])('%s is %s, for nothing happens after it arrives', (eventTime, at) => {
    expect(recordIn(aRecord({ eventTime })).at).toBe(at);
  });

  it.each(['2026-13-04T10:00:00Z', '2026-12-04', '1764842400', 'yesterday', '2026-12-04T10:00:00+01:00'])(
    '%s is none',
    (eventTime) => expect(readRecord(aRecord({ eventTime }), NOW).kind).toBe('malformed'),
  );
});

describe('a record', () => {
  it.each(['eventID', 'eventTime', 'eventSource', 'eventName', 'awsRegion'])('without %s is malformed', (key) => {
    expect(readRecord(without(key), NOW)).toEqual({ kind: 'malformed', why: `${key}: invalid_type` });
  });

  it.each([
    ['eventID', 'a/b'],
    ['eventID', 'x'.repeat(129)],
    ['awsRegion', '../../etc'],
    ['awsRegion', 'eu-west-1\n'],
    ['eventName', 'Update Domain'],
    ['eventSource', 'x'.repeat(200)],
  ])('whose %s is %j is malformed', (key, value) => {
    expect(readRecord(aRecord({ [key]: value }), NOW).kind).toBe('malformed');
  });

  it.each(['us-gov-west-1', 'cn-north-1', 'ap-southeast-7', 'eusc-de-east-1', 'mx-central-1', 'us-iso-east-1'])(
    'of %s is read',
    (awsRegion) => expect(recordIn(aRecord({ awsRegion })).awsRegion).toBe(awsRegion),
  );

  it.each([
    ['userIdentity', 'text'],
    ['userIdentity', []],
    ['userAgent', 7],
    ['sourceIPAddress', {}],
    ['readOnly', 'maybe'],
    ['recipientAccountId', 'text'],
  ])('whose %s is %j lacks it and is read', (key, value) => {
    const record: Readonly<Record<string, unknown>> = recordIn(envelope({ detail: aRecord({ [key]: value }) }));
    expect(record[key]).toBeUndefined();
  });

  it('keeps 2,048 characters of a text', () => {
    expect(recordIn(aRecord({ userAgent: 'x'.repeat(1_000_000) })).userAgent).toHaveLength(2_048);
  });
});

describe('a text', () => {
  it('is read up to its limit', () => {
    const record = JSON.stringify(aRecord());
    expect(readRecord(record.padEnd(MAX_RECORD_CHARS, ' '), NOW).kind).toBe('record');
    expect(readRecord(record.padEnd(MAX_RECORD_CHARS + 1, ' '), NOW).kind).toBe('malformed');
  });

  it.each(['', '{', 'null', '7', '[]', '"{}"', JSON.stringify(JSON.stringify(aRecord())), `${'['.repeat(400_000)}`])(
    'that is no record is malformed: %.20s',
    (text) => expect(readRecord(text, NOW).kind).toBe('malformed'),
  );
});

it.each([undefined, null, 7, [], [aRecord()], () => 1, Symbol('x'), new Date()])('%s is malformed', (event) => {
  expect(readRecord(event, NOW).kind).toBe('malformed');
});
