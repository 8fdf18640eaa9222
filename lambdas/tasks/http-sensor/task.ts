import * as z from 'zod';
import { connection, taskType } from '#sluice';

/**
 * Waits until a GET over a connection of type `http` is answered with 2xx, and where `ready` says so, with a JSON body
 * in which a field has a value. As long as the answer is 404, or the field is another, there is nothing yet.
 *
 * @example
 * httpSensor({ connection: use('http', 'jobs'), path: text`/jobs/${job.id}`, ready: { field: 'job.state', is: 'done' } });
 */
export const httpSensor = taskType('http-sensor', {
  kind: 'sensor',
  input: z.object({
    connection: connection('http'),
    /** Below the connection's baseUrl. */
    path: z.string(),
    /** Default GET. HEAD asks only whether it is there, whatever its size; then there is no body to look into. */
    method: z.enum(['GET', 'HEAD']).optional(),
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    ready: z
      .object({
        /** Of the body; a dot leads into an object, or by its index into a list. */
        field: z.string(),
        is: z.union([z.string(), z.number(), z.boolean()]),
      })
      .optional(),
  }),
  output: z.object({ status: z.int() }),
});
