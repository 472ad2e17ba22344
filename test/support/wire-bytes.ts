/** Bytes as a table writes them, and what a codec says of those that it refuses. */
import { expect } from 'vitest';

/** Blanks set fields apart. */
export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** A `WireError` of this reason, in these words. */
export const refusal = (reason: string, message: unknown) =>
  expect.objectContaining({ name: 'WireError', reason, message });
