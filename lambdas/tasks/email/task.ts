import * as z from 'zod';
import { connection, taskType } from '#sluice';

/**
 * Sends a mail to those who subscribed to the deployment's alerts. It may come twice: a task may be tried again after
 * its mail was sent.
 *
 * @example
 * email({ to: use('email', 'alerts'), subject: 'Report', message: text`${count.output.rows} rows` });
 */
export const email = taskType('email', {
  input: z.object({
    to: connection('email'),
    /** One line of ASCII of less than 100 characters: other characters become `?`, and what is longer is cut. */
    subject: z.string().min(1),
    /** At most 256 KiB. */
    message: z.string().min(1),
  }),
  output: z.object({ messageId: z.string() }),
});
