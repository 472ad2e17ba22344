/** The shape is that of the SARIF 2.1.0 specification (OASIS), as far as ajar uses it; anything beside it fails. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LINT_CODES, lintAllowlist } from '../../lib/assess/lint.ts';
import { readAllowlist } from '../../lib/model/allowlist-file.ts';
import { problemsAsSarif, warningsAsSarif } from '../../lib/runtime/sarif.ts';
import { entryWith, fileOf } from '../support/allowances.ts';
import { anEndpoint } from '../support/readings.ts';

const level = z.enum(['none', 'note', 'warning', 'error']);
const text = z.strictObject({ text: z.string().min(1) });
const region = z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) });
/** A URI reference: relative to the checkout, or whole. */
const uri = z.string().refine((u) => URL.canParse(u, 'file:///checkout/') && !/[\s\\<>"]/.test(u));
const result = z.strictObject({
  ruleId: z.string(),
  level,
  message: text,
  locations: z
    .array(z.strictObject({ physicalLocation: z.strictObject({ artifactLocation: z.strictObject({ uri }), region }) }))
    .length(1),
  partialFingerprints: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});
const rule = z.strictObject({
  id: z.string(),
  shortDescription: text,
  defaultConfiguration: z.strictObject({ level }),
});
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({ name: z.literal('ajar'), version: z.string(), rules: z.array(rule) }),
        }),
        columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
        results: z.array(result),
      }),
    )
    .length(1),
});

function resultsOf(document: string) {
  const [run] = sarif.parse(JSON.parse(document)).runs;
  const rules = run?.tool.driver.rules.map(({ id }) => id) ?? [];
  expect(new Set(rules).size).toBe(rules.length);
  for (const { ruleId } of run?.results ?? []) expect(rules).toContain(ruleId);
  return { rules, results: run?.results ?? [] };
}
const shown = (document: string) =>
  resultsOf(document).results.map(({ ruleId, level: grade, message, locations: [place] }) => {
    const { artifactLocation, region: at } = place?.physicalLocation ?? {};
    return `${artifactLocation?.uri}:${at?.startLine}:${at?.startColumn} ${grade} ${ruleId} ${message.text}`;
  });

const read = (body: string, file = 'allowlist.yaml') => readAllowlist([{ file, text: body }], file, false);

describe('an allowlist as SARIF', () => {
  it('says of each warning what, how grave, and the line where the entry begins', () => {
    const answer = read(fileOf(entryWith(), entryWith({ id: 'over', expires: '2026-11-02' })));
    if (!answer.ok) throw new Error('does not load');
    const known = { endpoints: [{ endpoint: anEndpoint() }], accounts: [] };
    const warnings = lintAllowlist(answer.allowlist, known, '2026-11-26T10:00:00Z');
    expect(shown(warningsAsSarif(warnings, answer.allowlist.places))).toEqual([
      'allowlist.yaml:3:5 error unused door: matches no endpoint of the inventory',
      expect.stringMatching(/^allowlist\.yaml:20:5 error expired over: expired on 2026-11-02/),
      'allowlist.yaml:20:5 error unused over: matches no endpoint of the inventory',
    ]);
  });

  it('has a rule for every code, also where nothing is wrong', () => {
    const { rules, results } = resultsOf(warningsAsSarif([], new Map()));
    expect(results).toEqual([]);
    expect(rules).toEqual([...Object.keys(LINT_CODES), 'does-not-load']);
  });

  it('says of a list that does not load where each mistake is', () => {
    const answer = read('version: 1\nentries:\n  - id: x\n');
    if (answer.ok) throw new Error('loads');
    const lines = shown(problemsAsSarif(answer.problems));
    expect(lines).toContainEqual(
      expect.stringMatching(/^allowlist\.yaml:3:5 error does-not-load entries\.0\.id must have/),
    );
    expect(lines.length).toBeGreaterThan(3);
  });

  it.each([
    ['weird name #1?.yaml', 'weird%20name%20%231%3F.yaml'],
    ['allow/a.yaml', 'allow/a.yaml'],
    ['/etc/ajar/a.yaml', 'file:///etc/ajar/a.yaml'],
    ['s3://bucket/allowlist/a.yaml', 's3://bucket/allowlist/a.yaml'],
  ])('names the file %s as a URI', (file, expected) => {
    const [line] = shown(problemsAsSarif([{ file, line: 1, column: 1, message: 'wrong' }]));
    expect(line).toBe(`${expected}:1:1 error does-not-load wrong`);
  });

  it('knows a finding again when its line moves', () => {
    const print = (line: number, id = 'door') => {
      const places = new Map([[id, { file: 'a.yaml', line, column: 5 }]]);
      const [found] = resultsOf(warningsAsSarif([{ id, code: 'unused', message: 'm' }], places)).results;
      return found?.partialFingerprints;
    };
    expect(print(3)).toEqual(print(30));
    expect(print(3)).not.toEqual(print(3, 'window'));
  });
});
