/** Of a client's HTTP requests, in ms: a call that hangs must leave time for the next. Without the last the SDK only warns. */
export const CALL_TIMES = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true } as const;
/** Of one request to a topic: within the attempt that lib/sinks/sns.ts gives it, so that its socket is given up with it. */
export const TOPIC_TIMES = { ...CALL_TIMES, connectionTimeout: 1_500, requestTimeout: 3_000 } as const;
