/** Of a client's HTTP requests, in ms: a call that hangs must leave time for the next. */
export const CALL_TIMES = { connectionTimeout: 2_000, requestTimeout: 5_000 } as const;
