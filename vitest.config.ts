import { resolve } from 'node:path';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

export const MINUTES = 60_000;
const INTEGRATION = '**/*.integration.test.ts';
const DEEP = '**/*.deep.test.ts';

interface Kind {
  readonly include: string[];
  readonly exclude?: string[];
  /** So long that none is reached on a busy machine: a test that hangs is ended, no slow one fails. */
  readonly timeout: number;
  /** What files share: nothing, or what is installed, in one process; or all modules, in one thread. */
  readonly shares?: 'installed' | 'all';
  readonly env?: Record<string, string>;
}

/** The AWS SDK, DuckDB and the transpiler take seconds to load: once for all files of a worker. */
export const SHARES_INSTALLED = {
  isolate: false,
  pool: 'forks' as const,
  setupFiles: [resolve(import.meta.dirname, 'test/worlds/fresh-modules.ts')],
};

const project = (
  name: string,
  { include, exclude = [], timeout, shares, env = {} }: Kind,
): TestProjectConfiguration => ({
  test: {
    name,
    include,
    exclude: [...exclude, DEEP],
    env,
    testTimeout: timeout,
    hookTimeout: timeout,
    expect: { poll: { timeout } },
    ...(shares === 'installed' && SHARES_INSTALLED),
    ...(shares === 'all' && { isolate: false, pool: 'threads' }),
  },
});

/** What `npm run test:deep` has in common with it. */
export const RUN = {
  // Of two cores both: by default one is left idle.
  maxWorkers: 2,
  reporters: ['default', './test/closing-line.ts'],
};

export default defineConfig({
  test: {
    ...RUN,
    projects: [
      project('unit', {
        include: ['test/{lib,lambdas,local,scripts}/**/*.test.ts', 'test/*.test.ts'],
        exclude: [INTEGRATION, 'test/lib/stacks/**'],
        timeout: 3 * MINUTES,
        shares: 'all',
      }),
      project('stack', { include: ['test/lib/stacks/**/*.test.ts'], timeout: 5 * MINUTES, shares: 'all' }),
      project('integration', { include: [`test/${INTEGRATION}`], timeout: 15 * MINUTES, shares: 'installed' }),
      // What works on tables, on the other engine than the tests of integration: all of it is in the deep tests.
      project('postgres', {
        include: [
          'test/lambdas/tasks/s3-to-warehouse/upsert.integration.test.ts',
          'test/lambdas/warehouse/load.integration.test.ts',
        ],
        timeout: 15 * MINUTES,
        shares: 'installed',
        env: { SLUICE_ENGINE: 'postgres' },
      }),
      project('end to end', { include: ['test/e2e/*.test.ts'], timeout: 15 * MINUTES }),
    ],
  },
});
