/** The long proofs: those of `npm test` that take a part of their cases, with all of them, and the ones kept for here. */
import { defineConfig } from 'vitest/config';
import { MINUTES, RUN, SHARES_INSTALLED } from './vitest.config.ts';

const PARTLY_DAILY = [
  'test/fencing/*.test.ts',
  'test/lib/asl/semantics.integration.test.ts',
  'test/lambdas/tasks/s3-to-warehouse/upsert-model.integration.test.ts',
];

/** What works on tables, on the engine on which it does not run each day: with as many cases as the other has each day. */
const ON_POSTGRES = [
  'test/fencing/*.test.ts',
  'test/lambdas/warehouse/*.integration.test.ts',
  'test/lambdas/tasks/{data-quality,html-report,warehouse-sql,warehouse-watermark,s3-to-warehouse,sql-sensor}/*.integration.test.ts',
];

const LONG = {
  testTimeout: 120 * MINUTES,
  hookTimeout: 120 * MINUTES,
  expect: { poll: { timeout: 15 * MINUTES } },
};

export default defineConfig({
  test: {
    ...RUN,
    projects: [
      {
        test: {
          ...LONG,
          ...SHARES_INSTALLED,
          name: 'deep',
          include: ['test/**/*.deep.test.ts', ...PARTLY_DAILY],
          env: { SLUICE_DEEP: '1' },
        },
      },
      {
        test: {
          ...LONG,
          ...SHARES_INSTALLED,
          name: 'deep on PostgreSQL',
          include: ON_POSTGRES,
          env: { SLUICE_ENGINE: 'postgres' },
        },
      },
    ],
  },
});
