import type { LambdaFunctionURLEvent } from 'aws-lambda';
import middy from '@middy/core';
import { answer, type DrillReply } from '../lib/runtime/lambda/drill.ts';

/** A function URL that any stranger may ask. Without a logger: nothing of a request is kept. */
export const handler = middy<LambdaFunctionURLEvent, DrillReply>().handler((event) => answer(event));
