/**
 * No record value and no secret is kept, logged or sent (promise I6): a thousand secrets planted in what servers answer each
 * probe, each peer visited and judged as in a run, and everything that came of it searched: what leaves the prober, the state,
 * the ledger, the notices, what sinks send of them, `explain`, and every format of the report.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Notice } from '../../lib/model/incident.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { withoutWords } from '../../lib/pipeline/probe-observation.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { explainChain } from '../../lib/runtime/explain.ts';
import { explainText } from '../../lib/runtime/explain-text.ts';
import { asffJson } from '../../lib/sinks/asff.ts';
import { pagerDutyEvents } from '../../lib/sinks/pagerduty.ts';
import { slackBody } from '../../lib/sinks/slack.ts';
import { messageFor } from '../../lib/sinks/sns-message.ts';
import { teamsBody } from '../../lib/sinks/teams.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { canary, PLANTED, plantedPeers } from '../support/canaries.ts';
import { visited, withoutVersions } from '../support/canary-visits.ts';
import { readPdf } from '../support/read-pdf.ts';
import { bytesOf } from '../support/report-files.ts';
import { instant } from '../support/readings.ts';

const PLANTS = 1_000;
/** Of the endpoints of one probe: what is written of all of them in the store would only be worded the same a thousand times. */
const WORDED = 25;
const now = (): Date => new Date(instant(600));

async function collected<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function sent({ key, ...notice }: Notice): readonly string[] {
  const whole = { key, ...notice };
  const sns = (['page', 'chat', 'machine'] as const).map((kind) => messageFor(kind, whole));
  return [
    ...sns.map((message) => JSON.stringify(message)),
    ...[slackBody(whole), teamsBody(whole), asffJson(whole) ?? ''],
    ...pagerDutyEvents(whole, 'R'.repeat(32)),
  ];
}

/** Everything that anyone can read of these endpoints afterwards, by the place where it lies. */
async function traces(store: StateStore, readings: readonly Reading[]): Promise<Readonly<Record<string, string>>> {
  const due = await store.outbox.due(instant(100_000), 10_000);
  const explained = readings
    .slice(0, WORDED)
    .map(async ({ endpoint }) => explainText(await explainChain(store, endpoint.id, EMPTY_ALLOWLIST, now()), now()));
  return {
    'the queue of readings and its dead letters': JSON.stringify(readings.map(withoutWords)),
    'the state': JSON.stringify(await collected(store.states())),
    'the ledger': JSON.stringify(await collected(store.ledger())),
    'incidents and notices': JSON.stringify([await collected(store.incidents()), due]),
    'what sinks send': due
      .slice(0, WORDED)
      .flatMap(({ notice }) => sent(notice))
      .join('\n'),
    explanations: (await Promise.all(explained)).join('\n'),
  };
}

const rows: string[] = [];
afterAll(() => {
  console.log([`${PLANTS} secrets planted in the answers to each probe`, ...rows].join('\n'));
});

describe('a secret in what a server answers', () => {
  it.each(PROBES)('$id: comes out nowhere', { timeout: 60_000 }, async (probe) => {
    const store = memoryStore({ sinks: ['page'] });
    const readings: Reading[] = [];
    for (const [i, peer] of plantedPeers(probe, PLANTS).entries()) {
      const reading = await visited(probe, peer, i);
      readings.push(reading);
      await assess(reading, store, EMPTY_ALLOWLIST, () => new Date(instant(i + 1)));
    }
    const leaks = Object.entries(await traces(store, readings)).flatMap(([place, text]) => {
      const found = PLANTED.exec(withoutVersions(text, readings));
      return found === null
        ? []
        : [`${place}: ...${text.slice(Math.max(0, text.indexOf(found[0]) - 80)).slice(0, 160)}`];
    });
    expect(leaks).toEqual([]);
    const open = readings.filter(({ observations }) => observations[0]?.auth.state === 'open-anonymous').length;
    rows.push(`  ${probe.id.padEnd(20)} ${PLANTS} peers, ${open} of them open to anyone, 0 leaks`);
  });
});

describe('the search', () => {
  it('finds what is there, in any of the ways that it may be written', () => {
    const word = canary(41);
    for (const encoding of ['latin1', 'hex', 'base64', 'base64url'] as const) {
      for (const before of ['', 'a', 'ab']) expect(Buffer.from(before + word).toString(encoding)).toMatch(PLANTED);
    }
  });

  it('is of peers that still answer as their kind: most of them are judged by more than a failure', async () => {
    for (const probe of PROBES) {
      const readings = await Promise.all(plantedPeers(probe, 200).map((peer, i) => visited(probe, peer, i)));
      const spoke = readings.filter(({ observations }) => observations[0]?.l4 === 'open').length;
      expect(spoke, probe.id).toBeGreaterThan(50);
    }
  });
});

describe('a report of them all', () => {
  it('has no secret of any probe, in any format', { timeout: 120_000 }, async () => {
    const store = memoryStore({ sinks: [] });
    const readings: Reading[] = [];
    for (const probe of PROBES) {
      for (const peer of plantedPeers(probe, WORDED)) {
        const reading = await visited(probe, peer, readings.length);
        readings.push(reading);
        await assess(reading, store, EMPTY_ALLOWLIST, () => new Date(reading.at));
      }
    }
    const report = await buildReport(store, { toolVersion: '0', allowlist: EMPTY_ALLOWLIST });
    for (const reporter of REPORTERS) {
      const texts = reporter.render(report).map(({ name, content }) => {
        const bytes = bytesOf(content);
        return name.endsWith('.pdf') ? JSON.stringify(readPdf(bytes).root) : bytes.toString('utf8');
      });
      const text = withoutVersions(texts.join('\n'), readings);
      expect(text, reporter.format).toContain('door-');
      expect(text, reporter.format).not.toMatch(PLANTED);
    }
  });
});
