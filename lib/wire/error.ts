/** Bytes that do not parse within our limits. */
export class WireError extends Error {
  readonly reason: 'truncated' | 'limit' | 'malformed';
  constructor(reason: 'truncated' | 'limit' | 'malformed', detail: string) {
    super(detail);
    this.name = 'WireError';
    this.reason = reason;
  }
}
