/** One report with the same stranger's text in every place a stranger can reach. */
import type { Engine } from '../../lib/model/endpoint.ts';
import type { DataAtRisk } from '../../lib/model/observation.ts';
import type { Report } from '../../lib/model/report.ts';
import { incidentOf, reportEndpoint, totalsOf } from './report-parts.ts';
import { hostileEvidence } from './sample-evidence.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

const AT = '2019-12-04T15:03:11.020Z';

export function hostileReport(text: string): Report {
  const data: DataAtRisk = {
    objects: 1,
    records: 7,
    bytes: 512,
    classes: [{ class: 'credential', count: 1, because: [text] }],
    samples: [text],
    truncated: true,
    ransomMarkers: 1,
  };
  const endpoint = {
    ...{ id: text, host: text, port: 9200, engine: 'elasticsearch' as Engine, source: 'aws' as const },
    ...{ account: text, region: text, name: text, arn: text },
    tags: Object.fromEntries([[text, text]]),
    declared: {},
  };
  const certificate = {
    ...{ subject: text, issuer: text, notBefore: text, notAfter: text, sha256: text },
    ...{ selfSigned: true, matchesHost: false },
  };
  const seen = reportEndpoint(
    endpoint,
    {
      ...{ verdict: 'exposed', why: text, declared: { network: 'on' }, observed: { network: 'off' } },
      ...{ auth: 'open-anonymous', product: text, version: text, data },
      tls: { version: text, cipher: text, certificate },
    },
    '2019-12-08T23:59:04.118Z',
  );
  const endpoints = [{ ...seen, posture: { ...seen.posture, addresses: [text] } }];
  const incident = incidentOf(endpoint, {
    ...{ id: '8a6e0f3c-77d1-5b0e-8f63-5b1d2c9e4a02', protection: 'network', origin: 'removed', basis: 'observed' },
    ...{ from: 'on', to: 'off', verdict: 'exposed', severity: 'critical', score: 98, reasons: [text] },
    start: { lower: '2019-12-04T15:02:10.412Z', upper: '2019-12-04T15:03:10.390Z' },
    ...{ detectedAt: '2019-12-04T15:03:11.020Z', lastBadAt: '2019-12-08T23:59:04.118Z', status: 'open' },
    attribution: {
      changes: [
        {
          ...{ id: text, at: AT, source: text, name: text },
          actor: { who: text, type: text, human: text, from: text, channel: 'console', by: text },
        },
      ],
    },
    ...{ allowances: [text], data, evidence: text, glass: { entries: [text], isOver: true } },
    wasAccepted: [{ id: text, until: '2019-12-03', reason: text, ticket: text }],
    handling: {
      acked: { by: text, at: AT, severity: 'critical' },
      assigned: { by: text, at: AT, to: text },
      aware: { by: text, at: AT, since: AT },
      notes: [{ by: text, at: AT, text }],
    },
  });
  const incidents = [{ ...incident, engine: text, exposure: { least: 4018 } }];
  return {
    ...SAMPLE_REPORT,
    totals: totalsOf(endpoints, incidents, 1),
    endpoints,
    incidents,
    gaps: [{ stage: 'probe', subject: text, code: 'no-answer', detail: text, since: '2019-12-08T22:40:00.000Z' }],
    allowlist: { file: text, digest: text, entries: 1 },
    evidence: hostileEvidence(text),
    limits: [text],
  };
}
