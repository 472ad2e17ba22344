/** Small valid documents with overrides, for tests of what comes after the judging. */
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Incident, Notice } from '../../lib/model/incident.ts';
import type { LedgerLine } from '../../lib/model/ledger.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { decide } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';

export const AT = '2026-12-04T10:00:00.000Z';

export function anEndpoint(over: Partial<Endpoint> = {}): Endpoint {
  return {
    id: 'device-analytics',
    host: '127.0.0.1',
    port: 9200,
    engine: 'elasticsearch',
    source: 'file',
    tags: {},
    declared: {},
    ...over,
  };
}

/** The state after one visit that concluded nothing. */
export function aState(over: Partial<Endpoint> = {}, version = 0): EndpointState {
  const endpoint = anEndpoint(over);
  const reading = {
    id: `r/${endpoint.id}`,
    runId: 'r',
    at: AT,
    endpoint,
    vantage: 'test',
    observations: [],
    vantageAlive: false,
  };
  return { ...decide(undefined, reading, EMPTY_ALLOWLIST, new Date(AT)).state, version };
}

export function anIncident(over: Partial<Incident> = {}): Incident {
  return {
    id: '21511d9f-a890-5a7a-98a7-e3fc24e0e1d1',
    endpointId: 'device-analytics',
    protection: 'authentication',
    openSeq: 1,
    origin: 'removed',
    basis: 'observed',
    from: 'on',
    to: 'off',
    verdict: 'exposed',
    severity: 'critical',
    score: 100,
    reasons: ['a', 'b', 'c'],
    start: { lower: '2026-12-04T09:59:00.000Z', upper: AT },
    detectedAt: AT,
    lastBadAt: AT,
    status: 'open',
    allowances: [],
    evidence: 'open-anonymous',
    ...over,
  };
}

export function aNotice(over: Partial<Notice> = {}): Notice {
  const incident = over.incident ?? anIncident();
  const { id, host, port, engine } = anEndpoint();
  return {
    key: `${incident.id}/opened/1`,
    kind: 'opened',
    createdAt: AT,
    incident,
    also: [],
    endpoint: { id, host, port, engine, addresses: [host], vantages: ['test'] },
    subject: '[CRIT] OPEN w/o auth',
    lines: Array.from({ length: 10 }, (_, i) => `line ${i}`),
    ...over,
  };
}

export function aLine(over: Partial<LedgerLine> = {}): LedgerLine {
  return {
    kind: 'probe',
    runId: 'r',
    subject: 'device-analytics',
    observedAt: AT,
    recordedAt: AT,
    body: { verdict: 'exposed' },
    ...over,
  };
}
