/** What an auditor reads last: what was not seen, what was allowed, whether the evidence is whole, what it does not prove. */
import { html } from 'hono/html';
import type { Report } from '../../model/report.ts';
import type { ReportSealed } from '../../model/report-evidence.ts';
import { type Markup, theirs } from '../escape.ts';
import { count } from '../moments.ts';
import { GAP_WORDS, SEALED_WORDS, STAGE_WORDS } from '../wording.ts';
import { moment } from './parts.ts';
import { made, tablePieces, type TableRow } from './table.ts';

/** Rows a page shows; gaps.csv lists all. */
export const MAX_GAPS = 2_000;

export function* gapSection({ gaps }: Report): Generator<Markup> {
  yield html`<section id="gaps" aria-labelledby="gaps-heading"><h2 id="gaps-heading">Coverage gaps</h2>
`;
  if (gaps.length === 0) yield html`<p class="nothing">No gap was recorded.</p>`;
  else {
    yield html`<p class="lead">What ajar could not see. A gap is never a pass and never closes an incident.</p>`;
    yield* tablePieces('Coverage gaps', 'gaps', GAP_COLUMNS, made(gaps.slice(0, MAX_GAPS), gapRow));
  }
  yield html`
${gaps.length > MAX_GAPS && html`<p class="more">+${count(gaps.length - MAX_GAPS)} more in gaps.csv.</p>`}</section>`;
}

const GAP_COLUMNS = ['Subject', 'Cause', 'Since', 'Detail', 'Cure'];

function gapRow({ subject, stage, code, detail, since }: Report['gaps'][number]): TableRow {
  return {
    cells: [
      theirs(subject),
      html`${GAP_WORDS[code].cause} <span class="quiet">${code}, ${STAGE_WORDS[stage]}</span>`,
      since === undefined ? html`<span class="quiet">not recorded</span>` : moment(since),
      theirs(detail),
      html`${GAP_WORDS[code].cure}`,
    ],
  };
}

export function allowlistSection({ allowlist }: Report): Markup {
  const { file, digest, entries } = allowlist;
  return html`<section id="allowlist" aria-labelledby="allowlist-heading"><h2 id="allowlist-heading">Allowlist</h2>
<p>${entries === 0 ? 'No allowance was in force: everything alerts.' : `${count(entries)} ${entries === 1 ? 'allowance' : 'allowances'}, each approved by name and with an end.`}</p>
<dl class="facts"><dt>File</dt><dd>${theirs(file)}</dd><dt>SHA-256</dt><dd><code>${theirs(digest)}</code></dd></dl></section>`;
}

export function integritySection({ ledger, evidence: { reproduction, sealed } }: Report): Markup {
  const { entries, firstSeq, lastSeq, headHash } = ledger;
  return html`<section id="integrity" aria-labelledby="integrity-heading"><h2 id="integrity-heading">Integrity</h2>
<p>Every statement above rests on ledger entries chained by hash. <code>ajar verify</code> checks chain and report against each other, offline.</p>
<dl class="facts"><dt>Entries</dt><dd>${count(entries)}${entries > 0 && html`, number ${count(firstSeq)} to ${count(lastSeq)}`}</dd><dt>Head</dt><dd><code>${theirs(headHash)}</code></dd>${sealedFacts(sealed)}<dt>Made again by</dt><dd><code>${theirs(reproduction.command)}</code></dd><dt>Versions</dt><dd>${reproduction.tool}, mapping ${reproduction.mapping}, classifier <code>${reproduction.classifier}</code></dd></dl></section>`;
}

/** What of it was sealed; whose the key is the reader has to know from elsewhere. */
function sealedFacts({ state, text, last, key, problems }: ReportSealed): Markup {
  return html`<dt>Sealed hours</dt><dd>${SEALED_WORDS[state]}: ${theirs(text)}</dd>${last !== undefined && html`<dt>Last checkpoint</dt><dd>hour of ${moment(last.hour)}, to entry ${count(last.lastSeq)}, SHA-256 <code>${theirs(last.sha256)}</code></dd>`}${key !== undefined && html`<dt>Signed with key</dt><dd><code>${theirs(key)}</code></dd>`}${problems.length > 0 && html`<dt>What does not hold</dt><dd><ul>${problems.map((problem) => html`<li>${theirs(problem)}</li>`)}</ul></dd>`}`;
}

export function limitSection({ limits }: Report): Markup {
  return html`<section id="limits" aria-labelledby="limits-heading"><h2 id="limits-heading">What this does not prove</h2>
${limits.length === 0 ? html`<p>No limit was recorded.</p>` : html`<ul>${limits.map((limit) => html`<li>${theirs(limit)}</li>`)}</ul>`}</section>`;
}
