/**
 * The parts of deploy/*.yml that follow from the code, between their marks: the reading role's policies from what the
 * collectors declare, the rules from the event table. Templates are plain text that can be read and deployed without Node.
 */
import { rolePolicies } from '../../lib/aws/role-policy.ts';
import { COLLECTORS } from '../../lib/collectors/catalogue.ts';
import { type EventPattern, rules } from '../../lib/events/rules.ts';
import { actionsOf } from '../../lib/runtime/aws.ts';

type Section = 'readers' | 'rules';

const WIDTH = 118;

/** Sections of each template. */
export const GENERATED: Readonly<Record<string, Partial<Record<Section, () => string>>>> = {
  'deploy/bus.yml': { rules: hubRules },
  'deploy/member-account.yml': { readers, rules: memberRules },
};

/** The template with its marked sections made anew. Throws where a mark is missing. */
export function regenerated(text: string, sections: Partial<Record<Section, () => string>>): string {
  return Object.entries(sections).reduce((before, [section, make]) => {
    const [start, end] = [`  # generated: ${section}\n`, `  # end of generated: ${section}\n`];
    const [head, rest, ...no] = before.split(start);
    const [, tail, ...more] = rest?.split(end) ?? [];
    if (head === undefined || tail === undefined || no.length + more.length > 0) {
      throw new Error(`the marks of "${section}" are not there, or not once`);
    }
    return head + start + make() + end + tail;
  }, text);
}

function readers(): string {
  return rolePolicies(actionsOf(COLLECTORS))
    .map(({ name, document }, i) => {
      const statements = document.Statement.map(({ Sid, Effect, Action, Resource }) => [
        `          - Sid: ${Sid}`,
        `            Effect: ${Effect}`,
        list(12, 'Action', [Action].flat()),
        Resource === '*' ? `            Resource: '*'` : list(12, 'Resource', [Resource].flat().map(inPartition)),
      ]);
      return lines(
        `  Reader${i + 1}:`,
        '    Type: AWS::IAM::ManagedPolicy',
        '    Condition: IsHome',
        '    Properties:',
        `      ManagedPolicyName: ${name}`,
        '      Path: /security/',
        '      PolicyDocument:',
        `        Version: '${document.Version}'`,
        '        Statement:',
        ...statements.flat(),
      );
    })
    .join('');
}

function inPartition(arn: string): string {
  return `!Sub '${arn.replace(/^arn:aws:/, 'arn:${AWS::Partition}:')}'`;
}

function hubRules(): string {
  return rules('${self:custom.name}-changes')
    .map(({ name, pattern }, i) =>
      lines(
        `  ChangesRule${i + 1}:`,
        '    Type: AWS::Events::Rule',
        '    Properties:',
        `      Name: ${name}`,
        '      EventBusName: !Ref Bus',
        ...patternLines(pattern),
        '      Targets:',
        '        - Id: change',
        '          Arn: !GetAtt ChangeQueue.Arn',
        '          DeadLetterConfig: { Arn: !GetAtt UndeliveredEvents.Arn }',
        '          RetryPolicy: { MaximumEventAgeInSeconds: 86400, MaximumRetryAttempts: 185 }',
      ),
    )
    .join('');
}

function memberRules(): string {
  return rules()
    .map(({ name, pattern }, i) =>
      lines(
        `  ChangesRule${i + 1}:`,
        '    Type: AWS::Events::Rule',
        '    Properties:',
        `      Name: ${name}`,
        ...patternLines(pattern),
        '      Targets:',
        '        - Id: ajar',
        '          Arn: !Ref HubBusArn',
        '          RoleArn: !If',
        '            - IsHome',
        '            - !GetAtt ForwarderRole.Arn',
        // In other regions it is another stack's, known by its name.
        "            - !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/security/ajar-forwarder'",
        '          DeadLetterConfig: { Arn: !GetAtt Undelivered.Arn }',
        '          RetryPolicy: { MaximumEventAgeInSeconds: 86400, MaximumRetryAttempts: 185 }',
      ),
    )
    .join('');
}

function patternLines({ source, detail }: EventPattern): readonly string[] {
  return [
    '      EventPattern:',
    `        source: [${source.map(({ prefix }) => `{ prefix: ${prefix} }`).join(', ')}]`,
    '        detail:',
    '          $or:',
    ...detail.$or.flatMap(({ eventSource, eventName }) => [
      list(12, '- eventSource', eventSource),
      list(14, 'eventName', eventName),
    ]),
  ];
}

/** `key: [a, b]`, broken where a line gets too long. */
function list(indent: number, key: string, items: readonly string[]): string {
  const pad = ' '.repeat(indent);
  const whole = `${pad}${key}: [${items.join(', ')}]`;
  if (whole.length <= WIDTH) return whole;
  const filled: string[] = [];
  let line = `${pad}  `;
  for (const item of items) {
    if (line.length + item.length > WIDTH) {
      filled.push(line.trimEnd());
      line = `${pad}  `;
    }
    line += `${item}, `;
  }
  return [`${pad}${key}: [`, ...filled, line.trimEnd(), `${pad}]`].join('\n');
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
