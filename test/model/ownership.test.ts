import { describe, expect, it } from 'vitest';
import { needsProof, PROOF_MS, unprovenSince } from '../../lib/model/ownership.ts';
import { anEndpoint } from '../support/builders.ts';

const NOW = new Date('2026-12-04T10:00:00.000Z');
const ago = (ms: number): string => new Date(NOW.getTime() - ms).toISOString();

describe('an address read from AWS', () => {
  const address = anEndpoint({ source: 'aws', host: '203.0.113.7' });

  it('is ours for ten minutes after the reading that listed it, and not a millisecond longer', () => {
    expect(unprovenSince({ ...address, declaredAt: ago(0) }, NOW)).toBe(undefined);
    expect(unprovenSince({ ...address, declaredAt: ago(PROOF_MS) }, NOW)).toBe(undefined);
    expect(unprovenSince({ ...address, declaredAt: ago(PROOF_MS + 1) }, NOW)).toMatch(/older than 10 minutes/u);
  });

  it('is nobody’s where nothing says when it was ours, or something that lies in the future', () => {
    expect(unprovenSince(address, NOW)).toMatch(/does not say/u);
    expect(unprovenSince({ ...address, declaredAt: ago(-PROOF_MS - 1) }, NOW)).toMatch(/proof/u);
  });
});

describe('what a reading has to prove', () => {
  it.each([
    '203.0.113.7',
    '2600:1f18::7',
    'ec2-203-0-113-7.compute-1.amazonaws.com',
    'EC2-203-0-113-7.eu-west-1.compute.amazonaws.com.',
    'db.example.org',
    'amazonaws.com',
    'db.amazonaws.com.example.org',
    'evilamazonaws.com',
    'app.eu-west-1.elasticbeanstalk.com',
  ])('%s', (host) => {
    expect(needsProof({ source: 'aws', host })).toBe(true);
    expect(needsProof({ source: 'file', host })).toBe(false);
    expect(needsProof({ source: 'aws', host, shared: true })).toBe(false);
    expect(needsProof({ source: 'aws', host, drill: true })).toBe(false);
  });

  it.each([
    'mydb.c1a2b3.eu-west-1.rds.amazonaws.com',
    'search-devices-x1y2.eu-west-1.es.amazonaws.com',
    'vpc-x.cn-north-1.es.amazonaws.com.cn',
    'lb-123.elb.eu-west-1.amazonaws.com.',
    'd111.cloudfront.net',
    'abc.dsql.us-east-1.on.aws',
    'A1B2.awsglobalaccelerator.com',
  ])('not %s, which nobody else gets', (host) => {
    expect(needsProof({ source: 'aws', host })).toBe(false);
    expect(unprovenSince(anEndpoint({ source: 'aws', host }), NOW)).toBe(undefined);
  });
});
