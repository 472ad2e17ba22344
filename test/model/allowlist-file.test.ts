import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AllowlistText, isAllowlistName, readAllowlist } from '../../lib/model/allowlist-file.ts';
import { formatProblem } from '../../lib/model/yaml.ts';
import { entryWith, fileOf, GLASS, glassEntry } from '../support/allowances.ts';

const read = (...texts: readonly (AllowlistText | string)[]) =>
  readAllowlist(
    texts.map((text) => (typeof text === 'string' ? { file: 'a.yaml', text } : text)),
    'allowances',
    texts.length > 1,
  );
function problems(...texts: readonly (AllowlistText | string)[]): readonly string[] {
  const answer = read(...texts);
  return answer.ok ? [] : answer.problems.map(formatProblem);
}
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('one file', () => {
  it('has the digest of its bytes, and knows where each entry stands', () => {
    const text = fileOf(entryWith(), entryWith({ id: 'window' }));
    const answer = read(text);
    if (!answer.ok) throw new Error('does not load');
    expect(answer.allowlist.digest).toBe(sha(text));
    expect(answer.allowlist.entries.map(({ id }) => id)).toEqual(['door', 'window']);
    expect(answer.allowlist.places.get('window')).toEqual({ file: 'a.yaml', line: 20, column: 5 });
    expect(text.split('\n')[19]).toContain('id: "window"');
  });

  it.each([
    ['approved by its owner alone', { approvedBy: ['Team@Example.com '] }, 'needs somebody other than the owner'],
    [
      'approved by its author alone',
      { author: 'dev@example.com', approvedBy: ['DEV@example.com'] },
      'other than the owner and the author',
    ],
    ['that runs for 367 days', { approvedOn: '2026-01-01', expires: '2027-01-03' }, 'is more than 366 days'],
    ['without an end', { expires: undefined }, 'expires is missing'],
    ['without a reason', { reason: undefined }, 'reason is missing'],
    ['without an owner', { owner: undefined }, 'owner is missing'],
    ['with a day that is none', { expires: '2026-02-30' }, 'must be a real calendar day'],
    [
      'for an account pattern',
      { match: { ...(entryWith()['match'] as object), accounts: ['*'] } },
      'must be 12 digits',
    ],
    ['with a field nobody knows', { pkg: 'x' }, 'unknown key "pkg"'],
  ])('does not load an entry %s', (_, over, message) => {
    const entry = JSON.parse(JSON.stringify(entryWith(over))) as Record<string, unknown>;
    expect(problems(fileOf(entry)).join('\n')).toContain(message);
  });

  it('accepts an author beside an approver who is neither', () => {
    expect(problems(fileOf(entryWith({ author: 'dev@example.com' })))).toEqual([]);
  });

  it('does not load a key that is there twice: neither is the right one', () => {
    const text = fileOf(entryWith()).replace('    ticket:', '    ticket: "SEC-2"\n    ticket:');
    expect(problems(text)).toEqual([expect.stringMatching(/^a\.yaml:7:5: .*unique/)]);
  });
});

describe('break-glass', () => {
  it.each([
    ['that is in order', {}, {}, undefined],
    ['for 25 hours', { maxHours: 25 }, {}, 'must be 24 at most'],
    ['without a second approver', { secondApprover: undefined }, {}, 'secondApprover is missing'],
    ['with one approver twice', { secondApprover: 'SECURITY@example.com' }, {}, 'must be a second person'],
    ['approved by its owner', { secondApprover: 'team@example.com' }, {}, 'must be a second person'],
    ['approved by its author', { secondApprover: 'dev' }, { author: 'dev' }, 'must be a second person'],
    ['that begins before it is approved', { from: '2026-10-31T23:00:00Z' }, {}, 'must lie within approvedOn'],
    ['that outlasts its entry', { from: '2026-12-31T21:00:00Z' }, {}, 'must lie within approvedOn'],
    ['that ends with its entry', { from: '2026-12-31T20:00:00Z' }, {}, undefined],
    ['for writing', { anonymous: 'write' }, {}, 'must be metadata or read'],
    [
      'by tag alone',
      {},
      { match: { accounts: ['111122223333'], protocols: ['redis'], tags: { env: 'lab' } } },
      'named one by one',
    ],
    [
      'for a pattern',
      {},
      {
        match: {
          accounts: ['111122223333'],
          protocols: ['redis'],
          arns: ['arn:aws:es:eu-west-1:111122223333:domain/*'],
        },
      },
      'named one by one',
    ],
  ])('%s', (_, glass, over, message) => {
    const entry = JSON.parse(JSON.stringify(glassEntry(glass, over))) as Record<string, unknown>;
    const said = problems(fileOf(entry)).join('\n');
    if (message === undefined) expect(said).toBe('');
    else expect(said).toContain(message);
  });

  it('keeps what was written', () => {
    const answer = read(fileOf(glassEntry()));
    expect(answer.ok && answer.allowlist.entries[0]?.permit.breakGlass).toEqual(GLASS);
  });
});

describe('a directory', () => {
  const files = ['b.yaml', 'a.json'].map((name, i) => {
    const list = fileOf(entryWith({ id: `door-${i}` }));
    return { file: `allow/${name}`, text: list };
  }) as [AllowlistText, AllowlistText];

  it('is one list, with a digest that anybody can check, whatever the order of reading', () => {
    const answer = read(...files);
    const lines = [...files].reverse().map(({ file, text }) => `${sha(text)}  ${file.slice(6)}\n`);
    expect(answer.ok && answer.allowlist.digest).toBe(sha(lines.join('')));
    const other = read(...files.toReversed());
    expect(other.ok && other.allowlist.digest).toBe(answer.ok && answer.allowlist.digest);
  });

  it('has each id once, in whichever file', () => {
    const again = { file: 'allow/c.yaml', text: files[0].text };
    expect(problems(...files, again)).toEqual([
      'allow/c.yaml:3:5: id door-0 is at allow/b.yaml:3 too: every id must be its own',
    ]);
  });

  it('does not load by half: one file that is wrong and there is no list', () => {
    expect(problems(...files, { file: 'allow/c.yaml', text: 'version: 1\n' })).toEqual([
      'allow/c.yaml:1:1: entries is missing: add it',
    ]);
  });

  it('is bounded in all', () => {
    const many = Array.from({ length: 201 }, (_, i) => ({ file: `${i}.yaml`, text: 'version: 1\nentries: []\n' }));
    expect(problems(...many)).toEqual(['allowances:1:1: more than 200 files: put several entries into each']);
    const large = Array.from({ length: 3 }, (_, i) => ({ file: `${i}.yaml`, text: `#${'x'.repeat(400_000)}` }));
    expect(problems(...large)).toEqual(['allowances:1:1: larger than 1048576 bytes in all']);
    const full = [0, 1].map((half) => {
      const entries = Array.from({ length: 1001 }, (_, i) => entryWith({ id: `door-${half}-${i}` }));
      return { file: `${half}.yaml`, text: JSON.stringify({ version: 1, entries }) };
    });
    expect(problems(...full)).toEqual(['1.yaml:1:1: more than 2000 entries in all files together']);
  });

  it.each([
    ['a.yaml', true],
    ['a.yml', true],
    ['a.json', true],
    ['.hidden.yaml', false],
    ['a.yaml.bak', false],
    ['CODEOWNERS', false],
    ['sub/a.yaml', false],
  ])('reads of it %s: %s', (name, isRead) => {
    expect(isAllowlistName(name)).toBe(isRead);
  });
});

const PERMIT = { reachable: 'from-internet', authentication: 'required', plaintext: false, minTls: '1.2' };
it('property: 2,000 files that were spoilt somewhere never throw, and load no entry that was not written', () => {
  const good = fileOf(glassEntry());
  const bits = fc.constantFrom(
    ...':"-[]{}*&!|>\n\t\u0000#0123456789'.split(''),
    '  ',
    'true',
    'null',
    '*',
    'é',
    '\ud800',
  );
  const edit = fc.record({ at: fc.nat(good.length), cut: fc.nat(6), put: bits });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const text = edits.reduce((t, { at, cut, put }) => t.slice(0, at) + put + t.slice(at + cut), good);
      const answer = read(text);
      if (!answer.ok) expect(answer.problems.length).toBeGreaterThan(0);
      for (const { permit, match } of answer.ok ? answer.allowlist.entries : []) {
        expect({ ...permit, breakGlass: undefined }).toEqual(PERMIT);
        expect(match.accounts.every((account) => /^\d{12}$/.test(account))).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});
