/** Writes docs/probes.md from the catalogue (`--check` compares instead): what each probe sends, and what it concludes. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Probe } from '../lib/model/probe.ts';
import { SILENT_RULES } from '../lib/model/silence.ts';
import { PROBES } from '../lib/probes/catalogue.ts';
import { HTTP_RULES } from '../lib/talk/http.ts';

const PAGE = new URL('../docs/probes.md', import.meta.url);
const FIXTURES = new URL('../test/fixtures/', import.meta.url);

const HEAD = `# What ajar sends, and what it concludes

Made from the catalogue by \`npm run probe-docs\`; \`npm run check\` fails when the two differ. Nothing but what is listed here
is ever sent to an endpoint: the contract tests and the request check of the engine matrix hold every probe to it. No probe
sends a credential, a write, or a request for a record. A rule is what a verdict names as its reason
(\`<probe>/<rule>\`; \`tls-\` before it means inside TLS).

Beside that, where TLS was met and connections are not counted, one connection a week to each address carries the hello of a
client that knows TLS 1.1 at most (\`16 03 01\`, then \`03 02\` inside) and ends with the server's first flight: whether old
clients are taken as well. Where a port was reached, one connection a day to the same address, without a byte, goes to a port drawn
at random: a host that accepts that one too (and a second) accepts all, and its open ports prove nothing by themselves.

In a request \`{}\` stands for a name out of the server's own answer, or for a random nonce. "Tried on" says against what the
probe was tried: recordings of real servers, or replies written down from the vendor's documentation where none can be had.
`;

/** Whether a fixture was taken from a running server. */
function triedOn(id: string): string {
  const files = ['wire', 'http'].flatMap((kind) => {
    const folder = new URL(`${kind}/${id}/`, FIXTURES);
    return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8')) : [];
  });
  const real = files.filter((text) => /^# captured|"captured":/mu.test(text)).length;
  const parts = [
    ...(real === 0 ? [] : [`${real} recordings of real servers`]),
    ...(files.length === real ? [] : [`${files.length - real} written down from documentation`]),
  ];
  return parts.length === 0 ? 'replies built in its tests, from documentation' : parts.join(', ');
}

/** Rules that any probe of a kind may name: told once, above. */
const ANY: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['Rules of any probe', SILENT_RULES],
  ['Rules of any HTTP probe', HTTP_RULES],
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function section(probe: Probe): string {
  const { id, engines, defaultPort, speaks, maxConnections, deadlineMs, connectionBudget, sends, rules } = probe;
  const budget =
    connectionBudget === undefined
      ? ''
      : `; at most every ${connectionBudget.minIntervalMs / 3_600_000} h, and never more than ${connectionBudget.stopAt} uncounted by a human`;
  const kind = { http: 'HTTP', stream: 'byte stream', both: 'byte stream and HTTP' }[speaks];
  return `## ${id}

${kind}, port ${defaultPort}. Engines: ${engines.map((engine) => `\`${engine}\``).join(', ')}. At most ${maxConnections} connections and ${deadlineMs / 1000} s a visit${budget}.
Tried on: ${triedOn(id)}.

| sent | begins with | why |
|---|---|---|
${sends.map(({ what, hex, why }) => `| \`${cell(what)}\` | ${hex === undefined ? '' : `\`${hex}\``} | ${cell(why)} |`).join('\n')}

${ruleTable(ownRules(rules))}
`;
}

function ownRules(rules: Probe['rules']): Probe['rules'] {
  return Object.fromEntries(Object.entries(rules).filter(([rule, meaning]) => HTTP_RULES[rule] !== meaning));
}

function ruleTable(rules: Probe['rules']): string {
  const rows = Object.entries(rules).map(([rule, meaning]) => `| \`${rule}\` | ${cell(meaning)} |`);
  return ['| rule | meaning |', '|---|---|', ...rows].join('\n');
}

const shared = ANY.map(([title, rules], n) => {
  const rest = n === 0 ? rules : Object.fromEntries(Object.entries(rules).filter(([rule]) => !(rule in SILENT_RULES)));
  return `## ${title}\n\n${ruleTable(rest)}\n`;
});
const page = [HEAD, ...shared, ...PROBES.map(section)].join('\n');
if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
else if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/probes.md is not what the catalogue says: run npm run probe-docs');
  process.exitCode = 1;
}
