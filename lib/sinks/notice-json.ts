/**
 * A notice as JSON for machines, the same for every sink: whole JSON always, and within a budget. What does not fit
 * is left out by name: `truncated` says that something is, `omitted` how much of which list.
 */
import type { Notice } from '../model/incident.ts';
import { MAX_SHOWN, printable, spelledJson } from '../model/text.ts';
import { isTest } from './test-notice.ts';

/** What every common receiver accepts. */
export const MESSAGE_BYTES = 32 * 1024;

/** Subject and all lines of an alert, and room for a few more. */
const MAX_LINES = 16;
/** Sixteen lines of 400 characters are less than the budget, of 40 less than a tenth of it. */
const LINE_LIMITS = [400, 100, 40];
/** How much of each list is kept, longest first. */
const KEPT = [
  { also: 50, addresses: 16 },
  { also: 5, addresses: 4 },
];

/**
 * The first of ever shorter forms that fits. The last one is bounded field by field, and is what a caller gets that has
 * room for none: an alert has to go out.
 */
export function noticeJson(notice: Notice, room: Room = { bytes: MESSAGE_BYTES }): string {
  let json = '';
  for (const form of forms(notice)) {
    json = spelledJson(JSON.stringify({ schemaVersion: 1, ...(isTest(notice) ? { isTest: true } : {}), ...form }));
    if (utf8Bytes(room.within?.(json) ?? json) <= room.bytes) break;
  }
  return json;
}

export interface Room {
  readonly bytes: number;
  /** What the document will be part of; all of it has to fit. */
  readonly within?: (json: string) => string;
}

export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}

function* forms(notice: Notice): Generator<object> {
  // What is hopeless is not even written: names of megabytes take seconds.
  for (const form of [notice, ...KEPT.map((kept) => withoutWords(notice, kept))]) {
    if (!isLonger(form, MESSAGE_BYTES)) yield form;
  }
  for (const limit of LINE_LIMITS) yield essence(notice, limit);
}

/** Without what grows with the peer: samples, the words behind each class, companions, addresses. */
function withoutWords(notice: Notice, kept: { readonly also: number; readonly addresses: number }): object {
  const { incident, endpoint, also } = notice;
  const data = incident.data && {
    ...incident.data,
    samples: [],
    classes: incident.data.classes.map((hit) => ({ ...hit, because: [] })),
  };
  return {
    truncated: true,
    omitted: omitted({
      also: also.length - kept.also,
      addresses: endpoint.addresses.length - kept.addresses,
      samples: incident.data?.samples.length ?? 0,
    }),
    ...notice,
    incident: { ...incident, data },
    also: also.slice(0, kept.also).map(({ id, protection }) => ({ id, protection })),
    endpoint: { ...endpoint, addresses: endpoint.addresses.slice(0, kept.addresses) },
  };
}

/** Bounded field by field: the lines, and less than 4 KB. */
function essence(
  { key, kind, createdAt, subject, lines, incident, endpoint, also }: Notice,
  lineLimit: number,
): object {
  const { id, protection, from, to, severity, verdict, status, start, detectedAt } = incident;
  const name = (text: string): string => printable(text, Math.min(MAX_SHOWN, 2 * lineLimit));
  return {
    truncated: true,
    omitted: omitted({
      also: also.length,
      addresses: endpoint.addresses.length,
      samples: incident.data?.samples.length ?? 0,
      lines: lines.length - MAX_LINES,
    }),
    key,
    kind,
    createdAt,
    subject: name(subject),
    lines: lines.slice(0, MAX_LINES).map((line) => printable(line, lineLimit)),
    incident: {
      id,
      endpointId: name(incident.endpointId),
      protection,
      from,
      to,
      severity,
      verdict,
      status,
      start,
      detectedAt,
    },
    endpoint: {
      id: name(endpoint.id),
      host: name(endpoint.host),
      port: endpoint.port,
      engine: name(endpoint.engine),
    },
  };
}

/** Whether the text in it alone is longer. Stops as soon as that is certain. */
function isLonger(form: object, limit: number): boolean {
  let left = limit;
  const pending: unknown[] = [form];
  while (pending.length > 0 && left >= 0) {
    const value = pending.pop();
    if (typeof value === 'string') left -= value.length;
    else if (typeof value === 'object' && value !== null) {
      const parts = Object.values(value);
      left -= parts.length;
      if (left >= 0) pending.push(...parts);
    }
  }
  return left < 0;
}

function omitted(counts: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  const left = Object.entries(counts).filter(([, count]) => count > 0);
  return Object.fromEntries(left.map(([name, count]) => [name, `+${count} more, see report`]));
}
