import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../model/text.ts';
import { type StopSwitch, stopSwitch } from '../pipeline/stop.ts';

export const STOP_FILE = 'stop-probing';
/** A file costs nothing to look at: a second is soon enough for everybody, and few enough looks for a thousand visits. */
const FRESH_MS = 1_000;

/** The kill switch of one machine: a file in the state directory. What stands in it is shown as the reason. */
export function fileSwitch(stateDir: string, now: () => Date): StopSwitch {
  const file = join(stateDir, STOP_FILE);
  const read = async (): Promise<string | undefined> => {
    try {
      const reason = printable((await readFile(file, 'utf8')).trim(), 200);
      return reason === '' ? `${file} is there` : `${file}: ${reason}`;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  };
  return stopSwitch({ read, now, freshMs: FRESH_MS });
}
