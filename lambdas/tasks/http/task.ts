import * as z from 'zod';
import { connection, taskType } from '#sluice';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Sends a request over a connection whose secret is `{"baseUrl": "https://…", "headers"?: {…}}`.
 *
 * A task may be tried again after its request took effect, so the request may come twice. What may have an effect
 * carries an `Idempotency-Key`, the same for all attempts of a run's task.
 *
 * @example
 * const ask = dag.task('ask', http({ connection: use('http', 'jobs'), method: 'POST', path: '/jobs', body: { day } }));
 * const job = ask.output.body as Ref<{ id: string }>;
 */
export const http = taskType('http', {
  input: z.object({
    connection: connection('http'),
    /** Default GET. */
    method: z.enum(METHODS).optional(),
    /** Below the connection's baseUrl. */
    path: z.string(),
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    /** Besides those of the connection. */
    headers: z.record(z.string(), z.string()).optional(),
    /** Sent as JSON. */
    body: z.unknown().optional(),
  }),
  output: z.object({
    status: z.int(),
    /** JSON where the answer says that it is, otherwise its text; null where it is empty. */
    body: z.unknown(),
  }),
});
