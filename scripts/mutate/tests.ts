/**
 * Which tests are asked about a file: the quick ones that hold it, as tests.json names them; of a file that it does not name, those of the
 * folder that mirrors its own. A slow test that says the same once more costs a minute for each change that it does not notice.
 */
import { dirname } from 'node:path';
import named from './tests.json' with { type: 'json' };

const NAMED: Readonly<Record<string, readonly string[]>> = named;

/** `places` are files or parts of files (`lib/x/a.ts:1:0-1:9`); the answer is of globs. */
export function testsFor(places: readonly string[]): readonly string[] {
  const tests = places.flatMap((place) => {
    const [path = ''] = place.split(':');
    const own = NAMED[path]?.map((test) => `test/${test}.test.ts`);
    return own ?? [`${dirname(path).replace(/^lib\//u, 'test/')}/**/*.test.ts`];
  });
  return [...new Set(tests)].toSorted();
}
