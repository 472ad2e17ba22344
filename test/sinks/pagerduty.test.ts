import { describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/model/incident.ts';
import { PAGERDUTY_URLS, pagerDutyEvents, pagerDutySink } from '../../lib/sinks/pagerduty.ts';
import { notify } from '../../lib/pipeline/notify.ts';
import { PATIENCE } from '../../lib/pipeline/turns.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { aNotice, anIncident, aState } from '../support/builders.ts';
import { receiver } from '../support/posted.ts';

const { signal } = new AbortController();
const KEY = 'R'.repeat(32);
const [first, second] = [anIncident(), anIncident({ id: 'second', protection: 'network', severity: 'high' })];

interface Event {
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: {
    readonly severity: string;
    readonly summary: string;
    readonly custom_details: { lines: string[] };
  };
}
const events = (notice: Notice) => pagerDutyEvents(notice, KEY).map((json) => JSON.parse(json) as Event);

describe('what PagerDuty is told', () => {
  it('is one alert for each incident, under its id', () => {
    expect(events(aNotice({ incident: first, also: [second] }))).toMatchObject([
      { event_action: 'trigger', dedup_key: first.id, payload: { severity: 'critical' } },
      { event_action: 'trigger', dedup_key: 'second', payload: { severity: 'error' } },
    ]);
  });

  it.each(['closed', 'accepted'] as const)('is the end of each where it is %s, and nothing else', (kind) => {
    const over = { status: 'closed' as const };
    const notice = aNotice({ kind, incident: { ...first, ...over }, also: [{ ...second, ...over }] });
    expect(events(notice)).toEqual(
      [first.id, 'second'].map((dedup_key) => ({ routing_key: KEY, event_action: 'resolve', dedup_key })),
    );
  });

  it('goes to the open alert where more is known of it, and nowhere where it is closed', async () => {
    expect(events(aNotice({ kind: 'attributed' }))).toMatchObject([{ event_action: 'trigger', dedup_key: first.id }]);
    const late = aNotice({ kind: 'attributed', incident: { ...first, status: 'closed' } });
    const { sent, post } = receiver({ status: 202 });
    const { id } = await pagerDutySink({ id: 'pagerduty', routingKey: KEY, post }).deliver(late, signal);
    expect(sent).toEqual([]);
    expect(id).toMatch(/^not sent, its alert is closed/);
  });

  it('acknowledges there what was acknowledged here, and not what got worse since', () => {
    const acked = { by: 'jdoe', at: first.detectedAt, severity: first.severity };
    const incident = { ...first, handling: { acked } };
    const actions = (kind: Notice['kind']) => events(aNotice({ kind, incident })).map((event) => event.event_action);
    expect(actions('attributed')).toEqual(['trigger', 'acknowledge']);
    expect(actions('worsened')).toEqual(['trigger']);
    expect(actions('closed')).toEqual(['resolve']);
  });

  it('is within its limits, however long the notice', () => {
    const long = '\u{1f600}"'.repeat(9_000);
    const { endpoint } = aNotice();
    const notice = aNotice({
      subject: long,
      lines: Array.from({ length: 99 }, () => long),
      endpoint: { ...endpoint, host: long, engine: long },
    });
    for (const json of pagerDutyEvents(notice, KEY)) {
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(32 * 1024);
      const { payload, dedup_key } = JSON.parse(json) as Event;
      expect(payload?.summary.length).toBeLessThanOrEqual(1_024);
      expect(dedup_key.length).toBeLessThanOrEqual(255);
    }
  });
});

describe('the PagerDuty sink', () => {
  it('sends every event to the region of its account', async () => {
    const { sent, post } = receiver({ status: 202 });
    const sink = pagerDutySink({ id: 'pagerduty', routingKey: KEY, post, url: PAGERDUTY_URLS.eu });
    expect(await sink.deliver(aNotice({ also: [second] }), signal)).toEqual({ id: `202 ${aNotice().key}` });
    expect(sent.map(({ url }) => url)).toEqual([PAGERDUTY_URLS.eu, PAGERDUTY_URLS.eu]);
  });

  it('owes the whole notice where one event was refused', async () => {
    const { post } = receiver({ status: 202 }, { status: 500 });
    const sink = pagerDutySink({ id: 'pagerduty', routingKey: KEY, post });
    await expect(sink.deliver(aNotice({ also: [second] }), signal)).rejects.toMatchObject({ code: 'sink-refused' });
  });

  it('never gets an end before what it ends, however long that is refused', async () => {
    let ms = Date.parse(aNotice().createdAt);
    const now = () => new Date(ms);
    const store = memoryStore({ sinks: ['pagerduty', 'other'] });
    const opened = aNotice();
    const closed = aNotice({ key: `${first.id}/closed/1`, kind: 'closed', after: [opened.key] });
    await store.commit({ state: aState(), expected: 0, lines: [], notices: [opened, closed], incidents: [] });
    const [sent, other]: [string[], string[]] = [[], []];
    let isDown = true;
    const { post } = receiver({ status: 202 });
    const pagerDuty = pagerDutySink({
      id: 'pagerduty',
      routingKey: KEY,
      async post(url, body, options) {
        const { event_action: action } = JSON.parse(body) as Event;
        if (isDown && action === 'trigger') return { status: 500 };
        sent.push(action);
        return post(url, body, options);
      },
    });
    const patient = {
      id: 'other',
      async deliver({ kind }: Notice) {
        if (isDown && kind === 'opened') throw new Error('down');
        other.push(kind);
        return { id: kind };
      },
    };
    for (let pass = 0; pass < PATIENCE.attempts + 4; pass++) {
      await notify(store, [pagerDuty, patient], 'r', now, signal);
      ms += 20 * 60_000;
    }
    expect([sent, other]).toEqual([[], ['closed']]);
    isDown = false;
    for (let pass = 0; pass < 3; pass++) {
      await notify(store, [pagerDuty, patient], 'r', now, signal);
      ms += 20 * 60_000;
    }
    expect([sent, other]).toEqual([
      ['trigger', 'resolve'],
      ['closed', 'opened'],
    ]);
  });
});
