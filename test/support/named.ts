/** Windows as a fold gives them, without one, and the incidents they are named for. */
import { EMPTY_FOLD } from '../../lib/assess/fold.ts';
import { type Named, nameWindows } from '../../lib/assess/windows.ts';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { CloseCause, Incident } from '../../lib/model/incident.ts';
import type { EndpointState, SampleContext, Window } from '../../lib/model/state.ts';
import { instant } from './readings.ts';

export const NOW = new Date(instant(7_200));
export const SEEN: SampleContext = {
  verdict: { name: 'exposed', shadow: false, confirmed: true, why: '' },
  ...{ auth: 'open-anonymous', proof: 4, encrypted: true },
};
export type Span = readonly [from: number, to?: number, cause?: CloseCause];

export function aWindow([from, to, cause = 'fixed']: Span, over: Partial<Window> = {}): Window {
  return {
    ...{ protection: 'authentication', basis: 'observed', origin: 'adoption', to: 'off', startUpper: instant(from) },
    ...{ detectedAt: instant(from + 1), lastBadAt: instant(from), allowances: [], evidence: 'anonymous', worst: SEEN },
    ...(to === undefined ? {} : { closed: { lower: instant(from), upper: instant(to), cause } }),
    ...over,
  };
}

interface Folding {
  /** Closed for good; the others may be reopened. */
  readonly closed?: readonly Window[];
  readonly upTo?: number;
  readonly list?: Allowlist;
  /** Until when the state before had folded. */
  readonly base?: number;
}
/** What is named after `before`, a list of incidents or what was named last. */
export function name(before: Named | Incident[] | undefined, windows: readonly Window[], folding: Folding = {}): Named {
  const { closed = [], upTo, list = EMPTY_ALLOWLIST, base } = folding;
  const known = Array.isArray(before) ? { incidents: before, openSeq: {} } : before;
  const fold = {
    ...{ ...EMPTY_FOLD, open: windows.filter((w) => w.closed === undefined) },
    rested: windows.filter((w) => w.closed !== undefined),
    ...(upTo === undefined ? {} : { upTo: instant(upTo) }),
  };
  const state = { ...known, base: { ...EMPTY_FOLD, ...(base === undefined ? {} : { upTo: instant(base) }) } };
  return nameWindows(known === undefined ? undefined : (state as EndpointState), 'es-1', { fold, closed }, list, NOW);
}
export const one = (span: Span, over: Partial<Window> = {}): Named => name(undefined, [aWindow(span, over)]);
export const only = ({ incidents }: Named): Incident => incidents[0] as Incident;
export const told = ({ changes }: Named): readonly string[] =>
  changes.map(({ kind, incident, tell }) => `${kind} ${incident.openSeq}${tell === undefined ? '' : ` as ${tell}`}`);
