/** Who allowed what, and what ends next. */
import { html } from 'hono/html';
import type { ReportException } from '../../model/report-evidence.ts';
import type { Report } from '../../model/report.ts';
import { type Markup, theirs } from '../../reports/escape.ts';
import { count, day } from '../../reports/moments.ts';
import { table } from '../../reports/page/table.ts';

const MAX_ROWS = 500;
const DAY_MS = 86_400_000;

export function allowancesPage({ evidence, allowlist }: Report, now: Date): Markup {
  const rows = evidence.exceptions.toSorted((a, b) => (a.expires < b.expires ? -1 : 1));
  return html`<h1>Allowances</h1>
<p class="lead">An allowance approves a posture until a day, never a resource: what steps down from it alerts all the same. The next to end comes first.</p>
${
  rows.length === 0
    ? html`<p class="nothing">None is in force: everything alerts.</p>`
    : table(
        'Allowances, the next to end first',
        'list',
        ['Allowance', 'Ends', 'Owner', 'Approved by', 'Reason', 'Endpoints', 'Flags'],
        rows.slice(0, MAX_ROWS).map((each) => ({ cells: cellsOf(each, now) })),
      )
}
${rows.length > MAX_ROWS && html`<p class="more">+${count(rows.length - MAX_ROWS)} more in the CSV of a report.</p>`}
<p class="quiet">From ${theirs(allowlist.file)}, SHA-256 <code>${theirs(allowlist.digest)}</code>. <code>ajar allowlist explain ENDPOINT</code> says which entry decided.</p>`;
}

function cellsOf(
  { id, owner, approvedBy, reason, ticket, expires, endpoints, flags }: ReportException,
  now: Date,
): Markup[] {
  return [
    html`<b>${theirs(id)}</b>`,
    html`${day(expires)} <span class="quiet">${ends(expires, now)}</span>`,
    theirs(owner),
    theirs(approvedBy.join(', ')),
    html`${theirs(reason)} <span class="quiet">${theirs(ticket)}</span>`,
    html`${count(endpoints.length)}`,
    flags.length === 0 ? html`<span class="quiet">none</span>` : html`${flags.join(', ')}`,
  ];
}

/** Valid to the end of its day, UTC. */
function ends(expires: string, now: Date): string {
  const left = Date.parse(`${expires.slice(0, 10)}T00:00:00Z`) + DAY_MS - now.getTime();
  if (left <= 0) return 'over';
  const days = Math.ceil(left / DAY_MS);
  return days === 1 ? 'today is its last day' : `${days} days left`;
}
