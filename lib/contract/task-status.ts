/** How a task of a run ended. */
import * as z from 'zod';

export const taskStatus = z.enum(['success', 'failed', 'skipped', 'upstream_failed']);
export type TaskStatus = z.output<typeof taskStatus>;
