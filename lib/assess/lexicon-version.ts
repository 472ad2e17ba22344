/** Which dictionary judged names: its content tells, so that no edit of it can go unnoticed (evidence-and-alerts.md Q8). */
import { createHash } from 'node:crypto';
import { CONCEPTS } from './dictionary.ts';
import { LANGUAGES } from './lexicon.ts';

let known: string | undefined;

export function classifierVersion(): string {
  known ??= createHash('sha256')
    .update(JSON.stringify([CONCEPTS, LANGUAGES]))
    .digest('hex')
    .slice(0, 16);
  return known;
}
