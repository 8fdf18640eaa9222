/** The run record: the one object that says whether a run is open, who carries it out, and how it ended. */
import * as z from 'zod';
import { run } from '../contract/envelope.ts';
import { taskStatus } from '../contract/task-status.ts';

export const runRecord = run.extend({
  /** `queued` until it has a slot. `success` and `failed` are closed. */
  state: z.enum(['queued', 'running', 'success', 'failed']),
  queuedAt: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  /** Every task of the DAG, in order. */
  taskIds: z.array(z.string()),
  /** Of every task, once the record is closed. */
  tasks: z.record(z.string(), taskStatus).optional(),
  /** Of a failed run: what Step Functions gave. */
  error: z.string().optional(),
  cause: z.string().optional(),
});
export type RunRecord = z.output<typeof runRecord>;
