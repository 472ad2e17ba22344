/** A report of so many endpoints, a window of every twentieth and a gap of every fiftieth. What they have in common they share. */
import type { Report, ReportEndpoint, ReportIncident } from '../../lib/model/report.ts';
import { totalsOf } from './report-parts.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

function at<T>(items: readonly T[], place: number): T {
  const item = items[place % items.length];
  if (item === undefined) throw new Error('the sample is not empty');
  return item;
}

export function largeReport(rows: number): Report {
  const { evidence } = SAMPLE_REPORT;
  const endpoints = Array.from({ length: rows }, (_, place): ReportEndpoint => {
    const sample = at(SAMPLE_REPORT.endpoints, place);
    const host = `e${place}.example.com`;
    return {
      ...sample,
      endpoint: { ...sample.endpoint, id: `file:${host}:${sample.endpoint.port}`, host, name: `e${place}` },
    };
  });
  const incidents = Array.from({ length: Math.floor(rows / 20) }, (_, place): ReportIncident => {
    const { id: endpointId, host, name = '' } = at(endpoints, place * 20).endpoint;
    const sample = at(SAMPLE_REPORT.incidents, place);
    return { ...sample, id: `${sample.id.slice(0, -6)}${String(place).padStart(6, '0')}`, endpointId, host, name };
  });
  const gaps = Array.from({ length: Math.floor(rows / 50) }, (_, place) => ({
    ...at(SAMPLE_REPORT.gaps, place),
    subject: at(endpoints, place * 50).endpoint.id,
  }));
  const watched = endpoints.map(({ endpoint: { id } }) => ({
    endpointId: id,
    existed: 604_800,
    watched: 604_000,
    percent: 99.867,
  }));
  return {
    ...{ ...SAMPLE_REPORT, endpoints, incidents, gaps, totals: totalsOf(endpoints, incidents, gaps.length) },
    evidence: { ...evidence, watch: { ...evidence.watch, endpoints: watched } },
  };
}
