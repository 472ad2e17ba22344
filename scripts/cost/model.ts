/**
 * What a month costs, from calls that were counted and a price list: per 1,000 endpoints, each visited every minute from one vantage.
 * A month has 43,200 minutes. Batches are reckoned full: SQS fills them from what comes within their window. Pure; scripts/cost.ts
 * counts and prints.
 */

export interface Prices {
  readonly lambdaGbSecond: number;
  readonly lambdaRequest: number;
  readonly sqsRequest: number;
  readonly dynamoWriteUnit: number;
  readonly dynamoReadUnit: number;
  readonly dynamoGbMonth: number;
  readonly logGb: number;
  readonly metricMonth: number;
  readonly s3Put: number;
  readonly kmsSign: number;
  readonly kmsKeyMonth: number;
  readonly configRuleEvaluation: number;
  readonly configItem: number;
}

/** Counted in a run of the pipeline; of one endpoint, or of one reading that found nothing new. */
export interface Counted {
  readonly writeUnits: number;
  readonly readUnits: number;
  /** CPU of judging one reading and of one visit, in seconds. */
  readonly assessCpu: number;
  readonly probeCpu: number;
  /** Of its state, as the table holds it. */
  readonly stateBytes: number;
}

/** From serverless.yml: a test holds them to it. */
export interface Deployed {
  readonly probeBatch: number;
  readonly assessBatch: number;
  readonly probeMb: number;
  readonly assessMb: number;
  readonly planMb: number;
  readonly guardMb: number;
}

export interface Fleet {
  readonly endpoints: number;
  readonly visitsAMonth: number;
  /** Share of endpoints that answer nothing, and how long a visit waits for it. */
  readonly silent: number;
  readonly silenceSeconds: number;
}

export interface Line {
  readonly what: string;
  readonly dollars: number;
}

const MINUTES = 43_200;
/** A full vCPU comes with so much memory. */
export const MB_PER_VCPU = 1_769;
/** SQS takes, hands out and deletes ten a request, however many a run of the function has. */
const A_REQUEST = 10;
/** Readings leave as visits end: so many together where half or more of a batch is silent (`npm run bench:batch`: 150 in 18 requests). */
const READINGS_A_REQUEST = 8;
/** One START, END and REPORT line a run, and what is logged of it. */
const LOG_BYTES_A_RUN = 600;
const METRICS = 40;
const HOURS = 720;

export function costOf(fleet: Fleet, counted: Counted, deployed: Deployed, prices: Prices): readonly Line[] {
  const visits = fleet.endpoints * fleet.visitsAMonth;
  const probeRuns = visits / deployed.probeBatch;
  const assessRuns = visits / deployed.assessBatch;
  // Visits of a batch wait side by side: a run lasts as long as its slowest, which is silent in most batches.
  const anySilent = 1 - (1 - fleet.silent) ** deployed.probeBatch;
  const probeSeconds = Math.max(
    cpuSeconds(counted.probeCpu * deployed.probeBatch, deployed.probeMb),
    anySilent * fleet.silenceSeconds,
  );
  const assessSeconds = cpuSeconds(counted.assessCpu * deployed.assessBatch, deployed.assessMb);
  const run = (runs: number, seconds: number, mb: number): number =>
    runs * (prices.lambdaRequest + seconds * (mb / 1_024) * prices.lambdaGbSecond);
  const queue = (sentTogether: number, batch: number): number =>
    visits * (1 / Math.min(sentTogether, A_REQUEST) + 2 / Math.min(batch, A_REQUEST)) * prices.sqsRequest;
  const roster = fleet.endpoints * MINUTES * (counted.stateBytes / 4_096) * 0.5 * prices.dynamoReadUnit;
  return [
    { what: 'probe: Lambda', dollars: run(probeRuns, probeSeconds, deployed.probeMb) },
    { what: 'assess: Lambda', dollars: run(assessRuns, assessSeconds, deployed.assessMb) },
    {
      what: 'queues of both: SQS',
      dollars: queue(A_REQUEST, deployed.probeBatch) + queue(READINGS_A_REQUEST, deployed.assessBatch),
    },
    { what: 'states written: DynamoDB', dollars: visits * counted.writeUnits * prices.dynamoWriteUnit },
    { what: 'states read to judge: DynamoDB', dollars: visits * counted.readUnits * prices.dynamoReadUnit },
    { what: 'roster read each minute by plan and guard: DynamoDB', dollars: 2 * roster },
    { what: 'plan and guard: Lambda', dollars: run(MINUTES, 1, deployed.planMb) + run(MINUTES, 2, deployed.guardMb) },
    { what: 'kept: DynamoDB', dollars: ((fleet.endpoints * counted.stateBytes) / 1e9) * prices.dynamoGbMonth },
    { what: 'logs', dollars: (((probeRuns + assessRuns + 2 * MINUTES) * LOG_BYTES_A_RUN) / 1e9) * prices.logGb },
    { what: 'metrics', dollars: METRICS * prices.metricMonth },
    { what: 'evidence: S3 and KMS', dollars: HOURS * (2 * prices.s3Put + prices.kmsSign) + prices.kmsKeyMonth },
  ];
}

function cpuSeconds(cpu: number, mb: number): number {
  return cpu / Math.min(1, mb / MB_PER_VCPU);
}

/** AWS Config on the same fleet: so many rules per resource, evaluated as it changes and once a day. It looks from inside alone. */
export function configCost(endpoints: number, prices: Prices, rules = 6, changesADay = 1): number {
  const evaluations = endpoints * rules * (changesADay + 1) * 30;
  return evaluations * prices.configRuleEvaluation + endpoints * changesADay * 30 * prices.configItem;
}

/** The same probes once a day, and nothing kept but a list: what a daily scan costs, and it is a day late. */
export function dailyScanCost(fleet: Fleet, counted: Counted, deployed: Deployed, prices: Prices): number {
  const daily = { ...fleet, visitsAMonth: 30 };
  const lines = costOf(daily, counted, deployed, prices);
  return lines
    .filter(({ what }) => /probe: Lambda|assess: Lambda|SQS|states/u.test(what))
    .reduce((sum, { dollars }) => sum + dollars, 0);
}
