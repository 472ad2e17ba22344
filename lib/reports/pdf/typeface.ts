/**
 * The two built-in faces, as bytes. Of node_modules here; in a bundle esbuild puts them inside (scripts/build/bundles.ts).
 * Nothing is taken from the host: its fonts differ, and a report may not.
 */
import { readFileSync } from 'node:fs';

function bytesOf(file: string): Uint8Array {
  return readFileSync(new URL(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)));
}

export const REGULAR = bytesOf('DejaVuSansCondensed.ttf');
export const BOLD = bytesOf('DejaVuSansCondensed-Bold.ttf');
