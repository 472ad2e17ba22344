/** What the ledger holds of one endpoint's incidents: what was decided, sent and done, in the order in which it was written. */
import type { LedgerEntry } from '../model/ledger.ts';
import type { Moment } from '../model/moment.ts';
import type { StateStore } from '../model/store.ts';

/** Of many the last ones. */
const MAX_MOMENTS = 500;

export async function historyOf(
  store: Pick<StateStore, 'ledger'>,
  endpointId: string,
  incidentIds: readonly string[],
): Promise<readonly Moment[]> {
  const moments: Moment[] = [];
  for await (const entry of store.ledger()) {
    if (entry.subject !== endpointId) continue;
    const moment = momentOf(entry);
    if (moment === undefined || !incidentIds.includes(moment.incidentId)) continue;
    moments.push(moment);
    if (moments.length > MAX_MOMENTS) moments.shift();
  }
  return moments;
}

function momentOf({ kind, seq, recordedAt: at, body }: LedgerEntry): Moment | undefined {
  const text = (name: string): string | undefined => {
    const value = body[name];
    return typeof value === 'string' ? value : undefined;
  };
  const what = text('kind') ?? '';
  if (kind === 'transition') {
    const { incident } = body;
    const id = typeof incident === 'object' && incident !== null && 'id' in incident ? incident.id : undefined;
    return typeof id === 'string' ? { at, seq, incidentId: id, kind, what } : undefined;
  }
  const incidentId = text('incidentId');
  if (incidentId === undefined) return undefined;
  if (kind === 'notice') {
    return {
      at,
      seq,
      incidentId,
      kind,
      what,
      ...given({ sink: text('sink'), receipt: text('receipt'), key: text('key') }),
    };
  }
  if (kind !== 'act') return undefined;
  const said = text('text') ?? text('to') ?? text('since');
  return { at, seq, incidentId, kind, what, ...given({ by: text('by'), text: said }) };
}

function given<T extends Readonly<Record<string, string | undefined>>>(fields: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
