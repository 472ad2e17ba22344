/** Names that are written to be slow to read. */
export const SLOW_NAMES: readonly string[] = [
  'a_'.repeat(5_000),
  'password'.repeat(2_000),
  'aB'.repeat(5_000),
  'useremailpass'.repeat(500),
  'é'.repeat(9_000),
  '密码用户'.repeat(2_000),
];
