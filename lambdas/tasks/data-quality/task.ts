import * as z from 'zod';
import { taskType, warehouse } from '#sluice';

export * from './checks.ts';

/**
 * Checks what is in the warehouse. A check is a query that gives the rows that offend; functions write the usual ones:
 * `notNull`, `unique`, `references`, `acceptedValues`, `between`, `greaterThanZero`, `fresh`, `rowCount`. All checks of a
 * task are one query. What it finds is kept in `sluice.quality`, one row a run and check, and logged as a metric.
 *
 * Where a check finds more offending rows than its threshold, the task fails, and what waits for it does not run; one of
 * severity `warn` is told and lets the task succeed.
 *
 * @example
 * dataQuality({
 *   connection: warehouse,
 *   checks: [
 *     unique('shop.orders', ['id']),
 *     notNull('shop.orders', ['customer_id'], { severity: 'warn', threshold: 10 }),
 *     { name: 'no order before its customer', sql: 'select o.* from shop.orders o join shop.customers c …' },
 *   ],
 * });
 */
export const dataQuality = taskType('data-quality', {
  input: z.object({
    connection: warehouse(),
    checks: z
      .array(
        z.object({
          /** Of its own among the task's checks. */
          name: z.string(),
          /** One query, which gives the offending rows. A `:name` is a value of `params`. */
          sql: z.string(),
          params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
          /** Default `fail`. */
          severity: z.enum(['warn', 'fail']).optional(),
          /** Offending rows that are no offence. Default 0. */
          threshold: z.int().min(0).optional(),
        }),
      )
      .min(1),
  }),
  output: z.object({
    checks: z.int(),
    /** Names of the checks that warned. */
    warnings: z.array(z.string()),
  }),
});
