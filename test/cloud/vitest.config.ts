import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/cloud/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 540_000,
    maxWorkers: 1,
  },
});
