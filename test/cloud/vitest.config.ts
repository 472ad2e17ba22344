import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/cloud/**/*.test.ts'],
    // V8 sometimes aborts the process when a worker is ended in the middle of a request: by hand, `npm run kill:functions`.
    exclude: process.env['AJAR_KILL_EVERY_PLACE'] === undefined ? ['test/cloud/kill-points.test.ts'] : [],
    testTimeout: 180_000,
    hookTimeout: 540_000,
    maxWorkers: 1,
  },
});
