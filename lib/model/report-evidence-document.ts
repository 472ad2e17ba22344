/** Schema of what an auditor asks of a report beyond its findings (model/report-evidence.ts), whole and as figures. */
import { z } from 'zod';
import { GAP_CODES } from './endpoint.ts';
import { CELL_STATUSES } from './inventory.ts';
import { instant } from './documents.ts';
import { FRAMEWORK_IDS, MAX_CHECK_SUBJECTS, OBJECTIVE_IDS } from './report-evidence.ts';

const count = z.int().min(0);
const text = z.string();
const percent = z.number().min(0).max(100).exactOptional();
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.iso.date();
const state = z.enum(['satisfied', 'not-satisfied', 'not-determined']);

const population = z.strictObject({
  cells: z.array(
    z.strictObject({
      ...{ account: text, region: text, service: text },
      status: z.enum([...CELL_STATUSES, 'unread']),
      ...{ listed: count, calls: count },
      ...{ triedAt: instant.exactOptional(), completeAt: instant.exactOptional(), detail: text.exactOptional() },
    }),
  ),
  sources: z.array(z.strictObject({ source: text, endpoints: count })),
  differences: z.array(
    z.strictObject({ endpointId: text, disposition: z.enum(['forgotten', 'unseen', 'shadow']), detail: text }),
  ),
});

const watch = z.strictObject({
  percent,
  endpoints: z.array(z.strictObject({ endpointId: text, existed: count, watched: count, percent })),
  places: z.array(z.strictObject({ account: text, region: text.exactOptional(), endpoints: count, percent })),
  interruptions: z.array(
    z.strictObject({
      ...{ subject: text, from: instant, to: instant.exactOptional(), seconds: count },
      code: z.enum([...GAP_CODES, 'not-running']),
      cause: text,
      ...{ alarmedAt: instant.exactOptional(), alarmSeconds: count.exactOptional() },
      ...{ ackedAt: instant.exactOptional(), ackedBy: text.exactOptional(), catchUp: text.exactOptional() },
    }),
  ),
});

/** Seconds. */
const spread = z.strictObject({
  n: count,
  ...{ p50: z.number().exactOptional(), p95: z.number().exactOptional(), max: z.number().exactOptional() },
  unbounded: count,
});
const metrics = z.strictObject({
  ...{ detect: spread, alert: spread, acknowledge: spread, recover: spread },
  censored: z.array(text),
});

const FLAGS = ['expired', 'expires-soon', 'unused', 'over-broad', 'break-glass', 'changed'] as const;
const exception = z.strictObject({
  ...{ id: text, owner: text, author: text.exactOptional(), approvedBy: z.array(text) },
  ...{ reason: text, ticket: text, approvedOn: text, expires: text, scope: text, permits: text },
  ...{ endpoints: z.array(text), incidents: z.array(text) },
  flags: z.array(z.enum(FLAGS)),
});

const change = z.strictObject({
  ...{ at: instant, seq: z.int().min(1) },
  kind: z.enum(['allowlist', 'guardrail', 'silence', 'drill', 'run', 'act']),
  ...{ subject: text, by: text.exactOptional(), text },
});

const objective = z.strictObject({
  id: z.enum(OBJECTIVE_IDS),
  title: text,
  state,
  checks: z.array(
    z.strictObject({
      id: z.string().regex(/^EXP-\d{1,2}\/[a-z-]+$/),
      ...{ state, text },
      subjects: z.array(text).max(MAX_CHECK_SUBJECTS),
      count,
    }),
  ),
  requirements: z.array(z.strictObject({ framework: z.enum(FRAMEWORK_IDS), id: text, verified: z.boolean() })),
});

const mapping = z.strictObject({
  ...{ version: text, reviewer: text, reviewedOn: day },
  frameworks: z.array(
    z.strictObject({
      ...{ id: z.enum(FRAMEWORK_IDS), title: text, version: text, source: text, verified: z.boolean() },
    }),
  ),
});

const sealed = z.strictObject({
  state: z.enum(['verified', 'incomplete', 'broken', 'not-read']),
  ...{ text, checkpoints: count },
  ...{ from: instant.exactOptional(), to: instant.exactOptional() },
  last: z.strictObject({ hour: instant, lastSeq: count, sha256: digest }).exactOptional(),
  key: digest.exactOptional(),
  ...{ hoursMissing: count, problems: z.array(text) },
});

const reproduction = z.strictObject({
  ...{ tool: text, mapping: text, classifier: text, allowlist: text },
  evidence: z.strictObject({ firstSeq: count, lastSeq: count, headHash: digest }),
  command: text,
});

export const evidenceDocument = z.strictObject({
  ...{ population, watch, metrics },
  exceptions: z.array(exception),
  changes: z.array(change),
  objectives: z.array(objective).length(OBJECTIVE_IDS.length),
  ...{ sealed, mapping, reproduction },
});

export const evidenceSummary = z.strictObject({
  percent,
  ...{ cells: count, differences: count, interruptions: count, exceptions: count, changes: count },
  objectives: z.record(z.enum(OBJECTIVE_IDS), state),
  ...{ metrics, sealed, mapping, reproduction },
});
