import * as z from 'zod';
import { type Duration, duration, type Ref, taskType } from '#sluice';

const sensor = taskType('date-time-sensor', {
  kind: 'sensor',
  input: z
    .object({ at: z.iso.datetime({ offset: true }).optional(), after: duration.optional() })
    .refine(({ at, after }) => (at === undefined) !== (after === undefined), "expected one of 'at' and 'after'"),
  output: z.object({
    /** The instant that has come, ISO 8601 in UTC. */
    at: z.string(),
  }),
});

/** An instant with its offset, `2026-11-19T06:00:00Z`; or how long after the end of the run's data interval. */
type Instant =
  | { readonly at: string | Ref<string>; readonly after?: never }
  | { readonly after: Duration | Ref<Duration>; readonly at?: never };

/**
 * Waits until an instant has come (Airflow: DateTimeSensor, TimeDeltaSensor).
 *
 * @example
 * dag.task('night-is-over', dateTimeSensor({ after: '5h' }), { timeout: '6h', pokeInterval: '5m' });
 */
export const dateTimeSensor: ((instant: Instant) => ReturnType<typeof sensor>) & Pick<typeof sensor, 'type'> = sensor;
