/**
 * What guard asks for by the minute, with its own check: reminders and the second contact where nobody acknowledged, and searches
 * for who did it. While anything is open or owed the minutes are all played, whatever the script has happen.
 */
import type { Json } from '../../model/ledger.ts';
import type { ExplainMessage, RemindMessage } from '../../model/messages.ts';
import type { Check, Notes } from '../../pipeline/guard.ts';
import { explainCheck } from '../../pipeline/guard-work.ts';
import type { Stage } from './stage.ts';

type Send = (message: ExplainMessage | RemindMessage) => void;

export function guarding({ store }: Stage, send: Send): Check {
  const notes = new Map<string, Json>();
  const kept: Notes = {
    read: async (key) => notes.get(key),
    save: async (key, value) => void notes.set(key, value),
  };
  const queue = {
    send: async (messages: readonly { readonly body: Parameters<Send>[0] }[]) =>
      messages.forEach(({ body }) => send(body)),
  };
  return explainCheck((filter) => store.incidents(filter), queue, kept);
}

/** Whether the next minute may bring anything that the script does not. */
export async function isAnythingOpen({ store }: Stage): Promise<boolean> {
  for await (const _ of store.incidents({ status: 'open' })) return true;
  return (await store.outbox.pending()) > 0;
}
