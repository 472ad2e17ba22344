/** Logs as JSON lines and metrics in CloudWatch's embedded format; both go to standard output and nowhere else. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

export const logger = new Logger();
export const metrics = new Metrics();
