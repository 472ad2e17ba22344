/** What is watched, worst verdict first. */
import { html } from 'hono/html';
import type { Report, ReportEndpoint } from '../../model/report.ts';
import { VERDICTS } from '../../model/verdict.ts';
import type { Markup } from '../../reports/escape.ts';
import { count } from '../../reports/moments.ts';
import { rosterTable, worstFirst } from '../../reports/page/roster.ts';
import { pager, search, select } from './parts.ts';
import { type Query, rowsOf } from './query.ts';

export function endpointsPage({ endpoints }: Report, query: Query): Markup {
  const matching = endpoints.filter((each) => matches(each, query)).toSorted(worstFirst);
  const { rows, page } = rowsOf(matching, query.page);
  return html`<h1>Endpoints</h1>
<p class="lead">Each protection as the configuration declares it, and below that as the network shows it. Unknown is not a pass.</p>
<form class="filter" action="/endpoints" method="get">${select('verdict', 'Verdict', VERDICTS, query.verdict)}${search(query.q, 'Name, host, account or engine')}<button class="second">Show</button></form>
<p class="quiet">${count(matching.length)} of ${count(endpoints.length)}</p>
${rows.length === 0 ? html`<p class="nothing">None of them fits.</p>` : rosterTable(rows, endpoints)}
${pager('/endpoints', { verdict: query.verdict, q: query.q }, page, matching.length)}`;
}

function matches({ endpoint, posture }: ReportEndpoint, { verdict, q }: Query): boolean {
  if (verdict !== '' && posture.verdict.name !== verdict) return false;
  const { id, host, name = '', account = '', engine, region = '' } = endpoint;
  return [id, host, name, account, engine, region].some((text) => text.toLowerCase().includes(q.toLowerCase()));
}
