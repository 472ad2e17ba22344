/** What a replay tells people after the alert, and how many messages it makes of what belongs together. */
import { describe, expect, it } from 'vitest';
import { parseHistory, replay } from '../../../lib/runtime/replay/replay.ts';
import { HISTORY } from '../../support/an-afternoon.ts';

const FIVE_MINUTES_MS = 300_000;
const MINUTE = 60;

const played = async (text: string) => replay(parseHistory(text, 'h.yaml'), FIVE_MINUTES_MS);

/** Three doors behind one security group, and one elsewhere; one call opens the three. */
const BEHIND_ONE_GROUP = `version: 1
name: one-group
from: 2026-05-04T12:00:00Z
until: 2026-05-04T12:40:00Z
accounts: [{ id: '111122223333', regions: [eu-west-1] }]
endpoints:
${['a', 'b', 'c', 'apart']
  .map(
    (id) => `  - id: ${id}
    account: '111122223333'
    region: eu-west-1
    service: rds
    engine: postgres
    port: 5432
    declared: { network: on }
    observed: { door: refused, tls: on }
    dependsOn: [ec2:sg-${id === 'apart' ? '9' : '1'}]`,
  )
  .join('\n')}
events:
${['a', 'b', 'c', 'apart']
  .map(
    (id) => `  - at: 2026-05-04T12:10:00Z
    endpoint: ${id}
    does: change
    what: opened
    observed: { door: open }
    declared: { network: off }
    trail: { source: ec2.amazonaws.com, call: AuthorizeSecurityGroupIngress, request: { groupId: sg-${id === 'apart' ? '9' : '1'} } }`,
  )
  .join('\n')}
`;

describe('an incident that nobody acknowledges', () => {
  it('is told of again after 15 minutes, four times, then hourly, and to the second contact after 30', async () => {
    const long = HISTORY.replace('until: 2026-05-04T13', 'until: 2026-05-04T16');
    const { events, pages } = await played(long);
    const [{ alert, reminders } = {}] = events;
    if (alert === undefined || reminders === undefined) throw new Error('no alert, or no reminder');
    // 15, 30, 45, 60, 120, 180 minutes; guard looks once a minute.
    expect(reminders.count).toBe(6);
    const after = (seconds: number | undefined) => (seconds ?? 0) - alert.seconds;
    for (const [seconds, minutes] of [
      [reminders.first, 15],
      [reminders.escalated, 30],
      [reminders.last, 180],
    ] as const) {
      expect(after(seconds)).toBeGreaterThanOrEqual(minutes * MINUTE - 1);
      expect(after(seconds)).toBeLessThan((minutes + 1) * MINUTE + 5);
    }
    expect(pages).toMatchObject({ alerts: 1, reminders: 6, escalations: 1, duplicates: [] });
  });

  it('is told of no more once it is over', async () => {
    const over = `${HISTORY}  - { at: 2026-05-04T12:30:00Z, endpoint: search, does: change, what: shut, observed: { door: refused } }\n`;
    const { pages, events } = await played(over);
    expect(pages).toMatchObject({ alerts: 1, recoveries: 1, reminders: 0, escalations: 0 });
    expect(events[0]).not.toHaveProperty('reminders');
  });
});

describe('doors behind one security group that one call opened', () => {
  it('are one message to people and one each to machines; a door of another group is another', async () => {
    const { pages, events } = await played(BEHIND_ONE_GROUP);
    expect(events.map(({ endpoint, answer }) => [endpoint, answer])).toEqual(
      ['a', 'b', 'c', 'apart'].map((id) => [id, 'alerted']),
    );
    expect(events.map(({ alert }) => alert?.subject)).toEqual([
      ...Array.from({ length: 3 }, () => expect.stringMatching(/\] 3 endpoints: 3 network off;/)),
      expect.stringMatching(/\] network off: postgres apart/),
    ]);
    expect(pages).toMatchObject({ alerts: 2, duplicates: [], unfounded: [] });
    expect(pages.grouped).toBeGreaterThanOrEqual(1);
    expect(pages.notices).toBeGreaterThan(pages.alerts + pages.updates + pages.reminders);
  });
});
