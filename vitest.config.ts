import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // What a handler logs is for CloudWatch.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    include: ['test/**/*.test.ts'],
    exclude: ['test/engines/**', 'test/cloud/**', 'node_modules/**'],
    testTimeout: 30_000,
    // Two cores: more workers than that only make timing tests flake.
    maxWorkers: 2,
  },
});
