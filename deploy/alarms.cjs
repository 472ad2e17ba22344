/**
 * Alarms, all to the health topic: queues that hold what could not be done, queues that wait too long, functions that
 * fail, are refused or come near their time limit, schedules and topics that do not deliver, and silence where there has to
 * be a beat. CommonJS, because osls reads it.
 */

/** Timeouts as in serverless.yml. */
const FUNCTIONS = { plan: 300, collect: 300, probe: 60, assess: 60, notify: 60, change: 60, guard: 55, report: 900, seal: 300 };

/**
 * Seconds that the oldest message may have waited: everything between a change and its alert is to take five minutes.
 * Change and collect also hold what is put off on purpose, for a quarter of an hour at most.
 */
const QUEUES = { Assess: 120, Probe: 180, Change: 1_200, Collect: 1_800 };
/** Where age says little: so many messages may be waiting that could be worked on now. */
const BACKLOG = { Change: 100 };
const DEAD = [
  'ChangeDlq',
  'AssessDlq',
  'ProbeDlq',
  'CollectDlq',
  'UndeliveredEvents',
  'MissedSchedules',
  'FailedRuns',
  'UndeliveredMessages',
];
const TOPICS = ['page', 'chat', 'machine', 'digest', 'health'];
/** Functions that run every minute: five minutes of silence are a finding. */
const BEATS = ['plan', 'notify', 'guard'];

const NAME = '${self:custom.name}';
const ABOVE = 'GreaterThanThreshold';
const BELOW = 'LessThanThreshold';

function alarm(name, description, metric) {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${NAME}-${name}`,
      AlarmDescription: description,
      ComparisonOperator: ABOVE,
      Threshold: 0,
      Period: 60,
      EvaluationPeriods: 1,
      Statistic: 'Sum',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: 'HealthTopic' }],
      OKActions: [{ Ref: 'HealthTopic' }],
      ...metric,
    },
  };
}

function title(name) {
  return name[0].toUpperCase() + name.slice(1);
}

function queueMetric(queue, MetricName, more) {
  const Dimensions = [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }];
  return { Namespace: 'AWS/SQS', MetricName, Dimensions, Statistic: 'Maximum', ...more };
}

function functionMetric(name, MetricName, more) {
  const Dimensions = [{ Name: 'FunctionName', Value: { Ref: `${title(name)}LambdaFunction` } }];
  return { Namespace: 'AWS/Lambda', MetricName, Dimensions, ...more };
}

function ofDead(queues) {
  return queues.map((queue) => [
    `${queue}Alarm`,
    alarm(
      `${queue}-holds-something`,
      `${queue} holds what could not be done: coverage may be missing. docs/deploy.md says how to try again.`,
      queueMetric(queue, 'ApproximateNumberOfMessagesVisible'),
    ),
  ]);
}

function ofWaiting(queues) {
  return Object.entries(queues).map(([queue, Threshold]) => [
    `${queue}QueueAgeAlarm`,
    alarm(
      `${queue}Queue-waits`,
      `A message in ${queue}Queue has waited for more than ${Threshold} s: alerts come late.`,
      queueMetric(`${queue}Queue`, 'ApproximateAgeOfOldestMessage', { Threshold, EvaluationPeriods: 2 }),
    ),
  ]);
}

function ofBacklogs(queues) {
  return Object.entries(queues).map(([queue, Threshold]) => [
    `${queue}QueueBacklogAlarm`,
    alarm(
      `${queue}Queue-piles-up`,
      `More than ${Threshold} messages wait in ${queue}Queue: alerts come late.`,
      queueMetric(`${queue}Queue`, 'ApproximateNumberOfMessagesVisible', { Threshold, EvaluationPeriods: 2 }),
    ),
  ]);
}

function ofFunctions(functions) {
  return Object.entries(functions).flatMap(([name, seconds]) => [
    [`${title(name)}ErrorsAlarm`, alarm(`${name}-fails`, `${name} failed.`, functionMetric(name, 'Errors'))],
    [
      `${title(name)}ThrottlesAlarm`,
      alarm(
        `${name}-is-refused`,
        `Lambda refused to run ${name}: the account's concurrency is used up.`,
        functionMetric(name, 'Throttles', { EvaluationPeriods: 3, DatapointsToAlarm: 2 }),
      ),
    ],
    [
      `${title(name)}DurationAlarm`,
      alarm(
        `${name}-is-slow`,
        `${name} took more than four fifths of its ${seconds} s.`,
        functionMetric(name, 'Duration', { Statistic: 'Maximum', Threshold: seconds * 800, EvaluationPeriods: 2 }),
      ),
    ],
  ]);
}

function ofBeats(beats) {
  const silent = { ComparisonOperator: BELOW, Threshold: 1, TreatMissingData: 'breaching' };
  return beats.map((name) => [
    `${title(name)}SilentAlarm`,
    alarm(
      `${name}-is-silent`,
      `${name} has not run for five minutes.`,
      functionMetric(name, 'Invocations', { ...silent, Period: 60, EvaluationPeriods: 5 }),
    ),
  ]);
}

function ofTopics(topics) {
  return topics.map((topic) => [
    `${title(topic)}UndeliveredAlarm`,
    alarm(`${topic}-topic-undelivered`, `A subscriber of the ${topic} topic did not take a message.`, {
      Namespace: 'AWS/SNS',
      MetricName: 'NumberOfNotificationsFailed',
      Dimensions: [{ Name: 'TopicName', Value: { 'Fn::GetAtt': [`${title(topic)}Topic`, 'TopicName'] } }],
    }),
  ]);
}

/** What a prober says of itself. Each region has its own: both stacks alarm on it. */
function ofProber() {
  return [
    ['StopSwitchUnreadable', 'The stop switch cannot be read: after a minute nobody is probed until it can.'],
    [
      'CaptiveVantage',
      'An address that belongs to nobody answered: something stands between this prober and the internet.',
    ],
  ].map(([name, description]) => [
    `${name}Alarm`,
    alarm(name.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase(), description, {
      Namespace: 'ajar',
      MetricName: name,
      Dimensions: [{ Name: 'service', Value: 'ajar' }],
    }),
  ]);
}

function ofDeliveries() {
  const group = [{ Name: 'ScheduleGroup', Value: { Ref: 'Schedules' } }];
  return [
    [
      'StreamAgeAlarm',
      alarm(
        'notify-stream-waits',
        'What is owed has waited in the stream for more than a minute.',
        functionMetric('notify', 'IteratorAge', { Statistic: 'Maximum', Threshold: 60_000, EvaluationPeriods: 2 }),
      ),
    ],
    [
      'AllowlistInvalidAlarm',
      alarm('allowlist-invalid', 'The newest allowlist does not load: the last version that does is in force.', {
        Namespace: 'ajar',
        MetricName: 'AllowlistInvalid',
        Dimensions: [{ Name: 'service', Value: 'ajar' }],
      }),
    ],
    [
      'SinksInvalidAlarm',
      alarm('sinks-invalid', 'The newest sinks.yaml does not load: the last that did is in force.', {
        Namespace: 'ajar',
        MetricName: 'SinksInvalid',
        Dimensions: [{ Name: 'service', Value: 'ajar' }],
      }),
    ],
    [
      'SinksUnknownAlarm',
      alarm('sinks-unknown', 'Which sinks are in force was written by another version: only topics are told.', {
        Namespace: 'ajar',
        MetricName: 'SinksUnknown',
        Dimensions: [{ Name: 'service', Value: 'ajar' }],
      }),
    ],
    [
      'GuardPassAlarm',
      alarm('guard-does-not-finish', 'Guard runs, and its checks do not come to an end.', {
        Namespace: 'ajar',
        MetricName: 'GuardPass',
        Dimensions: [{ Name: 'service', Value: 'ajar' }],
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        EvaluationPeriods: 5,
        TreatMissingData: 'breaching',
      }),
    ],
    ...[
      ['AccountGaps', 'An account, or its regions, could not be listed: nothing new is found there.', 3],
      ['VantagesUnreached', 'A vantage did not take its work: less is looked at from there.', 1],
      ['StormMode', 'More than 20 messages in 5 minutes: people get one a minute, the machine topic gets all.', 1],
      ['AllowlistUnreadable', 'The allowlist cannot be read: the last that is known is in force, or none.', 1],
    ].map(([name, description, EvaluationPeriods]) => [
      `${name}Alarm`,
      alarm(name.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase(), description, {
        Namespace: 'ajar',
        MetricName: name,
        Dimensions: [{ Name: 'service', Value: 'ajar' }],
        Period: 300,
        EvaluationPeriods,
      }),
    ]),
    [
      'ScheduleFailsAlarm',
      alarm('schedule-fails', 'A schedule could not invoke its function.', {
        Namespace: 'AWS/Scheduler',
        MetricName: 'TargetErrorCount',
        Dimensions: group,
      }),
    ],
    [
      'ScheduleDroppedAlarm',
      alarm('schedule-dropped', 'An invocation was given up.', {
        Namespace: 'AWS/Scheduler',
        MetricName: 'InvocationDroppedCount',
        Dimensions: group,
      }),
    ],
    ...['Read', 'Write'].map((kind) => [
      `Table${kind}sRefusedAlarm`,
      alarm(`table-refuses-${kind.toLowerCase()}s`, `DynamoDB throttled ${kind.toLowerCase()}s of the table.`, {
        Namespace: 'AWS/DynamoDB',
        MetricName: `${kind}ThrottleEvents`,
        Dimensions: [{ Name: 'TableName', Value: { Ref: 'Table' } }],
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
      }),
    ]),
  ];
}

const HUB = [
  ...ofDead(DEAD),
  ...ofWaiting(QUEUES),
  ...ofBacklogs(BACKLOG),
  ...ofFunctions(FUNCTIONS),
  ...ofBeats(BEATS),
  ...ofTopics(TOPICS),
  ...ofDeliveries(),
  ...ofProber(),
  // There where the drill is (deploy/drill.yml).
  ...[...ofDead(['DrillDlq']), ...ofWaiting({ Drill: 600 }), ...ofFunctions({ drill: 3 })].map(([name, each]) => [
    name,
    { ...each, Condition: 'Drills' },
  ]),
  // There where the console is (deploy/console.yml).
  ...ofFunctions({ console: 29 }).map(([name, each]) => [name, { ...each, Condition: 'HasConsole' }]),
];
/** serverless.vantage.yml */
const VANTAGE = [
  ...ofDead(['ProbeDlq', 'UndeliveredMessages']),
  ...ofWaiting({ Probe: QUEUES.Probe }),
  ...ofFunctions({ probe: FUNCTIONS.probe }),
  ...ofBeats(['probe']),
  ...ofTopics(['page', 'health']),
  ...ofProber(),
];

module.exports = { hub: { Resources: Object.fromEntries(HUB) }, vantage: { Resources: Object.fromEntries(VANTAGE) } };
