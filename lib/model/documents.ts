/**
 * Schemas of the documents that stages exchange and others read: NDJSON between commands, webhook bodies, ledger
 * lines, reports. `npm run schemas` writes them as JSON Schema to docs/schemas; a test keeps both equal.
 */
import { z } from 'zod';
import {
  ENGINES,
  FOUND_BY,
  GAP_CODES,
  MAX_DEPENDENCIES,
  MAX_FLOWS,
  MAX_LISTED_ADDRESSES,
  MAX_SOURCES,
} from './endpoint.ts';
import { checkpointDocument } from './checkpoint.ts';
import { CHANNELS, MAX_ATTRIBUTED, MAX_DEPENDENCY_KEY } from './change.ts';
import { MAX_ACTOR, MAX_NOTE, MAX_NOTES } from './handling.ts';
import { MAX_ROOTS, NOTICE_KINDS } from './incident.ts';
import { LEDGER_KINDS } from './ledger.ts';
import { AUTH_STATES, DATA_CLASSES, DNS_STATES, L4_STATES, PROTO_STATES, TLS_STATES } from './observation.ts';
import { LEVELS, MAX_SOURCE_BLOCKS, PROTECTIONS } from './protection.ts';
import { SEVERITIES, VERDICTS } from './verdict.ts';

export const instant = z.iso.datetime({ precision: 3 });
const line = z.string().max(1_024);
const known = z.enum(['on', 'partial', 'off']);

export const protectionDocument = z.strictObject({
  level: z.enum(LEVELS),
  basis: z.enum(['declared', 'observed']),
  evidence: line,
  pending: z.enum(LEVELS).optional(),
  sources: z.array(z.string().max(64)).max(MAX_SOURCE_BLOCKS).optional(),
});

export const endpointDocument = z.strictObject({
  id: z.string().min(1).max(256),
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  engine: z.enum(ENGINES),
  source: z.enum(['file', 'aws']),
  account: z.string().optional(),
  region: z.string().optional(),
  name: z.string().max(256).optional(),
  arn: z.string().max(2_048).optional(),
  tags: z.record(z.string(), z.string()),
  addresses: z.array(z.string().max(64)).max(MAX_LISTED_ADDRESSES).optional(),
  declared: z.partialRecord(z.enum(PROTECTIONS), protectionDocument),
  declaredAt: instant.optional(),
  service: z.string().max(64).optional(),
  incarnation: z.string().max(256).optional(),
  shared: z.literal(true).optional(),
  dependencies: z.array(z.string().max(MAX_DEPENDENCY_KEY)).max(MAX_DEPENDENCIES).optional(),
  flows: z
    .array(z.strictObject({ from: z.string().max(300), to: z.string().max(300) }))
    .max(MAX_FLOWS)
    .optional(),
  copyOf: z.array(z.string().max(256)).max(MAX_SOURCES).optional(),
  foundBy: z.array(z.enum(FOUND_BY)).max(FOUND_BY.length).optional(),
  drill: z.literal(true).optional(),
});

export const dataAtRisk = z.strictObject({
  objects: z.int(),
  records: z.number().optional(),
  bytes: z.number().optional(),
  classes: z.array(z.strictObject({ class: z.enum(DATA_CLASSES), count: z.int(), because: z.array(line) })),
  samples: z.array(line),
  truncated: z.boolean(),
  ransomMarkers: z.int(),
  takenFrom: z.string().max(256).optional(),
});

export const tlsFacts = z.strictObject({
  version: line,
  cipher: line,
  certificate: z
    .strictObject({
      subject: line,
      issuer: line,
      notBefore: line,
      notAfter: line,
      sha256: line,
      selfSigned: z.boolean(),
      matchesHost: z.boolean(),
    })
    .optional(),
});

export const observationDocument = z.strictObject({
  endpointId: z.string().optional(),
  probe: line,
  vantage: line,
  dns: z.enum(DNS_STATES),
  address: line.optional(),
  observedAt: instant,
  elapsedMs: z.number(),
  l4: z.enum(L4_STATES),
  proto: z.strictObject({
    state: z.enum(PROTO_STATES),
    confidence: z.enum(['none', 'tentative', 'firm']),
    product: line.optional(),
    version: line.optional(),
  }),
  tls: z.strictObject({
    state: z.enum(TLS_STATES),
    facts: tlsFacts.optional(),
    legacy: z.enum(['only', 'also', 'no']).optional(),
    clientCert: z.enum(['no', 'requested', 'required', 'undetermined']),
  }),
  auth: z.strictObject({
    state: z.enum(AUTH_STATES),
    weakness: z.array(z.enum(['cleartext', 'legacy-hash'])).optional(),
  }),
  proof: z.int().min(0).max(4),
  rule: line,
  notes: z.array(line),
  data: dataAtRisk.optional(),
  catchAll: z.literal(true).optional(),
  gap: z.strictObject({ code: z.enum(GAP_CODES), detail: line }).optional(),
});

const attribution = z.strictObject({
  changes: z
    .array(
      z.strictObject({
        id: line,
        at: line,
        source: line,
        name: line,
        actor: z.strictObject({
          who: line,
          type: line,
          human: line.optional(),
          from: line.optional(),
          channel: z.enum(CHANNELS),
          by: line.optional(),
          mfa: z.boolean().optional(),
        }),
      }),
    )
    .max(MAX_ATTRIBUTED),
});

const act = { by: z.string().min(1).max(MAX_ACTOR), at: instant };
/** What people said and did about an incident. */
const handling = z.strictObject({
  acked: z.strictObject({ ...act, severity: z.enum(SEVERITIES) }).optional(),
  assigned: z.strictObject({ ...act, to: z.string().min(1).max(MAX_ACTOR) }).optional(),
  aware: z.strictObject({ ...act, since: instant }).optional(),
  notes: z
    .array(z.strictObject({ ...act, text: z.string().min(1).max(MAX_NOTE) }))
    .max(MAX_NOTES)
    .optional(),
});

export const incidentDocument = z.strictObject({
  id: z.uuid(),
  endpointId: line,
  protection: z.enum(PROTECTIONS),
  openSeq: z.int().min(1),
  origin: z.enum(['removed', 'adoption', 'no-longer-allowed']),
  basis: z.enum(['declared', 'observed']),
  from: known.optional(),
  to: known,
  verdict: z.enum(VERDICTS),
  severity: z.enum(SEVERITIES),
  score: z.int().min(0).max(100),
  reasons: z.array(line),
  start: z.strictObject({ lower: instant.optional(), upper: instant, exact: instant.optional() }),
  detectedAt: instant,
  lastBadAt: instant,
  closed: z
    .strictObject({
      lower: instant,
      upper: instant,
      cause: z.enum(['fixed', 'closed-to-us', 'deleted', 'accepted', 'merged', 'withdrawn']),
    })
    .optional(),
  lapsed: z.array(z.string()).optional(),
  wasAccepted: z.array(z.strictObject({ id: line, until: line, reason: line, ticket: line })).optional(),
  glass: z.strictObject({ entries: z.array(z.string()), isOver: z.boolean() }).optional(),
  allowlist: line.optional(),
  reopened: z.strictObject({ count: z.int(), last: z.array(instant) }).optional(),
  flapping: z.literal(true).optional(),
  handling: handling.optional(),
  ladder: z
    .strictObject({
      since: instant,
      step: z.int().optional(),
      remindedAt: instant.optional(),
      escalated: z.literal(true).optional(),
    })
    .optional(),
  status: z.enum(['open', 'closed', 'accepted']),
  allowances: z.array(z.string()),
  data: dataAtRisk.optional(),
  attribution: attribution.optional(),
  evidence: line,
});

export const noticeDocument = z.strictObject({
  key: line,
  kind: z.enum(NOTICE_KINDS),
  createdAt: instant,
  incident: incidentDocument,
  after: z.array(line).optional(),
  also: z.array(incidentDocument),
  endpoint: z.strictObject({
    id: line,
    host: line,
    port: z.int(),
    engine: line,
    account: line.optional(),
    region: line.optional(),
    name: line.optional(),
    arn: line.optional(),
    addresses: z.array(line),
    product: line.optional(),
    version: line.optional(),
    vantages: z.array(line),
    less: z.array(line).optional(),
    unsure: z.array(line).optional(),
    path: line.optional(),
    forgotten: z.literal(true).optional(),
    copyOf: line.optional(),
    owner: line.optional(),
    drill: z.literal(true).optional(),
    roots: z.array(z.string().max(MAX_DEPENDENCY_KEY)).max(MAX_ROOTS).optional(),
  }),
  subject: z.string().max(99),
  lines: z.array(line),
});

export const ledgerEntryDocument = z.strictObject({
  seq: z.int().min(1),
  prevHash: z.hex().length(64),
  hash: z.hex().length(64),
  kind: z.enum(LEDGER_KINDS),
  runId: line,
  subject: line,
  observedAt: instant,
  recordedAt: instant,
  body: z.record(z.string(), z.json()),
});

/** File name under docs/schemas to schema. */
export const DOCUMENTS = {
  endpoint: endpointDocument,
  observation: observationDocument,
  incident: incidentDocument,
  notice: noticeDocument,
  'ledger-entry': ledgerEntryDocument,
  checkpoint: checkpointDocument,
} as const;
