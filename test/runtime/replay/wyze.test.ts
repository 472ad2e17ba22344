/**
 * Wyze's December of 2019 with ajar looking. The two golden files are what it prints, byte for byte; after a change that is
 * meant: `npx vitest run test/runtime/replay/wyze.test.ts -u`, then read the difference.
 */
import { describe, expect, it } from 'vitest';
import { replayText } from '../../../lib/cli/replay-text.ts';
import { readHistory, replay } from '../../../lib/runtime/replay/replay.ts';

const FIVE_MINUTES_MS = 300_000;
const result = await replay(await readHistory('wyze-2019'), FIVE_MINUTES_MS);
const losses = result.events.filter(({ lost }) => lost.length > 0);
const of = (endpoint: string, protection: string) =>
  result.windows.find((w) => w.endpoint === endpoint && w.protection === protection);

describe('ajar replay wyze-2019', () => {
  it('prints what it printed', async () => {
    await expect(replayText(result)).toMatchFileSnapshot('../../golden/replay-wyze-2019.txt');
    await expect(`${JSON.stringify(result, null, 2)}\n`).toMatchFileSnapshot('../../golden/replay-wyze-2019.json');
  });

  it('alerts within five minutes of every loss, the MySQL of eleven months at first sight', () => {
    expect(losses.map(({ endpoint, does }) => `${endpoint} ${does}`)).toEqual([
      'users-mysql first-sight',
      'device-analytics change',
      'device-users-copy create',
      'usage-metrics change',
    ]);
    for (const { answer, alert } of losses) {
      expect(answer).toBe('alerted');
      expect(alert?.seconds).toBeLessThan(300);
    }
  });

  it('is told by a scan every 12 and every 24 hours only hours later, but for what was there at the first', () => {
    for (const { scans, alert } of losses.slice(1)) {
      expect(scans['12h']).toBeGreaterThan(60 * (alert?.seconds ?? Number.POSITIVE_INFINITY));
      expect(scans['24h']).toBeGreaterThanOrEqual(scans['12h'] ?? Number.POSITIVE_INFINITY);
    }
    expect(losses[1]?.scans['24h']).toBeGreaterThan(13 * 3_600);
  });

  it('says nothing of a cluster that is made as it was approved', () => {
    const made = result.events.find(({ does, endpoint }) => does === 'create' && endpoint === 'device-analytics');
    expect(made).toMatchObject({ lost: [], answer: 'nothing-due' });
  });

  it('names the nine kinds of data that were there', () => {
    const words = new Set(result.data.flatMap(({ because }) => because));
    const nine = ['email', 'alexa token', 'wi-fi network ssid', 'ip address', 'device model', 'body metrics'];
    for (const word of [...nine, 'camera nickname', 'connection time', 'gender']) expect(words).toContain(word);
  });

  it('tells nothing twice, though CloudTrail delivers twice, and nothing that was not so', () => {
    expect(result.pages).toMatchObject({ duplicates: [], unfounded: [] });
    expect(result.pages.incidents).toBe(new Set(result.windows.map((w) => `${w.endpoint} ${w.protection}`)).size);
  });

  it('reminds of each loss while nobody acknowledges it, the MySQL for all its days, and tells the second contact', () => {
    for (const { reminders, alert } of losses) {
      expect((reminders?.first ?? 0) - (alert?.seconds ?? 0)).toBeLessThan(17 * 60);
      expect((reminders?.escalated ?? 0) - (alert?.seconds ?? 0)).toBeLessThan(32 * 60);
    }
    // Four in the first hour, then hourly for 27 days and a half.
    expect(losses[0]).toMatchObject({ endpoint: 'users-mysql', reminders: { count: 4 + 27 * 24 + 11 } });
    expect(losses[0]?.reminders?.last).toBeGreaterThan(27 * 86_400);
  });

  it('bounds every window: last good, first bad, the event itself, last bad, first good', () => {
    expect(result.windows.filter(({ isRight }) => !isRight)).toEqual([]);
    expect(of('device-analytics', 'authentication')).toMatchObject({
      origin: 'removed',
      start: { lastGood: expect.stringMatching(/T18:26:0/), exact: '2019-12-04T18:26:30.000Z' },
      end: { cause: 'fixed', firstGood: expect.stringMatching(/^2019-12-26T17:35/) },
    });
    expect(of('users-mysql', 'network')).toMatchObject({ origin: 'adoption', start: { firstBad: expect.any(String) } });
    expect(of('users-mysql', 'network')?.start.lastGood).toBeUndefined();
    expect(of('device-users-copy', 'authentication')?.end?.cause).toBe('deleted');
  });

  it('is the same each time', async () => {
    expect(await replay(await readHistory('wyze-2019'), FIVE_MINUTES_MS)).toEqual(result);
  });
});
