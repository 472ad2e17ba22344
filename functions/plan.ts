import middy from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { plan } from '../lib/runtime/lambda/plan.ts';
import { logger, metrics } from '../lib/runtime/lambda/telemetry.ts';

/** EventBridge Scheduler: `{"task":"probe"}` every minute, `{"task":"hot"}` every five. */
export const handler = middy<unknown, void>().use(injectLambdaContext(logger)).use(logMetrics(metrics)).handler(plan);
