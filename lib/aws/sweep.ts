/**
 * Runs the collectors of one place side by side: two calls in flight per service, one client per service, one read of
 * the network for all. A collector that fails is its own cell's failure; the others do not notice.
 */
import pLimit from 'p-limit';
import type { CellReport, Place } from '../model/inventory.ts';
import type { Network } from '../model/network.ts';
import { type CellParts, type ClientMaker, type OpenCell, openCell } from './cell.ts';
import { cellClients, type CellClients } from './clients.ts';
import type { Collector } from './collector.ts';

/** Describe calls are undocumented at about 10 to 20 a second; an account's own automation needs most of that. */
export const CALLS_AT_ONCE = 2;

export interface SweepRun {
  readonly collectors: readonly Collector[];
  readonly client: <C>(make: ClientMaker<C>, account: string, region: string) => C;
  readonly readNetwork: (cell: OpenCell) => Promise<Network>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Every call, as it is made: for counting, and to keep the role policy honest. */
  readonly onCall?: (action: string, place: Place) => void;
}

/** The network's own cell: what it could not read is its gap, and an unknown to whoever needed it. */
export const NETWORK_SERVICE = 'network';

export async function sweepPlace(place: Place, run: SweepRun): Promise<readonly CellReport[]> {
  // What was asked for first may be as old as this when the last answer is in.
  const at = run.now().toISOString();
  const memo: CellParts['memo'] = new Map();
  const clients: CellClients[] = [];
  const counts = new Map<string, number>();
  let network: Promise<Network> | undefined;
  let networkCell: OpenCell | undefined;
  const open = (service: string, region: string = place.region): OpenCell => {
    const own = cellClients((make) => run.client(make, place.account, region));
    clients.push(own);
    const limit = pLimit(CALLS_AT_ONCE);
    return openCell({
      // A global service that answers elsewhere still belongs to the place it is swept with.
      place,
      service,
      now: run.now,
      signal: run.signal,
      memo,
      run: (action, call) =>
        limit(async () => {
          counts.set(service, (counts.get(service) ?? 0) + 1);
          run.onCall?.(action, place);
          return call();
        }),
      client: (make) => own.of(make),
      network: () => {
        networkCell ??= open(NETWORK_SERVICE);
        network ??= run.readNetwork(networkCell);
        return network;
      },
    });
  };
  try {
    const reports = await Promise.all(
      run.collectors.map((collector) => {
        const cell = open(collector.service, collector.homeRegion ?? place.region);
        return collectOne(collector, cell, place, { ...run, at }, () => counts.get(collector.service) ?? 0);
      }),
    );
    const own =
      networkCell === undefined ? [] : [reportOf(networkCell, place, [], at, counts.get(NETWORK_SERVICE) ?? 0)];
    return notOffered([...reports, ...own]);
  } finally {
    for (const own of clients) own.destroy();
  }
}

async function collectOne(
  collector: Collector,
  cell: OpenCell,
  place: Place,
  run: SweepRun & { readonly at: string },
  calls: () => number,
): Promise<Report> {
  try {
    const endpoints = await collector.collect(cell);
    return reportOf(cell, place, endpoints, run.at, calls());
  } catch (error) {
    // A collector never throws for what AWS does: this is a bug of ours, and no reason to lose the other cells.
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    cell.gap(run.signal.aborted ? 'cancelled' : 'fault', `${collector.service}: ${what}`);
    return reportOf(cell, place, [], run.at, calls());
  }
}

type Report = CellReport & { readonly noSuchHost: boolean };

function reportOf(cell: OpenCell, place: Place, endpoints: CellReport['endpoints'], at: string, calls: number): Report {
  return {
    place,
    service: cell.service,
    status: cell.status(endpoints.length),
    endpoints: unique(endpoints),
    gaps: cell.gaps(),
    calls,
    at,
    ...(cell.watched() === 0 ? {} : { watched: cell.watched() }),
    noSuchHost: cell.problems.length > 0 && cell.problems.every((p) => p.noSuchHost),
  };
}

/** A page that AWS served twice must not become two endpoints. */
function unique(endpoints: CellReport['endpoints']): CellReport['endpoints'] {
  return [...new Map(endpoints.map((e) => [e.id, e])).values()];
}

/**
 * A name that resolves nowhere, in a place where other services answered, is a service that AWS does not run there
 * (docs/decisions/0010). Where nothing answered, the blind one may be us: it stays a failure.
 */
function notOffered(reports: readonly Report[]): readonly CellReport[] {
  const answered = reports.some((r) => r.status === 'complete');
  return reports.map(({ noSuchHost, ...report }) =>
    noSuchHost && answered && report.endpoints.length === 0 ? { ...report, status: 'not-offered', gaps: [] } : report,
  );
}
