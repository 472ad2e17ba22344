/**
 * The whole stylesheet, a constant: its hash is in the page's policy. Nothing is fetched, so fonts are the
 * reader's own. Severity and level always carry a word and a shape; colour only repeats them.
 */
const COLOURS = `
:root { color-scheme: light dark;
  --paper: #fbfaf6; --ink: #1b1d20; --soft: #555a61; --rule: #dfdcd3; --tint: #f1efe8;
  --critical: #9c1b1b; --high: #a8430a; --medium: #775600; --low: #2a5a85; --info: #555a61; --good: #2a6843; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #131518; --ink: #ecebe6; --soft: #a8adb4; --rule: #30343a; --tint: #1c1f23;
  --critical: #ff938a; --high: #f3a765; --medium: #dfc263; --low: #8fbde7; --info: #a8adb4; --good: #86c99c; } }
`;

const PAGE = `
*, *::before { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1360px; padding: 0 40px 56px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: 3px; }
a:focus-visible { outline: 2px solid currentColor; outline-offset: 3px; }
code, .host { overflow-wrap: anywhere; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .87em; }
bdi { unicode-bidi: isolate; }
time { white-space: nowrap; }
.quiet { color: var(--soft); font-size: 13px; }
.say { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.mast { display: flex; gap: 8px 16px; align-items: center; padding: 22px 0; border-bottom: 1px solid var(--rule); color: var(--soft); }
.brand { display: flex; align-items: center; gap: 9px; color: var(--ink); font-size: 20px; font-weight: 650; letter-spacing: -.01em; }
.mark-door .frame { fill: none; stroke: currentColor; stroke-width: 2; }
.mark-door .leaf { fill: currentColor; }
.mast nav { margin-left: auto; }
.mast nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; }
section { margin-top: 60px; scroll-margin-top: 16px; }
h2 { margin: 0 0 6px; font-size: 21px; line-height: 1.25; font-weight: 620; letter-spacing: -.01em; }
.lead { max-width: 74ch; margin-bottom: 18px; color: var(--soft); }
.nothing { padding: 26px 0; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); color: var(--soft); }
.more { margin-top: 10px; color: var(--soft); }
footer { margin-top: 64px; padding-top: 18px; border-top: 1px solid var(--rule); color: var(--soft); font-size: 13px; }
`;

const SUMMARY = `
.summary { margin-top: 52px; }
.period { color: var(--soft); }
h1 { margin: 8px 0 26px; max-width: 24ch; font-size: clamp(34px, 5.2vw, 64px); line-height: 1.06; font-weight: 640; letter-spacing: -.028em; text-wrap: balance; }
.is-open h1 { color: var(--critical); }
.open-now { max-width: 900px; border-top: 1px solid var(--rule); }
.unwatched { max-width: 900px; margin-bottom: 26px; border-top: 1px solid var(--rule); }
.unwatched li { padding: 11px 0; border-bottom: 1px solid var(--rule); color: var(--medium); }
.open-now li { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; padding: 11px 0; border-bottom: 1px solid var(--rule); }
.figures { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 24px; margin-top: 44px; }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; gap: 4px; padding-top: 12px; border-top: 1px solid var(--ink); }
.figures dt { color: var(--soft); font-size: 13px; line-height: 1.35; }
.figures dd { font-size: 31px; line-height: 1.15; font-weight: 560; letter-spacing: -.02em; }
.verdicts { margin-top: 44px; }
.verdicts h2 { font-size: 14px; font-weight: 600; letter-spacing: 0; margin-bottom: 10px; }
.strip { display: block; background: var(--tint); }
.strip rect { stroke: var(--paper); stroke-width: 2; }
rect.v-exposed { fill: var(--critical); } rect.v-reachable { fill: var(--high); } rect.v-latent { fill: var(--medium); }
rect.v-unknown { fill: var(--soft); } rect.v-protected { fill: var(--good); }
.verdicts dl { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 16px 24px; margin-top: 14px; }
.verdicts dt { font-weight: 600; }
.verdicts dt::before, .verdict::before { content: ""; display: inline-block; width: 10px; height: 10px; margin-right: 8px; background: currentColor; }
.verdicts dd { color: var(--soft); font-size: 13px; line-height: 1.4; }
.verdicts dd b { color: var(--ink); }
.v-exposed dt, .verdict.v-exposed { color: var(--critical); } .v-reachable dt, .verdict.v-reachable { color: var(--high); }
.v-latent dt, .verdict.v-latent { color: var(--medium); } .v-unknown dt, .verdict.v-unknown { color: var(--soft); }
.v-protected dt, .verdict.v-protected { color: var(--good); }
.v-unknown dt::before, .verdict.v-unknown::before { background: none; border: 2px dotted currentColor; }
.v-latent dt::before, .verdict.v-latent::before { background: none; border: 2px solid currentColor; }
.v-protected dt::before, .verdict.v-protected::before { border-radius: 50%; }
.v-reachable dt::before, .verdict.v-reachable::before { clip-path: polygon(50% 0, 100% 100%, 0 100%); }
.verdict { font-weight: 620; white-space: nowrap; }
`;

const MARKS = `
.badge { display: inline-block; padding: 1px 8px 2px; border: 1.5px solid currentColor; border-radius: 3px; font-size: 12.5px; line-height: 1.45; font-weight: 620; }
.badge.critical { background: var(--critical); border-color: var(--critical); color: var(--paper); }
.badge.high { background: var(--high); border-color: var(--high); color: var(--paper); }
.badge.medium { color: var(--medium); } .badge.low { color: var(--low); border-style: dashed; } .badge.info { color: var(--info); border-color: transparent; padding-left: 0; }
.level { display: block; white-space: nowrap; font-size: 13px; line-height: 1.6; }
.level::before { content: ""; display: inline-block; width: 11px; height: 11px; vertical-align: -1px; margin-right: 6px; border: 1.5px solid currentColor; border-radius: 50%; }
.l-on { color: var(--good); } .l-on::before { background: currentColor; }
.l-partial { color: var(--medium); } .l-partial::before { background: linear-gradient(90deg, currentColor 50%, transparent 50%); }
.l-off { color: var(--critical); font-weight: 620; } .l-off::before { border-radius: 0; }
.l-unknown, .l-not-applicable { color: var(--soft); font-size: 12px; } .l-unknown::before { border-style: dotted; } .l-not-applicable::before { border-width: 0 0 1.5px; border-radius: 0; transform: translateY(-4px); }
`;

const TIMELINE = `
.timeline { display: block; overflow: hidden; font-size: 12px; }
.tick line { stroke: var(--rule); } .tick text { fill: var(--soft); }
.lane { stroke: var(--rule); }
.lane-label { fill: var(--ink); font-size: 14px; font-weight: 600; }
.theirs { unicode-bidi: isolate; direction: ltr; }
.timeline .quiet, .row-label { fill: var(--soft); font-weight: 400; font-size: 12px; }
.row-label tspan:first-child { font-weight: 650; }
.bar.critical, .row-label .critical { fill: var(--critical); } .bar.high, .row-label .high { fill: var(--high); }
.bar.medium, .row-label .medium { fill: var(--medium); } .bar.low, .row-label .low { fill: var(--low); } .bar.info, .row-label .info { fill: var(--info); }
.sure { stroke-width: 2; } .sure.critical { stroke: var(--critical); } .sure.high { stroke: var(--high); } .sure.medium { stroke: var(--medium); } .sure.low { stroke: var(--low); } .sure.info { stroke: var(--info); }
.tint { opacity: .16; } .tint.critical { fill: var(--critical); } .tint.high { fill: var(--high); } .tint.medium { fill: var(--medium); } .tint.low { fill: var(--low); } .tint.info { fill: var(--info); }
`;

const EVIDENCE = `
.state { font-weight: 620; white-space: nowrap; }
.state::before { content: ""; display: inline-block; width: 10px; height: 10px; margin-right: 8px; border: 2px solid currentColor; }
.s-satisfied { color: var(--good); } .s-satisfied::before { border-radius: 50%; background: currentColor; }
.s-not-satisfied { color: var(--critical); } .s-not-satisfied::before { background: currentColor; }
.s-not-determined { color: var(--medium); } .s-not-determined::before { border-style: dotted; }
.objectives th:first-child { width: 24%; } .objectives th:nth-child(2) { width: 13em; }
.checks li { display: flex; align-items: baseline; padding: 0 0 6px; } .checks .state { flex: 0 0 11.5em; font-weight: 500; font-size: 13px; }
.supports summary { color: var(--soft); font-size: 13px; cursor: pointer; } .supports summary:focus-visible { outline: 2px solid currentColor; outline-offset: 3px; }
.supports dl { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 10px 24px; padding: 12px 14px; margin-top: 8px; background: var(--tint); font-size: 13px; }
.supports dt, .sources dt { color: var(--soft); }
.places { display: block; margin-bottom: 26px; overflow: hidden; font-size: 13px; } .places text { fill: var(--ink); } .places .quiet { fill: var(--soft); }
.seen { fill: var(--good); } .unseen { fill: var(--critical); } .unseen-tint { fill: var(--critical); opacity: .16; }
.interruptions, .exceptions, .changes, .cells, .differences { table-layout: fixed; }
.interruptions th:first-child { width: 20%; } .changes th:first-child { width: 15%; } .changes th:nth-child(2) { width: 28%; } .changes th:nth-child(3) { width: 17%; }
.changes th:last-child, .cells th:nth-child(3), .cells th:nth-child(4) { width: 7em; }
.cells th:nth-child(2) { width: 34%; } .differences th:first-child { width: 42%; } .differences th:nth-child(3) { width: 36%; }
.differences caption, .cells caption { position: static; width: auto; height: auto; clip-path: none; padding-bottom: 10px; font-weight: 620; text-align: left; }
.when, .when time { font-size: 13px; }
.sources { display: flex; flex-wrap: wrap; gap: 6px 32px; margin-bottom: 18px; } .sources div { display: flex; gap: 8px; } .sources dd { font-weight: 620; }
.differences { margin-bottom: 26px; }
.tools { display: flex; gap: 12px; align-items: center; margin: 4px 0 14px; } h2 + .tools { margin-top: 14px; } dl + .tools { margin-top: 18px; }
.filter { width: 22em; max-width: 100%; padding: 6px 10px; border: 1px solid var(--soft); border-radius: 3px; background: var(--paper); color: var(--ink); font: inherit; font-size: 13px; }
thead button { padding: 0; border: 0; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
thead button:hover { text-decoration: underline; } .filter:focus-visible, thead button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
th[aria-sort] button::after { content: " \\2191"; } th[aria-sort="descending"] button::after { content: " \\2193"; }
tbody[hidden] { display: none !important; }
`;

const TABLES = `
table { width: 100%; border-collapse: collapse; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
thead th { padding: 0 16px 8px 0; border-bottom: 1px solid var(--ink); color: var(--soft); font-size: 13px; font-weight: 500; text-align: left; vertical-align: bottom; overflow-wrap: normal; }
tbody { border-bottom: 1px solid var(--rule); break-inside: avoid; scroll-margin-top: 16px; }
tbody th, td { padding: 14px 16px 14px 0; text-align: left; vertical-align: top; font-weight: 400; }
tr > :last-child { padding-right: 0; } td time, td .verdict + .quiet { font-size: 13px; }
tbody:target { background: var(--tint); }
.name { display: block; font-weight: 620; } .host, .host + .quiet, .host + .quiet + .quiet { display: block; }
.incidents { table-layout: fixed; margin-top: 14px; }
.incidents th:nth-child(1) { width: 11%; } .incidents th:nth-child(2) { width: 19%; } .incidents th:nth-child(3) { width: 15%; } .incidents th:nth-child(4) { width: 20%; }
.incidents th:nth-child(5), .incidents th:nth-child(6) { width: 9%; }
.number { display: inline-block; min-width: 1.6em; color: var(--soft); }
.incidents tbody th .quiet { display: block; margin-top: 6px; }
.change { display: block; }
.bounds { display: grid; grid-template-columns: 1fr; font-size: 13px; }
.bounds dt { font-weight: 620; } .bounds dd + dt { margin-top: 6px; } .bounds dd span { color: var(--soft); }
.classes { font-size: 13px; margin-top: 4px; }
.below td { padding-top: 0; }
.evidence { display: grid; grid-template-columns: 5fr 5fr 4fr; gap: 10px 24px; padding: 12px 14px; background: var(--tint); font-size: 13px; }
.evidence dt { color: var(--soft); } .evidence dd + dt { margin-top: 6px; }
.roster th:first-child { width: 22%; } .roster th:last-child { width: 6em; }
.roster .below p { max-width: 120ch; } .dot::before { content: "\\00b7"; margin: 0 7px; }
.gaps { table-layout: fixed; } .gaps th:first-child { width: 25%; } .gaps th:nth-child(3) { width: 14%; }
.pair { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 0 48px; }
.facts { margin-top: 12px; } .facts dt { color: var(--soft); font-size: 13px; } .facts dd + dt { margin-top: 8px; }
#limits li { padding: 7px 0; border-bottom: 1px solid var(--rule); }
`;

const NARROW = `
@media screen and (max-width: 1020px) {
  body { padding: 0 20px 40px; }
  .figures, .verdicts dl { grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); }
  .mast { flex-wrap: wrap; } .mast nav { margin-left: 0; width: 100%; }
  section { margin-top: 44px; } .summary { margin-top: 32px; }
  .pair { display: block; }
  .places .quiet { display: none; } .differences caption, .cells caption { display: block; }
  .timeline .detail, .tick.minor text { display: none; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, tbody th, td { display: block; }
  tbody { padding: 16px 0; border-top: 1px solid var(--ink); border-bottom: 0; }
  tbody th, td { padding: 0 0 12px; width: auto !important; }
  td[data-label]::before { content: attr(data-label); display: block; margin-bottom: 1px; color: var(--soft); font-size: 12.5px; }
  .roster tr:first-child { display: grid; grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); gap: 0 12px; }
  .roster tbody th, .roster td:nth-of-type(1) { grid-column: 1 / -1; } .roster td:nth-last-of-type(2) { grid-column: span 2; }
  .evidence, .supports dl { grid-template-columns: 1fr; }
  .checks li { display: block; }
}
`;

const PRINT = `
@page { size: A4 landscape; margin: 12mm; }
@media print {
  :root { --paper: #fff; --ink: #111; --soft: #4a4e54; --rule: #ccc; --tint: #f4f4f2;
    --critical: #9c1b1b; --high: #a8430a; --medium: #775600; --low: #2a5a85; --info: #4a4e54; --good: #2a6843; }
  body { max-width: none; padding: 0; font-size: 10.5px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .mast nav, .tools { display: none; } .supports::details-content { content-visibility: visible; } .supports summary { list-style: none; }
  section { margin-top: 26px; } h1 { font-size: 36px; } h2, .lead { break-after: avoid; }
  .quiet, .level, .bounds, .classes, .evidence { font-size: 9.5px; } .badge { font-size: 9.5px; }
  tbody th, td { padding: 7px 10px 7px 0; }
  td time, td .verdict + .quiet, .facts dt, .figures dt, .verdicts dd, thead th, footer { font-size: 9.5px; }
  h2 { font-size: 16px; } .pair, #timeline, .summary { break-inside: avoid; } thead { break-after: avoid; } #timeline + #incidents { break-before: page; }
}
`;

export const STYLE = [COLOURS, PAGE, SUMMARY, MARKS, TIMELINE, TABLES, EVIDENCE, NARROW, PRINT].join('').trim();
