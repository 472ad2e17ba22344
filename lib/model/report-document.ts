/**
 * Schemas of a report's two JSON documents (evidence-and-alerts.md section 1.6): `report.json` is the neutral model whole,
 * `summary.json` the same without a row. `schema` in them is the version of these; only additions keep it.
 */
import { z } from 'zod';
import { dataAtRisk, endpointDocument, incidentDocument, instant, protectionDocument, tlsFacts } from './documents.ts';
import { GAP_CODES } from './endpoint.ts';
import { AUTH_STATES } from './observation.ts';
import { PROTECTIONS } from './protection.ts';
import { evidenceDocument, evidenceSummary } from './report-evidence-document.ts';
import { SEVERITIES, VERDICTS } from './verdict.ts';

const count = z.int().min(0);
const text = z.string();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const gapDocument = z.strictObject({
  stage: z.enum(['inventory', 'probe', 'assess', 'notify']),
  subject: text,
  code: z.enum(GAP_CODES),
  detail: text,
});

const whence = z.strictObject({ most: z.array(text), less: z.array(text), unsure: z.array(text).exactOptional() });

export const postureDocument = z.strictObject({
  declared: z.record(z.enum(PROTECTIONS), protectionDocument),
  observed: z.record(z.enum(PROTECTIONS), protectionDocument),
  verdict: z.strictObject({ name: z.enum(VERDICTS), shadow: z.boolean(), confirmed: z.boolean(), why: text }),
  silent: z.boolean(),
  auth: z.enum(AUTH_STATES),
  proof: z.number(),
  rules: z.array(text),
  product: text.exactOptional(),
  version: text.exactOptional(),
  addresses: z.array(text),
  vantages: whence.exactOptional(),
  tls: tlsFacts.exactOptional(),
  oldTls: z.enum(['also', 'no']).exactOptional(),
  data: dataAtRisk.exactOptional(),
  source: z.strictObject({ id: text, owner: text.exactOptional() }).exactOptional(),
  gaps: z.array(gapDocument),
});

const endpointRow = z.strictObject({
  endpoint: endpointDocument,
  posture: postureDocument,
  verdictFrom: z.enum(['reading', 'ledger', 'nothing']),
  verdictAt: instant.exactOptional(),
  lastConclusiveAt: instant.exactOptional(),
});

const incidentRow = incidentDocument.omit({ ladder: true }).extend({
  closedLater: incidentDocument.shape.closed,
  ...{ host: text, port: z.int(), engine: text },
  ...{ name: text.exactOptional(), account: text.exactOptional(), region: text.exactOptional() },
  /** Seconds, at least and at most. */
  exposure: z.strictObject({ least: count, most: count.exactOptional() }),
});

const drillTotals = z.strictObject({
  ...{ due: count, alerted: count, late: count, missed: count, recovered: count },
  slowestSeconds: count.exactOptional(),
});
const openings = z.array(
  z.strictObject({
    ...{ from: instant, to: instant },
    ...{ alertSeconds: count.exactOptional(), recoverySeconds: count.exactOptional() },
  }),
);

/** What both documents say. */
const head = {
  schema: z.literal(2),
  /** First 16 digits of a SHA-256 over what the report was made from. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  period: z.strictObject({ from: instant, to: instant }),
  coverage: z.strictObject({
    ...{ firstReadingAt: instant.exactOptional(), lastReadingAt: instant.exactOptional() },
    unwatched: z.array(z.strictObject({ from: instant, to: instant, why: z.enum(['before', 'between', 'after']) })),
  }),
  tool: z.strictObject({ name: z.literal('ajar'), version: text }),
  totals: z.strictObject({
    endpoints: count,
    verdicts: z.record(z.enum(VERDICTS), count),
    ...{ incidents: count, open: count },
    bySeverity: z.record(z.enum(SEVERITIES), count),
    gaps: count,
  }),
  allowlist: z.strictObject({ file: text, digest: text, entries: count }),
  ledger: z.strictObject({
    ...{ entries: count, firstSeq: count, lastSeq: count, headHash: digest },
    headAt: instant.exactOptional(),
  }),
  limits: z.array(text),
};

export const reportDocument = z.strictObject({
  ...head,
  endpoints: z.array(endpointRow),
  incidents: z.array(incidentRow),
  gaps: z.array(gapDocument.extend({ since: instant.exactOptional() })),
  drill: z.strictObject({ totals: drillTotals, openings }).exactOptional(),
  evidence: evidenceDocument,
});

export const summaryDocument = z.strictObject({
  ...head,
  drill: drillTotals.exactOptional(),
  evidence: evidenceSummary,
});
