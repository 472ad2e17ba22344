/**
 * What a human says of an incident: acknowledged, noted, assigned, aware that personal data are affected. Each act is a line
 * of the ledger and a part of the incident; said again it changes nothing. It opens and closes nothing, and silences
 * reminders alone. Pure.
 */
import { type Handling, MAX_ACTOR, MAX_NOTE, MAX_NOTES } from '../model/handling.ts';
import type { Incident } from '../model/incident.ts';
import type { Json, LedgerLine } from '../model/ledger.ts';
import type { EndpointState } from '../model/state.ts';
import { printable } from '../model/text.ts';
import type { Decision } from './decide.ts';
import { isAcked } from './ladder.ts';

export type Act =
  | { readonly kind: 'ack' }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'assign'; readonly to: string }
  /** `exact`: somebody named the moment. Said without, it is now, where nobody said so before. */
  | { readonly kind: 'aware'; readonly since: string; readonly exact?: true };

export interface Actor {
  readonly by: string;
  readonly runId: string;
}

/** `incident` as the store has it: where its window is folded away, the state does not hold it any more. */
export function handle(before: EndpointState, incident: Incident, act: Act, actor: Actor, now: Date): Decision {
  const current = before.incidents.find(({ id }) => id === incident.id) ?? incident;
  const at = now.toISOString();
  const by = printable(actor.by, MAX_ACTOR);
  const handling = handlingAfter(current, act, { by, at });
  if (handling === undefined) return unchanged(before);
  const handled: Incident = { ...current, handling };
  const incidents = before.incidents.map((one) => (one.id === handled.id ? handled : one));
  return {
    ...unchanged({ ...before, incidents }),
    changed: true,
    lines: [lineOf(handled, act, { ...actor, by }, at)],
    incidents: [handled],
  };
}

/** `undefined` where it was said before. */
function handlingAfter(incident: Incident, act: Act, said: { by: string; at: string }): Handling | undefined {
  const handling = incident.handling ?? {};
  switch (act.kind) {
    case 'ack':
      if (handling.acked !== undefined && isAcked(incident)) return undefined;
      return { ...handling, acked: { ...said, severity: incident.severity } };
    case 'assign': {
      const to = printable(act.to, MAX_ACTOR);
      return handling.assigned?.to === to ? undefined : { ...handling, assigned: { ...said, to } };
    }
    case 'aware':
      if (handling.aware !== undefined && (act.exact !== true || handling.aware.since === act.since)) return undefined;
      return { ...handling, aware: { ...said, since: act.since } };
    case 'note': {
      const text = printable(act.text, MAX_NOTE);
      const notes = handling.notes ?? [];
      const isKnown = notes.some((note) => note.by === said.by && note.text === text);
      return isKnown ? undefined : { ...handling, notes: [...notes, { ...said, text }].slice(-MAX_NOTES) };
    }
  }
}

function lineOf(incident: Incident, act: Act, { by, runId }: Actor, at: string): LedgerLine {
  const said = JSON.parse(JSON.stringify(act)) as { readonly [key: string]: Json };
  const text = act.kind === 'note' ? { text: printable(act.text, MAX_NOTE) } : {};
  const to = act.kind === 'assign' ? { to: printable(act.to, MAX_ACTOR) } : {};
  const { id, protection, severity } = incident;
  return {
    kind: 'act',
    runId,
    subject: incident.endpointId,
    observedAt: at,
    recordedAt: at,
    body: { ...said, ...text, ...to, by, incidentId: id, protection, severity },
  };
}

function unchanged(state: EndpointState): Decision {
  return { state, changed: false, transitions: [], lines: [], notices: [], incidents: [] };
}
