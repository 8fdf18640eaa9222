import * as z from 'zod';
import { connection, taskType } from '#sluice';

/**
 * Asks by mail, and waits until somebody answers with `sluice callback succeed` or `fail`; the mail has both commands.
 * A refusal fails the task and is not tried again; one with `--error Sluice.Skipped` skips it. A task that is tried
 * again asks again, and only the newest mail can be answered.
 *
 * @example
 * const asked = approval({ to: use('email', 'alerts'), subject: 'Publish?', message: text`${count.output.rows} rows` });
 * dag.task('publish', publish({ by: dag.task('ask', asked, { timeout: '12h' }).output.by }));
 */
export const approval = taskType('approval', {
  kind: 'callback',
  input: z.object({
    to: connection('email'),
    /** As that of the task type `email`. */
    subject: z.string().min(1),
    message: z.string().min(1),
  }),
  /** What `sluice callback succeed --output` gave. */
  output: z.object({
    /** Who answered. */
    by: z.string().optional(),
    comment: z.string().optional(),
  }),
});
