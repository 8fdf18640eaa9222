import * as z from 'zod';

/** Of the functions that begin and end runs. */
export const runEnvironment = z.object({
  /** The data lake: `runs/`, `slots/`, `executions/` and `ledger/` in it. */
  SLUICE_BUCKET: z.string().min(1),
});

export const endEnvironment = runEnvironment.extend({
  /** Where mails about failures go. */
  SLUICE_TOPIC: z.string().min(1),
  /** The platform stack, where commands that people are told must name it. */
  SLUICE_STACK: z.string().optional(),
});
