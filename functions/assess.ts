import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import middy from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { judging } from '../lib/runtime/lambda/assess.ts';
import { logger, metrics } from '../lib/runtime/lambda/telemetry.ts';
import { eachRecord } from '../lib/runtime/lambda/worker.ts';

/** The assess queue: one reading a message; those of one endpoint in a batch are one write. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler((event, context) => eachRecord(event, context, judging(event.Records)));
