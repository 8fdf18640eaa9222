import * as z from 'zod';
import { location, taskType } from '#sluice';

/**
 * Waits for an object in S3 (Airflow: S3KeySensor).
 *
 * @example
 * const exports = objects('partner-exports', 'orders/');
 * dag.task('orders-are-there', s3KeySensor({ in: exports, key: text`orders/${dag.run.date}.csv` }));
 */
export const s3KeySensor = taskType('s3-key-sensor', {
  kind: 'sensor',
  input: z.object({
    in: location(),
    /** The whole key. It begins with the prefix of `in`. */
    key: z.string(),
  }),
  output: z.object({
    key: z.string(),
    bytes: z.int(),
    /** As S3 gives it, in its quotes. */
    etag: z.string().optional(),
    /** ISO 8601 in UTC. */
    lastModified: z.string(),
  }),
});
