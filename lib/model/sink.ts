import type { Notice } from './incident.ts';

/** Where notices go. Rejects when the message was not accepted; the outbox then tries again. */
export interface Sink {
  readonly id: string;
  deliver(notice: Notice, signal: AbortSignal): Promise<{ readonly id: string }>;
}
