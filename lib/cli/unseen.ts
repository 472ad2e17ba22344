import { AjarError } from '../model/errors.ts';
import { EXIT } from './exit.ts';
import { log } from './terminal.ts';

/** What cannot be read is not proven, and not shown to be broken either. */
export async function unlessUnseen<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AjarError) || error.code !== 'store-unavailable') throw error;
    log(error.message);
    if (error.cure !== undefined) log(`ajar: ${error.cure}`);
    process.exitCode = EXIT.gaps;
    return undefined;
  }
}
