/**
 * For sinks that take one notice a request and count how many a second: one after another in their order, and none after
 * one that asked for time. What had no turn is owed as before.
 */
import type { Notice } from '../model/incident.ts';
import { type Outcome, refused, type Refusal, type Sink } from '../model/sink.ts';

export function inTurn(deliver: Sink['deliver']): Required<Pick<Sink, 'deliver' | 'deliverAll'>> {
  return {
    deliver,
    async deliverAll(notices: readonly Notice[], signal: AbortSignal) {
      const outcomes: Outcome[] = [];
      let stopped: Refusal | undefined;
      for (const notice of notices) {
        if (signal.aborted) stopped ??= { error: 'not sent: there was no time left' };
        const outcome = stopped ?? (await outcomeOf(deliver, notice, signal));
        outcomes.push(outcome);
        if ('error' in outcome && outcome.retryAfterMs !== undefined) stopped ??= { ...outcome, error: NOT_ASKED };
      }
      return outcomes;
    },
  };
}

const NOT_ASKED = 'not sent: an earlier message was refused, and the sink is left alone for a while';

async function outcomeOf(deliver: Sink['deliver'], notice: Notice, signal: AbortSignal): Promise<Outcome> {
  try {
    return await deliver(notice, signal);
  } catch (cause) {
    return refused(cause);
  }
}
