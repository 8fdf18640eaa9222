import * as z from 'zod';
import { dataset } from '#lib/contract/fields.ts';
import { taskType } from '#lib/contract/task-type.ts';
import { Dag } from '#lib/dag/index.ts';

/** A task type for tests: takes most kinds of values, gives some. */
export const probe = taskType('probe', {
  input: z.object({
    note: z.string().optional(),
    number: z.number().optional(),
    list: z.array(z.string()).optional(),
    lists: z.array(z.array(z.string())).optional(),
    nested: z.record(z.string(), z.unknown()).optional(),
    from: z.union([z.object({ rows: z.int() }), z.array(z.object({ rows: z.int() }))]).optional(),
    to: dataset('write'),
  }),
  output: z.object({
    rows: z.int(),
    names: z.array(z.string()),
    reason: z.string().optional(),
    kind: z.enum(['small', 'large']),
    byKey: z.record(z.string(), z.int()),
    deep: z.object({ and: z.string(), 'odd key': z.string() }),
  }),
});

export const looking = taskType('looking', {
  kind: 'sensor',
  input: z.object({}),
  output: z.object({ size: z.int() }),
});
export const asking = taskType('asking', {
  kind: 'callback',
  input: z.object({}),
  output: z.object({ by: z.string() }),
});

export const to = { kind: 'lake' as const, dataset: 'probe', table: 'a.probe' };

export const newDag = () => new Dag('test', { schedule: null, startDate: '2026-01-01' });
