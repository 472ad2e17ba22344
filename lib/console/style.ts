/** What the console adds to the report's stylesheet. */
export const CONSOLE_STYLE = `
.skip { position: absolute; left: -999px; } .skip:focus { left: 12px; top: 8px; padding: 6px 12px; background: var(--ink); color: var(--paper); z-index: 1; }
main:focus { outline: none; }
.console .mast nav a { display: block; padding: 6px 0; text-decoration: none; border-bottom: 2px solid transparent; }
.console .mast nav a:hover { color: var(--ink); }
.console .mast nav a[aria-current] { color: var(--ink); border-bottom-color: var(--ink); font-weight: 600; }
.console h1 { margin: 36px 0 14px; font-size: clamp(26px, 3.4vw, 40px); max-width: 34ch; }
.console .now h1 { margin: 44px 0 20px; font-size: clamp(34px, 6vw, 76px); max-width: 20ch; }
.now.is-open h1 { color: var(--critical); }
.now.is-calm h1 { color: var(--good); }
.console section { margin-top: 44px; }
.said { margin-top: 22px; padding: 10px 14px; border-left: 3px solid var(--good); background: var(--tint); }
.trouble { border-left-color: var(--critical); }
.cards { border-top: 1px solid var(--ink); }
.cards li { display: grid; grid-template-columns: 7em minmax(0, 1fr) auto; gap: 2px 20px; align-items: baseline; padding: 16px 0; border-bottom: 1px solid var(--rule); }
.cards .badge { justify-self: start; }
.cards a { font-weight: 620; font-size: 17px; }
.cards .since { grid-column: 3; grid-row: 1 / span 2; text-align: right; }
.cards .since b { display: block; font-size: 19px; font-weight: 560; letter-spacing: -.01em; } .cards .since .quiet { display: block; }
.cards .what { grid-column: 2; color: var(--soft); }
.now + .figures { grid-template-columns: repeat(5, minmax(0, 1fr)); }
.list { margin-top: 14px; } .list + .quiet, .map + .quiet { margin-top: 12px; }
.filter { display: flex; flex-wrap: wrap; gap: 12px 18px; align-items: end; margin: 22px 0 8px; padding: 16px 0; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
.filter label, .form label { display: block; color: var(--soft); font-size: 13px; }
input, select, textarea, button { font: inherit; color: inherit; }
input[type=text], input[type=search], input[type=date], select, textarea { margin-top: 3px; padding: 7px 10px; border: 1px solid var(--soft); border-radius: 3px; background: var(--paper); max-width: 100%; }
textarea { display: block; width: 100%; min-height: 74px; }
button, .button { display: inline-block; padding: 8px 16px; border: 1px solid var(--ink); border-radius: 3px; background: var(--ink); color: var(--paper); font-weight: 600; text-decoration: none; cursor: pointer; }
button.second { background: none; color: var(--ink); }
button:hover { opacity: .86; }
input:focus-visible, select:focus-visible, textarea:focus-visible, button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.form { max-width: 640px; display: grid; gap: 14px; margin-top: 16px; justify-items: start; } .form > div { width: 100%; }
fieldset { margin: 0; padding: 0; border: 0; } legend { padding: 0; margin-bottom: 6px; color: var(--soft); font-size: 13px; }
.checks { display: flex; flex-wrap: wrap; gap: 6px 18px; } .checks label { color: var(--ink); font-size: 15px; }
.two { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 64px; }
.console .facts { display: grid; grid-template-columns: 9em minmax(0, 1fr); gap: 9px 20px; } .console .facts dd + dt { margin-top: 0; }
.moments { list-style: none; margin: 14px 0 0 5px; padding: 0; border-left: 1px solid var(--rule); }
.moments li { position: relative; padding: 0 0 16px 20px; }
.moments li::before { content: ""; position: absolute; left: -5px; top: 7px; width: 9px; height: 9px; border-radius: 50%; background: var(--soft); }
.moments .transition::before { border-radius: 0; background: var(--critical); } .moments .act::before { background: var(--good); }
.moments time { display: block; color: var(--soft); font-size: 13px; }
.map { table-layout: auto; } .map td, .map th { padding-top: 9px; padding-bottom: 9px; } .map .percent { text-align: right; white-space: nowrap; }
.cells { display: flex; flex-wrap: wrap; gap: 3px; } .cell { width: 13px; height: 13px; border: 1.5px solid currentColor; color: var(--soft); }
.cell.complete { background: var(--good); color: var(--good); border-radius: 50%; }
.cell.partial, .cell.throttled { color: var(--medium); background: linear-gradient(90deg, currentColor 50%, transparent 50%); }
.cell.denied, .cell.failed { color: var(--critical); background: currentColor; }
.cell.unread { border-style: dotted; } .cell.not-offered, .cell.not-enabled { border-width: 0 0 1.5px; }
.key { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 10px 0 16px; font-size: 13px; color: var(--soft); } .key li { display: flex; align-items: center; gap: 7px; }
.pager { display: flex; gap: 20px; margin-top: 18px; }
.bar-track { display: inline-block; width: 120px; height: 9px; background: var(--tint); vertical-align: 0; } .bar-track rect { fill: var(--good); } .bar-track .some { fill: var(--medium); } .bar-track .little { fill: var(--critical); }
.wall { font-size: 19px; max-width: 1680px; } .wall .cards a { font-size: 24px; } .wall .cards .since b { font-size: 28px; } .wall .badge { font-size: 17px; } .wall .quiet, .wall .figures dt, .wall .verdicts dd { font-size: 16px; }
@media screen and (max-width: 1020px) { .two { grid-template-columns: 1fr; }
  .console .mast nav ul { gap: 0 18px; } }
@media screen and (max-width: 1020px) { .now + .figures { grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); } }
@media screen and (max-width: 560px) { .cards li { grid-template-columns: auto minmax(0, 1fr); gap: 4px 14px; } .cards .what, .cards .since { grid-column: 1 / -1; grid-row: auto; text-align: left; } .cards .since b, .cards .since .quiet { display: inline; } .cards .since .quiet + .quiet::before { content: ', '; }
  .console .facts { grid-template-columns: 1fr; gap: 2px; } .console .facts dd { margin-bottom: 9px; } }
`.trim();
