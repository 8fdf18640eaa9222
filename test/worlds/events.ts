import { randomUUID } from 'node:crypto';
import type { Run, TaskEvent } from '#lib/contract/envelope.ts';

/** A run of its own, so that tests of one bucket do not meet. */
export const someRun = (): Run => ({
  dagId: `dag-${randomUUID()}`,
  runId: '20261119T000000Z',
  logicalDate: '2026-11-19T00:00:00Z',
  dataInterval: { start: '2026-11-19T00:00:00Z', end: '2026-11-20T00:00:00Z' },
  clearing: 1,
  execution: 'arn:aws:states:us-east-1:000000000000:execution:Sluice-dag:1',
  params: {},
});

export const eventOf = (input: unknown, rest: Partial<TaskEvent> = {}): TaskEvent => ({
  run: someRun(),
  task: { id: 'extract', attempt: 1 },
  input,
  ...rest,
});
