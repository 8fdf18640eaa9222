import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], testTimeout = 5_000) => ({
  test: {
    name,
    include,
    testTimeout,
    hookTimeout: 60_000,
    exclude: ['**/*.integration.test.ts', 'test/lib/stacks/**'],
  },
});

export default defineConfig({
  test: {
    // Of two cores both: by default one is left idle.
    maxWorkers: 2,
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      project('unit', ['test/{lib,lambdas,local,scripts}/**/*.test.ts', 'test/*.test.ts'], 10_000),
      {
        test: { name: 'stack', include: ['test/lib/stacks/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      project('end to end', ['test/e2e/*.test.ts'], 120_000),
    ],
  },
});
