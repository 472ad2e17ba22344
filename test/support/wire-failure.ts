import { expect } from 'vitest';
import { WireError } from '../../lib/wire/error.ts';

/** Why what was sent is refused, and in what words. Throws where it was read after all, or something else went wrong. */
export function failureOf(read: () => unknown): readonly [string, string] {
  try {
    read();
  } catch (error) {
    if (error instanceof WireError) return [error.reason, error.message];
    throw error;
  }
  throw new Error('it was read');
}

/** A `WireError` of this reason, in these words. */
export const refusal = (reason: string, message: unknown) =>
  expect.objectContaining({ name: 'WireError', reason, message });
