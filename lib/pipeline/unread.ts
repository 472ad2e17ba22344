/** What of AWS could not be listed as of an instant: an auditor must see it beside what could, or coverage is a claim. */
import { codeOfStatus } from '../assess/presence.ts';
import type { CoverageGap } from '../model/endpoint.ts';
import { cellKey } from '../model/inventory.ts';
import type { ReportCell, ReportPlace } from '../model/report-inputs.ts';

export type UnreadCell = CoverageGap & { readonly since?: string };

/** By account, region and service. A cell last tried after `to` is told as such: how it was at `to` is not on record. */
export function unreadCells(places: readonly ReportPlace[], to: string): readonly UnreadCell[] {
  const cells: UnreadCell[] = [];
  for (const { place, cells: byService } of places) {
    for (const [service, cell] of Object.entries(byService)) {
      const gap = unreadCell(cell, to);
      if (gap !== undefined) {
        cells.push({ stage: 'inventory', subject: cellKey(place, service), ...gap });
      }
    }
  }
  return cells.toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
}

function unreadCell(cell: ReportCell, to: string): Pick<UnreadCell, 'code' | 'detail' | 'since'> | undefined {
  const { status, triedAt, completeAt, detail = status } = cell;
  const since = completeAt === undefined ? {} : { since: completeAt };
  if (completeAt !== undefined && completeAt > to) return undefined;
  if (triedAt > to)
    return { code: 'stale', detail: `how it was then is not on record; ${triedAt}: ${status}`, ...since };
  const code = codeOfStatus(status);
  return code === undefined ? undefined : { code, detail, ...since };
}
