/** Which tests are asked about a folder: those that mirror it, and of the codecs also those of the probes that speak through them. */
const TOO: Readonly<Record<string, readonly string[]>> = { 'lib/wire': ['test/probes'] };

export function testsFor(folders: readonly string[]): readonly string[] {
  const tests = folders.flatMap((folder) => [folder.replace(/^lib\//u, 'test/'), ...(TOO[folder] ?? [])]);
  return [...new Set(tests)].map((folder) => `${folder}/**/*.test.ts`);
}
