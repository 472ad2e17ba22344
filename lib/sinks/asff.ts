/**
 * A notice as findings of the AWS Security Finding Format, one for each incident, as BatchImportFindings of Security Hub takes
 * them (lib/model/asff.ts).
 */
import { type Finding, FINDING_LIMITS, findingOf, type FindingPlace, findingPlace } from '../model/asff.ts';
import type { Incident, Notice } from '../model/incident.ts';
import { inert } from './inert.ts';
import { spelledJson } from '../model/text.ts';

const MAX_ALSO = 8;

/** The body of BatchImportFindings; `undefined` where Security Hub has no place for it. */
export function asffJson(notice: Notice): string | undefined {
  const findings = findingsOf(notice);
  return findings.length === 0 ? undefined : spelledJson(JSON.stringify({ Findings: findings }));
}

export function findingsOf(notice: Notice): readonly Finding[] {
  const place = findingPlace(notice.endpoint.account, notice.endpoint.region);
  if (place === undefined) return [];
  return [notice.incident, ...notice.also.slice(0, MAX_ALSO)].map((incident) => told(incident, notice, place));
}

function told(incident: Incident, { endpoint, lines, subject, key, createdAt }: Notice, place: FindingPlace): Finding {
  const where = text(`${endpoint.name ?? endpoint.id} ${endpoint.host}:${endpoint.port}`, FINDING_LIMITS.title / 2);
  const remedy = lines.find((line) => line.startsWith('DO NOW'))?.slice('DO NOW'.length);
  return findingOf(incident, place, {
    id: text(`ajar/${incident.id}`, FINDING_LIMITS.id),
    title: text(`${incident.protection} ${incident.to}: ${where}`, FINDING_LIMITS.title),
    description: text(lines.filter(isDescription).join(' | ') || subject, FINDING_LIMITS.description),
    remedy: text(remedy ?? 'see the runbook of ajar', FINDING_LIMITS.recommendation),
    updatedAt: createdAt,
    fields: { 'ajar/notice': text(key, FINDING_LIMITS.id), 'ajar/verdict': incident.verdict },
    resource: {
      id: text(endpoint.arn ?? `${endpoint.host}:${endpoint.port}`, FINDING_LIMITS.id),
      engine: text(endpoint.engine, FINDING_LIMITS.engine),
      port: endpoint.port,
    },
  });
}

function isDescription(line: string): boolean {
  return /^(WHAT|WHERE|SINCE|WHO|DATA) /.test(line);
}

/** Never empty: the format wants a character that is no blank. */
function text(said: string, limit: number): string {
  return inert(said, limit) || 'not named';
}
