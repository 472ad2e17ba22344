import { describe, expect, it } from 'vitest';
import { type EventPattern, MAX_PATTERN_CHARS, rules } from '../../lib/events/rules.ts';
import { TABLE } from '../../lib/events/table.ts';

/** The part of EventBridge's matching that our patterns use: https://docs.aws.amazon.com/eventbridge, "$or" and "prefix". */
function matches(pattern: EventPattern, event: { source: string; detail: Readonly<Record<string, string>> }): boolean {
  return (
    pattern.source.some(({ prefix }) => event.source.startsWith(prefix)) &&
    pattern.detail.$or.some((branch) =>
      Object.entries(branch).every(([field, values]: [string, readonly string[]]) => {
        const value = event.detail[field];
        return value !== undefined && values.includes(value);
      }),
    )
  );
}

const events = TABLE.flatMap(({ source, names }) =>
  names.map((eventName) => ({ source: `aws.${source.split('.')[0]}`, detail: { eventSource: source, eventName } })),
);

describe('the forwarding rules', () => {
  it('are six, each with a pattern that EventBridge takes', () => {
    expect(rules()).toHaveLength(6);
    for (const { name, pattern } of rules()) {
      expect(JSON.stringify(pattern).length, name).toBeLessThan(MAX_PATTERN_CHARS);
      expect(pattern.source).toEqual([{ prefix: 'aws.' }]);
      expect(Object.keys(pattern.detail)).toEqual(['$or']);
      // One is refused, and so are more than a thousand.
      expect(pattern.detail.$or.length).toBeGreaterThan(1);
    }
  });

  it('match every event of the table, each in exactly one', () => {
    for (const event of events) {
      const matching = rules().filter(({ pattern }) => matches(pattern, event));
      expect(matching, `${event.detail.eventSource} ${event.detail.eventName}`).toHaveLength(1);
    }
  });

  it.each([
    { source: 'my.app', detail: { eventSource: 'es.amazonaws.com', eventName: 'UpdateDomainConfig' } },
    { source: 'aws.es', detail: { eventSource: 'es.amazonaws.com', eventName: 'DescribeDomain' } },
    { source: 'aws.iam', detail: { eventSource: 'iam.amazonaws.com', eventName: 'CreateUser' } },
    { source: 'aws.es', detail: { eventName: 'UpdateDomainConfig' } },
  ])('do not match %j', (event) => {
    expect(rules().some(({ pattern }) => matches(pattern, event))).toBe(false);
  });

  it('are the same every time, and named as asked', () => {
    expect(rules('ours')).toEqual(rules('ours'));
    expect(rules('ours').map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `ours-${i}`));
    expect(new Set(rules().map(({ name }) => name)).size).toBe(6);
  });
});
