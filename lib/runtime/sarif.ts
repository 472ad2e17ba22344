/**
 * Warnings and mistakes of an allowlist as SARIF 2.1.0, for pull requests. Positions are those of the YAML parser. A
 * fingerprint is of entry, code and file, so that a line that moves is the same finding.
 */
import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { LINT_CODES, LINT_ERRORS, type LintCode, type LintWarning } from '../assess/lint.ts';
import type { EntryPlace } from '../model/allowlist-file.ts';
import { printable } from '../model/text.ts';
import type { Problem } from '../model/yaml.ts';
import { VERSION } from './version.ts';

const DOES_NOT_LOAD = 'does-not-load';
/** Nobody's fault. */
const NOTES: readonly LintCode[] = ['not-yet', 'use-unknown'];
const MESSAGE_LIMIT = 1_000;

export function warningsAsSarif(warnings: readonly LintWarning[], places: ReadonlyMap<string, EntryPlace>): string {
  const results = warnings.flatMap(({ id, code, message }) => {
    const place = places.get(id);
    return place === undefined ? [] : [resultOf(code, levelOf(code), `${id}: ${message}`, place, `${id}/${code}`)];
  });
  return documentOf(results);
}

export function problemsAsSarif(problems: readonly Problem[]): string {
  return documentOf(problems.map((p) => resultOf(DOES_NOT_LOAD, 'error', p.message, p, p.message)));
}

function documentOf(results: readonly object[]): string {
  const rules = [
    ...Object.entries(LINT_CODES).map(([code, text]) => ruleOf(code, text, levelOf(code as LintCode))),
    ruleOf(DOES_NOT_LOAD, 'the allowlist does not load: the last one that did stays in force', 'error'),
  ];
  const driver = { name: 'ajar', version: VERSION, rules };
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', results };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}
const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

function levelOf(code: LintCode): string {
  return LINT_ERRORS.includes(code) ? 'error' : NOTES.includes(code) ? 'note' : 'warning';
}

function ruleOf(id: string, text: string, level: string): object {
  return { id, shortDescription: { text: `${text}.` }, defaultConfiguration: { level } };
}

function resultOf(
  ruleId: string,
  level: string,
  message: string,
  { file, line, column }: EntryPlace,
  same: string,
): object {
  const artifactLocation = { uri: uriOf(file) };
  const region = { startLine: line, startColumn: column };
  return {
    ruleId,
    level,
    message: { text: printable(message, MESSAGE_LIMIT) },
    locations: [{ physicalLocation: { artifactLocation, region } }],
    partialFingerprints: {
      'ajar/v1': createHash('sha256')
        .update(`${uriOf(file)} ${same}`)
        .digest('hex'),
    },
  };
}

/** Relative to where the command runs, as a checkout is; elsewhere absolute. */
function uriOf(file: string): string {
  if (file.startsWith('s3://')) return file;
  const path = relative('', resolve(file));
  const segments = (of: string): string => of.split(/[\\/]/).map(encodeURIComponent).join('/');
  return path.startsWith('..') ? `file://${segments(resolve(file))}` : segments(path);
}
