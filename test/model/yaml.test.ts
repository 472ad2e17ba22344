import { describe, expect, it } from 'vitest';
import { allowlistFile, inventoryFile, MAX_INVENTORY_BYTES } from '../../lib/model/files.ts';
import { formatProblem, parseYaml } from '../../lib/model/yaml.ts';

const read = (text: string, maxBytes = MAX_INVENTORY_BYTES): string[] => {
  const parsed = parseYaml(text, 'f.yaml', inventoryFile, maxBytes);
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
};
const entry = (n: number | string): string => `  - { id: e${n}, host: 10.0.0.1, port: 9200, engine: redis }\n`;
const HEAD = 'version: 1\nendpoints:\n';

describe('files that people write', () => {
  it('are taken when they are right, also with ten thousand entries', () => {
    expect(read(HEAD + Array.from({ length: 10_000 }, (_, i) => entry(i)).join(''))).toEqual([]);
  });

  it.each([
    ['empty', '', 'f.yaml:1:1: the file is empty or no map: begin it with "version: 1"'],
    ['a list', '- a\n', 'f.yaml:1:1: the file is empty or no map: begin it with "version: 1"'],
    [
      'of a later version',
      `version: 2\nendpoints:\n${entry(1)}`,
      'f.yaml:1:1: version must be 1: this ajar reads version 1 files',
    ],
    [
      'without entries',
      `${HEAD}  []\n`,
      'f.yaml:2:1: endpoints lists no endpoint: add one with id, host, port and engine',
    ],
    [
      'with an id twice',
      HEAD + entry(1) + entry(2) + entry(1),
      'f.yaml:5:7: endpoints.2.id duplicate of endpoints.0.id: every id must be its own',
    ],
    [
      'with an unknown key',
      `${HEAD}${entry(1)}colour: red\n`,
      'f.yaml:4:1: unknown key "colour": remove it or check the spelling',
    ],
    ['too large', HEAD + entry(1), 'f.yaml:1:1: larger than 20 bytes: split it into several files', 20],
  ])('that are %s are refused, with place and cure', (_, text, problem, maxBytes?: number) => {
    expect(read(text, maxBytes)).toContain(problem);
  });

  it('refuse a key written twice, at its place', () => {
    expect(read('version: 1\nversion: 1\nendpoints: []\n')[0]).toMatch(/^f\.yaml:2:1: Map keys must be unique/);
  });

  it.each([
    ['---', 4],
    ['...\n---', 5],
  ])('refuse a second document after %j in our own words, where it begins', (separator, line) => {
    expect(read(`${HEAD}${entry(1)}${separator}\nversion: 1\n`)).toEqual([
      `f.yaml:${line}:1: a second document begins here: keep one document in a file, without ---`,
    ]);
  });

  it('may begin with ---', () => {
    expect(read(`---\n${HEAD}${entry(1)}`)).toEqual([]);
  });

  it('refuse anchors and aliases before anything is unfolded', () => {
    const bomb = `a: &a [x,x]\n${Array.from({ length: 30 }, (_, i) => `${'b'.repeat(i + 1)}: &${'b'.repeat(i + 1)} [*a,*a,*a]`).join('\n')}\n`;
    const started = performance.now();
    // One line, however many there are.
    expect(read(bomb)).toEqual(['f.yaml:1:7: anchors and aliases are not accepted here: write every value out']);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(read(`${HEAD}${entry(1)}  - *elsewhere\n`)).toEqual([
      'f.yaml:4:5: anchors and aliases are not accepted here: write every value out',
    ]);
  });

  it('name at most fifty problems, each on one printable line', () => {
    const problems = read(
      HEAD + Array.from({ length: 500 }, (_, i) => `  - { id: "e${i}\\u001b[31m\\u202e" }\n`).join(''),
    );
    expect(problems).toHaveLength(50);
    for (const problem of problems) expect(problem).toMatch(/^[\x20-\x7e…]+$/);
  });

  it('keep an account as text: a number has lost its zeros', () => {
    const text = `${HEAD}  - { id: a, host: h, port: 1, engine: redis, account: 012345678901 }\n`;
    expect(read(text)[0]).toMatch(/f\.yaml:3:\d+: endpoints\.0\.account must be text of 12 digits: put it in quotes/);
  });

  it.each([
    ['an expiry more than 366 days away', 'expires: "2028-01-01"', /more than 366 days/],
    ['a day that does not exist', 'expires: "2026-02-30"', /must be a real calendar day/],
    ['the owner as only approver', 'approvedBy: [team@example.com]', /needs somebody other than the owner/],
    ['a reason that says nothing', 'reason: because', /at least 20 characters/],
  ])('an allowance with %s does not load', (_, line, message) => {
    const fields = {
      expires: 'expires: "2026-12-31"',
      approvedBy: 'approvedBy: [security@example.com]',
      reason: 'reason: Devices in the field reach it with credentials.',
    };
    const given = { ...fields, [line.split(':')[0] ?? '']: line };
    const text = `version: 1\nentries:\n  - id: door\n    owner: team@example.com\n    ticket: SEC-1\n    approvedOn: "2026-11-01"\n${Object.values(
      given,
    )
      .map((l) => `    ${l}\n`)
      .join(
        '',
      )}    match: { accounts: ["111122223333"], hostnames: [db.example.com], protocols: [redis] }\n    permit: { reachable: from-internet }\n`;
    const parsed = parseYaml(text, 'a.yaml', allowlistFile, MAX_INVENTORY_BYTES);
    expect(parsed.ok ? [] : parsed.problems.map(formatProblem)).toContainEqual(expect.stringMatching(message));
  });
});
