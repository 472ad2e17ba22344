/** The digest of `report.json`, which holds a report whole: other formats name it, so that each can be told to be of the same. */
import { createHash } from 'node:crypto';
import type { Report } from '../model/report.ts';
import { jsonParts } from './escape.ts';

export function digestOfReport(report: Report): string {
  const hash = createHash('sha256');
  for (const part of jsonParts(report)) hash.update(part);
  return hash.digest('hex');
}
