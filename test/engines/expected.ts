import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What a stranger must find, by engine id. `proof` is a minimum. */
export const EXPECTED = z
  .record(
    z.string(),
    z.strictObject({
      l4: z.string(),
      proto: z.string(),
      tls: z.string(),
      auth: z.string(),
      proof: z.int(),
      clientCert: z.string().optional(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')));
