/** The long proofs: those of `npm test` that take a part of their cases, with all of them, and the ones kept for here. */
import { defineConfig } from 'vitest/config';
import { MINUTES, RUN, SHARES_INSTALLED } from './vitest.config.ts';

const PARTLY_DAILY = [
  'test/fencing/*.test.ts',
  'test/lib/asl/semantics.integration.test.ts',
  'test/lambdas/tasks/s3-to-redshift/upsert-model.integration.test.ts',
];

export default defineConfig({
  test: {
    ...RUN,
    ...SHARES_INSTALLED,
    name: 'deep',
    include: ['test/**/*.deep.test.ts', ...PARTLY_DAILY],
    env: { SLUICE_DEEP: '1' },
    testTimeout: 120 * MINUTES,
    hookTimeout: 120 * MINUTES,
    expect: { poll: { timeout: 15 * MINUTES } },
  },
});
