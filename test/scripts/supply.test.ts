/** The gate of the supply chain: what package-lock.json must not hold is named with its cure, and ours holds none of it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Lock, type Locked, type Manifest, problemsOf } from '../../scripts/supply/lock.ts';

const INTEGRITY = `sha512-${'A'.repeat(86)}==`;
const GOOD: Locked = { version: '1.2.3', license: 'MIT', integrity: INTEGRITY };

function locked(over: Partial<Locked>, name = 'left-pad'): readonly string[] {
  return problemsOf(
    {},
    { lockfileVersion: 3, packages: { '': {}, [`node_modules/a/node_modules/${name}`]: { ...GOOD, ...over } } },
  );
}

describe('our own lock file', () => {
  it.each(['', 'scripts/mutate/'])('has no problem in ./%s', (folder) => {
    const read = <T>(name: string): T =>
      JSON.parse(readFileSync(new URL(`../../${folder}${name}`, import.meta.url), 'utf8')) as T;
    const lock = read<Lock>('package-lock.json');
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(problemsOf(read<Manifest>('package.json'), lock)).toEqual([]);
  });
});

describe('a package', () => {
  it('that is as it should be is no problem', () => {
    expect(locked({})).toEqual([]);
  });

  it.each([
    ['whose bytes nobody pinned', { integrity: '' }, 'no SHA-512'],
    ['that is pinned by SHA-1', { integrity: `sha1-${'A'.repeat(27)}=` }, 'no SHA-512'],
    ['that comes from somewhere else', { resolved: 'git+ssh://example.org/left-pad.git' }, 'a place of its own'],
    ['that says no licence', { license: '' }, 'licence ""'],
    ['under strong copyleft', { license: 'AGPL-3.0-only' }, 'licence "AGPL-3.0-only"'],
    ['half of which is under strong copyleft', { license: 'MIT AND GPL-3.0-only' }, 'licence'],
    ['under weak copyleft, shipped', { license: 'MPL-2.0' }, 'licence'],
    ['with nested terms', { license: '(MIT OR (GPL-3.0-only AND ISC))' }, 'licence'],
    ['that runs a script when installed', { hasInstallScript: true }, 'runs a script'],
  ] as const)('%s is named', (_title, over, said) => {
    const problems = locked(over);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('left-pad@1.2.3');
    expect(problems[0]).toContain(said);
  });

  it('under a choice of licences is taken by the one that fits; a tool may be under weak copyleft', () => {
    expect(locked({ license: '(GPL-3.0-only OR MIT)' })).toEqual([]);
    expect(locked({ license: 'Apache-2.0 AND MIT' })).toEqual([]);
    expect(locked({ license: 'MPL-2.0', dev: true })).toEqual([]);
  });

  it('read by hand is read again with its next version', () => {
    expect(locked({ license: '', version: '2.0.0' }, 'png-js')).toEqual([]);
    expect(locked({ license: '', version: '2.0.1' }, 'png-js')).toHaveLength(1);
  });
});

describe('package.json', () => {
  it.each(['^1.2.3', '~1.2.3', '1.x', 'latest', '*', 'git+https://example.org/x.git', 'file:../x'])(
    'may not ask for %s',
    (range) => {
      for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'] as const) {
        expect(problemsOf({ [kind]: { 'left-pad': range } }, { lockfileVersion: 3, packages: {} })[0]).toContain(
          'no exact version',
        );
      }
    },
  );

  it('comes with a lock file of version 3', () => {
    expect(problemsOf({}, { lockfileVersion: 2, packages: {} })[0]).toContain('lockfileVersion is 2');
  });
});
