/** What Step Functions knows of executions, as far as run control asks. */
import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import type { TaskStatus } from '#lib/contract/task-status.ts';
import { readHistory } from './history.ts';
import { type MapRunItems, readFailedItems, readItems } from './map-run.ts';
import { failuresOf, mapRunsOf, statusesOf, type Try } from './task-history.ts';

export interface Ended {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly startedAt: string;
  readonly stoppedAt: string;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export interface Executions {
  /** How an execution ended; `running` while it does; undefined where Step Functions no longer knows it. */
  ended(arn: string): Promise<Ended | 'running' | undefined>;
  /** @param mostOfMap of a distributed Map so many items are told; 10 without it */
  failures(arn: string, mostOfMap?: number): Promise<Failures>;
  /** What became of the tasks that began; undefined where the history is lost. */
  statuses(arn: string): Promise<ReadonlyMap<string, TaskStatus> | undefined>;
}

export interface Failures {
  /** The tries of its tasks that failed, as far as nothing succeeded after them. Of a distributed Map the first items'. */
  readonly tries: readonly Try[];
  /** Its distributed Maps of which items failed. */
  readonly maps: readonly MapRunItems[];
}

/**
 * Needs states:DescribeExecution and states:GetExecutionHistory on the executions of the pipelines' machines and of
 * their Map Runs, states:DescribeMapRun and states:ListExecutions on those.
 */
export function executionsOf(client: SFNClient): Executions {
  return {
    async ended(arn) {
      try {
        const found = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
        if (found.status === 'RUNNING' || found.status === 'PENDING_REDRIVE') return 'running';
        const { status, output, error, cause } = found;
        return {
          status: status ?? 'ABORTED',
          startedAt: (found.startDate ?? new Date()).toISOString(),
          stoppedAt: (found.stopDate ?? new Date()).toISOString(),
          output,
          error,
          cause,
        };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      }
    },
    async failures(arn, mostOfMap) {
      const events = await readHistory(client, arn);
      const tries = failuresOf(events);
      const maps: MapRunItems[] = [];
      for (const mapRun of mapRunsOf(events)) {
        const items = await readItems(client, mapRun);
        if (items.failed === 0) continue;
        maps.push(items);
        tries.push(...(await readFailedItems(client, mapRun, mostOfMap)));
      }
      return { tries, maps };
    },
    async statuses(arn) {
      const events = await readHistory(client, arn);
      return events.length === 0 ? undefined : statusesOf(events);
    },
  };
}
