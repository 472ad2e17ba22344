/** What people do about incidents, and what is owed of those that stay open; on any store. */
import { type Act, type Actor, handle } from '../assess/handling.ts';
import { isDue, remind } from '../assess/ladder.ts';
import { AjarError } from '../model/errors.ts';
import type { Incident } from '../model/incident.ts';
import type { StateStore } from '../model/store.ts';
import { commitUntilDone } from './assess.ts';

/** The incident of this id, or of the only one that starts so; people copy the beginning. */
export async function findIncident(store: Pick<StateStore, 'incidents'>, id: string): Promise<Incident> {
  const wanted = id.toLowerCase();
  if (!/^[0-9a-f-]{6,36}$/.test(wanted))
    throw new AjarError('bad-input', 'an incident id has 36 characters of 0-9, a-f and -; at least the first 6', {
      cure: 'ajar incidents lists them',
    });
  const found: Incident[] = [];
  for await (const incident of store.incidents()) {
    if (incident.id.startsWith(wanted)) found.push(incident);
    if (found.length > 1) break;
  }
  const [incident, other] = found;
  if (incident === undefined || other !== undefined)
    throw new AjarError('bad-input', `${wanted}: ${other === undefined ? 'no incident of this id' : 'more than one'}`, {
      cure: 'ajar incidents --all lists every incident',
    });
  return incident;
}

/** Whether it was news, and the incident as it is then. */
export async function act(
  store: StateStore,
  id: string,
  what: Act,
  actor: Actor,
  now: () => Date,
): Promise<{ readonly changed: boolean; readonly incident: Incident }> {
  const known = await findIncident(store, id);
  let incident = known;
  const decision = await commitUntilDone(known.endpointId, store, async (before) => {
    if (before === undefined)
      throw new AjarError('store-corrupt', `${known.endpointId}: an incident without a state`, {});
    // Read again with the state: whoever comes second adds to what the first one said.
    incident = before.incidents.find((one) => one.id === known.id) ?? (await findIncident(store, known.id));
    return handle(before, incident, what, actor, now());
  });
  return { changed: decision.changed, incident: decision.incidents[0] ?? incident };
}

/** Owes the reminders that are due, each once, whoever else looks at the same time. How many. */
export async function remindAll(store: StateStore, vantage: string, now: () => Date): Promise<number> {
  const endpoints = new Set<string>();
  for await (const incident of store.incidents({ status: 'open' })) {
    if (isDue(incident, now()) !== undefined) endpoints.add(incident.endpointId);
  }
  let owed = 0;
  for (const id of endpoints) owed += await remindEndpoint(id, store, vantage, now);
  return owed;
}

export async function remindEndpoint(id: string, store: StateStore, vantage: string, now: () => Date): Promise<number> {
  const decision = await commitUntilDone(id, store, async (before) =>
    before === undefined ? undefined : remind(before, vantage, now()),
  );
  return decision?.changed === true ? decision.notices.length : 0;
}
