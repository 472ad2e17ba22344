/** `ajar exposed`: the report of one day, read for one endpoint, so that both can never differ. */
import { type Exposed, exposedOn } from '../assess/exposed.ts';
import { AjarError } from '../model/errors.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { ReportIncident } from '../model/report.ts';
import type { EndpointWatch, Interruption } from '../model/report-evidence.ts';
import type { StateStore } from '../model/store.ts';
import { buildReport } from './report.ts';

export interface ExposedReport extends Exposed {
  readonly endpoint: string;
  readonly on: { readonly from: string; readonly to: string };
  readonly coverage?: EndpointWatch;
  readonly interruptions: readonly Interruption[];
  readonly windows: readonly ReportIncident[];
}

export interface ExposedQuery {
  readonly endpointId: string;
  readonly on: { readonly from: string; readonly to: string };
  readonly allowlist: Allowlist;
  readonly toolVersion: string;
  readonly now: Date;
}

/** Throws `bad-input` for an endpoint that nobody knows and a day that has not begun. */
export async function exposed(store: StateStore, query: ExposedQuery): Promise<ExposedReport> {
  const { endpointId, on, allowlist, toolVersion, now } = query;
  if (on.from >= now.toISOString())
    throw new AjarError('bad-input', `${on.from} has not come yet`, { cure: 'choose a day of the past' });
  const state = await store.read(endpointId);
  if (state === undefined)
    throw new AjarError('bad-input', `${endpointId}: no endpoint of this id is on record`, {
      cure: 'endpoint ids are in endpoints.csv of a report',
    });
  const to = [on.to, now.toISOString()].toSorted()[0] ?? on.to;
  let built: Awaited<ReturnType<typeof buildReport>>;
  try {
    built = await buildReport(store, { from: on.from, to, allowlist, toolVersion });
  } catch (error) {
    // A day before the first reading: of that the record says nothing, and that is the answer.
    if (!(error instanceof AjarError) || error.code !== 'bad-input') throw error;
    return { endpoint: endpointId, on, answer: 'not known', why: [error.message], interruptions: [], windows: [] };
  }
  const { incidents, evidence } = built;
  const coverage = evidence.watch.endpoints.find((watch) => watch.endpointId === endpointId);
  const interruptions = evidence.watch.interruptions.filter(
    ({ subject }) => subject === endpointId || subject === 'all',
  );
  const windows = incidents.filter((incident) => incident.endpointId === endpointId);
  const facts = {
    ...{ on: { from: on.from, to: on.to }, incidents: windows, interruptions },
    ...(coverage === undefined ? {} : { watch: coverage }),
    ...(to < on.to ? { endsAt: to } : {}),
  };
  return {
    ...{ endpoint: endpointId, on, ...exposedOn(facts), interruptions, windows },
    ...(coverage === undefined ? {} : { coverage }),
  };
}
