/** deploy/member-account.yml and the generated parts of deploy/bus.yml: scripts/templates.ts, scripts/build/templates.ts */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MANAGED_POLICY_LIMIT, NEVER, rolePolicies } from '../../lib/aws/role-policy.ts';
import { COLLECTORS } from '../../lib/collectors/catalogue.ts';
import { MAX_PATTERN_CHARS, RULES } from '../../lib/events/rules.ts';
import { actionsOf } from '../../lib/runtime/aws.ts';
import { GENERATED, regenerated } from '../../scripts/build/templates.ts';
import { decided, ofType, packagedTemplate, ROOT, type Template } from './packaged.ts';
import { attribute, statementsOf } from './statements.ts';
import { cloudFormationTags } from './tags.ts';

/** CloudFormation takes so much as text; a StackSet is then one command. */
const TEMPLATE_LIMIT = 51_200;
const EVENTS = join(ROOT, '../shared/data/cloudtrail-events.json');

interface Pattern {
  readonly source: readonly { readonly prefix: string }[];
  readonly detail: { readonly $or: readonly { readonly eventSource: string[]; readonly eventName: string[] }[] };
}

const text = readFileSync(join(ROOT, 'deploy/member-account.yml'), 'utf8');
const member = parse(text, { customTags: cloudFormationTags }) as Template & { readonly Parameters: object };
const patternsOf = (template: Template): readonly Pattern[] =>
  ofType(template, 'AWS::Events::Rule')
    .filter(([name]) => !name.startsWith('Own') && name !== 'HeartbeatRule')
    .map(([, { Properties }]) => Properties['EventPattern'] as Pattern);

let hub: Template;
beforeAll(async () => {
  hub = await packagedTemplate();
}, 60_000);

describe('what is generated', () => {
  it.each(Object.entries(GENERATED))('is in %s as the code says', (file, sections) => {
    const committed = readFileSync(join(ROOT, file), 'utf8');
    expect(regenerated(committed, sections) === committed, 'node scripts/templates.ts').toBe(true);
  });

  it('has one place in a template', () => {
    const marks = '  # generated: rules\n  old\n  # end of generated: rules\n';
    const make = { rules: () => '  new\n' };
    expect(regenerated(`a\n${marks}b\n`, make)).toBe(
      'a\n  # generated: rules\n  new\n  # end of generated: rules\nb\n',
    );
    expect(() => regenerated('a\n', make)).toThrow('marks of "rules"');
    expect(() => regenerated(marks + marks, make)).toThrow('marks of "rules"');
  });
});

describe('the inventory role of a member account', () => {
  const role = member.Resources['InventoryRole'];

  it('may read what the collectors declare, and its policies fit', () => {
    const generated = rolePolicies(actionsOf(COLLECTORS)).map(({ document }) => document.Statement);
    const committed = ['Reader1', 'Reader2'].map((name) => statementsOf(member.Resources[name]));
    expect(
      JSON.stringify(committed)
        .replaceAll(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
        .replaceAll('${AWS::Partition}', 'aws'),
    ).toBe(JSON.stringify(generated).replaceAll(/"Action":("[^"]*")/g, '"Action":[$1]'));
    for (const statements of generated) {
      expect(JSON.stringify({ Version: '2012-10-17', Statement: statements }).length).toBeLessThanOrEqual(
        MANAGED_POLICY_LIMIT,
      );
    }
    expect(role?.Properties['ManagedPolicyArns']).toEqual([{ Ref: 'Reader1' }, { Ref: 'Reader2' }]);
  });

  it('is denied data and secrets, whatever else is attached', () => {
    expect(statementsOf(member.Resources['Reader2']).at(-1)).toEqual({
      Sid: 'NeverDataNeverSecrets',
      Effect: 'Deny',
      Action: [...NEVER],
      Resource: '*',
    });
  });

  it('trusts the exact roles of the scanner, of the organisation, with an external id and a name, for an hour', () => {
    expect(role?.Properties).toMatchObject({
      RoleName: 'ajar-inventory',
      Path: '/security/',
      MaxSessionDuration: 3_600,
    });
    expect(statementsOf(role, 'AssumeRolePolicyDocument')).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: { Ref: 'ScannerRoleArns' } },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: {
            'sts:ExternalId': { Ref: 'ExternalId' },
            'aws:PrincipalOrgID': { 'Fn::If': ['HasOrganization', { Ref: 'OrganizationId' }, { Ref: 'AWS::NoValue' }] },
          },
          StringLike: { 'sts:RoleSessionName': 'ajar*' },
        },
      },
    ]);
  });

  it('is the one that the functions assume, and they are the ones that it trusts', () => {
    const plan = hub.Resources['PlanLambdaFunction']?.Properties['Environment'];
    expect(plan).toMatchObject({ Variables: { AJAR_ROLE: 'security/ajar-inventory' } });
    const assuming = ofType(hub, 'AWS::IAM::Role')
      .filter(([, resource]) => {
        const policies = JSON.stringify(resource.Properties['Policies'] ?? []);
        return policies.includes('"Action":"sts:AssumeRole"') && policies.includes('role/security/ajar-inventory');
      })
      .map(([name]) => attribute(name, 'Arn'));
    const trusted = hub.Outputs['ScannerRoleArns'] as { Value: { 'Fn::Join': [string, object[]] } };
    expect(trusted.Value['Fn::Join'][1]).toEqual(expect.arrayContaining(assuming));
    expect(trusted.Value['Fn::Join'][1]).toHaveLength(assuming.length);
  });

  it('and the forwarding role are made in the home region only: roles are the account’s', () => {
    const made = Object.values(member.Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'));
    expect(made.map(({ Condition = 'always' }) => Condition).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'ImportsFindings',
      ...['IsHome', 'IsHome', 'IsHome', 'IsHome'],
    ]);
  });
});

describe('the role that imports findings', () => {
  const role = member.Resources['FindingsRole'];

  it('is made where somebody is named who may import, in the home region, and not in ajar’s own stack', () => {
    expect(role?.Condition).toBe('ImportsFindings');
    expect(member.Conditions['ImportsFindings']).toEqual({
      'Fn::And': [
        { 'Fn::Equals': [{ Ref: 'AWS::Region' }, { Ref: 'HomeRegion' }] },
        { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'NotifierRoleArn' }, ''] }] },
      ],
    });
    expect(member.Parameters).toMatchObject({ NotifierRoleArn: { Default: '' } });
    expect(hub.Resources['OwnFindingsRole']).toBeUndefined();
  });

  it('may import findings of its account’s default product, and nothing else; the role that reads may not', () => {
    expect(role?.Properties['ManagedPolicyArns']).toBeUndefined();
    expect(role?.Properties['Policies']).toMatchObject([
      {
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: 'securityhub:BatchImportFindings',
              Resource: {
                'Fn::Sub': 'arn:${AWS::Partition}:securityhub:*:${AWS::AccountId}:product/${AWS::AccountId}/default',
              },
            },
          ],
        },
      },
    ]);
    expect(JSON.stringify([member.Resources['Reader1'], member.Resources['Reader2']])).not.toContain(
      'securityhub:Batch',
    );
  });

  it('trusts notify alone, of the organisation, with the external id, and by the name that notify assumes', () => {
    const [trust] = statementsOf(role, 'AssumeRolePolicyDocument');
    const [readers] = statementsOf(member.Resources['InventoryRole'], 'AssumeRolePolicyDocument');
    expect(trust).toEqual({ ...readers, Principal: { AWS: { Ref: 'NotifierRoleArn' } } });
    expect(hub.Outputs['NotifierRoleArn']).toMatchObject({ Value: attribute('NotifyRole', 'Arn') });
    expect(role?.Properties).toMatchObject({ RoleName: 'ajar-findings', Path: '/security/' });
    expect(JSON.stringify(hub.Resources['NotifyRole'])).toContain('iam::*:role/security/ajar-findings');
  });
});

describe('the rules', () => {
  it('are six, each short enough, of events that AWS itself made', () => {
    for (const template of [hub, member]) {
      const patterns = patternsOf(template);
      expect(patterns).toHaveLength(RULES);
      for (const pattern of patterns) {
        expect(JSON.stringify(pattern).length).toBeLessThan(MAX_PATTERN_CHARS);
        expect(pattern.source).toEqual([{ prefix: 'aws.' }]);
      }
    }
  });

  it('are the same in a member account and on the bus: nothing is forwarded and then dropped', () => {
    expect(patternsOf(member)).toEqual(patternsOf(hub));
  });

  it.skipIf(!existsSync(EVENTS))('match every event of the event table, guard rails too', () => {
    const table = JSON.parse(readFileSync(EVENTS, 'utf8')) as {
      events: { eventSource: string; eventNames: string[] }[];
      guardrails: { src: string; names: string[] }[];
    };
    const wanted = [
      ...table.events.flatMap(({ eventSource, eventNames }) => eventNames.map((name) => [eventSource, name] as const)),
      ...table.guardrails.flatMap(({ src, names }) => names.map((name) => [`${src}.amazonaws.com`, name] as const)),
    ];
    const alternatives = patternsOf(member).flatMap(({ detail }) => detail.$or);
    const missed = wanted.filter(
      ([source, name]) => !alternatives.some((a) => a.eventSource.includes(source) && a.eventName.includes(name)),
    );
    expect(missed).toEqual([]);
    expect(wanted.length).toBeGreaterThan(300);
  });

  it('send to the central bus as the forwarding role, and keep what could not be sent', () => {
    for (const [name, { Properties }] of ofType(member, 'AWS::Events::Rule')) {
      expect(Properties['Name'], name).toMatch(/^ajar-/);
      expect(Properties['Targets'], name).toEqual([
        {
          Id: 'ajar',
          Arn: { Ref: 'HubBusArn' },
          RoleArn: {
            'Fn::If': [
              'IsHome',
              attribute('ForwarderRole', 'Arn'),
              { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/security/ajar-forwarder' },
            ],
          },
          DeadLetterConfig: { Arn: attribute('Undelivered', 'Arn') },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ]);
    }
  });

  it('have a role that can do nothing else', () => {
    const role = member.Resources['ForwarderRole'];
    expect(role?.Properties['Policies']).toMatchObject([
      {
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: { Ref: 'HubBusArn' } }],
        },
      },
    ]);
  });
});

describe('ajar’s own account', () => {
  const own = () => decided(hub, { given: true }).Resources;
  const watching = Object.entries(member.Resources).filter(([name]) => name !== 'FindingsRole');

  it('is watched by the same role and the same rules, in the same stack', () => {
    const names = Object.keys(own()).filter((name) => name.startsWith('Own'));
    expect(names.toSorted()).toEqual(watching.map(([name]) => `Own${name}`).toSorted());
    for (const [name, { Type, Properties }] of watching) {
      expect(own()[`Own${name}`]?.Type).toBe(Type);
      if (name.startsWith('Reader')) expect(own()[`Own${name}`]?.Properties).toEqual(Properties);
    }
    for (const rule of ['OwnChangesRule1', 'OwnChangesRule6']) {
      expect(own()[rule]?.Properties['Targets']).toMatchObject([
        { Arn: attribute('Bus', 'Arn'), RoleArn: attribute('OwnForwarderRole', 'Arn') },
      ]);
    }
  });

  it('leaves no parameter of the member template behind', () => {
    const text = JSON.stringify(Object.entries(own()).filter(([name]) => name.startsWith('Own')));
    const left = Object.keys(member.Parameters).filter((parameter) => text.includes(`"Ref":"${parameter}"`));
    expect([...left, ...(text.includes('IsHome') ? ['IsHome'] : [])]).toEqual([]);
  });

  it('is left alone where the template of a member account watches it', () => {
    const { Condition } = hub.Resources['OwnInventoryRole'] ?? {};
    expect(Condition).toBe('WatchesItself');
    expect(hub.Conditions['WatchesItself']).toEqual({ 'Fn::Equals': ['yes', 'yes'] });
  });
});

it('fits into one command', () => {
  expect(Buffer.byteLength(text)).toBeLessThan(TEMPLATE_LIMIT);
});
