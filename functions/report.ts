import middy from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { report, type ReportOutcome } from '../lib/runtime/lambda/report.ts';
import { logger, metrics } from '../lib/runtime/lambda/telemetry.ts';

/** EventBridge Scheduler: `{"task":"daily"}` at 00:30 UTC; by hand `{"from":"2026-12-01T00:00:00Z","to":"2026-12-05T00:00:00Z"}`. */
export const handler = middy<unknown, ReportOutcome>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler((event) => report(event));
