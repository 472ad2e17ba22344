/** How resources of a template refer to each other, and who a statement lets in. */
import { ofType, type Template } from './packaged.ts';
import { type Statement, statementsOf } from './statements.ts';

export function deadLettersOf(template: Template): readonly string[] {
  const found = JSON.stringify(template).matchAll(
    /"(?:deadLetterTargetArn|DeadLetterConfig|OnFailure)":(?:\{"(?:Arn|Destination)":)?\{"Fn::GetAtt":\["(\w+)"/g,
  );
  // Every topic has that queue, whoever subscribes.
  return [...[...found].map(([, name]) => name ?? ''), 'UndeliveredMessages'];
}

export function alarmsOn(
  template: Template,
  metric: string,
  dimension: unknown,
): readonly Readonly<Record<string, unknown>>[] {
  return ofType(template, 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => Properties)
    .filter(({ MetricName, Dimensions }) => {
      const [{ Value } = { Value: undefined }] = Dimensions as { Value: unknown }[];
      return MetricName === metric && JSON.stringify(Value) === JSON.stringify(dimension);
    });
}

export function queueMappings(template: Template) {
  return ofType(template, 'AWS::Lambda::EventSourceMapping').filter(
    ([, { Properties }]) => 'ScalingConfig' in Properties,
  );
}

export function attributeOf(value: unknown): string {
  return (value as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
}

export function refOf(value: unknown): string {
  return (value as { Ref: string }).Ref;
}

export function refsOf(values: unknown): readonly string[] {
  return (values as unknown[]).map(refOf);
}

export function targetOf(properties: Readonly<Record<string, unknown>>): string {
  return attributeOf((properties['Target'] as { Arn: unknown }).Arn);
}

export function refusesPlainText({ Effect, Principal, Condition }: Statement): boolean {
  return Effect === 'Deny' && Principal === '*' && String(Condition?.['Bool']?.['aws:SecureTransport']) === 'false';
}

/** Policies of queues, topics, buckets and the bus. Keys are judged by their own test: services use them unnamed. */
export function policiesOf(template: Template): readonly (readonly [string, Statement])[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => /::(QueuePolicy|TopicPolicy|BucketPolicy|EventBusPolicy)$/.test(Type))
    .flatMap(([name, resource]) => statementsOf(resource).map((statement) => [name, statement] as const));
}

export function isPublic({ Effect, Principal, Condition = {} }: Statement): boolean {
  if (Effect === 'Deny') return false;
  const keys = Object.values(Condition).flatMap((test) => Object.keys(test));
  if (keys.includes('aws:PrincipalOrgID')) return false;
  if (Principal === undefined || Principal === '*') return true;
  if ('Service' in Principal) return !keys.some((key) => key === 'aws:SourceArn' || key === 'aws:SourceAccount');
  return [Principal['AWS']].flat().some((who) => !JSON.stringify(who).includes('${AWS::AccountId}:root'));
}
