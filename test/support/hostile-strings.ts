import { readFileSync } from 'node:fs';

export const HOSTILE = JSON.parse(
  readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
) as readonly string[];
