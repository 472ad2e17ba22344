/** What no single field of a history can say: that its parts fit together, and that it can be replayed in reasonable time. */
const MAX_DAYS = 400;
/** Around each event every minute is played for every endpoint: this many of both together take about a minute. */
const MAX_WORK = 2_000;

interface Parts {
  readonly from: string;
  readonly until: string;
  readonly accounts: readonly { readonly id: string; readonly regions: readonly string[] }[];
  readonly endpoints: readonly { readonly id: string; readonly account: string; readonly region: string }[];
  readonly events?: readonly Deed[] | undefined;
  readonly faults?: readonly { readonly at: string }[] | undefined;
}
interface Deed {
  readonly at: string;
  readonly endpoint: string;
  readonly does: 'change' | 'create' | 'delete';
  readonly declared?: object | undefined;
  readonly observed?: { readonly door?: unknown } | undefined;
}
interface Inconsistency {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export function inconsistencies(file: Parts): readonly Inconsistency[] {
  return [...ofTime(file), ...ofPlaces(file), ...ofDeeds(file)];
}

function* ofTime({ from, until, events = [], faults = [], endpoints }: Parts): Iterable<Inconsistency> {
  const days = (Date.parse(until) - Date.parse(from)) / 86_400_000;
  if (days <= 0) yield { path: ['until'], message: 'is not after from: give a later instant' };
  if (days > MAX_DAYS)
    yield { path: ['until'], message: `is more than ${MAX_DAYS} days after from: give an earlier one` };
  for (const [list, items] of [
    ['events', events],
    ['faults', faults],
  ] as const) {
    for (const [i, { at }] of items.entries()) {
      if (at < from || at > until)
        yield { path: [list, i, 'at'], message: 'lies outside of from and until: move it inside' };
    }
  }
  if (events.length * endpoints.length > MAX_WORK) {
    const message = `times endpoints are more than ${MAX_WORK}: split the history into several files`;
    yield { path: ['events'], message };
  }
}

function* ofPlaces({ accounts, endpoints }: Parts): Iterable<Inconsistency> {
  const seen = new Set<string>();
  for (const [i, { id, account, region }] of endpoints.entries()) {
    if (seen.has(id))
      yield { path: ['endpoints', i, 'id'], message: 'is taken: every endpoint needs an id of its own' };
    seen.add(id);
    const listed = accounts.find((a) => a.id === account);
    if (listed === undefined) yield { path: ['endpoints', i, 'account'], message: 'is none of accounts: add it there' };
    else if (!listed.regions.includes(region))
      yield { path: ['endpoints', i, 'region'], message: `is none of the regions of ${account}: add it there` };
  }
}

function* ofDeeds({ endpoints, events = [] }: Parts): Iterable<Inconsistency> {
  const exists = new Map(endpoints.map(({ id }) => [id, livesAtFirst(id, events)]));
  let last = '';
  for (const [i, { at, endpoint, does, declared, observed }] of events.entries()) {
    const here = ['events', i];
    if (at < last) yield { path: [...here, 'at'], message: 'is before the event above it: put events in order' };
    last = at;
    const lives = exists.get(endpoint);
    if (lives === undefined) {
      yield { path: [...here, 'endpoint'], message: 'is none of endpoints: add it there, or correct the id' };
      continue;
    }
    if (lives === (does === 'create')) {
      const message = lives
        ? 'is create, and it exists already: say change'
        : `is ${does}, and it does not exist then: create it first`;
      yield { path: [...here, 'does'], message };
    }
    const isEmpty = declared === undefined && observed === undefined;
    if (does === 'change' && isEmpty)
      yield { path: [...here, 'does'], message: 'is change, and nothing changes: add declared or observed' };
    exists.set(endpoint, does !== 'delete');
  }
}

/** What an event creates before any other touches it does not exist before. */
export function livesAtFirst(id: string, events: readonly Pick<Deed, 'endpoint' | 'does'>[]): boolean {
  return events.find(({ endpoint }) => endpoint === id)?.does !== 'create';
}
