/**
 * What a sweep says of what was known before: still there, unseen, perhaps gone. Pure. A list that is in doubt proves
 * no absence; a whole list that misses something twice only earns it a question to the API; the API's own "there is no
 * such thing" alone makes it gone (aws-services.md section 0; issue: coverage).
 */
import { type CoverageGap, doorName, type Endpoint, isRegistered } from '../model/endpoint.ts';
import { needsProof } from '../model/ownership.ts';
import {
  cellKey,
  type CellRecord,
  type CellReport,
  type CellStatus,
  type KnownEndpoint,
  type PlaceRecord,
} from '../model/inventory.ts';

/** Whole lists in a row without it, before the API is asked for it by name. */
export const MISSES_TO_ASK = 2;

export interface Presence {
  readonly endpoints: readonly Endpoint[];
  /** Ids known and not listed. They stay known. */
  readonly unseen: readonly string[];
  /** Ids that two whole lists missed: ask for each by name. */
  readonly ask: readonly string[];
  readonly recreated: readonly { readonly endpointId: string; readonly from: string; readonly to: string }[];
  readonly record: CellRecord;
}

export function presenceOf(before: CellRecord | undefined, report: CellReport): Presence {
  const known = before?.known ?? {};
  const endpoints = stableIds(known, report.endpoints).map((e) => ({ ...e, declaredAt: report.at }));
  const listed = new Set(endpoints.map((e) => e.id));
  const isWhole = report.status === 'complete';
  const missed = Object.entries(known)
    .filter(([id]) => !listed.has(id))
    .map(([id, k]): readonly [string, KnownEndpoint] => [id, isWhole ? { ...k, misses: k.misses + 1 } : k]);
  const detail = report.gaps.find((g) => g.subject.endsWith(`/${report.service}`))?.detail;
  const completeAt = isWhole ? report.at : before?.completeAt;
  return {
    endpoints,
    unseen: missed.map(([id]) => id),
    ask: isWhole ? missed.filter(([, k]) => k.misses >= MISSES_TO_ASK).map(([id]) => id) : [],
    recreated: endpoints.flatMap((e) => {
      const from = known[e.id]?.incarnation;
      return from === undefined || e.incarnation === undefined || from === e.incarnation
        ? []
        : [{ endpointId: e.id, from, to: e.incarnation }];
    }),
    record: {
      status: report.status,
      triedAt: report.at,
      ...(completeAt === undefined ? {} : { completeAt }),
      calls: report.calls,
      known: Object.fromEntries([...missed, ...endpoints.map((e) => [e.id, knownOf(e, known[e.id])] as const)]),
      ...(detail === undefined ? {} : { detail }),
      ...(isWhole || report.status === 'not-offered' ? {} : { failures: (before?.failures ?? 0) + 1 }),
      ...(before?.told === undefined ? {} : { told: before.told }),
      ...(report.gaps.some((gap) => isUnfinished(gap, report)) ? { unsettled: true as const } : {}),
      // What a list in doubt did not show is still there.
      ...watchedOf(isWhole ? report.watched : Math.max(report.watched ?? 0, before?.watched ?? 0)),
    },
  };
}

/** A resource that is listed and has no door yet. */
function isUnfinished({ code, subject }: CoverageGap, { place, service }: CellReport): boolean {
  return code === 'incomplete' && subject !== cellKey(place, service);
}

function watchedOf(watched: number | undefined): Pick<CellRecord, 'watched'> {
  return watched === undefined || watched === 0 ? {} : { watched };
}

function knownOf(endpoint: Endpoint, before: KnownEndpoint | undefined): KnownEndpoint {
  const { declared, incarnation = before?.incarnation } = endpoint;
  const open = [declared.network, declared['access-policy'], declared.sharing].some(
    (p) => p?.level === 'off' || p?.level === 'partial',
  );
  const changing = Object.values(declared).some((p) => p.pending !== undefined);
  return {
    misses: 0,
    // An address is visited only while a young reading proves it ours: such a cell is read every five minutes.
    hot: open || changing || needsProof(endpoint),
    ...(incarnation === undefined ? {} : { incarnation }),
    ...(isRegistered(endpoint) ? {} : { door: endpoint }),
    ...(before?.mergedInto === undefined ? {} : { mergedInto: before.mergedInto }),
  };
}

/**
 * A renamed resource keeps its id: the one it was first seen under, found again by the provider's own id of it. Its
 * history and high-water marks go with it. Whoever takes the old name later gets an id of its own.
 */
function stableIds(known: CellRecord['known'], listed: readonly Endpoint[]): readonly Endpoint[] {
  const lives = Object.entries(known).map(([id, { incarnation }]) => ({ id, incarnation }));
  const [before, now] = [onlyOnes(lives), onlyOnes(listed)];
  const taken = new Map<string, Endpoint>();
  const others: Endpoint[] = [];
  for (const endpoint of listed) {
    const life = lifeOf(endpoint);
    const old = life === undefined || now.get(life) === undefined ? undefined : before.get(life);
    if (old === undefined) others.push(endpoint);
    else taken.set(old.id, { ...endpoint, id: old.id });
  }
  for (const endpoint of others) {
    const id = taken.has(endpoint.id) ? `${endpoint.id}@${endpoint.incarnation ?? endpoint.port}` : endpoint.id;
    taken.set(id, { ...endpoint, id });
  }
  return [...taken.values()];
}

interface Life {
  readonly id: string;
  readonly incarnation?: string | undefined;
}

/** By life. One that two have (both made in the same second) says nothing of either. */
function onlyOnes(lives: readonly Life[]): ReadonlyMap<string, Life | undefined> {
  const map = new Map<string, Life | undefined>();
  for (const one of lives) {
    const life = lifeOf(one);
    if (life !== undefined) map.set(life, map.has(life) ? undefined : one);
  }
  return map;
}

function lifeOf({ id, incarnation }: Life): string | undefined {
  return incarnation === undefined ? undefined : `${incarnation}|${doorName({ id })}`;
}

/** An endpoint that a list in doubt did not show: all that was declared is unknown, and the gap says why. */
export function unseenEndpoint(endpoint: Endpoint): Endpoint {
  return { ...endpoint, declared: {} };
}

/** Why an unseen endpoint is unknown. */
export function unseenGap(id: string, report: CellReport): CoverageGap {
  const gap = report.gaps[0];
  return report.status === 'complete' || gap === undefined
    ? {
        stage: 'inventory',
        subject: id,
        code: 'not-in-inventory',
        detail: `${report.service} no longer lists it; its deletion is not confirmed`,
      }
    : { stage: 'inventory', subject: id, code: gap.code, detail: gap.detail };
}

/** The place as remembered after this sweep; cells that were not swept stay as they were. */
export function mergePlace(
  before: PlaceRecord | undefined,
  place: PlaceRecord['place'],
  cells: PlaceRecord['cells'],
): PlaceRecord {
  return { place, cells: { ...before?.cells, ...cells } };
}

/** Once a place had it, "there is no such service here" is an answer in doubt: else all of it would vanish. */
export function believed(before: CellRecord | undefined, report: CellReport): CellReport {
  if (report.status !== 'not-offered' || before?.completeAt === undefined) return report;
  const gap: CoverageGap = {
    stage: 'inventory',
    subject: cellKey(report.place, report.service),
    code: 'not-answered',
    detail: `read there on ${before.completeAt}; now it answers as if there were no such service`,
  };
  return { ...report, status: 'failed', gaps: [...report.gaps, gap] };
}

/** The gap that a cell of this status is; `undefined` where there is none. */
export function codeOfStatus(status: CellStatus): CoverageGap['code'] | undefined {
  switch (status) {
    case 'complete':
    case 'not-offered':
      return undefined;
    case 'denied':
    case 'throttled':
    case 'not-enabled':
      return status;
    case 'partial':
      return 'incomplete';
    case 'failed':
      return 'not-answered';
  }
}
