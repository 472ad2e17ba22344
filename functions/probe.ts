import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import middy from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { probe } from '../lib/runtime/lambda/probe.ts';
import { logger, metrics } from '../lib/runtime/lambda/telemetry.ts';
import { eachRecord } from '../lib/runtime/lambda/worker.ts';

/** The probe queue of this vantage: one endpoint a message. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler((event, context) => eachRecord(event, context, probe));
