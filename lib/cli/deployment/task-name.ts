import type { RunRecord } from '#lib/runs/run-record.ts';
import { didYouMean } from '../did-you-mean.ts';
import { UsageError } from '../errors.ts';

/** A task of a run, and where the name says so (`extract[3]`) the item of it. */
export interface NamedTask {
  readonly task: string;
  readonly index?: number;
}

/** @throws UsageError naming what was likely meant where the run has no such task */
export function findTask({ dagId, taskIds }: Pick<RunRecord, 'dagId' | 'taskIds'>, name: string): NamedTask {
  const [, task = name, index] = /^(.+)\[(\d+)\]$/.exec(name) ?? [];
  if (taskIds.includes(task)) return { task, ...(index !== undefined && { index: Number(index) }) };
  throw new UsageError(
    `${dagId} has no task '${task}' in that run.${didYouMean(task, taskIds)} It has: ${taskIds.join(', ')}.`,
  );
}
