/** The only way a text enters XML: what XML 1.0 does not allow is spelled, what it means something by is an entity. */
import { shown } from '../escape.ts';

const TEXT = 1_000;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** For attributes and for text alike. `shown` leaves no control character and no half of a pair; these two are left. */
export function attribute(text: string): string {
  return shown(text, TEXT)
    .replace(/[\ufffe\uffff]/g, (c) => `U+${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/[&<>"']/g, (c) => ENTITIES[c] ?? '');
}
