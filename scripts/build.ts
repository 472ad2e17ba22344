/** Bundles functions/*.ts into dist/functions/*.mjs, ready for `osls package`. Fails on what a function must not carry. */
import { join } from 'node:path';
import { buildFunctions } from './build/bundles.ts';

const root = join(import.meta.dirname, '..');
const { functions, problems } = await buildFunctions(join(root, 'functions'), join(root, 'dist'));
for (const problem of problems) console.error(problem);
console.log(`dist/functions: ${functions.join(' ')}`);
if (problems.length > 0) process.exitCode = 1;
