/** Every fix as it is to be pasted (test/cases/fixes.json), that there are no others, and what is withheld. */
import { describe, expect, it } from 'vitest';
import { fixFor } from '../../lib/assess/fixes.ts';
import { ENGINES, type Engine } from '../../lib/model/endpoint.ts';
import { PROTECTIONS } from '../../lib/model/protection.ts';
import table from '../cases/fixes.json' with { type: 'json' };

type Table = {
  readonly resources: readonly {
    readonly arn: string;
    readonly name?: string;
    readonly fixes: Readonly<Record<string, string>>;
  }[];
  readonly servers: Readonly<Partial<Record<Engine, Readonly<Record<string, string>>>>>;
};
const { resources, servers }: Table = table;

function fixesOf(endpoint: Parameters<typeof fixFor>[1]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PROTECTIONS.flatMap((protection) => {
      const fix = fixFor(protection, endpoint);
      return fix === undefined ? [] : [[protection, 'text' in fix ? fix.text : `withheld: ${fix.withheld}`]];
    }),
  );
}

it.each(resources)('of $arn', ({ fixes, ...resource }) => {
  expect(fixesOf({ engine: 'opensearch', ...resource })).toEqual(fixes);
});

it.each([...ENGINES])('of a server of %s', (engine) => {
  expect(fixesOf({ engine })).toEqual(servers[engine] ?? {});
});

describe('a name', () => {
  const WITHHELD = { withheld: 'its name is not one to give to a shell' };
  const instance = (name: string, over: object = {}) =>
    fixFor('network', { engine: 'postgres', arn: `arn:aws:rds:us-east-1:111122223333:db:${name}`, ...over });

  it.each(['a', 'A.b_c-9', `a${'b'.repeat(127)}`])('%s is given', (name) => {
    expect(instance(name)).toEqual({ text: expect.stringContaining(`--db-instance-identifier '${name}' `) });
  });

  it.each(['', '-a', '.a', '_a', 'a b', "a'", 'a$', 'a;b', `a${'b'.repeat(128)}`, 'é'])('%j is withheld', (name) => {
    expect(instance(name)).toEqual(WITHHELD);
  });

  it.each([
    'arn:aws:rds:us-east-1:111122223333:db',
    'arn:aws:rds:us-east-1:11112222333:db:x',
    'arn:aws:rds:us-east-1:1111222233334:db:x',
    'arn:aws:rds:us_east-1:111122223333:db:x',
    'arn:Aws:rds:us-east-1:111122223333:db:x',
    'xarn:aws:rds:us-east-1:111122223333:db:x',
    `arn:aws:rds:us-east-1:111122223333:db:${'x'.repeat(254)}`,
    'arn:aws:rds:us-east-1:111122223333:db:x y',
  ])('of %s is none', (arn) => {
    expect([WITHHELD, undefined]).toContainEqual(fixFor('network', { engine: 'rabbitmq', arn, region: 'us-east-1' }));
  });

  it('is of a region: that of the ARN, or where none stands there that of the endpoint', () => {
    const of = (region: string, own?: string) =>
      fixFor('network', {
        engine: 'postgres',
        arn: `arn:aws-us-gov:rds:${region}:111122223333:db:x`,
        ...(own === undefined ? {} : { region: own }),
      });
    const given = (region: string) => ({ text: expect.stringContaining(`--region ${region} `) });
    expect(of('us-gov-west-1')).toEqual(given('us-gov-west-1'));
    expect(of('eu-west-1', 'us-east-1')).toEqual(given('eu-west-1'));
    expect(of('', 'us-east-1')).toEqual(given('us-east-1'));
    for (const region of ['', 'us-east', 'u-east-1', 'use-east-1', 'us-east-12', 'us-east1', 'us-e4st-1'])
      expect(of(region)).toEqual(WITHHELD);
    expect(of('', 'us-east-1; id')).toEqual(WITHHELD);
  });

  it('is what the service calls it, where an id stands in the ARN', () => {
    const of = (name?: string) =>
      fixFor('network', {
        engine: 'redshift',
        arn: 'arn:aws:redshift-serverless:us-east-1:111122223333:workgroup/6d1f',
        ...(name === undefined ? {} : { name }),
      });
    expect(of('reports')).toEqual({ text: expect.stringContaining("--workgroup-name 'reports'") });
    expect(of()).toEqual(WITHHELD);
    expect(of("x'")).toEqual(WITHHELD);
  });
});

describe('a fix', () => {
  it('that fits no line is withheld', () => {
    const domain = (length: number) =>
      fixFor('network', {
        engine: 'opensearch',
        arn: `arn:aws:es:us-east-1:111122223333:domain/${'x'.repeat(length)}`,
      });
    const short = domain(28);
    const length = short !== undefined && 'text' in short ? short.text.length : 0;
    // The name stands in it twice.
    const most = 28 + Math.floor((390 - length) / 2);
    expect(domain(most)).toHaveProperty('text');
    expect(domain(most + 1)).toEqual({ withheld: 'it does not fit a line' });
  });

  it('of a resource that has none is not that of a server of its engine', () => {
    expect(fixFor('tls', { engine: 'postgres', arn: 'arn:aws:rds:us-east-1:111122223333:db:x' })).toBeUndefined();
    expect(fixFor('tls', { engine: 'postgres', arn: 'arn:aws:unheard:us-east-1:111122223333:db:x' })).toBeUndefined();
  });

  it('is found by service and kind, however the kind is spelt', () => {
    const sharing = { text: expect.stringContaining('rds modify-db-snapshot-attribute') };
    expect(fixFor('sharing', { engine: 'postgres', arn: 'arn:aws:rds:us-east-1:111122223333:Snapshot:x' })).toEqual(
      sharing,
    );
  });

  it('is not found where a slash stands for the kind: the kind would be taken for a name', () => {
    const of = (service: string, kind: string) =>
      fixFor('network', { engine: 'opensearch', arn: `arn:aws:${service}:us-east-1:111122223333:/${kind}/x` });
    expect(of('neptune-graph', 'graph')).toBeUndefined();
    expect(of('es', 'domain')).toEqual({ withheld: 'its name is not one to give to a shell' });
  });
});
