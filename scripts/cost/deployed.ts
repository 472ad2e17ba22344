/** Batches and memory of the functions, as serverless.yml has them. */
import * as z from 'zod';
import type { Deployed } from './model.ts';

const fn = z.object({
  memorySize: z.number().optional(),
  events: z.array(z.record(z.string(), z.unknown())).optional(),
});
const template = z.object({
  provider: z.object({ memorySize: z.number() }),
  functions: z.object({ plan: fn, probe: fn, assess: fn, guard: fn }),
});
const sqs = z.object({ sqs: z.object({ batchSize: z.number() }) });

export function deployedOf(document: unknown): Deployed {
  const { provider, functions } = template.parse(document);
  const mb = ({ memorySize }: z.infer<typeof fn>): number => memorySize ?? provider.memorySize;
  const batch = ({ events = [] }: z.infer<typeof fn>): number => sqs.parse(events[0]).sqs.batchSize;
  return {
    probeBatch: batch(functions.probe),
    assessBatch: batch(functions.assess),
    probeMb: mb(functions.probe),
    assessMb: mb(functions.assess),
    planMb: mb(functions.plan),
    guardMb: mb(functions.guard),
  };
}
