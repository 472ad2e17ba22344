/**
 * One self-contained page: no request, nothing to install, and no script needed to read it (evidence-and-alerts.md section
 * 1.6). Everything is written by the auto-escaping `html` tag; the policy in the head lets only this stylesheet apply and
 * this script run, by their hashes, so that even a hole in the escaping could neither run nor fetch anything.
 */
import { createHash } from 'node:crypto';
import { html as markup, raw } from 'hono/html';
import type { Report, Reporter } from '../model/report.ts';
import { type Markup, pageText } from './escape.ts';
import { day } from './moments.ts';
import { allowlistSection, gapSection, integritySection, limitSection } from './page/appendix.ts';
import { drillSection } from './page/drill.ts';
import { incidentSection, timelineSection } from './page/incidents.ts';
import { coverageSection } from './page/coverage.ts';
import { mappingSection, objectiveSection } from './page/objectives.ts';
import { populationSection } from './page/population.ts';
import { changeSection, exceptionSection, metricSection } from './page/register.ts';
import { SCRIPT } from './page/script.ts';
import { rosterSection } from './page/roster.ts';
import { STYLE } from './page/style.ts';
import { headline, mark, summarySection } from './page/summary.ts';

export const html: Reporter = {
  format: 'html',
  mediaType: 'text/html',
  render: (report) => [{ name: 'report.html', content: () => pagePieces(report) }],
};

const [STYLE_HASH, SCRIPT_HASH] = [STYLE, SCRIPT].map((text) => createHash('sha256').update(text).digest('base64'));
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; script-src 'sha256-${SCRIPT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;

function* pagePieces(report: Report): Generator<string> {
  for (const piece of page(report)) yield pageText(piece);
}

/** Row by row where a table may be long. */
function* page(report: Report): Generator<Markup> {
  const { period, tool, id, ledger } = report;
  yield markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${headline(report)} Exposure report, ${day(period.from)} to ${day(period.to)}</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body>
<header class="mast"><p class="brand">${mark()}ajar</p><p>Exposure report</p><nav aria-label="Sections"><ul>
${report.incidents.length > 0 && markup`<li><a href="#timeline">Timeline</a></li>`}<li><a href="#objectives">Objectives</a></li><li><a href="#incidents">Incidents</a></li><li><a href="#endpoints">Endpoints</a></li><li><a href="#coverage">Coverage</a></li><li><a href="#gaps">Gaps</a></li><li><a href="#exceptions">Exceptions</a></li>${report.drill !== undefined && markup`<li><a href="#drill">Drill</a></li>`}<li><a href="#integrity">Integrity</a></li>
</ul></nav></header>
<main>
${summarySection(report)}
${objectiveSection(report)}
${timelineSection(report)}
`;
  yield* incidentSection(report);
  yield markup`
${metricSection(report)}
`;
  yield* rosterSection(report);
  yield markup`
${coverageSection(report)}
`;
  yield* gapSection(report);
  yield markup`
${populationSection(report)}
${exceptionSection(report)}
${changeSection(report)}${report.drill !== undefined && drillSection(report.drill)}
<div class="pair">
${allowlistSection(report)}
${integritySection(report)}
${limitSection(report)}
</div>
${mappingSection(report)}
</main>
<footer><p>Report <code>${id}</code>, ${ledger.headAt === undefined ? '' : markup`from a ledger written up to <time datetime="${ledger.headAt}">${ledger.headAt}</time>, `}by ajar ${tool.version}. All times are UTC. The same evidence gives this file again, byte for byte.</p></footer>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`;
}
