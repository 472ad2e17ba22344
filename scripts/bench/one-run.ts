/** Bench: `one-run.ts BUNDLE VISITS SILENT TLS-PORT SILENT-PORT`: the same batch for the probe function, cold and then warm. */
import { readFileSync } from 'node:fs';
import type { SQSBatchResponse } from 'aws-lambda';

const [bundle = '', visits = '', silentVisits = '', tls = '', silent = ''] = process.argv.slice(2);
type Handler = (event: unknown, context: unknown) => Promise<SQSBatchResponse>;
const started = performance.now();
const { handler } = (await import(bundle)) as { handler: Handler };
const loaded = performance.now() - started;
for (const name of ['cold', 'warm', 'warm']) {
  const since = new Date().toISOString();
  const Records = Array.from({ length: Number(visits) }, (_, i) => {
    const host = `127.10.${(i + 1) >> 8}.${(i + 1) & 255}`;
    const endpoint = { id: host, host, port: Number(i < Number(silentVisits) ? silent : tls), engine: 'elasticsearch' };
    const declared = { ...endpoint, source: 'file', declared: {}, tags: {} };
    return {
      messageId: host,
      eventSource: 'aws:sqs',
      body: JSON.stringify({ kind: 'probe', endpoint: declared, since }),
    };
  });
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const end = began + 60_000;
  const context = {
    awsRequestId: name,
    functionName: 'probe',
    getRemainingTimeInMillis: () => Math.floor(end - performance.now()),
  };
  const { batchItemFailures } = await handler({ Records }, context);
  const { user, system } = process.cpuUsage(cpu);
  const figures = { ms: Math.round(performance.now() - began), cpuMs: Math.round((user + system) / 1_000) };
  const peakMb = Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1_024);
  console.log(
    `run ${name}: ${JSON.stringify({ loaded: Math.round(loaded), ...figures, peakMb, failed: batchItemFailures.length })}`,
  );
}
process.exit(0);
