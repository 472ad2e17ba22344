/**
 * The population of a report (evidence-and-alerts.md section 1.2, Q1): every cell that was to be read with how it answered
 * last, where endpoints were listed, and where inventories that do not know of each other disagree.
 */
import type { ReportEndpoint } from '../model/report.ts';
import type { PopulationCell, PopulationDifference, ReportPopulation } from '../model/report-evidence.ts';
import type { ReportCell, ReportPlace } from '../model/report-inputs.ts';
import { isRegistered } from '../model/endpoint.ts';

export function populationOf(
  places: readonly ReportPlace[],
  endpoints: readonly ReportEndpoint[],
  to: string,
): ReportPopulation {
  const cells: PopulationCell[] = [];
  const unseen: PopulationDifference[] = [];
  for (const { place, cells: byService } of places) {
    for (const [service, cell] of Object.entries(byService)) {
      cells.push({ account: place.account, region: place.region, service, ...cellOf(cell, to) });
      unseen.push(...unseenOf(service, cell));
    }
  }
  return {
    cells: cells.toSorted((a, b) =>
      order(`${a.account}/${a.region}/${a.service}`, `${b.account}/${b.region}/${b.service}`),
    ),
    sources: sourcesOf(endpoints),
    differences: [...unseen, ...endpoints.flatMap(differencesOf)].toSorted(
      (a, b) => order(a.endpointId, b.endpointId) || order(a.disposition, b.disposition),
    ),
  };
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** As it answered last. Of a period that was over before, that is said: how it answered then only its gaps tell. */
function cellOf(
  { status, triedAt, completeAt, calls, known, detail }: ReportCell,
  to: string,
): Omit<PopulationCell, 'account' | 'region' | 'service'> {
  const later = triedAt > to ? 'as it answered after the end of the period' : undefined;
  const said = [later, detail].filter((part) => part !== undefined).join('; ');
  return {
    ...{ status, listed: Object.values(known).filter(({ gone }) => gone !== true).length, calls, triedAt },
    ...(completeAt === undefined ? {} : { completeAt }),
    ...(said === '' ? {} : { detail: said }),
  };
}

function unseenOf(service: string, { known, status }: ReportCell): readonly PopulationDifference[] {
  return Object.entries(known).flatMap(([endpointId, { misses, gone }]) =>
    misses === 0 || gone === true
      ? []
      : [
          {
            endpointId,
            disposition: 'unseen' as const,
            detail: `${service} no longer lists it, ${misses} whole lists in a row; the last list is ${status}; its deletion is not confirmed`,
          },
        ],
  );
}

function differencesOf({ endpoint, posture: { verdict } }: ReportEndpoint): readonly PopulationDifference[] {
  const found: PopulationDifference[] = [];
  if (!isRegistered(endpoint)) {
    const by = (endpoint.foundBy ?? []).join(', ') || 'an independent inventory';
    found.push({
      endpointId: endpoint.id,
      disposition: 'forgotten',
      detail: `found by ${by}; no service and no file lists it`,
    });
  }
  if (verdict.shadow) found.push({ endpointId: endpoint.id, disposition: 'shadow', detail: verdict.why });
  return found;
}

/** A file, the service that lists it, and every other way in which it was found as well. */
function sourcesOf(endpoints: readonly ReportEndpoint[]): ReportPopulation['sources'] {
  const counts = new Map<string, number>();
  for (const { endpoint } of endpoints) {
    const { source, service, foundBy = [] } = endpoint;
    const listed = source === 'file' ? ['file'] : isRegistered(endpoint) ? [service ?? 'aws'] : [];
    const others = foundBy.filter((by) => by !== 'file' && by !== 'service').map((by) => `found by ${by}`);
    for (const name of [...listed, ...others]) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([source, count]) => ({ source, endpoints: count }))
    .toSorted((a, b) => order(a.source, b.source));
}
