import { expect, test } from 'vitest';
import * as z from 'zod';
import { connection, dataset, datasets, grantsOf } from '#lib/contract/fields.ts';
import { taskType } from '#lib/contract/task-type.ts';

const kinds = z.enum(['issues', 'commits']);
const copy = taskType('copy', {
  input: z.object({
    from: connection('github'),
    to: dataset('write'),
    more: datasets('read', kinds),
    note: z.string(),
  }),
  output: z.null(),
});

test('a call may touch each connection and dataset in its input, those by key too', () => {
  const call = copy({
    from: { connection: 'c', type: 'github' },
    to: { kind: 'lake', dataset: 'x', table: 'g.x' },
    more: { commits: { kind: 'lake', dataset: 'commits', table: 'g.commits' } },
    note: 'raw/none',
  });
  expect(grantsOf(call)).toEqual([
    { access: 'use', to: { connection: 'c', type: 'github' } },
    { access: 'write', to: { kind: 'lake', dataset: 'x', table: 'g.x' } },
    { access: 'read', to: { kind: 'lake', dataset: 'commits', table: 'g.commits' } },
  ]);
});
