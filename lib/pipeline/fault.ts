import { printable } from '../model/text.ts';

/** An error nobody expected, as one bounded line: for a gap that stands where an answer should. */
export function faultLine(error: unknown): string {
  return printable(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
