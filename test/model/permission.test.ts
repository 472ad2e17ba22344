import { describe, expect, it } from 'vitest';
import { COLLECTORS } from '../../lib/collectors/catalogue.ts';
import { LISTED, needsPermission } from '../../lib/model/permission.ts';
import { REQUESTER_TAG } from '../../lib/model/second-inventory.ts';
import { anEndpoint } from '../support/builders.ts';

const listedBy = (service: string, over: Parameters<typeof anEndpoint>[0] = {}) =>
  anEndpoint({ source: 'aws', service, id: `1/eu-west-1/${service}/x`, ...over });

describe("AWS's penetration-testing list", () => {
  it('is decided for every collector, and for nothing else', () => {
    expect(Object.keys(LISTED).sort()).toEqual(COLLECTORS.map(({ service }) => service).sort());
  });

  it.each(['rds', 'aurora', 'opensearch', 'load-balancers', 'lightsail', 'interfaces', 'cloudfront', 'api-gateway'])(
    'holds %s',
    (service) => expect(needsPermission(listedBy(service))).toBe(false),
  );

  it.each([
    'redshift',
    'documentdb',
    'neptune',
    'elasticache',
    'memorydb',
    'msk',
    'opensearch-serverless',
    'mq',
    'timestream-influxdb',
    'dsql',
  ])('does not hold %s', (service) => expect(needsPermission(listedBy(service))).toBe(true));

  it('does not hold what nobody decided', () => {
    expect(needsPermission(listedBy('a-service-of-tomorrow'))).toBe(true);
    expect(needsPermission(listedBy('constructor'))).toBe(true);
    expect(needsPermission(anEndpoint({ source: 'aws', id: 'odd' }))).toBe(true);
  });

  it('reads the service from the id where the endpoint does not say', () => {
    expect(needsPermission(anEndpoint({ source: 'aws', id: '1/eu-west-1/opensearch/logs' }))).toBe(false);
    expect(needsPermission(anEndpoint({ source: 'aws', id: '1/eu-west-1/redshift/dwh' }))).toBe(true);
  });

  it('is nothing to what a file lists: who wrote it vouches for it', () => {
    expect(needsPermission(listedBy('redshift', { source: 'file' }))).toBe(false);
  });
});

describe('an interface', () => {
  const made = (by: string, engine: 'postgres' | 'mongodb' | 'neptune' | 'redis') =>
    listedBy('interfaces', { engine, tags: { [REQUESTER_TAG]: by } });

  it('of an instance needs no leave', () => {
    expect(needsPermission(listedBy('interfaces', { engine: 'redis' }))).toBe(false);
  });

  it('that a service made is as that service is', () => {
    expect(needsPermission(made('amazon-elasticache', 'redis'))).toBe(true);
    expect(needsPermission(made('amazon-rds', 'postgres'))).toBe(false);
    expect(needsPermission(made('amazon-rds', 'mongodb'))).toBe(true);
    expect(needsPermission(made('amazon-rds', 'neptune'))).toBe(true);
  });
});
