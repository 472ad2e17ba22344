/**
 * Schemas of the formats that others define. They are beside the project, not in it: tests that need them say so where they are
 * not. Whoever names their folder in AJAR_SCHEMAS, as the gate does where it has them, wants no test to skip.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';

const GIVEN = process.env['AJAR_SCHEMAS'];
const PLACE =
  GIVEN === undefined ? fileURLToPath(new URL('../../../shared/schemas/', import.meta.url)) : join(GIVEN, '/');
if (GIVEN !== undefined && !existsSync(PLACE)) throw new Error(`AJAR_SCHEMAS: there is no ${PLACE}`);

/** Absent where they are not. */
export const SCHEMAS = existsSync(PLACE) ? PLACE : undefined;

export function validator(name: string): ValidateFunction {
  if (SCHEMAS === undefined) throw new Error('there are no schemas here');
  const ajv = new Ajv({ allErrors: true, strict: false });
  ajvFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(`${SCHEMAS}${name}`, 'utf8')) as object);
}
