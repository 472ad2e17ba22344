import middy from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { seal, type SealedHours } from '../lib/runtime/lambda/seal.ts';
import { logger, metrics } from '../lib/runtime/lambda/telemetry.ts';
import { workOf } from '../lib/runtime/lambda/worker.ts';

/** EventBridge Scheduler: `{"task":"seal"}` five minutes past each hour. */
export const handler = middy<unknown, SealedHours>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler((event, context) => seal(event, workOf(context)));
