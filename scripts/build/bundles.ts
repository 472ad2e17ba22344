/**
 * One ESM file per function, all of it inside: what is deployed is what was tested, and the same source gives the same
 * bytes. Source maps and the metafile stay outside of what is zipped.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/** CommonJS inside an ESM bundle asks for `require`. The other name is longer than any that the minifier invents. */
const BANNER = `import{createRequire as ajarCreateRequire}from'node:module';const require=ajarCreateRequire(import.meta.url);`;

/** Packages that only some functions may carry: each is half a bundle, and each says what a function can do. */
export const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  undici: ['guard', 'notify'],
  '@aws-sdk/client-ec2': ['plan', 'collect', 'change'],
};

/** A bundle has no node_modules beside it: the PDF's two faces go inside, in place of the module that reads them. */
const TYPEFACES: Plugin = {
  name: 'typefaces',
  setup: (esbuild) => {
    esbuild.onLoad({ filter: /[/\\]reports[/\\]pdf[/\\]typeface[.]ts$/ }, ({ path }) => ({
      contents: `export { default as REGULAR } from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf';
export { default as BOLD } from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf';`,
      resolveDir: dirname(path),
    }));
  },
};

export interface Bundles {
  /** Names, sorted: `plan` is in `functions/plan.mjs`. */
  readonly functions: readonly string[];
  /** What a function carries and may not: one line each, with the imports that lead there. */
  readonly problems: readonly string[];
}

/** `source` holds one file per function; `out` gets `functions/`, `maps/` and `meta.json`, whatever was there before. */
export async function buildFunctions(source: string, out: string): Promise<Bundles> {
  const files = (await readdir(source)).filter((file) => file.endsWith('.ts')).toSorted();
  if (files.length === 0) throw new Error(`${source} holds no function`);
  const functions = files.map((file) => basename(file, '.ts'));
  const { outputFiles, metafile } = await build({
    absWorkingDir: join(source, '..'),
    entryPoints: files.map((file) => join(source, file)),
    outdir: join(out, 'functions'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'credentials.ts') },
    plugins: [TYPEFACES],
    loader: { '.ttf': 'binary' },
    banner: { js: BANNER },
    minify: true,
    legalComments: 'none',
    sourcemap: 'external',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  for (const folder of ['functions', 'maps']) {
    await rm(join(out, folder), { recursive: true, force: true });
    await mkdir(join(out, folder), { recursive: true });
  }
  for (const { path, contents } of outputFiles) {
    const folder = path.endsWith('.map') ? 'maps' : 'functions';
    await writeFile(join(out, folder, basename(path)), contents);
  }
  await writeFile(join(out, 'meta.json'), JSON.stringify(metafile));
  return { functions, problems: functions.flatMap((name) => problemsOf(name, metafile)) };
}

function problemsOf(name: string, metafile: Metafile): readonly string[] {
  const output = Object.entries(metafile.outputs).find(([path]) => basename(path) === `${name}.mjs`)?.[1];
  if (output?.entryPoint === undefined) return [`${name}: esbuild made no bundle of it`];
  const { entryPoint, exports, inputs } = output;
  const carried = Object.keys(inputs).filter((path) => inputs[path]?.bytesInOutput !== 0);
  return [
    ...(exports.includes('handler') ? [] : [`${name}: exports no handler`]),
    ...Object.entries(ONLY_IN).flatMap(([dependency, allowed]) => {
      const found = carried.find((path) => path.includes(`node_modules/${dependency}/`));
      if (found === undefined || allowed.includes(name)) return [];
      return [`${name} carries ${dependency}: ${pathTo(dependency, entryPoint, metafile).join(' > ')}`];
    }),
  ];
}

/** The shortest way of imports from an entry to a package. */
function pathTo(dependency: string, entry: string, { inputs }: Metafile): readonly string[] {
  const seen = new Set([entry]);
  const ways: (readonly string[])[] = [[entry]];
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const { path } of inputs[way.at(-1) ?? entry]?.imports ?? []) {
      if (path.includes(`node_modules/${dependency}/`)) return [...way, dependency];
      if (seen.has(path)) continue;
      seen.add(path);
      ways.push([...way, path]);
    }
  }
  return [entry, dependency];
}
