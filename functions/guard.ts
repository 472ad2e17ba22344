import middy from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { guard } from '../lib/runtime/lambda/guard.ts';
import { logger, metrics } from '../lib/runtime/lambda/telemetry.ts';
import { workOf } from '../lib/runtime/lambda/worker.ts';

/** EventBridge Scheduler: `{"task":"guard"}` every minute. */
export const handler = middy<unknown, void>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler((event, context) => guard(event, workOf(context)));
