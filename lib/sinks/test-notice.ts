/** A test alert: a real message by the real way, which says of itself that nothing is open. */
import { randomUUID } from 'node:crypto';
import type { Notice } from '../model/incident.ts';
import type { Severity } from '../model/verdict.ts';

/** Ids of incidents are UUIDs: none begins so. */
const TEST_ID = 'test-';

/** A test alert, or a drill (evidence-and-alerts.md section 3.1): whoever leaves out the ones leaves out both. */
export function isTest({ incident, endpoint }: Notice): boolean {
  return incident.id.startsWith(TEST_ID) || endpoint.drill === true;
}

/** Critical unless told otherwise, so that it passes the filters that a real page has to pass. */
export function testNotice(now: Date, severity: Severity = 'critical'): Notice {
  const id = `${TEST_ID}${randomUUID()}`;
  const at = now.toISOString();
  const subject = '[TEST] ajar test alert: nothing is open, nothing is to be done';
  return {
    key: `${id}/opened/1`,
    kind: 'opened',
    createdAt: at,
    incident: {
      id,
      endpointId: 'ajar/test-alert',
      protection: 'guardrail',
      openSeq: 1,
      origin: 'removed',
      basis: 'observed',
      from: 'on',
      to: 'off',
      verdict: 'exposed',
      severity,
      score: 0,
      reasons: ['this is a test'],
      start: { upper: at },
      detectedAt: at,
      lastBadAt: at,
      status: 'open',
      allowances: [],
      evidence: 'none: this is a test',
    },
    also: [],
    endpoint: {
      id: 'ajar/test-alert',
      host: 'test-alert.invalid',
      port: 0,
      engine: 'unidentified',
      addresses: [],
      vantages: [],
    },
    subject,
    lines: [
      subject,
      'WHAT     a test alert, sent on purpose. Whoever reads this would be reached by a real one.',
      'WHERE    nowhere: no endpoint is meant',
      `SINCE    sent ${at}`,
      'WHO      whoever asked for it',
      'DATA     none',
      'DO NOW   nothing; if nobody expected it, ask who sent it',
      `INCIDENT ${id} notice 1`,
    ],
  };
}
