/** Where work for the next stage goes. Rejects when any message was not accepted: the sender's own message then comes again. */
export interface Queue<T> {
  send(messages: readonly Queued<T>[]): Promise<void>;
}

export interface Queued<T> {
  readonly body: T;
  /** Not before this; at most 900. */
  readonly delaySeconds?: number;
}
