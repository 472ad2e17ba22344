import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * What has to be made so that `dir` is there, outermost first. To be made one by one, not `recursive`: where mkdir
 * answers ENOENT under a directory that exists (/proc), Node 24 tries for ever.
 */
export function absentDirectories(dir: string): readonly string[] {
  const absent: string[] = [];
  for (let at = resolve(dir); !existsSync(at) && at !== dirname(at); at = dirname(at)) absent.unshift(at);
  return absent;
}
