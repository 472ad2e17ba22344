/** The functions as they are deployed, built once for a suite into a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildFunctions } from '../../../scripts/build/bundles.ts';

export interface BuiltFunctions {
  urlOf(name: string): string;
  remove(): void;
}

export async function buildBundles(): Promise<BuiltFunctions> {
  const folder = mkdtempSync(join(tmpdir(), 'ajar-bundles-'));
  await buildFunctions(join(import.meta.dirname, '..', '..', '..', 'functions'), folder);
  return {
    urlOf: (name) => pathToFileURL(join(folder, 'functions', `${name}.mjs`)).href,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
