/** How a task of a run ended. */
import * as z from 'zod';

export const taskStatus = z.enum(['success', 'failed', 'skipped', 'upstream_failed']);
export type TaskStatus = z.output<typeof taskStatus>;

/**
 * How a task of a run ended, as it is recorded. `not_run`: the run was stopped before it began; what had begun by then
 * and had not ended is `failed`.
 */
export const recordedStatus = z.enum([...taskStatus.options, 'not_run']);
export type RecordedStatus = z.output<typeof recordedStatus>;
