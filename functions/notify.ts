import middy from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { publish } from '../lib/runtime/lambda/notify.ts';
import { logger, metrics } from '../lib/runtime/lambda/telemetry.ts';
import { workOf } from '../lib/runtime/lambda/worker.ts';

/** The table's stream, filtered to what came to be owed; and every minute. Whatever is owed leaves, whoever asked. */
export const handler = middy<unknown, Readonly<Record<string, string>> | undefined>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler((event, context) => publish(event, workOf(context)));
