/** What a task of a run gave to later tasks. */
import { ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { readHistory } from '#lib/runs/history.ts';
import { recall, resultsOfItems } from '#lib/runs/ledger.ts';
import type { RunRecord } from '#lib/runs/run-record.ts';
import { type HistoryEvent, triesOf } from '#lib/runs/task-history.ts';
import type { Deployment } from './deployment.ts';
import type { NamedTask } from './task-name.ts';

interface Wanted {
  readonly record: RunRecord;
  readonly task: NamedTask;
  /** Undefined where Step Functions no longer has the history. */
  readonly events: readonly HistoryEvent[] | undefined;
}

/** From the ledger; what was answered to a token, and what a job gave, has the history alone. */
export async function outputOf(
  { store }: Pick<Deployment, 'store'>,
  { record, task: { task, index }, events }: Wanted,
): Promise<unknown> {
  const found = await recall(store, record, { id: task, attempt: 1, ...(index !== undefined && { index }) });
  if (found) return found.output;
  const items = index === undefined ? await resultsOfItems(store, record, task) : [];
  if (items.length > 0) return items.map(({ output }) => output);
  const tries = triesOf(events ?? []).filter(
    (one) => one.task === task && (index === undefined || one.index === index),
  );
  return tries.findLast(({ state }) => state === 'success')?.output;
}

/** Undefined where Step Functions no longer has it. */
export async function historyOf(
  { aws }: Pick<Deployment, 'aws'>,
  { execution }: Pick<RunRecord, 'execution'>,
): Promise<HistoryEvent[] | undefined> {
  try {
    return await readHistory(aws.stepFunctions, execution);
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}
