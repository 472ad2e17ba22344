import middy from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { answerPage, type PageAnswer, type PageEvent } from '../lib/runtime/lambda/console.ts';
import { logger } from '../lib/runtime/lambda/telemetry.ts';

/** An HTTP API, payload 2.0, with a JWT authorizer. */
export const handler = middy<PageEvent, PageAnswer>()
  .use(injectLambdaContext(logger))
  .handler((event) => answerPage(event));
